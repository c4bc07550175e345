/*-------------------------------------------------------------------------
 *
 * kind/view.h
 *	  Views and materialized views, and their columns.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_VIEW_KIND_H
#define MIG_VIEW_KIND_H

#include "sch/sch.h"

extern const MigKind mig_view_kind;
extern const MigKind mig_view_column_kind;

#endif							/* MIG_VIEW_KIND_H */
