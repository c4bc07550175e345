/*-------------------------------------------------------------------------
 *
 * run/plan_hazard.c
 *	  What in a script of a plan may hurt.
 *
 * A generated script says so itself, by comments above its statements.  Of
 * other statements their kind tells that data goes, or that everybody gets a
 * right; what functions and DO blocks do, and whether there are rows, nobody
 * can know without running them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "run/plan_hazard.h"

#include "run/plan_hazard_parts.h"
#include "run/plan_hazard_rights.h"
#include "run/plan_hazard_rows.h"
#include "run/script.h"
#include "util/hazard.h"
#include "util/sql.h"
#include "util/token.h"

#include "catalog/namespace.h"
#include "nodes/parsenodes.h"
#include "parser/scansup.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

/* What has been found of a script. */
typedef struct Found
{
	List	   *lines;			/* of char *, each once */
	const char *source;			/* the script */
	List	   *made;			/* of char *, tables that the script makes */
	List	   *secured;		/* of char *, for which it turns row security
								 * on */
	bool		completed;		/* somebody has done what a line asked for */
	bool		said;			/* the comments above the statement say what
								 * it loses */
	bool		explained;		/* comments above it, or above a statement
								 * that it stands under, say what it does */
} Found;

static bool is_harmless(const char *source, int nstatements);
static bool begins_with(const char *source, const char *words);
static List *secured_by(const MigScript *script);
static void read_comments(Found *found, const char *source, int at, int end);
static void read_line(Found *found, char *comment);
static bool begins_with_mark(const char *line, bool *loses);
static bool is_completed(const char *source, const char *line);
static void forget_not_proven(Found *found);
static void look_at(Found *found, const Node *stmt);
static void look_at_loss(Found *found, const Node *stmt);
static void look_at_rename(Found *found, const RenameStmt *stmt);
static void look_at_merge(Found *found, const MergeStmt *stmt);
static void look_at_truncate(Found *found, const TruncateStmt *stmt);
static void look_at_sequence(Found *found, const AlterSeqStmt *stmt);
static bool restarts(const List *options);
static void look_at_drop(Found *found, const DropStmt *stmt);
static void look_at_alter(Found *found, const AlterTableStmt *stmt);
static void look_at_part(Found *found, const AlterTableCmd *cmd,
						 const char *kind, const char *table);
static void look_at_attributes(Found *found, const AlterTableStmt *stmt);
static bool lacks_value(const ColumnDef *column);
static void say_rows(Found *found, const RangeVar *table, const char *format)
			pg_attribute_printf(3, 0);
static void say(Found *found, MigHazardCode code, const char *what);
static void add_all(Found *found, const List *lines);
static void add(Found *found, char *line);
static bool is_made_here(const Found *found, const char *table);
static const char *name_of(Node *object);
static char *name_of_type(const TypeName *type);

/*
 * Say what in a script may hurt, as one text; NULL if nothing is known of.
 * "no_way_back" says why there is none, and comes first; it may be NULL, as
 * may a script that the caller may not read.  nstatements is what was counted
 * of the script when it was stored.
 */
char *
mig_plan_hazard(const char *source, int nstatements, const char *no_way_back)
{
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext context;
	Found		found = {0};
	MigScript  *script;
	StringInfoData buf;
	int			at = 0;
	const ListCell *lc;

	if (source == NULL || is_harmless(source, nstatements))
		return no_way_back == NULL ? NULL : pstrdup(no_way_back);
	initStringInfo(&buf);
	if (no_way_back != NULL)
		appendStringInfoString(&buf, no_way_back);
	context = AllocSetContextCreate(outer, "pg_migrations script",
									ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(context);
	script = mig_script_parse(source, "script");
	found.source = source;
	found.secured = secured_by(script);
	for (int i = 0; i < script->nstatements; i++)
	{
		const MigStatement *stmt = &script->statements[i];

		found.said = false;
		found.explained &= strstr(pnstrdup(source + at, stmt->start - at),
								  "\n\n") == NULL;
		read_comments(&found, source, at, stmt->start);
		look_at(&found, stmt->raw->stmt);
		at = stmt->start + stmt->length;
	}
	read_comments(&found, source, at, strlen(source));
	if (found.completed)
		forget_not_proven(&found);
	MemoryContextSwitchTo(outer);
	foreach(lc, found.lines)
		appendStringInfo(&buf, "%s%s", buf.len > 0 ? "; " : "",
						 (const char *) lfirst(lc));
	MemoryContextDelete(context);
	return buf.len > 0 ? buf.data : NULL;
}

/* The tables for which a script turns row security on, char *. */
static List *
secured_by(const MigScript *script)
{
	List	   *tables = NIL;

	for (int i = 0; i < script->nstatements; i++)
	{
		const RangeVar *table;

		table = mig_plan_hazard_secured(script->statements[i].raw->stmt);
		if (table != NULL)
			tables = lappend(tables, mig_plan_hazard_name(table));
	}
	return tables;
}

/*
 * Is a script one statement without comments that begins so that nothing is
 * said of its kind?  To parse it takes several times as long as all else of
 * its row.
 */
static bool
is_harmless(const char *source, int nstatements)
{
	static const char *const beginnings[] = {
		"select", "insert into", "comment on", "create view", "create type",
		"create sequence", "create schema", "create trigger",
		"create extension",
	};

	while (scanner_isspace(*source))
		source++;
	if (nstatements != 1 || strstr(source, "--") != NULL)
		return false;
	for (size_t i = 0; i < lengthof(beginnings); i++)
	{
		if (begins_with(source, beginnings[i]))
			return true;
	}
	return false;
}

/* Are these words, in lower case, a source's first?  By its ASCII letters. */
static bool
begins_with(const char *source, const char *words)
{
	while (*words != '\0')
	{
		if (pg_ascii_tolower((unsigned char) *source++) != *words)
			return false;
		if (*words++ == ' ')
		{
			while (scanner_isspace(*source))
				source++;
		}
	}
	return scanner_isspace(*source);
}

/*
 * Note the lines of hazards among the comments from one place to another,
 * where no statement is; what stands in a comment of several lines is none.
 */
static void
read_comments(Found *found, const char *source, int at, int end)
{
	while (at < end)
	{
		int			length = 1;

		if (strncmp(source + at, "/*", 2) == 0)
			length = mig_token_skip_comment(source, at, end, NULL) - at;
		else if (strncmp(source + at, "--", 2) == 0)
		{
			length = strcspn(source + at, "\r\n");
			read_line(found, pnstrdup(source + at, length));
		}
		at += length;
	}
}

/* Note it, unless somebody has done what it asks for. */
static void
read_line(Found *found, char *comment)
{
	bool		loses;

	if (strncmp(comment, "-- ", 3) != 0 ||
		!begins_with_mark(comment + 3, &loses))
		return;
	found->said |= loses;
	found->explained = true;
	if (is_completed(found->source, comment + 3))
		found->completed = true;
	else
		add(found, comment + 3);
}

/* Does a line name a hazard, and one by which something is lost or opened? */
static bool
begins_with_mark(const char *line, bool *loses)
{
	for (int i = 0; i < MIG_NHAZARDS; i++)
	{
		const char *mark = mig_hazard_mark(i);
		size_t		length = strlen(mark);

		*loses = i == MIG_LOSES_DATA || i == MIG_FORGETS_COUNTER ||
			i == MIG_WEAKENS_SECURITY;
		if (strncmp(line, mark, length) == 0 &&
			strncmp(line + length, ": ", 2) == 0)
			return true;
	}
	return false;
}

/*
 * Has somebody done what a line asks for?  The statement that gives rows a
 * value is generated as a comment, with dots in the value's place.
 */
static bool
is_completed(const char *source, const char *line)
{
	const char *name = strstr(line, MIG_NEEDS_VALUE " \"");
	const char *end;
	const char *column;

	if (name == NULL)
		return false;
	name += strlen(MIG_NEEDS_VALUE " \"");
	end = strrchr(name, '"');
	if (end == NULL)
		return false;
	column = quote_identifier(pnstrdup(name, end - name));
	return strstr(source, psprintf(" SET %s = ...", column)) == NULL;
}

/* Where nothing is to be completed any more, nothing is unproven for that. */
static void
forget_not_proven(Found *found)
{
	const char *incomplete = mig_hazard_mark(MIG_NEEDS_ATTENTION);
	ListCell   *lc;

	foreach(lc, found->lines)
	{
		if (strncmp(lfirst(lc), incomplete, strlen(incomplete)) == 0)
			return;
	}
	foreach(lc, found->lines)
	{
		if (strcmp(lfirst(lc), "NOT PROVEN: " MIG_INCOMPLETE) == 0)
			found->lines = foreach_delete_current(found->lines, lc);
	}
}

/*
 * Note what a statement does that is known by its kind, unless it is said, and
 * what those within it do.
 */
static void
look_at(Found *found, const Node *stmt)
{
	const RangeVar *made = mig_plan_hazard_made(stmt);
	const ListCell *lc;

	if (made != NULL)
		found->made = lappend(found->made, mig_plan_hazard_name(made));
	foreach(lc, mig_plan_hazard_parts(stmt))
	{
		if (!found->explained)
			add_all(found, mig_plan_hazard_rows(lfirst(lc), found->made));
		if (found->said)
			continue;
		look_at_loss(found, lfirst(lc));
		add_all(found, mig_plan_hazard_rights(lfirst(lc), found->made,
											  found->secured));
	}
	if (IsA(stmt, RenameStmt))
		look_at_rename(found, (const RenameStmt *) stmt);
}

/* Note what goes: rows, values, places of counters. */
static void
look_at_loss(Found *found, const Node *stmt)
{
	switch (nodeTag(stmt))
	{
		case T_DropStmt:
			look_at_drop(found, (const DropStmt *) stmt);
			break;
		case T_AlterTableStmt:
			look_at_alter(found, (const AlterTableStmt *) stmt);
			break;
		case T_TruncateStmt:
			look_at_truncate(found, (const TruncateStmt *) stmt);
			break;
		case T_AlterSeqStmt:
			look_at_sequence(found, (const AlterSeqStmt *) stmt);
			break;
		case T_DeleteStmt:
			say_rows(found, ((const DeleteStmt *) stmt)->relation,
					 ((const DeleteStmt *) stmt)->whereClause == NULL ?
					 "the rows of table %s" : "rows of table %s");
			break;
		case T_MergeStmt:
			look_at_merge(found, (const MergeStmt *) stmt);
			break;
		case T_DropOwnedStmt:
			say(found, MIG_LOSES_DATA,
				((const DropOwnedStmt *) stmt)->behavior == DROP_CASCADE ?
				"what roles own, and what depends on it" : "what roles own");
			break;
		default:
			break;
	}
}

/* What the script has made has another name from here on. */
static void
look_at_rename(Found *found, const RenameStmt *stmt)
{
	RangeVar   *renamed;

	if (stmt->renameType != OBJECT_TABLE ||
		!is_made_here(found, mig_plan_hazard_name(stmt->relation)))
		return;
	renamed = copyObject(stmt->relation);
	renamed->relname = stmt->newname;
	found->made = lappend(found->made, mig_plan_hazard_name(renamed));
}

static void
look_at_merge(Found *found, const MergeStmt *stmt)
{
	const ListCell *lc;

	foreach(lc, stmt->mergeWhenClauses)
	{
		if (lfirst_node(MergeWhenClause, lc)->commandType == CMD_DELETE)
			say_rows(found, stmt->relation, "rows of table %s");
	}
}

static void
look_at_truncate(Found *found, const TruncateStmt *stmt)
{
	const ListCell *lc;

	foreach(lc, stmt->relations)
		say_rows(found, lfirst(lc), stmt->behavior == DROP_CASCADE ?
				 "the rows of table %s and of tables that refer to it" :
				 "the rows of table %s");
	foreach(lc, stmt->restart_seqs ? stmt->relations : NIL)
	{
		char	   *table = mig_plan_hazard_name(lfirst(lc));

		if (!is_made_here(found, table))
			say(found, MIG_FORGETS_COUNTER,
				psprintf("the places that sequences of table %s have reached",
						 table));
	}
}

static void
look_at_sequence(Found *found, const AlterSeqStmt *stmt)
{
	if (restarts(stmt->options))
		say(found, MIG_FORGETS_COUNTER,
			psprintf("the place that sequence %s has reached",
					 mig_plan_hazard_name(stmt->sequence)));
}

/* Is among the options of a sequence that it begins anew? */
static bool
restarts(const List *options)
{
	const ListCell *lc;

	foreach(lc, options)
	{
		if (strcmp(lfirst_node(DefElem, lc)->defname, "restart") == 0)
			return true;
	}
	return false;
}

/* What holds rows or a counter, and with CASCADE what may. */
static void
look_at_drop(Found *found, const DropStmt *stmt)
{
	bool		cascades = stmt->behavior == DROP_CASCADE;
	const ListCell *lc;

	foreach(lc, stmt->objects)
	{
		if (cascades && stmt->removeType != OBJECT_EXTENSION)
			say(found, MIG_CASCADES,
				psprintf("what depends on %s goes with it",
						 name_of(lfirst(lc))));
		switch (stmt->removeType)
		{
			case OBJECT_TABLE:
				say_rows(found, makeRangeVarFromNameList(lfirst(lc)),
						 "table %s and its rows");
				break;
			case OBJECT_SEQUENCE:
				say(found, MIG_FORGETS_COUNTER,
					psprintf("sequence %s and the place that it has reached",
							 NameListToQuotedString(lfirst(lc))));
				break;
			case OBJECT_SCHEMA:
				if (cascades)
					say(found, MIG_LOSES_DATA,
						psprintf("schema %s and all that is in it",
								 quote_identifier(strVal(lfirst(lc)))));
				break;
			case OBJECT_TYPE:
			case OBJECT_DOMAIN:
				if (cascades)
					say(found, MIG_LOSES_DATA,
						psprintf("columns of type %s",
								 name_of_type(lfirst_node(TypeName, lc))));
				break;
			case OBJECT_EXTENSION:
				if (cascades)
					say(found, MIG_LOSES_DATA,
						psprintf("extension %s and what depends on it",
								 quote_identifier(strVal(lfirst(lc)))));
				break;
			default:
				break;
		}
	}
}

/* Subcommands that take rows or rights from a table that was there before. */
static void
look_at_alter(Found *found, const AlterTableStmt *stmt)
{
	char	   *table = mig_plan_hazard_name(stmt->relation);
	const ListCell *lc;

	if (stmt->objtype == OBJECT_TYPE)
		look_at_attributes(found, stmt);
	if (stmt->objtype != OBJECT_TABLE || is_made_here(found, table))
		return;
	foreach(lc, stmt->cmds)
	{
		const AlterTableCmd *cmd = lfirst_node(AlterTableCmd, lc);
		const ColumnDef *column;

		switch (cmd->subtype)
		{
			case AT_AddColumn:
				column = castNode(ColumnDef, cmd->def);
				if (lacks_value(column))
					say(found, MIG_NOT_NULL_WITHOUT_VALUE,
						psprintf("the rows that are there have no value for column %s.%s",
								 table, quote_identifier(column->colname)));
				break;
			case AT_DropColumn:
				say(found, MIG_LOSES_DATA,
					psprintf("column %s.%s and its values", table,
							 quote_identifier(cmd->name)));
				look_at_part(found, cmd, "column", table);
				break;
			case AT_DropConstraint:
				look_at_part(found, cmd, "constraint", table);
				break;
			case AT_SetIdentity:
				if (restarts(castNode(List, cmd->def)))
					say(found, MIG_FORGETS_COUNTER,
						psprintf("the place that the identity of column %s.%s has reached",
								 table, quote_identifier(cmd->name)));
				break;
			case AT_DropIdentity:
				say(found, MIG_FORGETS_COUNTER,
					psprintf("the identity of column %s.%s and the place that it has reached",
							 table, quote_identifier(cmd->name)));
				break;
			default:
				break;
		}
	}
}

/* What goes with a part of a table, if it is to */
static void
look_at_part(Found *found, const AlterTableCmd *cmd, const char *kind,
			 const char *table)
{
	if (cmd->behavior == DROP_CASCADE)
		say(found, MIG_CASCADES,
			psprintf("what depends on %s %s of table %s goes with it", kind,
					 quote_identifier(cmd->name), table));
}

/* Attributes of a type, which columns have values of */
static void
look_at_attributes(Found *found, const AlterTableStmt *stmt)
{
	const ListCell *lc;

	foreach(lc, stmt->cmds)
	{
		const AlterTableCmd *cmd = lfirst_node(AlterTableCmd, lc);

		if (cmd->subtype == AT_DropColumn)
			say(found, MIG_LOSES_DATA,
				psprintf("attribute \"%s\" of the values of type %s",
						 cmd->name, mig_plan_hazard_name(stmt->relation)));
	}
}

/* Must a new column not be NULL, and has nothing that gives it a value? */
static bool
lacks_value(const ColumnDef *column)
{
	bool		not_null = false;
	const ListCell *lc;

	if (mig_plan_hazard_is_serial(column->typeName))
		return false;
	foreach(lc, column->constraints)
	{
		switch (lfirst_node(Constraint, lc)->contype)
		{
			case CONSTR_NOTNULL:
			case CONSTR_PRIMARY:
				not_null = true;
				break;
			case CONSTR_DEFAULT:
			case CONSTR_IDENTITY:
			case CONSTR_GENERATED:
				return false;
			default:
				break;
		}
	}
	return not_null;
}

/* Say that rows go, unless the script has made the table itself. */
static void
say_rows(Found *found, const RangeVar *table, const char *format)
{
	char	   *name = mig_plan_hazard_name(table);

	if (is_made_here(found, name))
		return;
	say(found, MIG_LOSES_DATA, psprintf(format, name));
}

static void
say(Found *found, MigHazardCode code, const char *what)
{
	add(found, psprintf("%s: %s", mig_hazard_mark(code), what));
}

static void
add_all(Found *found, const List *lines)
{
	const ListCell *lc;

	foreach(lc, lines)
		add(found, lfirst(lc));
}

/* Add a line unless it is there. */
static void
add(Found *found, char *line)
{
	if (!mig_has_name(found->lines, line))
		found->lines = lappend(found->lines, line);
}

static bool
is_made_here(const Found *found, const char *table)
{
	return mig_has_name(found->made, table);
}

/* As DROP has it: a type, a routine, a schema, or a qualified name */
static const char *
name_of(Node *object)
{
	List	   *names;

	switch (nodeTag(object))
	{
		case T_TypeName:
			return name_of_type((TypeName *) object);
		case T_ObjectWithArgs:
			names = ((ObjectWithArgs *) object)->objname;
			return NameListToQuotedString(names);
		case T_List:
			return IsA(linitial((List *) object), String) ?
				NameListToQuotedString((List *) object) : "a cast";
		default:
			return quote_identifier(strVal(object));
	}
}

static char *
name_of_type(const TypeName *type)
{
	return NameListToQuotedString(type->names);
}
