/*-------------------------------------------------------------------------
 *
 * run/statement.c
 *	  What a kind of statement means for a script.
 *
 * All answers are given from the raw parse tree alone.  Where only the data
 * could tell, the answer is the cautious one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "run/statement.h"

#include "commands/defrem.h"

static bool table_nontransactional(const AlterTableStmt *stmt);
static bool creates_slot(const CreateSubscriptionStmt *stmt);
static bool alters_slot(const AlterSubscriptionStmt *stmt);

/*
 * Why a statement cannot be in a script, or NULL.  *hint may be set.
 */
const char *
mig_statement_fault(const Node *stmt, const char **hint)
{
	*hint = NULL;
	switch (nodeTag(stmt))
	{
		case T_TransactionStmt:
			*hint = "A run is a transaction of its own, or part of the caller's; leave out BEGIN, COMMIT, ROLLBACK and SAVEPOINT.";
			return "a script cannot hold transaction control statements";
		case T_CopyStmt:
			if (((const CopyStmt *) stmt)->filename != NULL)
				return NULL;
			*hint = "There is no client to exchange data with; use INSERT, or COPY with a file of the server.";
			return "a script cannot hold COPY FROM STDIN or TO STDOUT";
		case T_DiscardStmt:
			if (((const DiscardStmt *) stmt)->target != DISCARD_ALL)
				return NULL;
			*hint = "Settings that a script changes are reset at its end anyway.";
			return "a script cannot hold DISCARD ALL";
		case T_DeallocateStmt:
			if (((const DeallocateStmt *) stmt)->name != NULL)
				return NULL;
			*hint = "The client needs its prepared statements; name those to deallocate.";
			return "a script cannot hold DEALLOCATE ALL";
		case T_IndexStmt:
			if (!((const IndexStmt *) stmt)->concurrent ||
				((const IndexStmt *) stmt)->idxname != NULL)
				return NULL;
			*hint = "With a name, a failed attempt can be recognised and repeated.";
			return "CREATE INDEX CONCURRENTLY in a script needs a name for the index";
		default:
			return NULL;
	}
}

/*
 * Can a statement not run in a transaction block?
 */
bool
mig_statement_nontransactional(const Node *stmt)
{
	switch (nodeTag(stmt))
	{
		case T_AlterSystemStmt:
		case T_CreatedbStmt:
		case T_DropdbStmt:
		case T_CreateTableSpaceStmt:
		case T_DropTableSpaceStmt:
		case T_DropSubscriptionStmt:
			return true;
		case T_IndexStmt:
			return ((const IndexStmt *) stmt)->concurrent;
		case T_DropStmt:
			return ((const DropStmt *) stmt)->concurrent;
		case T_VacuumStmt:
			return ((const VacuumStmt *) stmt)->is_vacuumcmd;
		case T_RepackStmt:
			return ((const RepackStmt *) stmt)->relation == NULL ||
				mig_option_is(((const RepackStmt *) stmt)->params,
							  "concurrently", false);
		case T_ReindexStmt:
			return ((const ReindexStmt *) stmt)->relation == NULL ||
				mig_option_is(((const ReindexStmt *) stmt)->params,
							  "concurrently", false);
		case T_AlterDatabaseStmt:
			return mig_option_is(((const AlterDatabaseStmt *) stmt)->options,
								 "tablespace", false);
		case T_AlterTableStmt:
			return table_nontransactional((const AlterTableStmt *) stmt);
		case T_CreateSubscriptionStmt:
			return creates_slot((const CreateSubscriptionStmt *) stmt);
		case T_AlterSubscriptionStmt:
			return alters_slot((const AlterSubscriptionStmt *) stmt);
		default:
			return mig_is_wait(stmt);
	}
}

/* Does a statement add a value to an enumerated type? */
bool
mig_statement_adds_label(const Node *stmt)
{
	return IsA(stmt, AlterEnumStmt) &&
		((const AlterEnumStmt *) stmt)->oldVal == NULL;
}

/* DETACH CONCURRENTLY is all of ALTER TABLE that commits. */
static bool
table_nontransactional(const AlterTableStmt *stmt)
{
	ListCell   *lc;

	foreach(lc, stmt->cmds)
	{
		AlterTableCmd *cmd = lfirst_node(AlterTableCmd, lc);

		if (cmd->subtype == AT_DetachPartition &&
			castNode(PartitionCmd, cmd->def)->concurrent)
			return true;
	}
	return false;
}

/* A slot on another server cannot be taken back by our ROLLBACK. */
static bool
creates_slot(const CreateSubscriptionStmt *stmt)
{
	return mig_option_is(stmt->options, "connect", true) &&
		mig_option_is(stmt->options, "create_slot", true);
}

/*
 * Does it fetch what the publisher has, or change the slot there?  As with
 * slots: the publisher's side is not in our transaction.
 */
static bool
alters_slot(const AlterSubscriptionStmt *stmt)
{
	switch (stmt->kind)
	{
		case ALTER_SUBSCRIPTION_REFRESH_PUBLICATION:
			return true;
		case ALTER_SUBSCRIPTION_SET_PUBLICATION:
		case ALTER_SUBSCRIPTION_ADD_PUBLICATION:
		case ALTER_SUBSCRIPTION_DROP_PUBLICATION:
			return mig_option_is(stmt->options, "refresh", true);
		case ALTER_SUBSCRIPTION_OPTIONS:
			return mig_option_is(stmt->options, "failover", false) ||
				mig_option_is(stmt->options, "two_phase", false);
		default:
			return false;
	}
}

/*
 * A boolean option.  One that is no boolean counts as set, and so does one
 * whose mention is enough.
 */
bool
mig_option_is(List *options, const char *name, bool otherwise)
{
	ListCell   *lc;

	foreach(lc, options)
	{
		DefElem    *option = lfirst_node(DefElem, lc);

		if (strcmp(option->defname, name) != 0)
			continue;
		if (strcmp(name, "tablespace") == 0 ||
			strcmp(name, "failover") == 0 || strcmp(name, "two_phase") == 0)
			return true;
		return defGetBoolean(option);
	}
	return otherwise;
}

/*
 * In a revision that is not transactional: is a statement better run at top
 * level?  Besides those that must be, which REINDEX and CLUSTER of partitioned
 * tables are too, procedures, which may commit.
 */
bool
mig_statement_likes_top_level(const Node *stmt)
{
	return mig_statement_nontransactional(stmt) || IsA(stmt, ReindexStmt) ||
		IsA(stmt, RepackStmt) || IsA(stmt, CallStmt);
}

/*
 * Does a statement do nothing but change settings?
 */
bool
mig_statement_sets(const Node *stmt)
{
	const SelectStmt *select = (const SelectStmt *) stmt;
	ListCell   *lc;

	if (IsA(stmt, VariableSetStmt))
		return true;
	if (!IsA(stmt, SelectStmt) || select->targetList == NIL ||
		select->fromClause != NIL || select->whereClause != NULL ||
		select->op != SETOP_NONE || select->intoClause != NULL)
		return false;
	foreach(lc, select->targetList)
	{
		Node	   *value = lfirst_node(ResTarget, lc)->val;
		List	   *name;

		if (!IsA(value, FuncCall))
			return false;
		name = ((FuncCall *) value)->funcname;
		if (strcmp(strVal(llast(name)), "set_config") != 0)
			return false;
	}
	return true;
}

/*
 * Is a statement plain DDL, which queues no trigger events for rows?
 */
bool
mig_statement_is_ddl(const Node *stmt)
{
	switch (nodeTag(stmt))
	{
		case T_AlterDomainStmt:
		case T_AlterEnumStmt:
		case T_AlterFunctionStmt:
		case T_AlterObjectSchemaStmt:
		case T_AlterOwnerStmt:
		case T_AlterPolicyStmt:
		case T_AlterSeqStmt:
		case T_AlterTableStmt:
		case T_CommentStmt:
		case T_CompositeTypeStmt:
		case T_CreateDomainStmt:
		case T_CreateEnumStmt:
		case T_CreateFunctionStmt:
		case T_CreatePolicyStmt:
		case T_CreateRangeStmt:
		case T_CreateSchemaStmt:
		case T_CreateSeqStmt:
		case T_CreateStatsStmt:
		case T_CreateStmt:
		case T_CreateTrigStmt:
		case T_DefineStmt:
		case T_DropStmt:
		case T_GrantStmt:
		case T_IndexStmt:
		case T_LockStmt:
		case T_RenameStmt:
		case T_RuleStmt:
		case T_VariableSetStmt:
		case T_ViewStmt:
			return true;
		default:
			return false;
	}
}
