/*-------------------------------------------------------------------------
 *
 * model/met_schemas.h
 *	  Live schemas that code of revisions comes upon.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_MET_SCHEMAS_H
#define MIG_MET_SCHEMAS_H

#include "model/history_scan.h"

extern void mig_met_schemas_begin(const MigBuilt *built, Oid own_schema);
extern void mig_met_schemas_stand(const List *standing);
extern void mig_met_schemas_see(const Node *stmt);
extern void mig_met_schemas_check(void);
extern bool mig_met_schemas_take(MigBuilt *built);

#endif							/* MIG_MET_SCHEMAS_H */
