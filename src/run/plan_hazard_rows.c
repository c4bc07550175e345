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
#include "nodes/parsenodes.h"
#include "util/hazard.h"
#include "util/sql.h"
#include "utils/builtins.h"

#define WHILE_SCANNED	"no session can use table %s meanwhile"

static List *of_index(const IndexStmt *stmt, const List *made);
static List *of_table(const AlterTableStmt *stmt, const List *made);
static List *of_command(const AlterTableCmd *cmd, const char *table);
static List *of_constraint(const Constraint *constraint, const char *table);
static List *of_new_column(const ColumnDef *column, const char *table);
static List *of_type(const AlterTableCmd *cmd, const char *table);
static bool is_taken_as_it_is(const TypeName *type);
static bool is_volatile(const Node *expression);
static List *of_partition(const PartitionCmd *cmd, const List *made);
static List *of_domain(const AlterDomainStmt * stmt);
static List *of_cluster(const RepackStmt * stmt);
static List *of_vacuum(const VacuumStmt *stmt);
static List *say(List *lines, MigHazardCode code, const char *format,...)
			pg_attribute_printf(3, 4);

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
		default:
			return NIL;
	}
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
		lines = say(lines, MIG_BLOCKS_WRITES,
					"to table %s until the index is built (CONCURRENTLY, in a revision of its own, does not)",
					table);
	if (stmt->unique)
		lines = say(lines, MIG_MAY_FAIL,
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

	foreach(lc, stmt->objtype == OBJECT_TABLE ? stmt->cmds : NIL)
	{
		const AlterTableCmd *cmd = lfirst_node(AlterTableCmd, lc);

		if (cmd->subtype == AT_AttachPartition)
			lines = list_concat(lines,
								of_partition(castNode(PartitionCmd, cmd->def),
											 made));
		else if (stmt->relation->inh && !mig_has_name(made, table))
			lines = list_concat(lines, of_command(cmd, table));
	}
	return lines;
}

static List *
of_command(const AlterTableCmd *cmd, const char *table)
{
	switch (cmd->subtype)
	{
		case AT_SetNotNull:
			return say(say(NIL, MIG_SCANS_TABLE, WHILE_SCANNED, table),
					   MIG_MAY_FAIL, "column %s.%s has NULLs", table,
					   quote_identifier(cmd->name));
		case AT_AddConstraint:
			return of_constraint(castNode(Constraint, cmd->def), table);
		case AT_ValidateConstraint:
			return say(NIL, MIG_MAY_FAIL,
					   "rows of table %s that violate constraint %s", table,
					   quote_identifier(cmd->name));
		case AT_AddColumn:
			return of_new_column(castNode(ColumnDef, cmd->def), table);
		case AT_AlterColumnType:
			return of_type(cmd, table);
		case AT_SetLogged:
		case AT_SetUnLogged:
		case AT_SetAccessMethod:
		case AT_SetTableSpace:
			return say(NIL, MIG_REWRITES_TABLE, WHILE_SCANNED, table);
		default:
			return NIL;
	}
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
			lines = say(lines, MIG_BLOCKS_WRITES,
						"no session can read or write table %s while its index is built",
						table);
			break;
		case CONSTR_FOREIGN:
			if (constraint->skip_validation)
				return NIL;
			lines = say(lines, MIG_SCANS_TABLE,
						"nobody can write to table %s, or to table %s, meanwhile",
						table, mig_plan_hazard_name(constraint->pktable));
			break;
		case CONSTR_CHECK:
			if (constraint->skip_validation)
				return NIL;
			lines = say(lines, MIG_SCANS_TABLE, WHILE_SCANNED, table);
			break;
		default:
			return NIL;
	}
	return say(lines, MIG_MAY_FAIL,
			   "rows of table %s that violate the new constraint%s%s", table,
			   constraint->conname == NULL ? "" : " ",
			   constraint->conname == NULL ? "" :
			   quote_identifier(constraint->conname));
}

/* Does each row get a value of its own? */
static List *
of_new_column(const ColumnDef *column, const char *table)
{
	bool		computed = mig_plan_hazard_is_serial(column->typeName);
	const ListCell *lc;

	foreach(lc, column->constraints)
	{
		const Constraint *constraint = lfirst_node(Constraint, lc);

		computed |= constraint->contype == CONSTR_IDENTITY ||
			(constraint->contype == CONSTR_DEFAULT &&
			 is_volatile(constraint->raw_expr));
	}
	return computed ?
		say(NIL, MIG_REWRITES_TABLE, WHILE_SCANNED, table) : NIL;
}

/* A call of a function whose result is another for each row */
static bool
is_volatile(const Node *expression)
{
	static const char *const names[] = {
		"clock_timestamp", "gen_random_uuid", "nextval", "random", "timeofday",
		"uuid_generate_v1", "uuid_generate_v4", "uuidv4", "uuidv7",
	};
	const char *name;

	if (!IsA(expression, FuncCall))
		return false;
	name = strVal(llast(((const FuncCall *) expression)->funcname));
	for (size_t i = 0; i < lengthof(names); i++)
	{
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

static List *
of_type(const AlterTableCmd *cmd, const char *table)
{
	const ColumnDef *column = castNode(ColumnDef, cmd->def);
	List	   *lines = NIL;

	if (column->raw_default == NULL && is_taken_as_it_is(column->typeName))
		return NIL;
	lines = say(lines, MIG_REWRITES_TABLE, WHILE_SCANNED, table);
	if (column->raw_default != NULL)
		lines = say(lines, MIG_MAY_FAIL,
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
	return say(say(NIL, MIG_SCANS_TABLE,
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
			return say(say(NIL, MIG_SCANS_TABLE,
						   "nobody can write to tables with columns of domain %s meanwhile",
						   domain), MIG_MAY_FAIL,
					   "values of domain %s that violate it", domain);
		case 'V':
			return say(NIL, MIG_MAY_FAIL, "values of domain %s that violate it",
					   domain);
		default:
			return NIL;
	}
}

static List *
of_cluster(const RepackStmt * stmt)
{
	const RangeVar *table = mig_repack_table(stmt);

	return table == NULL ? NIL :
		say(NIL, MIG_REWRITES_TABLE, WHILE_SCANNED,
			mig_plan_hazard_name(table));
}

static List *
of_vacuum(const VacuumStmt *stmt)
{
	List	   *lines = NIL;
	bool		full = false;
	const ListCell *lc;

	foreach(lc, stmt->options)
	{
		DefElem    *option = lfirst(lc);

		full |= strcmp(option->defname, "full") == 0 && defGetBoolean(option);
	}
	foreach(lc, full ? stmt->rels : NIL)
	{
		const		VacuumRelation *rel = lfirst(lc);

		lines = say(lines, MIG_REWRITES_TABLE, WHILE_SCANNED,
					mig_plan_hazard_name(rel->relation));
	}
	return lines;
}

static List *
say(List *lines, MigHazardCode code, const char *format,...)
{
	va_list		args;
	char	   *what;

	va_start(args, format);
	what = mig_format(format, args);
	va_end(args);
	return lappend(lines, psprintf("%s: %s", mig_hazard_mark(code), what));
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
