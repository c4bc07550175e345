/*-------------------------------------------------------------------------
 *
 * model/statement_reach.c
 *	  What a statement can reach of what is there.
 *
 * The answer is given from the raw parse tree alone, and is "anything" for
 * every statement that is not known to reach less.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "model/statement_reach.h"
#include "model/targets.h"

static MigReach of_create(const CreateStmt *stmt);
static MigReach of_alter(const AlterTableStmt *stmt);
static MigReach of_drop(const DropStmt *stmt);
static MigReach of_type(ObjectType type);

/* a statement as one of its kind */
#define AS(type) ((const type *) stmt)

/* Of a statement that is not known, anything. */
MigReach
mig_reach_of(const Node *stmt)
{
	const char *name;

	switch (nodeTag(stmt))
	{
		case T_CreateStmt:
		case T_CreateForeignTableStmt:
			return of_create(AS(CreateStmt));
		case T_CreateSeqStmt:
		case T_CreateEnumStmt:
		case T_CompositeTypeStmt:
		case T_CreateDomainStmt:
		case T_CreateRangeStmt:
		case T_CreateFunctionStmt:	/* and what it replaces */
			return MIG_REACH_NEW;
		case T_CreateSchemaStmt:
			return AS(CreateSchemaStmt)->schemaElts == NIL ?
				MIG_REACH_NEW : MIG_REACH_ANYTHING;
		case T_CreateTableAsStmt:
			return AS(CreateTableAsStmt)->objtype == OBJECT_MATVIEW ?
				MIG_REACH_NEW : MIG_REACH_ANYTHING;
		case T_VariableSetStmt:
			name = AS(VariableSetStmt)->name;
			return name != NULL &&
				(strcmp(name, "check_function_bodies") == 0 ||
				 strcmp(name, "lc_monetary") == 0 ||
				 strcmp(name, "role") == 0) ?
				MIG_REACH_NEW : MIG_REACH_ANYTHING;
		case T_ViewStmt:
		case T_IndexStmt:
		case T_CreateTrigStmt:
		case T_CreatePolicyStmt:
		case T_AlterPolicyStmt:
		case T_RuleStmt:
		case T_CreateStatsStmt:
			return MIG_REACH_RELATION;
		case T_AlterTableStmt:
			return of_alter(AS(AlterTableStmt));
		case T_DropStmt:
			return of_drop(AS(DropStmt));
		case T_CommentStmt:
			return MIG_REACH_NOTE;
		case T_GrantStmt:
			return AS(GrantStmt)->targtype == ACL_TARGET_OBJECT ?
				MIG_REACH_NOTE : MIG_REACH_ANYTHING;
		case T_DefineStmt:
		case T_AlterEnumStmt:
		case T_AlterDomainStmt:
		case T_AlterTypeStmt:
		case T_AlterSeqStmt:
		case T_AlterFunctionStmt:
		case T_AlterStatsStmt:
			return MIG_REACH_NAMED;
		case T_RenameStmt:
			return of_type(AS(RenameStmt)->renameType);
		case T_AlterObjectSchemaStmt:
			return of_type(AS(AlterObjectSchemaStmt)->objectType);
		case T_AlterOwnerStmt:
			return of_type(AS(AlterOwnerStmt)->objectType);
		default:
			return MIG_REACH_ANYTHING;
	}
}

/*
 * A new partition has its parts from the table above.  Other partitions can
 * stand against it by their bounds alone, and those that stay have stood
 * beside it in the model.
 */
static MigReach
of_create(const CreateStmt *stmt)
{
	if (stmt->ofTypename != NULL)
		return MIG_REACH_NAMED;
	if (stmt->partbound != NULL)
		return MIG_REACH_PARTITION;
	return stmt->inhRelations == NIL ? MIG_REACH_NEW : MIG_REACH_NAMED;
}

/* What changes a table as a whole reaches what is tied to any part of it. */
static MigReach
of_alter(const AlterTableStmt *stmt)
{
	const ListCell *lc;

	foreach(lc, stmt->objtype == OBJECT_TABLE ? stmt->cmds : NIL)
	{
		const AlterTableCmd *cmd = lfirst(lc);

		switch (cmd->subtype)
		{
			case AT_DropColumn:
			case AT_DropConstraint:
				if (cmd->behavior == DROP_CASCADE)
					return MIG_REACH_ANYTHING;
				break;
			case AT_AddColumn:
			case AT_AlterColumnType:
			case AT_ColumnDefault:
			case AT_DropNotNull:
			case AT_SetNotNull:
			case AT_SetStatistics:
			case AT_SetOptions:
			case AT_ResetOptions:
			case AT_SetStorage:
			case AT_SetCompression:
			case AT_AddConstraint:
			case AT_AlterConstraint:
			case AT_ValidateConstraint:
			case AT_AddIdentity:
			case AT_SetIdentity:
			case AT_DropIdentity:
			case AT_DropExpression:
			case AT_SetRelOptions:
			case AT_ResetRelOptions:
			case AT_EnableRowSecurity:
			case AT_DisableRowSecurity:
			case AT_ForceRowSecurity:
			case AT_NoForceRowSecurity:
				break;
			default:
				return MIG_REACH_NAMED;
		}
	}
	return stmt->objtype == OBJECT_TABLE ?
		MIG_REACH_RELATION : MIG_REACH_NAMED;
}

/* CASCADE takes along whatever depends on it. */
static MigReach
of_drop(const DropStmt *stmt)
{
	if (stmt->behavior == DROP_CASCADE)
		return MIG_REACH_ANYTHING;
	switch (stmt->removeType)
	{
		case OBJECT_POLICY:
		case OBJECT_RULE:
		case OBJECT_TRIGGER:
			return MIG_REACH_RELATION;
		default:
			return of_type(stmt->removeType);
	}
}

/* What is found by a word, and holds nothing but what depends on it. */
static MigReach
of_type(ObjectType type)
{
	switch (type)
	{
		case OBJECT_AGGREGATE:
		case OBJECT_ATTRIBUTE:
		case OBJECT_COLLATION:
		case OBJECT_COLUMN:
		case OBJECT_DOMAIN:
		case OBJECT_DOMCONSTRAINT:
		case OBJECT_FOREIGN_TABLE:
		case OBJECT_FUNCTION:
		case OBJECT_INDEX:
		case OBJECT_MATVIEW:
		case OBJECT_POLICY:
		case OBJECT_PROCEDURE:
		case OBJECT_ROUTINE:
		case OBJECT_RULE:
		case OBJECT_SEQUENCE:
		case OBJECT_STATISTIC_EXT:
		case OBJECT_TABCONSTRAINT:
		case OBJECT_TABLE:
		case OBJECT_TRIGGER:
		case OBJECT_TYPE:
		case OBJECT_VIEW:
			return MIG_REACH_NAMED;
		default:
			return MIG_REACH_ANYTHING;
	}
}

/* The relations that it changes or replaces, or gets its parts from. */
List *
mig_reach_relations(const Node *stmt)
{
	if (IsA(stmt, CreateStmt) || IsA(stmt, CreateForeignTableStmt))
		return AS(CreateStmt)->inhRelations;
	if (IsA(stmt, ViewStmt))
		return list_make1(AS(ViewStmt)->view);
	return mig_statement_targets(stmt);
}
