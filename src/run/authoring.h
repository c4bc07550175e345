/*-------------------------------------------------------------------------
 *
 * run/authoring.h
 *	  What the functions that store revisions have in common.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_AUTHORING_H
#define MIG_AUTHORING_H

#include "fmgr.h"
#include "rev/author.h"

extern void mig_authoring_begin(FunctionCallInfo fcinfo, const char *function,
								bool exclusive);
extern void mig_authoring_check(MigDraft *draft, const char *revision,
								bool has_transactional, bool transactional);

#endif							/* MIG_AUTHORING_H */
