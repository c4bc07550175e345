/*-------------------------------------------------------------------------
 *
 * api/changes.h
 *	  The argument "renames" of functions that compare.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_CHANGES_H
#define MIG_CHANGES_H

#include "postgres.h"

#include "fmgr.h"
#include "nodes/pg_list.h"

extern List *mig_changes_arg(FunctionCallInfo fcinfo, int n);

#endif							/* MIG_CHANGES_H */
