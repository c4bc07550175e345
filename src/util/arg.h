/*-------------------------------------------------------------------------
 *
 * util/arg.h
 *	  Arguments of SQL functions.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_ARG_H
#define MIG_ARG_H

#include "fmgr.h"
#include "nodes/pg_list.h"

extern char *mig_arg_text(FunctionCallInfo fcinfo, int n);
extern char *mig_arg_required(FunctionCallInfo fcinfo, int n,
							  const char *name);
extern char *mig_arg_target(FunctionCallInfo fcinfo, int n,
							const char **before_tag);
extern List *mig_arg_texts(FunctionCallInfo fcinfo, int n);
extern bool mig_arg_bool(FunctionCallInfo fcinfo, int n, bool otherwise);
extern Oid	mig_arg_schema_oid(FunctionCallInfo fcinfo);

#endif							/* MIG_ARG_H */
