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

extern List *mig_view_awaits(const MigObject *object);

#endif							/* MIG_VIEW_KIND_H */
