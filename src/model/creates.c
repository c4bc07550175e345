/*-------------------------------------------------------------------------
 *
 * model/creates.c
 *	  What a statement creates, and where.
 *
 * The answers are given from the raw parse tree alone, so that they are known
 * before anything runs.  What code creates in a DO block is not known.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/creates.h"

#include "catalog/pg_class.h"

/* a statement as one of its kind */
#define AS(type) ((const type *) stmt)

static bool set_relation(MigModelObject *object, ObjectType type,
						 const RangeVar *relation);
static bool set_names(MigModelObject *object, ObjectType type, List *names);
static bool set_global(MigModelObject *object, ObjectType type, char *name);
static bool set_member(MigModelObject *object, ObjectType type,
					   const RangeVar *relation, char *member);
static bool creates_by_select(const SelectStmt *select,
							  MigModelObject *object);
static bool creates_global(const Node *stmt, MigModelObject *object);
static bool creates_in_schema(const Node *stmt, MigModelObject *object);
static char *schema_name(const CreateSchemaStmt *stmt);

/*
 * Does a statement create something?  If so, *object is filled in, except
 * for the number of the statement; it points into the parse tree.
 */
bool
mig_statement_creates(const Node *stmt, MigModelObject *object)
{
	memset(object, 0, sizeof(*object));
	switch (nodeTag(stmt))
	{
		case T_CreateStmt:
			return set_relation(object, OBJECT_TABLE,
								AS(CreateStmt)->relation);
		case T_CreateForeignTableStmt:
			return set_relation(object, OBJECT_FOREIGN_TABLE,
								AS(CreateForeignTableStmt)->base.relation);
		case T_CreateTableAsStmt:
			return set_relation(object,
								AS(CreateTableAsStmt)->objtype,
								AS(CreateTableAsStmt)->into->rel);
		case T_SelectStmt:
			return creates_by_select(AS(SelectStmt), object);
		case T_ViewStmt:
			return set_relation(object, OBJECT_VIEW,
								AS(ViewStmt)->view);
		case T_CreateSeqStmt:
			return set_relation(object, OBJECT_SEQUENCE,
								AS(CreateSeqStmt)->sequence);
		case T_CompositeTypeStmt:
			return set_relation(object, OBJECT_TYPE,
								AS(CompositeTypeStmt)->typevar);
		case T_IndexStmt:
			if (!set_member(object, OBJECT_INDEX,
							AS(IndexStmt)->relation, NULL))
				return false;
			object->name = AS(IndexStmt)->idxname;
			return true;
		case T_CreateTrigStmt:
			return set_member(object, OBJECT_TRIGGER,
							  AS(CreateTrigStmt)->relation,
							  AS(CreateTrigStmt)->trigname);
		case T_RuleStmt:
			return set_member(object, OBJECT_RULE,
							  AS(RuleStmt)->relation,
							  AS(RuleStmt)->rulename);
		case T_CreatePolicyStmt:
			return set_member(object, OBJECT_POLICY,
							  AS(CreatePolicyStmt)->table,
							  AS(CreatePolicyStmt)->policy_name);
		default:
			return creates_in_schema(stmt, object) ||
				creates_global(stmt, object);
	}
}

/* Has it a name, in a schema unless that is NULL or not said? */
bool
mig_model_object_is_at(const MigModelObject *object, const char *schema,
					   const char *name)
{
	return object->name != NULL && strcmp(object->name, name) == 0 &&
		(schema == NULL || object->schema == NULL ||
		 strcmp(object->schema, schema) == 0);
}

/* what a list of strings names */
static bool
creates_in_schema(const Node *stmt, MigModelObject *object)
{
	switch (nodeTag(stmt))
	{
		case T_CreateEnumStmt:
			return set_names(object, OBJECT_TYPE,
							 AS(CreateEnumStmt)->typeName);
		case T_CreateRangeStmt:
			return set_names(object, OBJECT_TYPE,
							 AS(CreateRangeStmt)->typeName);
		case T_CreateDomainStmt:
			return set_names(object, OBJECT_DOMAIN,
							 AS(CreateDomainStmt)->domainname);
		case T_CreateFunctionStmt:
			return set_names(object,
							 AS(CreateFunctionStmt)->is_procedure ?
							 OBJECT_PROCEDURE : OBJECT_FUNCTION,
							 AS(CreateFunctionStmt)->funcname);
		case T_DefineStmt:
			return set_names(object, AS(DefineStmt)->kind,
							 AS(DefineStmt)->defnames);
		case T_CreateOpClassStmt:
			return set_names(object, OBJECT_OPCLASS,
							 AS(CreateOpClassStmt)->opclassname);
		case T_CreateOpFamilyStmt:
			return set_names(object, OBJECT_OPFAMILY,
							 AS(CreateOpFamilyStmt)->opfamilyname);
		case T_CreateConversionStmt:
			return set_names(object, OBJECT_CONVERSION,
							 AS(CreateConversionStmt)->conversion_name);
		case T_CreateStatsStmt:
			return set_names(object, OBJECT_STATISTIC_EXT,
							 AS(CreateStatsStmt)->defnames);
		default:
			return false;
	}
}

/* what belongs to no schema */
static bool
creates_global(const Node *stmt, MigModelObject *object)
{
	switch (nodeTag(stmt))
	{
		case T_CreateSchemaStmt:
			return set_global(object, OBJECT_SCHEMA,
							  schema_name(AS(CreateSchemaStmt)));
		case T_CreateExtensionStmt:
			return set_global(object, OBJECT_EXTENSION,
							  AS(CreateExtensionStmt)->extname);
		case T_CreatePublicationStmt:
			return set_global(object, OBJECT_PUBLICATION,
							  AS(CreatePublicationStmt)->pubname);
		case T_CreateSubscriptionStmt:
			return set_global(object, OBJECT_SUBSCRIPTION,
							  AS(CreateSubscriptionStmt)->subname);
		case T_CreateEventTrigStmt:
			return set_global(object, OBJECT_EVENT_TRIGGER,
							  AS(CreateEventTrigStmt)->trigname);
		case T_CreateFdwStmt:
			return set_global(object, OBJECT_FDW,
							  AS(CreateFdwStmt)->fdwname);
		case T_CreateForeignServerStmt:
			return set_global(object, OBJECT_FOREIGN_SERVER,
							  AS(CreateForeignServerStmt)->servername);
		case T_CreateUserMappingStmt:
			return set_global(object, OBJECT_USER_MAPPING,
							  AS(CreateUserMappingStmt)->servername);
		case T_CreatePLangStmt:
			return set_global(object, OBJECT_LANGUAGE,
							  AS(CreatePLangStmt)->plname);
		case T_CreateAmStmt:
			return set_global(object, OBJECT_ACCESS_METHOD,
							  AS(CreateAmStmt)->amname);
		case T_CreateCastStmt:
			return set_global(object, OBJECT_CAST, NULL);
		case T_CreateTransformStmt:
			return set_global(object, OBJECT_TRANSFORM, NULL);
		default:
			return false;
	}
}

/* SELECT ... INTO */
static bool
creates_by_select(const SelectStmt *select, MigModelObject *object)
{
	while (select->op != SETOP_NONE)
		select = select->larg;
	if (select->intoClause == NULL)
		return false;
	return set_relation(object, OBJECT_TABLE, select->intoClause->rel);
}

/* a relation; temporary ones do not count */
static bool
set_relation(MigModelObject *object, ObjectType type, const RangeVar *relation)
{
	if (relation->relpersistence == RELPERSISTENCE_TEMP ||
		(relation->schemaname != NULL &&
		 strcmp(relation->schemaname, "pg_temp") == 0))
		return false;
	object->type = type;
	object->in_schema = true;
	object->schema = relation->schemaname;
	object->name = relation->relname;
	return true;
}

/* The last of several names is that of the object, its schema before it. */
static bool
set_names(MigModelObject *object, ObjectType type, List *names)
{
	const ListCell *lc;

	object->type = type;
	object->in_schema = true;
	foreach(lc, names)
	{
		object->schema = object->name;
		object->name = strVal(lfirst(lc));
	}
	return true;
}

static bool
set_global(MigModelObject *object, ObjectType type, char *name)
{
	object->type = type;
	object->name = name;
	return true;
}

/* what is on a table and goes with it */
static bool
set_member(MigModelObject *object, ObjectType type, const RangeVar *relation,
		   char *member)
{
	object->type = type;
	object->schema = relation->schemaname;
	object->name = relation->relname;
	object->member = member;
	return true;
}

/* AUTHORIZATION alone names the schema too */
static char *
schema_name(const CreateSchemaStmt *stmt)
{
	if (stmt->schemaname != NULL)
		return stmt->schemaname;
	return stmt->authrole->roletype == ROLESPEC_CSTRING ?
		stmt->authrole->rolename : NULL;
}
