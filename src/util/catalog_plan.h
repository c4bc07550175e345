/*-------------------------------------------------------------------------
 *
 * util/catalog_plan.h
 *	  Plans of our queries of the catalogs, kept for the session.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_CATALOG_PLAN_H
#define MIG_CATALOG_PLAN_H

#include "nodes/params.h"
#include "tcop/dest.h"

extern bool mig_catalog_plan_run(const char *query, ParamListInfo params,
								 const char *names_path, DestReceiver *dest);
extern void mig_catalog_plans_off(bool off);

#endif							/* MIG_CATALOG_PLAN_H */
