/*-------------------------------------------------------------------------
 *
 * kind/column_not_null_name.h
 *	  Names of NOT NULL constraints.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COLUMN_NOT_NULL_NAME_H
#define MIG_COLUMN_NOT_NULL_NAME_H

#include "sch/sch.h"

extern void mig_column_not_null_find_taken(MigDiff *diff);
extern List *mig_column_not_null_awaits(const MigAction *action);
extern List *mig_column_not_null_made_behind(const MigAction *action);
extern bool mig_not_null_is_inherited(const MigObject *column);
extern bool mig_not_null_has_old_name(const MigObject *column);
extern bool mig_not_null_gets_name(const MigObject *column);
extern bool mig_not_null_is_name_held(const MigObject *column);
extern const char *mig_not_null_first_name(const MigObject *column);
extern bool mig_not_null_is_renamed_alone(const MigObject *column);
extern const char *mig_not_null_name_beside(const MigObject *column,
											const MigObject *above);
extern void mig_not_null_append_rename(StringInfo buf,
									   const MigObject *column,
									   const char *old, const char *new);
extern const char *mig_not_null_check_name(const MigObject *column);
extern void mig_not_null_take_name(MigDiff *diff, MigObject *column);

#endif							/* MIG_COLUMN_NOT_NULL_NAME_H */
