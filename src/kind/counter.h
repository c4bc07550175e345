/*-------------------------------------------------------------------------
 *
 * kind/counter.h
 *	  Where a sequence or identity column that is new goes on.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COUNTER_H
#define MIG_COUNTER_H

#include "sch/sch.h"

extern void mig_counter_pair(MigDiff *diff);
extern const char *mig_counter_name(const MigObject *column);
extern char *mig_counter_sequence(const MigObject *column);
extern List *mig_counter_sources(const MigObject *counter);
extern bool mig_counter_is_taken_over(const MigObject *counter);
extern bool mig_counter_takes_name(const MigObject *counter,
								   const MigObject *old);
extern char *mig_counter_before(const MigObject *counter);
extern char *mig_counter_go_on(const MigObject *counter);
extern void mig_counter_keep(MigDiff *diff, MigAction *drop);
extern void mig_counter_warn(MigAction *action, const MigObject *counter);
extern void mig_counter_warn_bounds(MigAction *action, const MigObject *from,
									const MigObject *to);
extern void mig_counter_warn_options(MigAction *action, const MigObject *from,
									 const MigObject *to);
extern void mig_counter_warn_type(MigAction *action, const MigObject *from,
								  const MigObject *to);
extern void mig_counter_warn_lost(MigAction *action, const MigObject *counter);
extern bool mig_counter_is_number(const MigObject *column);

#endif							/* MIG_COUNTER_H */
