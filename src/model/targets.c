/*-------------------------------------------------------------------------
 *
 * model/targets.c
 *	  Which relations a statement changes or refers to.
 *
 * The answers are given from the raw parse tree of DDL alone, and so before
 * the statement locks anything.  Statements that change rows are not of
 * concern here.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "model/targets.h"

#include "catalog/namespace.h"

/* a statement as one of its kind */
#define AS(type) ((const type *) stmt)

static List *targets_of_alter(const AlterTableStmt *stmt);
static List *targets_of_drop(const DropStmt *stmt);
static List *in_publication(const List *objects);
static List *add(List *targets, RangeVar *relation);
static List *references_of(List *elements, List *references);

/*
 * The relations (RangeVar) that a statement changes, or locks as if it did;
 * those that it creates are not among them, but the tables of an index,
 * trigger or the like are.
 */
List *
mig_statement_targets(const Node *stmt)
{
	switch (nodeTag(stmt))
	{
		case T_AlterTableStmt:
			return targets_of_alter(AS(AlterTableStmt));
		case T_CreateStmt:
		case T_CreateForeignTableStmt:
			return list_copy(AS(CreateStmt)->inhRelations);
		case T_IndexStmt:
			return add(NIL, AS(IndexStmt)->relation);
		case T_CreateTrigStmt:
			return add(NIL, AS(CreateTrigStmt)->relation);
		case T_RuleStmt:
			return add(NIL, AS(RuleStmt)->relation);
		case T_CreatePolicyStmt:
			return add(NIL, AS(CreatePolicyStmt)->table);
		case T_AlterPolicyStmt:
			return add(NIL, AS(AlterPolicyStmt)->table);
		case T_CreateStatsStmt:
			return list_copy(AS(CreateStatsStmt)->relations);
		case T_AlterSeqStmt:
			return add(NIL, AS(AlterSeqStmt)->sequence);
		case T_RenameStmt:
			return add(NIL, AS(RenameStmt)->relation);
		case T_AlterObjectSchemaStmt:
			return add(NIL, AS(AlterObjectSchemaStmt)->relation);
		case T_AlterOwnerStmt:
			return add(NIL, AS(AlterOwnerStmt)->relation);
		case T_TruncateStmt:
			return list_copy(AS(TruncateStmt)->relations);
		case T_RepackStmt:
			return add(NIL, mig_repack_table(AS(RepackStmt)));
		case T_RefreshMatViewStmt:
			return add(NIL, AS(RefreshMatViewStmt)->relation);
		case T_CreatePublicationStmt:
			return in_publication(AS(CreatePublicationStmt)->pubobjects);
		case T_AlterPublicationStmt:
			return in_publication(AS(AlterPublicationStmt)->pubobjects);
		case T_DropStmt:
			return targets_of_drop(AS(DropStmt));
		default:
			return NIL;
	}
}

static List *
targets_of_alter(const AlterTableStmt *stmt)
{
	List	   *targets = list_make1(stmt->relation);
	ListCell   *lc;

	foreach(lc, stmt->cmds)
	{
		AlterTableCmd *cmd = lfirst_node(AlterTableCmd, lc);

		switch (cmd->subtype)
		{
			case AT_AttachPartition:
			case AT_DetachPartition:
			case AT_DetachPartitionFinalize:
				targets = add(targets,
							  castNode(PartitionCmd, cmd->def)->name);
				break;
			case AT_AddInherit:
			case AT_DropInherit:
				targets = add(targets, castNode(RangeVar, cmd->def));
				break;
			default:
				break;
		}
	}
	return targets;
}

static List *
targets_of_drop(const DropStmt *stmt)
{
	List	   *targets = NIL;
	ListCell   *lc;

	foreach(lc, stmt->objects)
	{
		List	   *name;

		switch (stmt->removeType)
		{
			case OBJECT_TABLE:
			case OBJECT_SEQUENCE:
			case OBJECT_VIEW:
			case OBJECT_MATVIEW:
			case OBJECT_INDEX:
			case OBJECT_FOREIGN_TABLE:
				name = lfirst_node(List, lc);
				break;
			case OBJECT_TRIGGER:
			case OBJECT_RULE:
			case OBJECT_POLICY:
				name = list_truncate(list_copy(lfirst_node(List, lc)),
									 list_length(lfirst_node(List, lc)) - 1);
				break;
			default:
				continue;
		}
		if (name != NIL)
			targets = add(targets, makeRangeVarFromNameList(name));
	}
	return targets;
}

static List *
in_publication(const List *objects)
{
	List	   *targets = NIL;
	const ListCell *lc;

	foreach(lc, objects)
	{
		PublicationObjSpec *object = lfirst_node(PublicationObjSpec, lc);

		if (object->pubtable != NULL)
			targets = add(targets, object->pubtable->relation);
	}
	return targets;
}

static List *
add(List *targets, RangeVar *relation)
{
	return relation == NULL ? targets : lappend(targets, relation);
}

/*
 * Might a statement use sequences that it does not name?
 */
bool
mig_statement_uses_sequences(const Node *stmt)
{
	ListCell   *lc;

	switch (nodeTag(stmt))
	{
		case T_InsertStmt:
		case T_UpdateStmt:
		case T_DeleteStmt:
		case T_MergeStmt:
		case T_SelectStmt:
		case T_DoStmt:
		case T_CreateTableAsStmt:
		case T_RefreshMatViewStmt:
		case T_TruncateStmt:
		case T_AlterSeqStmt:
			return true;
		case T_AlterTableStmt:
			foreach(lc, AS(AlterTableStmt)->cmds)
			{
				AlterTableType subtype;

				subtype = lfirst_node(AlterTableCmd, lc)->subtype;
				if (subtype == AT_AddColumn || subtype == AT_SetIdentity ||
					subtype == AT_AlterColumnType ||
					subtype == AT_SetLogged || subtype == AT_SetUnLogged)
					return true;
			}
			return false;
		default:
			return false;
	}
}

/*
 * The relations (RangeVar) that foreign keys of a statement refer to.
 */
List *
mig_statement_references(const Node *stmt)
{
	List	   *references = NIL;
	ListCell   *lc;

	if (IsA(stmt, CreateStmt))
		return references_of(AS(CreateStmt)->tableElts, NIL);
	if (!IsA(stmt, AlterTableStmt))
		return NIL;
	foreach(lc, AS(AlterTableStmt)->cmds)
	{
		AlterTableCmd *cmd = lfirst_node(AlterTableCmd, lc);

		if (cmd->subtype == AT_AddColumn || cmd->subtype == AT_AddConstraint)
			references = references_of(list_make1(cmd->def), references);
	}
	return references;
}

/* of columns and constraints */
static List *
references_of(List *elements, List *references)
{
	ListCell   *lc;

	foreach(lc, elements)
	{
		Node	   *element = lfirst(lc);

		if (IsA(element, ColumnDef))
			references = references_of(((ColumnDef *) element)->constraints,
									   references);
		else if (IsA(element, Constraint))
			references = add(references, ((Constraint *) element)->pktable);
	}
	return references;
}
