/*-------------------------------------------------------------------------
 *
 * model/absent_role.c
 *	  What a model says about roles that are not there.
 *
 * A dump of a database tells owners and grants, of roles that a developer's
 * server or CI may not have.  Where neither is compared they have no effect,
 * and are read over; where they are, the server's error stands.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/absent_role.h"

#include "nodes/parsenodes.h"
#include "util/guc.h"
#include "util/sql.h"
#include "utils/acl.h"
#include "utils/builtins.h"

static bool without_owners(AlterTableStmt *stmt, List **absent);
static bool without_grantees(GrantStmt *stmt, List **absent);
static bool without_defaults(const AlterDefaultPrivilegesStmt *stmt,
							 List **absent);
static bool is_absent(const RoleSpec *role, List **absent);

/*
 * Take out of a statement what is about roles that are not there, and add
 * their names to a list.  Returns true if nothing is left of it.
 */
bool
mig_absent_role_skips(Node *stmt, List **absent)
{
	bool		owners = !mig_guc_compares("owners");
	bool		privileges = !mig_guc_compares("privileges");

	switch (nodeTag(stmt))
	{
		case T_AlterOwnerStmt:
			return owners && is_absent(((AlterOwnerStmt *) stmt)->newowner,
									   absent);
		case T_AlterTableStmt:
			return owners && without_owners((AlterTableStmt *) stmt, absent);
		case T_CreateSchemaStmt:
			if (owners && ((CreateSchemaStmt *) stmt)->schemaname != NULL &&
				is_absent(((CreateSchemaStmt *) stmt)->authrole, absent))
				((CreateSchemaStmt *) stmt)->authrole = NULL;
			return false;
		case T_GrantStmt:
			return privileges && without_grantees((GrantStmt *) stmt, absent);
		case T_AlterDefaultPrivilegesStmt:
			return privileges &&
				without_defaults((AlterDefaultPrivilegesStmt *) stmt, absent);
		default:
			return false;
	}
}

/* Say once which they are. */
void
mig_absent_role_report(const List *absent)
{
	StringInfoData buf;
	const ListCell *lc;

	if (absent == NIL)
		return;
	initStringInfo(&buf);
	foreach(lc, absent)
		appendStringInfo(&buf, "%s%s", buf.len > 0 ? ", " : "",
						 quote_identifier(lfirst(lc)));
	ereport(NOTICE,
			(errmsg("the model names roles that do not exist: %s", buf.data),
			 errdetail("What it says of their ownership and privileges is read over.")));
}

/* ALTER TABLE ... OWNER TO */
static bool
without_owners(AlterTableStmt *stmt, List **absent)
{
	ListCell   *lc;

	foreach(lc, stmt->cmds)
	{
		const AlterTableCmd *cmd = lfirst_node(AlterTableCmd, lc);

		if (cmd->subtype == AT_ChangeOwner && is_absent(cmd->newowner, absent))
			stmt->cmds = foreach_delete_current(stmt->cmds, lc);
	}
	return stmt->cmds == NIL;
}

static bool
without_grantees(GrantStmt *stmt, List **absent)
{
	ListCell   *lc;

	if (is_absent(stmt->grantor, absent))
		return true;
	foreach(lc, stmt->grantees)
	{
		if (is_absent(lfirst_node(RoleSpec, lc), absent))
			stmt->grantees = foreach_delete_current(stmt->grantees, lc);
	}
	return stmt->grantees == NIL;
}

/* ALTER DEFAULT PRIVILEGES FOR ROLE */
static bool
without_defaults(const AlterDefaultPrivilegesStmt *stmt, List **absent)
{
	bool		any = without_grantees(stmt->action, absent);
	const ListCell *lc;
	const ListCell *role;

	foreach(lc, stmt->options)
	{
		const DefElem *option = lfirst_node(DefElem, lc);

		if (strcmp(option->defname, "roles") != 0)
			continue;
		foreach(role, (List *) option->arg)
			any |= is_absent(lfirst_node(RoleSpec, role), absent);
	}
	return any;
}

static bool
is_absent(const RoleSpec *role, List **absent)
{
	if (role == NULL || role->roletype != ROLESPEC_CSTRING ||
		OidIsValid(get_role_oid(role->rolename, true)))
		return false;
	if (!mig_has_name(*absent, role->rolename))
		*absent = lappend(*absent, role->rolename);
	return true;
}
