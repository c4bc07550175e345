/*-------------------------------------------------------------------------
 *
 * run/squash.h
 *	  One revision instead of several in a line.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SQUASH_H
#define MIG_SQUASH_H

extern char *mig_squash(Oid nsp, const char *range, const char *message);

#endif							/* MIG_SQUASH_H */
