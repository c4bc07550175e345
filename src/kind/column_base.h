/*-------------------------------------------------------------------------
 *
 * kind/column_base.h
 *	  What types of the server the values of a column are in the end.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COLUMN_BASE_H
#define MIG_COLUMN_BASE_H

#include "kind/column_retype.h"
#include "sch/sch.h"

extern bool mig_column_base_take(MigColumnRetype *change,
								 const MigObject *from);
extern bool mig_column_base_takes_all(const MigObject *column,
									  const MigObject *domain);

#endif							/* MIG_COLUMN_BASE_H */
