/*-------------------------------------------------------------------------
 *
 * model/unmanaged_tables.h
 *	  Triggers and policies of a model on tables that are not compared.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_UNMANAGED_TABLES_H
#define MIG_UNMANAGED_TABLES_H

#include "model/parse.h"
#include "sch/sch.h"

extern List *mig_elsewhere_schemas(const MigModel *model,
								   const List *managed);
extern void mig_elsewhere_ignore(const MigModel *model, const List *managed,
								 const List *renamed, MigSnapshot *snapshot);
extern void mig_elsewhere_warn(MigDiff *diff);

#endif							/* MIG_UNMANAGED_TABLES_H */
