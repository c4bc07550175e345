/*-------------------------------------------------------------------------
 *
 * kind/column_cast.h
 *	  By which cast the values of a column become those of another type.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COLUMN_CAST_H
#define MIG_COLUMN_CAST_H

#include "kind/type.h"

extern MigCast mig_column_cast(const MigObject *from, const MigObject *to);
extern char *mig_column_cast_write(const MigObject *from,
								   const MigObject *to, bool back);
extern bool mig_column_cast_warn(MigAction *action, const MigObject *from,
								 const MigObject *to);
extern void mig_column_cast_prefer(MigDiff *diff);

#endif							/* MIG_COLUMN_CAST_H */
