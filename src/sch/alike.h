/*-------------------------------------------------------------------------
 *
 * sch/alike.h
 *	  In what two objects of a kind differ, and pairs whose names do not.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_ALIKE_H
#define MIG_ALIKE_H

#include "sch/sch.h"

extern bool mig_alike_differs_in(const MigObject *from, const MigObject *to,
								 int attribute);
extern uint32 mig_alike_changes(const MigObject *from, const MigObject *to);
extern bool mig_alike_is_fixed_otherwise(const MigObject *from,
										 const MigObject *to);
extern bool mig_alike_is_named_freely(const MigObject *object);
extern void mig_alike_find_renamed(MigDiff *diff);
extern void mig_alike_without_names(MigDiff *diff);
extern void mig_alike_rename(MigDiff *diff, const MigObject *from,
							 MigObject *to, const char *head,
							 const char *joint);
extern const char *mig_alike_free_name(const MigDiff *diff, const char *name,
									   const char *word);
extern MigAction *mig_alike_naming(const MigObject *object);

#endif							/* MIG_ALIKE_H */
