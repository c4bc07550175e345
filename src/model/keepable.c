/*-------------------------------------------------------------------------
 *
 * model/keepable.c
 *	  What a model depends on besides its text, by its statements.
 *
 * Statements that define things lead to the same whenever they run, as long as
 * what they refer to is the same; see kept_key.c.  Code can ask anything, and
 * rows that a query copies leave no trace of where they come from: what comes
 * of a model that has such must be built whenever it is wanted.  So must what
 * is not known here.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "model/keepable.h"

static bool is_keepable(const MigModel *model, int number, const Node *stmt);
static bool defines(NodeTag tag);
static bool has_own_columns(const MigModel *model, int number,
							const CreateStmt *stmt);
static bool is_plain_part(const CreateStmt *stmt);
static bool is_created(const MigModel *model, int number,
					   const CreateStmt *stmt, const RangeVar *relation);
static bool takes_names_away(const Node *stmt);
static const char *schema_of(const MigModel *model, int number,
							 const CreateStmt *stmt);
static bool has_plain_bounds(const AlterTableStmt *stmt);
static bool is_plain_bound(const PartitionBoundSpec * bound);
static bool is_plain(const List *values);
static const A_Const *constant_of(const Node *value);
static bool is_plain_call(const SelectStmt *select);
static bool sets_role(const VariableSetStmt *stmt);
static bool names_role(const Node *stmt);
static bool is_any_current(const List *roles);

/*
 * Does what comes of a model depend on nothing but what the key says?  To be
 * asked before the model runs, which uses its statements up.
 */
bool
mig_model_is_keepable(const MigModel *model)
{
	for (int i = 0; i < model->script->nstatements; i++)
	{
		if (!model->skipped[i] &&
			!is_keepable(model, i, model->script->statements[i].raw->stmt))
			return false;
	}
	return true;
}

/* The number is that of the statement. */
static bool
is_keepable(const MigModel *model, int number, const Node *stmt)
{
	const CreateTableAsStmt *query = (const CreateTableAsStmt *) stmt;
	const ListCell *lc;

	switch (nodeTag(stmt))
	{
		case T_CreateStmt:
		case T_CreateForeignTableStmt:	/* which begins with the other */
			return has_own_columns(model, number, (const CreateStmt *) stmt);
		case T_AlterTableStmt:
			return has_plain_bounds((const AlterTableStmt *) stmt);
		case T_SelectStmt:
			return is_plain_call((const SelectStmt *) stmt);
		case T_VariableSetStmt:
			return !sets_role((const VariableSetStmt *) stmt);
		case T_CreateTableAsStmt:
			return query->objtype == OBJECT_MATVIEW;
		case T_AlterObjectSchemaStmt:
			return ((const AlterObjectSchemaStmt *) stmt)->objectType !=
				OBJECT_EXTENSION;
		case T_CreateSchemaStmt:
			foreach(lc, ((const CreateSchemaStmt *) stmt)->schemaElts)
			{
				if (!is_keepable(model, number, lfirst(lc)))
					return false;
			}
			return true;
		default:
			return defines(nodeTag(stmt));
	}
}

/*
 * Does a statement of a revision, which builds on others, define the same
 * whenever the catalogs are the same?
 */
bool
mig_statement_defines(const Node *stmt)
{
	const ListCell *lc;

	switch (nodeTag(stmt))
	{
		case T_CreateStmt:
		case T_CreateForeignTableStmt:
			return is_plain_part((const CreateStmt *) stmt);
		case T_AlterTableStmt:
			return has_plain_bounds((const AlterTableStmt *) stmt);
		case T_AlterObjectSchemaStmt:
			return ((const AlterObjectSchemaStmt *) stmt)->objectType !=
				OBJECT_EXTENSION;
		case T_CreateSchemaStmt:
			foreach(lc, ((const CreateSchemaStmt *) stmt)->schemaElts)
			{
				if (!mig_statement_defines(lfirst(lc)))
					return false;
			}
			return true;
		case T_RepackStmt:
		case T_CreateTableAsStmt:
		case T_RefreshMatViewStmt:
		case T_VariableSetStmt:
			return true;
		default:
			return defines(nodeTag(stmt));
	}
}

/* Does it do nothing but set settings to constants, by set_config()? */
bool
mig_statement_sets_config(const Node *stmt)
{
	const SelectStmt *select = (const SelectStmt *) stmt;
	const ListCell *lc;

	if (!IsA(stmt, SelectStmt) || select->targetList == NIL ||
		select->fromClause != NIL || !is_plain_call(select))
		return false;
	foreach(lc, select->targetList)
	{
		const ResTarget *target = lfirst_node(ResTarget, lc);
		const FuncCall *call = castNode(FuncCall, target->val);

		if (strcmp(strVal(llast(call->funcname)), "set_config") != 0)
			return false;
	}
	return true;
}

/* Does a statement define something, whatever it says? */
static bool
defines(NodeTag tag)
{
	switch (tag)
	{
		case T_AlterDefaultPrivilegesStmt:
		case T_AlterDomainStmt:
		case T_AlterEnumStmt:
		case T_AlterEventTrigStmt:
		case T_AlterFdwStmt:
		case T_AlterForeignServerStmt:
		case T_AlterFunctionStmt:
		case T_AlterObjectDependsStmt:
		case T_AlterOpFamilyStmt:
		case T_AlterOperatorStmt:
		case T_AlterOwnerStmt:
		case T_AlterPolicyStmt:
		case T_AlterPublicationStmt:
		case T_AlterSeqStmt:
		case T_AlterStatsStmt:
		case T_AlterTSConfigurationStmt:
		case T_AlterTSDictionaryStmt:
		case T_AlterTypeStmt:
		case T_CommentStmt:
		case T_CompositeTypeStmt:
		case T_CreateAmStmt:
		case T_CreateCastStmt:
		case T_CreateConversionStmt:
		case T_CreateDomainStmt:
		case T_CreateEnumStmt:
		case T_CreateEventTrigStmt:
		case T_CreateFdwStmt:
		case T_CreateForeignServerStmt:
		case T_CreateFunctionStmt:
		case T_CreateOpClassStmt:
		case T_CreateOpFamilyStmt:
		case T_CreatePLangStmt:
		case T_CreatePolicyStmt:
		case T_CreatePublicationStmt:
		case T_CreateRangeStmt:
		case T_CreateSeqStmt:
		case T_CreateStatsStmt:
		case T_CreateSubscriptionStmt:
		case T_CreateTransformStmt:
		case T_CreateTrigStmt:
		case T_CreateUserMappingStmt:
		case T_DefineStmt:
		case T_DropStmt:
		case T_GrantStmt:
		case T_IndexStmt:
		case T_RenameStmt:
		case T_RuleStmt:
		case T_ViewStmt:
			return true;
		default:
			return false;
	}
}

/*
 * A table that is like one of another schema does not depend on it, once it is
 * there; and a bound of a partition may be an expression.
 */
static bool
has_own_columns(const MigModel *model, int number, const CreateStmt *stmt)
{
	const ListCell *lc;

	foreach(lc, stmt->tableElts)
	{
		const		TableLikeClause *like = lfirst(lc);

		if (IsA(like, TableLikeClause) &&
			!is_created(model, number, stmt, like->relation))
			return false;
	}
	return is_plain_part(stmt);
}

static bool
is_plain_part(const CreateStmt *stmt)
{
	return stmt->partbound == NULL || is_plain_bound(stmt->partbound);
}

/*
 * Is a relation that a statement is like one that the model has created
 * before?  Another of its name may stand in the search_path behind it.
 */
static bool
is_created(const MigModel *model, int number, const CreateStmt *stmt,
		   const RangeVar *relation)
{
	const char *schema = relation->schemaname;
	const ListCell *lc;

	for (int i = 0; i < number; i++)
	{
		if (takes_names_away(model->script->statements[i].raw->stmt))
			return false;
	}
	if (schema == NULL)
		schema = schema_of(model, number, stmt);
	foreach(lc, schema == NULL ? NIL : model->objects)
	{
		const MigModelObject *object = lfirst(lc);

		if (object->statement < number && object->in_schema &&
			object->schema != NULL &&
			mig_model_object_is_at(object, schema, relation->relname))
			return true;
	}
	return false;
}

/* May what was created be gone, or have another name? */
static bool
takes_names_away(const Node *stmt)
{
	return IsA(stmt, DropStmt) || IsA(stmt, RenameStmt) ||
		IsA(stmt, AlterObjectSchemaStmt);
}

/* The schema that comes first where a statement runs, NULL: not told. */
static const char *
schema_of(const MigModel *model, int number, const CreateStmt *stmt)
{
	const ListCell *lc;

	foreach(lc, stmt->relation->schemaname == NULL ? model->objects : NIL)
	{
		const MigModelObject *object = lfirst(lc);

		if (object->statement == number && object->in_schema)
			return object->schema;
	}
	return NULL;
}

/* What ALTER TABLE attaches. */
static bool
has_plain_bounds(const AlterTableStmt *stmt)
{
	const ListCell *lc;

	foreach(lc, stmt->cmds)
	{
		const AlterTableCmd *cmd = lfirst_node(AlterTableCmd, lc);
		const PartitionCmd *part = (const PartitionCmd *) cmd->def;

		if (cmd->def != NULL && IsA(cmd->def, PartitionCmd) &&
			part->bound != NULL && !is_plain_bound(part->bound))
			return false;
	}
	return true;
}

static bool
is_plain_bound(const PartitionBoundSpec * bound)
{
	return is_plain(bound->listdatums) && is_plain(bound->lowerdatums) &&
		is_plain(bound->upperdatums);
}

/*
 * Constants, but none that is a word for the time; and MINVALUE and MAXVALUE,
 * which the parser takes for columns.
 */
static bool
is_plain(const List *values)
{
	static const char *const times[] = {
		"now", "today", "tomorrow", "yesterday",
	};
	const ListCell *lc;

	foreach(lc, values)
	{
		const A_Const *constant = constant_of(lfirst(lc));

		if (IsA(lfirst(lc), ColumnRef))
			continue;
		if (constant == NULL)
			return false;
		for (size_t i = 0; i < lengthof(times); i++)
		{
			if (!constant->isnull && IsA(&constant->val, String) &&
				strcasestr(constant->val.sval.sval, times[i]) != NULL)
				return false;
		}
	}
	return true;
}

/* A constant, with or without its type, else NULL. */
static const A_Const *
constant_of(const Node *value)
{
	if (IsA(value, TypeCast))
		value = ((const TypeCast *) value)->arg;
	return IsA(value, A_Const) ? (const A_Const *) value : NULL;
}

/* SELECT set_config('search_path', ...) with constants, as of pg_dump. */
static bool
is_plain_call(const SelectStmt *select)
{
	const ListCell *lc;
	const ListCell *arg;

	if (select->intoClause != NULL)
		return false;
	foreach(lc, select->targetList)
	{
		const ResTarget *target = lfirst_node(ResTarget, lc);
		const FuncCall *call = (const FuncCall *) target->val;

		if (!IsA(call, FuncCall))
			return false;
		foreach(arg, call->args)
		{
			if (constant_of(lfirst(arg)) == NULL)
				return false;
		}
	}
	return true;
}

/* What follows runs as another role, if the session may. */
static bool
sets_role(const VariableSetStmt *stmt)
{
	return stmt->name == NULL || strcmp(stmt->name, "role") == 0 ||
		strcmp(stmt->name, "session_authorization") == 0;
}

/*
 * Does what comes of a model depend on the role that builds it?  Whose objects
 * they are does not count, until the model speaks of owners and grants.
 */
bool
mig_model_names_role(const MigModel *model)
{
	for (int i = 0; i < model->script->nstatements; i++)
	{
		if (names_role(model->script->statements[i].raw->stmt))
			return true;
	}
	return false;
}

/* Does a statement depend on which roles there are, or on who runs it? */
static bool
names_role(const Node *stmt)
{
	const ListCell *lc;

	switch (nodeTag(stmt))
	{
		case T_AlterDefaultPrivilegesStmt:
		case T_AlterOwnerStmt:
		case T_CreateUserMappingStmt:
		case T_GrantStmt:
			return true;
		case T_CreateSchemaStmt:
			return ((const CreateSchemaStmt *) stmt)->authrole != NULL;
		case T_CreatePolicyStmt:
			return is_any_current(((const CreatePolicyStmt *) stmt)->roles);
		case T_AlterPolicyStmt:
			return is_any_current(((const AlterPolicyStmt *) stmt)->roles);
		case T_AlterTableStmt:
			foreach(lc, ((const AlterTableStmt *) stmt)->cmds)
			{
				if (lfirst_node(AlterTableCmd, lc)->subtype == AT_ChangeOwner)
					return true;
			}
			return false;
		default:
			return false;
	}
}

/* CURRENT_USER and its like */
static bool
is_any_current(const List *roles)
{
	const ListCell *lc;

	foreach(lc, roles)
	{
		RoleSpecType type = lfirst_node(RoleSpec, lc)->roletype;

		if (type != ROLESPEC_CSTRING && type != ROLESPEC_PUBLIC)
			return true;
	}
	return false;
}

/* The schemas that a model creates or comments on, char *. */
List *
mig_model_describes_schemas(const MigModel *model)
{
	List	   *names = NIL;
	const ListCell *lc;

	foreach(lc, model->objects)
	{
		const MigModelObject *object = lfirst(lc);

		if (object->type == OBJECT_SCHEMA && object->name != NULL)
			names = lappend(names, pstrdup(object->name));
	}
	for (int i = 0; i < model->script->nstatements; i++)
	{
		const Node *stmt = model->script->statements[i].raw->stmt;
		const CommentStmt *comment = (const CommentStmt *) stmt;

		if (IsA(stmt, CommentStmt) && comment->objtype == OBJECT_SCHEMA)
			names = lappend(names, pstrdup(strVal(comment->object)));
	}
	return names;
}
