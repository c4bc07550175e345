/*-------------------------------------------------------------------------
 *
 * kind/column_setting.h
 *	  What CREATE TABLE and ADD COLUMN cannot say of a column.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COLUMN_SETTING_H
#define MIG_COLUMN_SETTING_H

#include "sch/sch.h"

extern void mig_column_setting_append(StringInfo buf, const MigObject *column);
extern bool mig_column_setting_append_late(StringInfo buf,
										   const MigObject *column);
extern void mig_column_setting_append_identity(StringInfo buf,
											   const MigObject *column);
extern void mig_column_setting_alter(MigDiff *diff, MigObject *column);
extern void mig_column_setting_follow(MigDiff *diff, MigObject *column);

#endif							/* MIG_COLUMN_SETTING_H */
