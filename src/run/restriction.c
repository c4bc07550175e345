/*-------------------------------------------------------------------------
 *
 * run/restriction.c
 *	  What lesser roles stored, run in a superuser's session.
 *
 * Where a superuser has taken a lesser role and runs what such a role stored,
 * the script must not lead back.  Forbidding it to change the role is not
 * enough, since it could leave something behind that runs at the commit, or
 * later: a cursor WITH HOLD, a deferred trigger, a temporary table, a prepared
 * statement.  So it runs as a security-restricted operation, in which the
 * server refuses all of these; constraints are made immediate first.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/trust.h"
#include "run/restriction.h"
#include "util/guc.h"

#include "commands/trigger.h"
#include "miscadmin.h"

/*
 * Restrict what is to run, if the role that stored it demands it;
 * mig_restriction_end() undoes it.
 */
void
mig_restriction_begin(MigRestriction *restriction, const char *stored_by)
{
	ConstraintsSetStmt *immediate;

	restriction->active = mig_restriction_needed(stored_by);
	if (!restriction->active)
		return;
	immediate = makeNode(ConstraintsSetStmt);
	AfterTriggerSetState(immediate);
	mig_restriction_set(restriction);
}

/* Restrict what is to run, whoever has written it. */
void
mig_restriction_set(MigRestriction *restriction)
{
	restriction->active = true;
	GetUserIdAndSecContext(&restriction->user, &restriction->context);
	SetUserIdAndSecContext(restriction->user, restriction->context |
						   SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_RESTRICTED_OPERATION);
}

/* Not needed after an error: the end of the transaction puts the user back. */
void
mig_restriction_end(const MigRestriction *restriction)
{
	if (restriction->active)
		SetUserIdAndSecContext(restriction->user, restriction->context);
}

/* Is the session a superuser's, but neither the role nor the script? */
bool
mig_restriction_needed(const char *stored_by)
{
	if (superuser() || mig_guc_superuser_runs_any() ||
		!(superuser_arg(GetSessionUserId()) ||
		  superuser_arg(GetAuthenticatedUserId())))
		return false;
	return !mig_trust_role(stored_by);
}
