/*-------------------------------------------------------------------------
 *
 * util/deadline.h
 *	  A time after which what goes on is cancelled.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_DEADLINE_H
#define MIG_DEADLINE_H

extern void mig_deadline_begin(int milliseconds);
extern bool mig_deadline_end(void);

#endif							/* MIG_DEADLINE_H */
