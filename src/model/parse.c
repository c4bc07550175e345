/*-------------------------------------------------------------------------
 *
 * model/parse.c
 *	  A model: DDL text, parsed, checked, and what it creates where.
 *
 * All is told from the text before anything runs.  Names without a schema
 * count for the first schema of the search_path, followed through SET and
 * set_config() of the model; as in the server, a schema counts only if it is
 * in the database or the model has created it before.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "model/absent_role.h"
#include "model/accept.h"
#include "model/parse.h"
#include "run/step.h"
#include "util/error.h"
#include "util/sql.h"
#include "util/token.h"

#include "catalog/catalog.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "tcop/utility.h"
#include "utils/formatting.h"
#include "utils/guc.h"
#include "utils/varlena.h"

#define TITLE "the model"

/* What is known while the statements are gone through. */
typedef struct Reading
{
	MigModel   *model;
	List	   *created;		/* char *: schemas created so far */
	const char *first;			/* of the search_path; NULL: none */
	List	   *path;			/* char *: search_path as the model has it */
	const char *own_schema;		/* of this extension */
	List	   *begun_with;		/* char *: the one that it begins with */
	int			statement;		/* under way, from 0 */
	bool		may_run;		/* statements are given texts of their own */
} Reading;

static MigModel *parse(const char *source, const char *first_schema,
					   const char *own_schema, bool may_run);
static char *newer_dump(const char *source);
static void name_dump(void *version);
static bool sets_unknown(const Node *stmt);
static char *without_restrict(const char *source);
static int	psql_command(const char *source, int *from);
static void blank_line(char *source, int at);
static void read_statement(Reading *reading, MigStatement *stmt);
pg_noreturn static void refuse_statement(const MigModel *model,
										 const MigStatement *stmt,
										 const MigModelFault *fault);
static void note_code(Reading *reading, const Node *stmt);
static void note_object(Reading *reading, MigModelObject *object,
						const MigStatement *stmt);
static void note_elements(Reading *reading, const CreateSchemaStmt *schema,
						  const MigStatement *stmt);
static void note_schema(Reading *reading, char *name,
						const MigStatement *stmt);
static char *moved_to(const Node *stmt);
static bool drops_schema_first(const Reading *reading, const Node *stmt);
static bool is_created_later(const Reading *reading, const char *schema);
static bool folds_value(const Reading *reading, const Node *stmt);
static void follow_search_path(Reading *reading, Node *stmt);
static void set_path(Reading *reading, List *path);
static void spell_current_path(const Reading *reading, Node *stmt);
static List *usual_path(const Reading *reading);
static List *path_of_set(Reading *reading, VariableSetStmt *stmt);
static List *string_constants(const List *strings);
static A_Const *string_constant(const char *string);
static List *path_of_select(const SelectStmt *select);
static List *split_path(const char *path);
static const char *first_of(const Reading *reading, const List *path);

/*
 * Parse and check a model.
 *
 * first_schema is the first of the search_path that it is for, NULL for the
 * session's own; own_schema is that of this extension.  The result is in the
 * current memory context.  Raises a syntax error, or MG016, MG040 or MG041 for
 * what cannot be in a model, with its position.
 */
MigModel *
mig_model_parse(const char *source, const char *first_schema,
				const char *own_schema)
{
	return parse(source, first_schema, own_schema, true);
}

/* The same where it is not to be run: its statements have no own texts. */
MigModel *
mig_model_read(const char *source, const char *first_schema,
			   const char *own_schema)
{
	return parse(source, first_schema, own_schema, false);
}

static MigModel *
parse(const char *source, const char *first_schema, const char *own_schema,
	  bool may_run)
{
	MigModel   *model = palloc0(sizeof(MigModel));
	Reading		reading = {.model = model,.own_schema = own_schema,
	.may_run = may_run};
	MigScriptContext context;
	ErrorContextCallback newer;

	model->dump = newer_dump(source);
	mig_model_name_dump(&newer, model);
	model->script = mig_script_parse(without_restrict(source), TITLE);
	model->skipped = palloc0(sizeof(bool) * (model->script->nstatements + 1));
	model->search_path = first_schema == NULL ? namespace_search_path :
		mig_step_search_path(first_schema);
	reading.begun_with = reading.path = split_path(model->search_path);
	model->path = list_copy(reading.path);
	model->defines_nothing = true;
	reading.first = first_of(&reading, split_path(model->search_path));
	if (first_schema != NULL)
		reading.first = first_schema;
	model->first_schema = reading.first;

	mig_script_context_begin(&context, model->script->text, TITLE);
	for (int i = 0; i < model->script->nstatements; i++)
	{
		reading.statement = i;
		read_statement(&reading, &model->script->statements[i]);
	}
	mig_marks_read(model->script, model->objects, &model->renames,
				   &model->fillings, &model->partitioned);
	mig_script_context_end(&context);
	error_context_stack = newer.previous;
	return model;
}

/*
 * The version of the pg_dump that wrote a model, as the head of its output has
 * it, where that is of a later server than this; else NULL.
 */
static char *
newer_dump(const char *source)
{
	static const char head[] = "-- Dumped by pg_dump version ";
	const char *at = strstr(source, head);

	if (at == NULL || (at > source && at[-1] != '\n'))
		return NULL;
	at += strlen(head);
	if (atoi(at) <= atoi(MIG_SERVER_MAJOR))
		return NULL;
	return pnstrdup(at, strcspn(at, " \r\n"));
}

/*
 * Let errors say which versions they come of, until error_context_stack is set
 * back to callback->previous.  Only for dumps, which say theirs at the top.
 */
void
mig_model_name_dump(ErrorContextCallback *callback, const MigModel *model)
{
	callback->previous = error_context_stack;
	callback->callback = name_dump;
	callback->arg = model->dump;
	error_context_stack = callback;
}

static void
name_dump(void *version)
{
	if (version != NULL)
		errcontext("a model of pg_dump %s, read by PostgreSQL %s",
				   (char *) version, MIG_SERVER_MAJOR);
}

/* Does a statement change a setting that this server has not got? */
static bool
sets_unknown(const Node *stmt)
{
	return IsA(stmt, VariableSetStmt) &&
		((const VariableSetStmt *) stmt)->name != NULL &&
		GetConfigOption(((const VariableSetStmt *) stmt)->name,
						true, false) == NULL;
}

/*
 * A copy of a model's text without the \restrict and \unrestrict that pg_dump
 * writes; every other byte stays where it is.  Other commands of psql are
 * refused.
 */
static char *
without_restrict(const char *source)
{
	char	   *copy = pstrdup(source);
	MigScriptContext context;
	int			from = 0;
	int			at;

	mig_script_context_begin(&context, source, TITLE);
	while ((at = psql_command(copy, &from)) >= 0)
	{
		if ((at > 0 && copy[at - 1] != '\n') ||
			(strncmp(copy + at, "\\restrict ", 10) != 0 &&
			 strncmp(copy + at, "\\unrestrict ", 12) != 0))
			ereport(ERROR,
					(errcode(ERRCODE_MIG_SCRIPT_REFUSED),
					 errmsg("a model cannot hold commands of psql"),
					 errhint("Write plain SQL; of psql's commands only the \\restrict and \\unrestrict of pg_dump are read over."),
					 errposition(mig_script_character(source, at))));
		blank_line(copy, at);
	}
	mig_script_context_end(&context);
	return copy;
}

/*
 * Where the next backslash outside of strings and comments is, or -1.  *from
 * is where to look for it, and is set to where the line ends.
 *
 * Rows of COPY FROM STDIN, which could be read as anything, are refused here.
 */
static int
psql_command(const char *source, int *from)
{
	MigTokens	tokens;
	bool		in_copy = false;
	bool		is_first = true;
	int			start = *from;
	int			location = 0;
	bool		found = false;

	if (strchr(source + start, '\\') == NULL &&
		strcasestr(source + start, "stdin") == NULL)
		return -1;
	mig_token_begin(&tokens, source + start);
	while (!found && mig_token_next(&tokens))
	{
		if (is_first)
			in_copy = pg_strcasecmp(tokens.source, "copy") == 0;
		is_first = tokens.token == ';';
		location = start + tokens.location;
		found = tokens.token == '\\';
		if (in_copy && pg_strcasecmp(tokens.source, "stdin") == 0)
			ereport(ERROR,
					(errcode(ERRCODE_MIG_MODEL_INCOMPLETE),
					 errmsg("a model cannot hold %s", "COPY"),
					 errdetail("Rows are no part of a model."),
					 errhint("Leave them out; pg_dump does so with --schema-only."),
					 errposition(mig_script_character(source, location))));
	}
	*from = location + strcspn(source + location, "\r\n");
	return found ? location : -1;
}

/* In place and byte by byte, so that positions stay. */
static void
blank_line(char *source, int at)
{
	for (; source[at] != '\0' && source[at] != '\r' && source[at] != '\n';
		 at++)
		source[at] = ' ';
}

/* Check a statement, and note what it creates. */
static void
read_statement(Reading *reading, MigStatement *stmt)
{
	MigModel   *model = reading->model;
	Node	   *node;
	MigModelObject object;
	MigModelFault fault;
	char	   *schema;

	if (reading->may_run)
		mig_script_detach(model->script, stmt);
	node = stmt->raw->stmt;
	if (mig_model_fault(node, &fault))
		refuse_statement(model, stmt, &fault);
	model->skipped[reading->statement] = mig_model_skips(node) ||
		mig_absent_role_skips(node, &model->absent_roles) ||
		drops_schema_first(reading, node) || folds_value(reading, node) ||
		(reading->model->dump != NULL && sets_unknown(node));
	follow_search_path(reading, node);
	spell_current_path(reading, node);
	if (IsA(node, DoStmt))
	{
		model->defines_nothing = false;
		note_code(reading, node);
	}
	schema = moved_to(node);
	if (schema != NULL)
		note_schema(reading, schema, stmt);
	if (mig_statement_creates(node, &object))
		note_object(reading, &object, stmt);
	if (IsA(node, CreateSchemaStmt))
		note_elements(reading, (CreateSchemaStmt *) node, stmt);
	stmt->raw->stmt = mig_model_adapt(node);
}

static void
refuse_statement(const MigModel *model, const MigStatement *stmt,
				 const MigModelFault *fault)
{
	ereport(ERROR,
			(errcode(fault->code),
			 errmsg("a model cannot hold %s",
					GetCommandTagName(CreateCommandTag(stmt->raw->stmt))),
			 errdetail_internal("%s", fault->detail),
			 fault->hint == NULL ? 0 : errhint("%s", fault->hint),
			 errposition(mig_script_character(model->script->text,
											  stmt->start))));
}

/* What a DO block runs, for whoever asks which names are in it */
static void
note_code(Reading *reading, const Node *stmt)
{
	const ListCell *lc;

	foreach(lc, ((const DoStmt *) stmt)->args)
	{
		const DefElem *option = lfirst(lc);
		const char *body;

		if (strcmp(option->defname, "as") != 0)
			continue;
		body = strVal(option->arg);
		reading->model->code = lappend(reading->model->code,
									   asc_tolower(body, strlen(body)));
	}
}

/* Note something that is created; its schema is filled in. */
static void
note_object(Reading *reading, MigModelObject *object,
			const MigStatement *stmt)
{
	MigModelObject *copy = palloc(sizeof(MigModelObject));

	*copy = *object;
	copy->statement = reading->statement;
	if (copy->type == OBJECT_SCHEMA)
	{
		if (copy->name == NULL)
			copy->name = GetUserNameFromId(GetUserId(), false);
		note_schema(reading, copy->name, stmt);
		reading->created = lappend(reading->created, copy->name);
	}
	else if (copy->in_schema || copy->member != NULL ||
			 copy->type == OBJECT_INDEX)
	{
		if (copy->schema == NULL && reading->first != NULL)
			copy->schema = pstrdup(reading->first);
		if (copy->in_schema && copy->schema != NULL)
			note_schema(reading, copy->schema, stmt);
	}
	if (copy->type != OBJECT_EXTENSION)
		reading->model->defines_nothing = false;
	reading->model->objects = lappend(reading->model->objects, copy);
}

/* the elements of CREATE SCHEMA are created in it */
static void
note_elements(Reading *reading, const CreateSchemaStmt *schema,
			  const MigStatement *stmt)
{
	const char *first = reading->first;
	ListCell   *lc;

	foreach(lc, schema->schemaElts)
	{
		MigModelObject object;

		reading->first = llast(reading->model->schemas);
		if (mig_statement_creates(lfirst(lc), &object))
			note_object(reading, &object, stmt);
	}
	reading->first = first;
}

/* Note a schema in which something is created. */
static void
note_schema(Reading *reading, char *name, const MigStatement *stmt)
{
	MigModel   *model = reading->model;

	if (IsReservedName(name) || strcmp(name, "information_schema") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_MODEL_INCOMPLETE),
				 errmsg("a model cannot create anything in schema \"%s\"",
						name),
				 errdetail("It belongs to the server."),
				 errposition(mig_script_character(model->script->text,
												  stmt->start))));
	if (!mig_has_name(model->schemas, name))
		model->schemas = lappend(model->schemas, name);
}

/* The schema that a statement moves something into, or NULL. */
static char *
moved_to(const Node *stmt)
{
	if (IsA(stmt, AlterObjectSchemaStmt))
		return ((const AlterObjectSchemaStmt *) stmt)->newschema;
	if (IsA(stmt, RenameStmt) &&
		((const RenameStmt *) stmt)->renameType == OBJECT_SCHEMA)
		return ((const RenameStmt *) stmt)->newname;
	return NULL;
}

/*
 * Does a statement drop schemas before anything is created, or those that the
 * model creates later, as dumps with --clean do?  They stand in a shadow from
 * the beginning, with nothing in them: what comes without CASCADE needs that,
 * and else nothing has been created there.  Before a dump drops a schema, it
 * may have put CREATE OR REPLACE VIEW in place of a view that needs a key.
 */
static bool
drops_schema_first(const Reading *reading, const Node *stmt)
{
	const DropStmt *drop = (const DropStmt *) stmt;
	const ListCell *lc;

	if (!IsA(stmt, DropStmt) || drop->removeType != OBJECT_SCHEMA)
		return false;
	if (reading->model->defines_nothing)
		return true;
	foreach(lc, drop->objects)
	{
		const char *name = strVal(lfirst(lc));

		if (mig_has_name(reading->created, name) ||
			!is_created_later(reading, name) ||
			(drop->behavior == DROP_CASCADE &&
			 mig_has_name(reading->model->schemas, name)))
			return false;
	}
	return true;
}

/* Does a later statement of the model create the schema? */
static bool
is_created_later(const Reading *reading, const char *schema)
{
	const MigScript *script = reading->model->script;

	for (int i = reading->statement + 1; i < script->nstatements; i++)
	{
		const Node *stmt = script->statements[i].raw->stmt;
		const char *name;

		if (!IsA(stmt, CreateSchemaStmt))
			continue;
		name = ((const CreateSchemaStmt *) stmt)->schemaname;
		if (name != NULL && strcmp(name, schema) == 0)
			return true;
	}
	return false;
}

/* Does a statement add a value to an enum, and can its creation do so? */
static bool
folds_value(const Reading *reading, const Node *stmt)
{
	const MigModel *model = reading->model;
	const AlterEnumStmt *alter = (const AlterEnumStmt *) stmt;
	const char *schema;
	const char *name;
	ListCell   *lc;

	if (!IsA(stmt, AlterEnumStmt))
		return false;
	name = strVal(llast(alter->typeName));
	schema = list_length(alter->typeName) < 2 ? reading->first :
		strVal(list_nth(alter->typeName, list_length(alter->typeName) - 2));
	foreach(lc, model->objects)
	{
		const MigModelObject *object = lfirst(lc);
		Node	   *create;

		create = model->script->statements[object->statement].raw->stmt;
		if (IsA(create, CreateEnumStmt) && schema != NULL &&
			object->schema != NULL && strcmp(object->schema, schema) == 0 &&
			strcmp(object->name, name) == 0)
			return mig_model_fold_value((CreateEnumStmt *) create, alter);
	}
	return false;
}

/* Follow what a statement makes of the search_path. */
static void
follow_search_path(Reading *reading, Node *stmt)
{
	if (IsA(stmt, VariableSetStmt))
	{
		VariableSetStmt *set = (VariableSetStmt *) stmt;

		if (set->name == NULL || strcmp(set->name, "search_path") != 0 ||
			set->kind == VAR_SET_CURRENT)
			return;
		set_path(reading, path_of_set(reading, set));
	}
	else if (IsA(stmt, SelectStmt))
	{
		List	   *path = path_of_select((SelectStmt *) stmt);

		if (path != NULL)
			set_path(reading, linitial(path));
	}
}

static void
set_path(Reading *reading, List *path)
{
	reading->path = path;
	reading->first = first_of(reading, path);
	reading->model->path = list_concat(reading->model->path, path);
}

/*
 * A function that takes the search_path over from where it is created, SET
 * search_path FROM CURRENT, takes it as the model has set it, else that of a
 * new session, behind the schema that the model is for: not what somebody has
 * set for the moment.  It is spelled, since the server prints an empty one so
 * that it cannot be read.
 */
static void
spell_current_path(const Reading *reading, Node *stmt)
{
	List	   *options = NIL;
	ListCell   *lc;

	if (IsA(stmt, CreateFunctionStmt))
		options = ((CreateFunctionStmt *) stmt)->options;
	else if (IsA(stmt, AlterFunctionStmt))
		options = ((AlterFunctionStmt *) stmt)->actions;
	foreach(lc, options)
	{
		DefElem    *option = lfirst(lc);
		VariableSetStmt *set = (VariableSetStmt *) option->arg;

		if (strcmp(option->defname, "set") != 0 || set->name == NULL ||
			strcmp(set->name, "search_path") != 0 ||
			set->kind != VAR_SET_CURRENT)
			continue;
		set->kind = VAR_SET_VALUE;
		set->args = string_constants(reading->path == reading->begun_with ?
									 usual_path(reading) : reading->path);
	}
}

/*
 * The search_path of a new session, but without the schema of this extension,
 * which may be there for its functions alone.  The schema that the model is
 * for comes first.
 */
static List *
usual_path(const Reading *reading)
{
	const char *schema = reading->model->first_schema;
	List	   *path = NIL;
	const char *first;
	ListCell   *lc;

	foreach(lc, split_path(GetConfigOptionResetString("search_path")))
	{
		if (strcmp(lfirst(lc), reading->own_schema) != 0)
			path = lappend(path, lfirst(lc));
	}
	first = first_of(reading, path);
	if (schema != NULL && (first == NULL || strcmp(first, schema) != 0))
		path = lcons(pstrdup(schema), path);
	return path;
}

/*
 * The schemas that SET search_path names.  The default is what the model
 * begins with, which the statement is changed to say.
 */
static List *
path_of_set(Reading *reading, VariableSetStmt *stmt)
{
	List	   *path = NIL;
	ListCell   *lc;

	if (stmt->kind != VAR_SET_VALUE)
	{
		stmt->kind = VAR_SET_VALUE;
		stmt->args = string_constants(reading->begun_with);
		return reading->begun_with;
	}
	foreach(lc, stmt->args)
	{
		A_Const    *value = lfirst(lc);

		if (IsA(value, A_Const) && IsA(&value->val, String))
			path = lappend(path, strVal(&value->val));
	}
	return path;
}

/* The same as values of a SET; an empty list is an empty string there. */
static List *
string_constants(const List *strings)
{
	List	   *constants = NIL;
	const ListCell *lc;

	foreach(lc, strings)
		constants = lappend(constants, string_constant(lfirst(lc)));
	return constants != NIL ? constants : list_make1(string_constant(""));
}

static A_Const *
string_constant(const char *string)
{
	A_Const    *constant = makeNode(A_Const);

	constant->val.sval.type = T_String;
	constant->val.sval.sval = pstrdup(string);
	constant->location = -1;
	return constant;
}

/*
 * The schemas that SELECT set_config('search_path', ...) names, in a list of
 * one list; NIL if it is anything else.
 */
static List *
path_of_select(const SelectStmt *select)
{
	List	   *path = NIL;
	ListCell   *lc;

	foreach(lc, select->targetList)
	{
		FuncCall   *call = (FuncCall *) lfirst_node(ResTarget, lc)->val;
		A_Const    *name;
		A_Const    *value;

		if (!IsA(call, FuncCall) || list_length(call->args) != 3 ||
			strcmp(strVal(llast(call->funcname)), "set_config") != 0)
			continue;
		name = linitial(call->args);
		value = lsecond(call->args);
		if (IsA(name, A_Const) && IsA(&name->val, String) &&
			IsA(value, A_Const) && IsA(&value->val, String) &&
			pg_strcasecmp(strVal(&name->val), "search_path") == 0)
			path = list_make1(split_path(strVal(&value->val)));
	}
	return path;
}

/*
 * A path that is malformed is the server's to refuse, when the statement runs.
 */
static List *
split_path(const char *path)
{
	List	   *list;

	if (!SplitIdentifierString(pstrdup(path), ',', &list))
		return NIL;
	return list;
}

/* The schema that a search_path begins with, or NULL. */
static const char *
first_of(const Reading *reading, const List *path)
{
	const ListCell *lc;

	foreach(lc, path)
	{
		const char *name = lfirst(lc);

		if (strcmp(name, "$user") == 0)
			name = GetUserNameFromId(GetUserId(), false);
		if (mig_has_name(reading->created, name) ||
			OidIsValid(get_namespace_oid(name, true)))
			return name;
	}
	return NULL;
}

/*
 * Raise MG040 where a model creates something in another schema than those
 * that are managed.
 */
void
mig_model_check_scope(const MigModel *model, const List *schemas)
{
	MigScriptContext context;
	ListCell   *lc;

	mig_script_context_begin(&context, model->script->text,
							 model->script->title);
	foreach(lc, model->objects)
	{
		const MigModelObject *object = lfirst(lc);
		const char *schema;
		int			start;

		schema = object->in_schema ? object->schema :
			object->type == OBJECT_SCHEMA ? object->name : NULL;
		if (schema == NULL || mig_has_name(schemas, schema))
			continue;
		start = model->script->statements[object->statement].start;
		ereport(ERROR,
				(errcode(ERRCODE_MIG_MODEL_INCOMPLETE),
				 errmsg("the model creates something in schema \"%s\", which is not managed",
						schema),
				 errhint("Name the schema in \"include\", or leave that out of the model."),
				 errposition(mig_script_character(model->script->text,
												  start))));
	}
	mig_script_context_end(&context);
}

/* Does the model create the schema by a statement that has elements? */
bool
mig_model_has_elements(const MigModel *model, const char *name)
{
	const ListCell *lc;

	foreach(lc, model->objects)
	{
		const MigModelObject *object = lfirst(lc);
		const Node *stmt;

		stmt = model->script->statements[object->statement].raw->stmt;
		if (object->type == OBJECT_SCHEMA &&
			strcmp(object->name, name) == 0 &&
			IsA(stmt, CreateSchemaStmt) &&
			((const CreateSchemaStmt *) stmt)->schemaElts != NIL)
			return true;
	}
	return false;
}

/*
 * Is it the "public" that a new database has, with the privileges that it has
 * there?  It is another one if the model drops that before.
 */
bool
mig_model_keeps_public(const MigModel *model, const MigModelObject *schema)
{
	if (strcmp(schema->name, "public") != 0)
		return false;
	for (int i = 0; i < schema->statement; i++)
	{
		const Node *stmt = model->script->statements[i].raw->stmt;
		const DropStmt *drop = (const DropStmt *) stmt;
		const ListCell *lc;

		if (!IsA(stmt, DropStmt) || drop->removeType != OBJECT_SCHEMA)
			continue;
		foreach(lc, drop->objects)
		{
			if (strcmp(strVal(lfirst(lc)), schema->name) == 0)
				return false;
		}
	}
	return true;
}
