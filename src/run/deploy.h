/*-------------------------------------------------------------------------
 *
 * run/deploy.h
 *	  Runs a plan with transactions of its own.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_DEPLOY_H
#define MIG_DEPLOY_H

#include "run/pipeline.h"

extern int	mig_deploy_run(const MigRequest *request, int64 wait);
extern void mig_deploy_wait(Oid nsp, const char *revision,
							const char *schema_name, int64 wait);
extern char *mig_deploy_heads(Oid nsp, const char *schema_name);

#endif							/* MIG_DEPLOY_H */
