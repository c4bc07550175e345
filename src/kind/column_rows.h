/*-------------------------------------------------------------------------
 *
 * kind/column_rows.h
 *	  Columns whose values are rows of a view or of another table.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COLUMN_ROWS_H
#define MIG_COLUMN_ROWS_H

#include "sch/sch.h"

extern void mig_column_rows_settle(MigDiff *diff);
extern bool mig_column_rows_are_of(const MigObject *column,
								   const MigObject *relation);
extern MigObject *mig_column_rows_of(const MigObject *column);
extern void mig_column_rows_convert(MigDiff *diff, MigObject *to);

#endif							/* MIG_COLUMN_ROWS_H */
