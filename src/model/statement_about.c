/*-------------------------------------------------------------------------
 *
 * model/statement_about.c
 *	  Which names a statement is about.
 *
 * That is: of what it creates, changes or describes, and of what it makes
 * part of something or something part of, but not of what it merely refers
 * to.  The answer is given from the raw parse tree alone, and is "anything"
 * for every statement that is not known to be about less; so it is for ranges,
 * with which comes a type whose name the server chooses.  Names come without
 * their schemas: whoever asks takes all that has the name.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/creates.h"
#include "model/keepable.h"
#include "model/statement_about.h"
#include "model/targets.h"

static MigAbout about_created(const Node *stmt, List **names);
static MigAbout about_object(ObjectType type, Node *object, List **names);
static MigAbout about_owned(const AlterOwnerStmt *stmt, List **names);
static MigAbout about_granted(const GrantStmt *stmt, List **names);
static MigAbout about_name(const char *name, List **names);
static const char *nth_last(const List *list, int n);
static void add_targets(const Node *stmt, List **names);

/* a statement as one of its kind */
#define AS(type) ((const type *) stmt)

/* The names are char *, and point into the parse tree. */
MigAbout
mig_statement_about(const Node *stmt, List **names)
{
	*names = NIL;
	switch (nodeTag(stmt))
	{
		case T_VariableSetStmt:
		case T_CreateExtensionStmt:
			return MIG_ABOUT_ALL;
		case T_SelectStmt:
			return mig_statement_sets_config(stmt) ? MIG_ABOUT_ALL :
				MIG_ABOUT_ANYTHING;
		case T_CreateSchemaStmt:
			return AS(CreateSchemaStmt)->schemaElts == NIL ? MIG_ABOUT_ALL :
				MIG_ABOUT_ANYTHING;
		case T_CreateStmt:
		case T_CreateTableAsStmt:
		case T_ViewStmt:
		case T_CreateSeqStmt:
		case T_CompositeTypeStmt:
		case T_IndexStmt:
		case T_CreateTrigStmt:
		case T_RuleStmt:
		case T_CreatePolicyStmt:
		case T_CreateEnumStmt:
		case T_CreateDomainStmt:
		case T_CreateFunctionStmt:
		case T_CreateStatsStmt:
			return about_created(stmt, names);
		case T_DefineStmt:
			return AS(DefineStmt)->kind == OBJECT_AGGREGATE ?
				about_created(stmt, names) : MIG_ABOUT_ANYTHING;
		case T_AlterTableStmt:
		case T_AlterSeqStmt:
		case T_AlterPolicyStmt:
			add_targets(stmt, names);
			return MIG_ABOUT_NAMES;
		case T_AlterFunctionStmt:
			return about_name(nth_last(AS(AlterFunctionStmt)->func->objname,
									   1), names);
		case T_AlterEnumStmt:
			return about_name(nth_last(AS(AlterEnumStmt)->typeName, 1), names);
		case T_AlterDomainStmt:
			return about_name(nth_last(AS(AlterDomainStmt)->typeName, 1),
							  names);
		case T_AlterStatsStmt:
			return about_name(nth_last(AS(AlterStatsStmt)->defnames, 1),
							  names);
		case T_CommentStmt:
			return about_object(AS(CommentStmt)->objtype,
								AS(CommentStmt)->object, names);
		case T_AlterOwnerStmt:
			return about_owned(AS(AlterOwnerStmt), names);
		case T_GrantStmt:
			return about_granted(AS(GrantStmt), names);
		default:
			return MIG_ABOUT_ANYTHING;
	}
}

/*
 * The name of the foreign key that a statement adds to a table, if it does
 * nothing else and says the name; NULL: it does not.
 */
const char *
mig_statement_adds_key(const Node *stmt)
{
	const AlterTableCmd *cmd;
	const Constraint *constraint;

	if (!IsA(stmt, AlterTableStmt) ||
		list_length(AS(AlterTableStmt)->cmds) != 1)
		return NULL;
	cmd = linitial_node(AlterTableCmd, AS(AlterTableStmt)->cmds);
	if (cmd->subtype != AT_AddConstraint)
		return NULL;
	constraint = castNode(Constraint, cmd->def);
	return constraint->contype == CONSTR_FOREIGN ? constraint->conname : NULL;
}

/* What is made, and what it is made of or on. */
static MigAbout
about_created(const Node *stmt, List **names)
{
	MigModelObject object;

	if (!mig_statement_creates(stmt, &object))
		return MIG_ABOUT_ANYTHING;
	if (object.name != NULL)
		*names = lappend(*names, object.name);
	add_targets(stmt, names);
	return *names == NIL ? MIG_ABOUT_ANYTHING : MIG_ABOUT_NAMES;
}

/* As COMMENT names it. */
static MigAbout
about_object(ObjectType type, Node *object, List **names)
{
	switch (type)
	{
		case OBJECT_TABLE:
		case OBJECT_VIEW:
		case OBJECT_MATVIEW:
		case OBJECT_SEQUENCE:
		case OBJECT_INDEX:
		case OBJECT_STATISTIC_EXT:
			return about_name(nth_last((List *) object, 1), names);
		case OBJECT_COLUMN:
		case OBJECT_TABCONSTRAINT:
		case OBJECT_TRIGGER:
		case OBJECT_RULE:
		case OBJECT_POLICY:
			return about_name(nth_last((List *) object, 2), names);
		case OBJECT_DOMCONSTRAINT:
			return about_object(OBJECT_DOMAIN, linitial((List *) object),
								names);
		case OBJECT_TYPE:
		case OBJECT_DOMAIN:
			return about_name(nth_last(castNode(TypeName, object)->names, 1),
							  names);
		case OBJECT_FUNCTION:
		case OBJECT_PROCEDURE:
		case OBJECT_ROUTINE:
		case OBJECT_AGGREGATE:
			return about_name(nth_last(castNode(ObjectWithArgs,
												object)->objname, 1), names);
		case OBJECT_SCHEMA:
		case OBJECT_EXTENSION:
			return MIG_ABOUT_ALL;
		default:
			return MIG_ABOUT_ANYTHING;
	}
}

/* Types are named here by lists. */
static MigAbout
about_owned(const AlterOwnerStmt *stmt, List **names)
{
	if (stmt->relation != NULL)
		return about_name(stmt->relation->relname, names);
	if (stmt->objectType == OBJECT_TYPE || stmt->objectType == OBJECT_DOMAIN)
		return about_name(nth_last((List *) stmt->object, 1), names);
	return about_object(stmt->objectType, stmt->object, names);
}

static MigAbout
about_granted(const GrantStmt *stmt, List **names)
{
	const ListCell *lc;

	if (stmt->targtype != ACL_TARGET_OBJECT)
		return MIG_ABOUT_ANYTHING;
	if (stmt->objtype == OBJECT_SCHEMA)
		return MIG_ABOUT_ALL;
	foreach(lc, stmt->objects)
	{
		Node	   *object = lfirst(lc);

		if (IsA(object, RangeVar))
			(void) about_name(((RangeVar *) object)->relname, names);
		else if (IsA(object, ObjectWithArgs))
			(void) about_name(nth_last(((ObjectWithArgs *) object)->objname,
									   1), names);
		else if (stmt->objtype == OBJECT_TYPE ||
				 stmt->objtype == OBJECT_DOMAIN)
			(void) about_name(nth_last((List *) object, 1), names);
		else
			return MIG_ABOUT_ANYTHING;
	}
	return MIG_ABOUT_NAMES;
}

static MigAbout
about_name(const char *name, List **names)
{
	if (name == NULL)
		return MIG_ABOUT_ANYTHING;
	*names = lappend(*names, unconstify(char *, name));
	return MIG_ABOUT_NAMES;
}

/* Of a list of strings, counted from its end; NULL: it has not so many. */
static const char *
nth_last(const List *list, int n)
{
	if (list_length(list) < n)
		return NULL;
	return strVal(list_nth(list, list_length(list) - n));
}

static void
add_targets(const Node *stmt, List **names)
{
	const ListCell *lc;

	foreach(lc, mig_statement_targets(stmt))
		(void) about_name(((RangeVar *) lfirst(lc))->relname, names);
}
