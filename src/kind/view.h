/*-------------------------------------------------------------------------
 *
 * kind/view.h
 *	  Views and materialized views.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_VIEW_KIND_H
#define MIG_VIEW_KIND_H

#include "sch/sch.h"

extern char *mig_view_rows(const MigObject *view, MigHazard *hazard);
extern bool mig_view_stays_filled(const MigObject *object);
extern List *mig_view_awaits(const MigObject *object);

#endif							/* MIG_VIEW_KIND_H */
