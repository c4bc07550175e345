/*-------------------------------------------------------------------------
 *
 * run/plan_hazard_rows.c
 *	  What the kind of a statement tells of locks, and of rows in its way.
 *
 * Of statements that somebody has written: what scans or writes a table anew,
 * builds an index while others wait, and fails over rows.  Whether there are
 * rows, or a type takes them as they are, nobody knows without the database:
 * types that often do are not said to have a table written anew.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "run/plan_hazard_rows.h"

#include "catalog/namespace.h"
#include "commands/defrem.h"
#include "nodes/nodeFuncs.h"
#include "nodes/parsenodes.h"
#include "run/statement.h"
#include "util/hazard.h"
#include "util/sql.h"
#include "utils/builtins.h"

#define WHILE_SCANNED	"no session can use table %s meanwhile"
#define WHILE_BUILT \
	"no session can read or write table %s while its index is built"
#define ALL_SCANNED \
	"no session can use the one of the database that it is at, one after the other"

static List *of_writes(const Node *condition, const RangeVar *table,
					   const char *what, const List *made);
static List *of_lock(const LockStmt * stmt, const List *made);
static List *of_reindex(const ReindexStmt *stmt);
static List *of_drop(const DropStmt *stmt);
static List *of_refresh(const RefreshMatViewStmt *stmt, const List *made);
static List *of_call(const CallStmt *stmt);
static List *of_new_table(const CreateStmt *stmt, const List *made);
static List *of_references(List *lines, const List *constraints,
						   const List *made);
static List *of_reference(List *lines, const Constraint *constraint,
						  const List *made);
static List *of_index(const IndexStmt *stmt, const List *made);
static List *of_table(const AlterTableStmt *stmt, const List *made);
static List *of_files(const AlterTableCmd *cmd, const char *name,
					  ObjectType type);
static List *of_command(const AlterTableCmd *cmd, const char *table,
						const List *made);
static List *of_detached(const PartitionCmd *cmd);
static List *of_constraint(const Constraint *constraint, const char *table);
static List *of_new_column(const ColumnDef *column, const char *table,
						   const List *made);
static List *of_type(const AlterTableCmd *cmd, const char *table);
static bool is_taken_as_it_is(const TypeName *type);
static bool is_volatile(Node *expression, void *context);
static List *of_partition(const PartitionCmd *cmd, const List *made);
static List *of_domain(const AlterDomainStmt * stmt);
static List *of_cluster(const RepackStmt * stmt);
static List *of_vacuum(const VacuumStmt *stmt);

/*
 * The lines that tell of a statement, char *; nothing of tables that the
 * script has made, whose names are given.
 */
List *
mig_plan_hazard_rows(const Node *stmt, const List *made)
{
	switch (nodeTag(stmt))
	{
		case T_IndexStmt:
			return of_index((const IndexStmt *) stmt, made);
		case T_AlterTableStmt:
			return of_table((const AlterTableStmt *) stmt, made);
		case T_AlterDomainStmt:
			return of_domain((const AlterDomainStmt *) stmt);
		case T_RepackStmt:
			return of_cluster((const RepackStmt *) stmt);
		case T_VacuumStmt:
			return of_vacuum((const VacuumStmt *) stmt);
		case T_UpdateStmt:
			return of_writes(((const UpdateStmt *) stmt)->whereClause,
							 ((const UpdateStmt *) stmt)->relation, "UPDATE",
							 made);
		case T_DeleteStmt:
			return of_writes(((const DeleteStmt *) stmt)->whereClause,
							 ((const DeleteStmt *) stmt)->relation, "DELETE",
							 made);
		case T_LockStmt:
			return of_lock((const LockStmt *) stmt, made);
		case T_ReindexStmt:
			return of_reindex((const ReindexStmt *) stmt);
		case T_DropStmt:
			return of_drop((const DropStmt *) stmt);
		case T_RefreshMatViewStmt:
			return of_refresh((const RefreshMatViewStmt *) stmt, made);
		case T_AlterTableMoveAllStmt:
			return mig_say(NIL, MIG_REWRITES_TABLE, ALL_SCANNED);
		case T_DoStmt:
			return mig_say(NIL, MIG_NOT_KNOWN, "what a DO block does");
		case T_CallStmt:
			return of_call((const CallStmt *) stmt);
		case T_CreateStmt:
			return of_new_table((const CreateStmt *) stmt, made);
		default:
			return NIL;
	}
}

/* Without a condition each row is written, and locked until the end. */
static List *
of_writes(const Node *condition, const RangeVar *table, const char *what,
		  const List *made)
{
	char	   *name = mig_plan_hazard_name(table);

	return condition != NULL || mig_has_name(made, name) ? NIL :
		mig_say(NIL, MIG_WRITES_ALL_ROWS,
				"%s of table %s without WHERE, and nobody else can write to its rows until the transaction ends",
				what, name);
}

static List *
of_lock(const LockStmt * stmt, const List *made)
{
	List	   *lines = NIL;
	const ListCell *lc;

	foreach(lc, stmt->relations)
	{
		char	   *table = mig_plan_hazard_name(lfirst(lc));

		if (!mig_has_name(made, table))
			lines = mig_say(lines, MIG_LOCKS_EXPLICITLY,
							stmt->mode == AccessExclusiveLock ?
							"no session can use table %s until the transaction ends" :
							stmt->mode >= ShareLock ?
							"nobody can write to table %s until the transaction ends" :
							"table %s until the transaction ends", table);
	}
	return lines;
}

/* Of a table, an index, or all that is in a schema or database */
static List *
of_reindex(const ReindexStmt *stmt)
{
	const char *what;

	if (mig_option_is(stmt->params, "concurrently", false))
		return NIL;
	switch (stmt->kind)
	{
		case REINDEX_OBJECT_INDEX:
			return mig_say(NIL, MIG_BLOCKS_WRITES,
						   "to the table of index %s, and queries that would use it, until it is built (CONCURRENTLY, in a revision of its own, does not)",
						   mig_plan_hazard_name(stmt->relation));
		case REINDEX_OBJECT_TABLE:
			return mig_say(NIL, MIG_BLOCKS_WRITES,
						   "to table %s, and queries that would use its indexes, until they are built (CONCURRENTLY, in a revision of its own, does not)",
						   mig_plan_hazard_name(stmt->relation));
		case REINDEX_OBJECT_SCHEMA:
			what = psprintf("schema %s", quote_identifier(stmt->name));
			break;
		case REINDEX_OBJECT_SYSTEM:
		case REINDEX_OBJECT_DATABASE:
			what = "the database";
			break;
		default:
			return NIL;
	}
	return mig_say(NIL, MIG_BLOCKS_WRITES,
				   "to each table of %s until its indexes are built (CONCURRENTLY does not)",
				   what);
}

/* The table of an index, the name of which it does not tell */
static List *
of_drop(const DropStmt *stmt)
{
	List	   *lines = NIL;
	const ListCell *lc;

	if (stmt->removeType != OBJECT_INDEX || stmt->concurrent)
		return NIL;
	foreach(lc, stmt->objects)
		lines = mig_say(lines, MIG_LOCKS_ANOTHER,
						"the table of index %s, which no session can use until the transaction ends (CONCURRENTLY, in a revision of its own, does not)",
						NameListToQuotedString(lfirst(lc)));
	return lines;
}

static List *
of_call(const CallStmt *stmt)
{
	return mig_say(NIL, MIG_NOT_KNOWN, "what procedure %s does",
				   NameListToQuotedString(stmt->funccall->funcname));
}

static List *
of_refresh(const RefreshMatViewStmt *stmt, const List *made)
{
	return stmt->concurrent || stmt->skipData ||
		mig_has_name(made, mig_plan_hazard_name(stmt->relation)) ? NIL :
		mig_say(NIL, MIG_REWRITES_TABLE,
				"no session can use materialized view %s meanwhile (CONCURRENTLY lets others read)",
				mig_plan_hazard_name(stmt->relation));
}

/* What a new table refers to, or becomes a partition of */
static List *
of_new_table(const CreateStmt *stmt, const List *made)
{
	List	   *lines = NIL;
	const ListCell *lc;

	foreach(lc, stmt->partbound == NULL ? NIL : stmt->inhRelations)
	{
		char	   *parent = mig_plan_hazard_name(lfirst(lc));

		if (!mig_has_name(made, parent))
			lines = mig_say(lines, MIG_LOCKS_ANOTHER,
							"table %s, which no session can use until the transaction ends",
							parent);
	}
	foreach(lc, stmt->tableElts)
	{
		const Node *element = lfirst(lc);

		if (IsA(element, Constraint))
			lines = of_reference(lines, (const Constraint *) element, made);
		else if (IsA(element, ColumnDef))
			lines = of_references(lines,
								  ((const ColumnDef *) element)->constraints,
								  made);
	}
	return lines;
}

static List *
of_references(List *lines, const List *constraints, const List *made)
{
	const ListCell *lc;

	foreach(lc, constraints)
		lines = of_reference(lines, lfirst_node(Constraint, lc), made);
	return lines;
}

static List *
of_reference(List *lines, const Constraint *constraint, const List *made)
{
	char	   *table;

	if (constraint->contype != CONSTR_FOREIGN)
		return lines;
	table = mig_plan_hazard_name(constraint->pktable);
	return mig_has_name(made, table) ? lines :
		mig_say(lines, MIG_LOCKS_ANOTHER,
				"table %s, to which nobody can write until the transaction ends",
				table);
}

/* ON ONLY builds nothing. */
static List *
of_index(const IndexStmt *stmt, const List *made)
{
	char	   *table = mig_plan_hazard_name(stmt->relation);
	List	   *lines = NIL;

	if (mig_has_name(made, table) || !stmt->relation->inh)
		return NIL;
	if (!stmt->concurrent)
		lines = mig_say(lines, MIG_BLOCKS_WRITES,
						"to table %s until the index is built (CONCURRENTLY, in a revision of its own, does not)",
						table);
	if (stmt->unique)
		lines = mig_say(lines, MIG_MAY_FAIL,
						"rows of table %s that are equal in a unique index",
						table);
	return lines;
}

static List *
of_table(const AlterTableStmt *stmt, const List *made)
{
	char	   *table = mig_plan_hazard_name(stmt->relation);
	List	   *lines = NIL;
	const ListCell *lc;

	foreach(lc, stmt->objtype == OBJECT_VIEW ? NIL : stmt->cmds)
	{
		const AlterTableCmd *cmd = lfirst_node(AlterTableCmd, lc);

		if (stmt->objtype != OBJECT_TABLE)
			lines = list_concat(lines, of_files(cmd, table, stmt->objtype));
		else if (cmd->subtype == AT_AttachPartition)
			lines = list_concat(lines,
								of_partition(castNode(PartitionCmd, cmd->def),
											 made));
		else if (!mig_has_name(made, table))
			lines = list_concat(lines, of_command(cmd, table, made));
	}
	return lines;
}

/* Where and how an index or a materialized view is stored */
static List *
of_files(const AlterTableCmd *cmd, const char *name, ObjectType type)
{
	if (cmd->subtype != AT_SetTableSpace && cmd->subtype != AT_SetAccessMethod)
		return NIL;
	return type == OBJECT_MATVIEW ?
		mig_say(NIL, MIG_REWRITES_TABLE,
				"no session can use materialized view %s meanwhile", name) :
		type == OBJECT_INDEX ?
		mig_say(NIL, MIG_BLOCKS_WRITES,
				"no session can read or write the table of index %s while its files are copied",
				name) : NIL;
}

static List *
of_command(const AlterTableCmd *cmd, const char *table, const List *made)
{
	if (mig_sets_expression(cmd))
		return mig_say(NIL, MIG_REWRITES_TABLE, WHILE_SCANNED, table);
	if (mig_enforces_constraint(cmd))
		return mig_say(mig_say(NIL, MIG_SCANS_TABLE,
							   "nobody can write to table %s meanwhile", table),
					   MIG_MAY_FAIL, "rows of table %s that violate a constraint",
					   table);
	switch (cmd->subtype)
	{
		case AT_SetNotNull:
			return mig_say(mig_say(NIL, MIG_SCANS_TABLE, WHILE_SCANNED, table),
						   MIG_MAY_FAIL, "column %s.%s has NULLs", table,
						   quote_identifier(cmd->name));
		case AT_AddConstraint:
			return of_constraint(castNode(Constraint, cmd->def), table);
		case AT_ValidateConstraint:
			return mig_say(NIL, MIG_MAY_FAIL,
						   "rows of table %s that violate constraint %s", table,
						   quote_identifier(cmd->name));
		case AT_AddColumn:
			return of_new_column(castNode(ColumnDef, cmd->def), table, made);
		case AT_AlterColumnType:
			return of_type(cmd, table);
		case AT_DetachPartition:
			return of_detached(castNode(PartitionCmd, cmd->def));
		case AT_SetLogged:
		case AT_SetUnLogged:
		case AT_SetAccessMethod:
		case AT_SetTableSpace:
			return mig_say(NIL, MIG_REWRITES_TABLE, WHILE_SCANNED, table);
		default:
			return NIL;
	}
}

static List *
of_detached(const PartitionCmd *cmd)
{
	return cmd->concurrent ? NIL :
		mig_say(NIL, MIG_LOCKS_ANOTHER,
				"table %s, which no session can use until the transaction ends (CONCURRENTLY, in a revision of its own, lets others read and write)",
				mig_plan_hazard_name(cmd->name));
}

static List *
of_constraint(const Constraint *constraint, const char *table)
{
	List	   *lines = NIL;

	switch (constraint->contype)
	{
		case CONSTR_PRIMARY:
		case CONSTR_UNIQUE:
		case CONSTR_EXCLUSION:
			if (constraint->indexname != NULL)
				return NIL;
			lines = mig_say(lines, MIG_BLOCKS_WRITES, WHILE_BUILT, table);
			break;
		case CONSTR_FOREIGN:
			if (constraint->skip_validation)
				return NIL;
			lines = mig_say(lines, MIG_SCANS_TABLE,
							"nobody can write to table %s, or to table %s, meanwhile",
							table, mig_plan_hazard_name(constraint->pktable));
			break;
		case CONSTR_CHECK:
			if (constraint->skip_validation)
				return NIL;
			lines = mig_say(lines, MIG_SCANS_TABLE, WHILE_SCANNED, table);
			break;
		default:
			return NIL;
	}
	return mig_say(lines, MIG_MAY_FAIL,
				   "rows of table %s that violate the new constraint%s%s", table,
				   constraint->conname == NULL ? "" : " ",
				   constraint->conname == NULL ? "" :
				   quote_identifier(constraint->conname));
}

/*
 * Does each row get a value of its own, and is it held against something?
 * What has no value refers to nothing, and is equal to nothing.
 */
static List *
of_new_column(const ColumnDef *column, const char *table, const List *made)
{
	bool		computed = mig_plan_hazard_is_serial(column->typeName);
	bool		has_value = false;
	List	   *lines = NIL;
	const ListCell *lc;

	foreach(lc, column->constraints)
	{
		const Constraint *constraint = lfirst_node(Constraint, lc);

		computed |= constraint->contype == CONSTR_IDENTITY ||
			constraint->contype == CONSTR_GENERATED ||
			(constraint->contype == CONSTR_DEFAULT &&
			 is_volatile(constraint->raw_expr, NULL));
		has_value |= constraint->contype == CONSTR_DEFAULT;
	}
	if (computed)
		lines = mig_say(lines, MIG_REWRITES_TABLE, WHILE_SCANNED, table);
	foreach(lc, column->constraints)
	{
		const Constraint *constraint = lfirst_node(Constraint, lc);

		if (constraint->contype == CONSTR_FOREIGN && !has_value)
			lines = of_reference(lines, constraint, made);
		else if (constraint->contype == CONSTR_UNIQUE && !has_value)
			lines = mig_say(lines, MIG_BLOCKS_WRITES, WHILE_BUILT, table);
		else
			lines = list_concat(lines, of_constraint(constraint, table));
	}
	return lines;
}

/* Is in it a call of a function whose result is another for each row? */
static bool
is_volatile(Node *expression, void *context)
{
	static const char *const names[] = {
		"clock_timestamp", "gen_random_uuid", "nextval", "random", "timeofday",
		"uuid_generate_v1", "uuid_generate_v4", "uuidv4", "uuidv7",
	};
	const char *name;

	if (expression == NULL || !IsA(expression, FuncCall))
		return expression != NULL &&
			raw_expression_tree_walker(expression, is_volatile, context);
	name = strVal(llast(((const FuncCall *) expression)->funcname));
	for (size_t i = 0; i < lengthof(names); i++)
	{
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return raw_expression_tree_walker(expression, is_volatile, context);
}

static List *
of_type(const AlterTableCmd *cmd, const char *table)
{
	const ColumnDef *column = castNode(ColumnDef, cmd->def);
	List	   *lines = NIL;

	if (column->raw_default == NULL && is_taken_as_it_is(column->typeName))
		return NIL;
	lines = mig_say(lines, MIG_REWRITES_TABLE, WHILE_SCANNED, table);
	if (column->raw_default != NULL)
		lines = mig_say(lines, MIG_MAY_FAIL,
						"values of column %s.%s that cannot be converted", table,
						quote_identifier(cmd->name));
	return lines;
}

/* A type to which columns are mostly widened, without a look at rows */
static bool
is_taken_as_it_is(const TypeName *type)
{
	static const char *const names[] = {
		"text", "varchar", "numeric", "varbit", "inet",
	};
	const char *name = strVal(llast(type->names));

	for (size_t i = 0; i < lengthof(names); i++)
	{
		if (type->arrayBounds == NIL && strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

static List *
of_partition(const PartitionCmd *cmd, const List *made)
{
	char	   *table = mig_plan_hazard_name(cmd->name);

	if (mig_has_name(made, table))
		return NIL;
	return mig_say(mig_say(NIL, MIG_SCANS_TABLE,
						   WHILE_SCANNED ", unless a CHECK constraint proves its bound",
						   table), MIG_MAY_FAIL,
				   "rows of table %s that the bound does not let be there", table);
}

static List *
of_domain(const AlterDomainStmt * stmt)
{
	char	   *domain = NameListToQuotedString(stmt->typeName);

	switch (stmt->subtype)
	{
		case 'C':
		case 'O':
			if (stmt->subtype == 'C' &&
				castNode(Constraint, stmt->def)->skip_validation)
				return NIL;
			return mig_say(mig_say(NIL, MIG_SCANS_TABLE,
								   "nobody can write to tables with columns of domain %s meanwhile",
								   domain), MIG_MAY_FAIL,
						   "values of domain %s that violate it", domain);
		case 'V':
			return mig_say(NIL, MIG_MAY_FAIL, "values of domain %s that violate it",
						   domain);
		default:
			return NIL;
	}
}

static List *
of_cluster(const RepackStmt * stmt)
{
	const RangeVar *table = mig_repack_table(stmt);

	return table == NULL ? mig_say(NIL, MIG_REWRITES_TABLE, ALL_SCANNED) :
		mig_say(NIL, MIG_REWRITES_TABLE, WHILE_SCANNED,
				mig_plan_hazard_name(table));
}

static List *
of_vacuum(const VacuumStmt *stmt)
{
	List	   *lines = NIL;
	const ListCell *lc;

	if (!mig_option_is(stmt->options, "full", false))
		return NIL;
	if (stmt->rels == NIL)
		return mig_say(NIL, MIG_REWRITES_TABLE, ALL_SCANNED);
	foreach(lc, stmt->rels)
	{
		const		VacuumRelation *rel = lfirst(lc);

		lines = mig_say(lines, MIG_REWRITES_TABLE, WHILE_SCANNED,
						mig_plan_hazard_name(rel->relation));
	}
	return lines;
}

/* Is it what CREATE TABLE takes for an integer with a sequence of its own? */
bool
mig_plan_hazard_is_serial(const TypeName *type)
{
	static const char *const names[] = {
		"smallserial", "serial2", "serial", "serial4", "bigserial", "serial8",
	};

	for (size_t i = 0; i < lengthof(names); i++)
	{
		if (list_length(type->names) == 1 &&
			strcmp(strVal(linitial(type->names)), names[i]) == 0)
			return true;
	}
	return false;
}

/* As SQL has it, with its schema if that is given. */
char *
mig_plan_hazard_name(const RangeVar *table)
{
	return quote_qualified_identifier(table->schemaname, table->relname);
}
