/*-------------------------------------------------------------------------
 *
 * model/history_scan.c
 *	  Where revisions build something, told from their scripts.
 *
 * Before anything runs it must be known which schemas are to be set aside.
 * The parse trees of the upgrade scripts tell it, with names without a schema
 * in the first of the search_path, which is followed.  Of code in DO blocks
 * the words CREATE SCHEMA are looked for, in strings that it runs, too; other
 * names turn up as the scripts run, see met_schemas.c.  What code creates
 * elsewhere is found later, and refused.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/creates.h"
#include "model/history_scan.h"
#include "model/scope.h"
#include "util/sql.h"
#include "util/token.h"

#include "catalog/catalog.h"
#include "catalog/namespace.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "parser/scansup.h"
#include "utils/lsyscache.h"

/* What is known while a script is gone through. */
typedef struct HistoryScan
{
	MigBuilt   *built;
	const char *first;			/* of the search_path, or NULL */
} HistoryScan;

static void scan_statement(HistoryScan *scan, const Node *stmt);
static void scan_created(HistoryScan *scan, const Node *stmt);
static void scan_elements(HistoryScan *scan, const CreateSchemaStmt *create,
						  const char *name);
static void scan_moved(HistoryScan *scan, const Node *stmt);
static void scan_dropped(HistoryScan *scan, const DropStmt *stmt);
static void scan_code(HistoryScan *scan, const Node *stmt);
static char *schema_in_code(const char *body, int at, int end);
static char *quoted_name(const char *body, int at, int end);
static bool skip_word(const char *body, int *at, int end, const char *word);
static void follow_path(HistoryScan *scan, const VariableSetStmt *stmt);

/*
 * Begin with the schema that unqualified names are of; schema_name is the
 * target schema, '' for the database.
 */
void
mig_history_scan_begin(MigBuilt *built, const char *schema_name)
{
	built->first = schema_name[0] != '\0' ? schema_name :
		mig_scope_first_schema();
	if (built->first != NULL)
		mig_history_note_schema(built, built->first);
}

/* Add what an upgrade script tells about where it builds. */
void
mig_history_scan(MigBuilt *built, const MigScript *script)
{
	HistoryScan scan = {.built = built,.first = built->first};

	for (int i = 0; i < script->nstatements; i++)
		scan_statement(&scan, script->statements[i].raw->stmt);
}

/* What it moves, drops or creates, and the path by which names are found. */
static void
scan_statement(HistoryScan *scan, const Node *stmt)
{
	switch (nodeTag(stmt))
	{
		case T_VariableSetStmt:
			follow_path(scan, (const VariableSetStmt *) stmt);
			break;
		case T_AlterDefaultPrivilegesStmt:
			scan->built->defaults = true;
			break;
		case T_AlterObjectSchemaStmt:
		case T_RenameStmt:
			scan_moved(scan, stmt);
			break;
		case T_DropStmt:
			scan_dropped(scan, (const DropStmt *) stmt);
			break;
		case T_DoStmt:
			scan_code(scan, stmt);
			break;
		default:
			scan_created(scan, stmt);
			break;
	}
}

/* Note the schema, and the name if it belongs to the whole database. */
static void
scan_created(HistoryScan *scan, const Node *stmt)
{
	MigBuilt   *built = scan->built;
	MigModelObject object;

	if (!mig_statement_creates(stmt, &object))
		return;
	if (object.type == OBJECT_SCHEMA)
	{
		const char *name = object.name;

		if (name == NULL)
			name = GetUserNameFromId(GetUserId(), false);
		mig_history_note_made(built, name);
		scan_elements(scan, (const CreateSchemaStmt *) stmt, name);
	}
	else if (object.in_schema)
	{
		if (object.schema != NULL)
			mig_history_note_schema(built, object.schema);
		else if (scan->first != NULL)
			mig_history_note_schema(built, scan->first);
	}
	else if (object.member == NULL && object.type != OBJECT_INDEX)
	{
		MigModelObject *copy = palloc(sizeof(MigModelObject));

		*copy = object;
		built->globals = lappend(built->globals, copy);
	}
}

static void
scan_elements(HistoryScan *scan, const CreateSchemaStmt *create,
			  const char *name)
{
	HistoryScan within = {.built = scan->built,.first = name};
	const ListCell *lc;

	foreach(lc, create->schemaElts)
		scan_created(&within, lfirst(lc));
}

/* What something is moved into, or a schema is named from then on. */
static void
scan_moved(HistoryScan *scan, const Node *stmt)
{
	const RenameStmt *rename = (const RenameStmt *) stmt;

	if (IsA(stmt, AlterObjectSchemaStmt))
	{
		const AlterObjectSchemaStmt *alter;

		alter = (const AlterObjectSchemaStmt *) stmt;
		if (alter->objectType != OBJECT_EXTENSION)
			mig_history_note_schema(scan->built, alter->newschema);
	}
	else if (rename->renameType == OBJECT_SCHEMA)
	{
		mig_history_note_schema(scan->built, rename->subname);
		mig_history_note_made(scan->built, rename->newname);
	}
}

/* A schema that goes is not to be one of the database. */
static void
scan_dropped(HistoryScan *scan, const DropStmt *stmt)
{
	const ListCell *lc;

	if (stmt->removeType != OBJECT_SCHEMA)
		return;
	foreach(lc, stmt->objects)
		mig_history_note_schema(scan->built, strVal(lfirst(lc)));
}

/*
 * Schemas that the text of code names as those that it creates.  What it says
 * in a string may run, or be part of a name: a schema that nobody creates is
 * not missed.
 */
static void
scan_code(HistoryScan *scan, const Node *stmt)
{
	const char *body = NULL;
	const ListCell *lc;
	int			end;

	foreach(lc, ((const DoStmt *) stmt)->args)
	{
		const DefElem *option = lfirst(lc);

		if (strcmp(option->defname, "as") == 0)
			body = strVal(option->arg);
	}
	if (body == NULL)
		return;
	end = strlen(body);
	for (int at = mig_token_skip_blank(body, 0, end); at < end;
		 at = mig_token_skip_blank(body, at, end))
	{
		int			next = at;

		if (skip_word(body, &next, end, "create") &&
			skip_word(body, &next, end, "schema"))
		{
			char	   *name = schema_in_code(body, next, end);

			if (name != NULL)
				mig_history_note_made(scan->built, name);
		}
		if (!mig_token_is_in_name(body[at]))
			at++;
		else
			while (at < end && mig_token_is_in_name(body[at]))
				at++;
	}
}

/* The name behind CREATE SCHEMA, or NULL where it is put together. */
static char *
schema_in_code(const char *body, int at, int end)
{
	int			start;
	char	   *name;

	if (skip_word(body, &at, end, "if") &&
		(!skip_word(body, &at, end, "not") ||
		 !skip_word(body, &at, end, "exists")))
		return NULL;
	if (at < end && body[at] == '"')
		return quoted_name(body, at + 1, end);
	start = at;
	while (at < end && mig_token_is_in_name(body[at]))
		at++;
	name = downcase_truncate_identifier(body + start, at - start, false);
	return at == start || strcmp(name, "authorization") == 0 ? NULL : name;
}

/* Up to the quote that ends it, or NULL where there is none. */
static char *
quoted_name(const char *body, int at, int end)
{
	StringInfoData name;

	initStringInfo(&name);
	for (; at < end; at++)
	{
		if (body[at] == '"' && body[++at] != '"')
		{
			truncate_identifier(name.data, name.len, false);
			return name.data;
		}
		appendStringInfoChar(&name, body[at]);
	}
	return NULL;
}

/* Go on behind a word, and what is blank behind it. */
static bool
skip_word(const char *body, int *at, int end, const char *word)
{
	int			length = strlen(word);

	if (end - *at < length ||
		pg_strncasecmp(body + *at, word, length) != 0 ||
		mig_token_is_in_name(body[*at + length]))
		return false;
	*at = mig_token_skip_blank(body, *at + length, end);
	return true;
}

/* SET search_path, as far as it is a list of names. */
static void
follow_path(HistoryScan *scan, const VariableSetStmt *stmt)
{
	const ListCell *lc;

	if (stmt->name == NULL || strcmp(stmt->name, "search_path") != 0)
		return;
	if (stmt->kind != VAR_SET_VALUE)
	{
		scan->first = scan->built->first;
		return;
	}
	scan->first = NULL;
	foreach(lc, stmt->args)
	{
		A_Const    *value = lfirst(lc);
		const char *name;

		if (!IsA(value, A_Const) || !IsA(&value->val, String))
			return;
		name = strVal(&value->val);
		if (!mig_has_name(scan->built->made, name) &&
			!OidIsValid(get_namespace_oid(name, true)))
			continue;
		scan->first = name;
		return;
	}
}

/* Scripts use a schema. */
void
mig_history_note_schema(MigBuilt *built, const char *name)
{
	if (mig_history_can_build(name) && !mig_has_name(built->schemas, name))
		built->schemas = lappend(built->schemas, pstrdup(name));
}

/* Is it none of the server's own schemas? */
bool
mig_history_can_build(const char *name)
{
	return !IsReservedName(name) && strcmp(name, "information_schema") != 0;
}

/* They create it. */
void
mig_history_note_made(MigBuilt *built, const char *name)
{
	mig_history_note_schema(built, name);
	if (strcmp(name, "public") != 0)
		built->made = lappend(built->made, pstrdup(name));
}
