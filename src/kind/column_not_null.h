/*-------------------------------------------------------------------------
 *
 * kind/column_not_null.h
 *	  NOT NULL constraints of columns.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COLUMN_NOT_NULL_H
#define MIG_COLUMN_NOT_NULL_H

#include "sch/sch.h"

extern void mig_column_not_null_part(StringInfo buf, const MigObject *column);
extern bool mig_column_not_null_renames(const MigObject *column);
extern void mig_column_not_null_append(StringInfo buf,
									   const MigObject *column);
extern void mig_column_not_null_settings(StringInfo buf,
										 const MigObject *column);
extern void mig_column_not_null_complete(MigDiff *diff, MigObject *column);
extern void mig_column_not_null_add(StringInfo buf, const MigObject *column);
extern void mig_column_not_null_make_way(StringInfo buf,
										 const MigObject *column);
extern bool mig_column_not_null_is_plain(const MigObject *column);
extern MigAction *mig_column_not_null_alter(MigDiff *diff, MigObject *from,
											MigObject *to);
extern bool mig_column_not_null_waits(const MigObject *column);
extern void mig_column_not_null_warn(MigAction *action,
									 const MigObject *column);

#endif							/* MIG_COLUMN_NOT_NULL_H */
