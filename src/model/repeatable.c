/*-------------------------------------------------------------------------
 *
 * model/repeatable.c
 *	  Whether revisions would build the same once more.
 *
 * What scripts build follows from their statements that define something, and
 * from what these find in the catalogs.  All else only moves rows, or has
 * effects that no schema shows.  So as long as scripts and catalogs are the
 * same a replay leads to the same, unless code decides what is defined: by
 * rows, by the time, by chance, by what another server says.  Code that
 * defines anything, or changes a setting, by which statements behind it may
 * mean something else, is in doubt here, even if it does not today; but for a
 * DO block of PL/pgSQL that only asks the catalogs, as those do that create
 * what is not there.  So is a script that reads tables of others: it may fail
 * tomorrow.
 *
 * Times may be hidden in a constant that is read when something is created:
 * DEFAULT 'today'.  How it is written does not tell; but what comes of it is
 * the present time, and so whatever has that is in doubt.  Bounds of
 * partitions are left to keepable.c.
 *
 * Code need not run everything today: what it names counts, too.
 *
 * The scripts are watched while they run: hooks see what no text shows.  What
 * is not known here is in doubt.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "model/guard.h"
#include "model/keepable.h"
#include "model/met_schemas.h"
#include "model/repeatable.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_class.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "commands/proclang.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planner.h"
#include "parser/parse_coerce.h"
#include "parser/scansup.h"
#include "tcop/utility.h"
#include "util/time.h"
#include "util/token.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

/* What a statement of a script may lead to. */
typedef enum Expected
{
	EXPECTED_ROWS,				/* nothing is defined */
	EXPECTED_DEFINITION,
	EXPECTED_SETTING,			/* by set_config() with constants */
	EXPECTED_CODE				/* a definition that goes by the catalogs */
} Expected;

/* The statement that runs. */
typedef struct Running
{
	const Node *stmt;			/* never followed, for it may be gone */
	Expected	expected;
	bool		in_definition;	/* something is defined right now */
	bool		may_define;		/* these two of code: by its text; */
	bool		went_by_more;	/* than the catalogs */
} Running;

/* Words of code that may define something, or change a setting. */
static const char *const defining[] = {
	"alter", "comment", "create", "drop", "execute", "grant", "revoke",
	"security", "set_config",
};

/* Built-in functions that are stable, and go by the catalogs alone. */
static const char *const of_catalogs[] = {
	"array_to_string", "col_description", "concat", "concat_ws",
	"current_database", "current_schema", "current_schemas", "format",
	"format_type", "has_any_column_privilege", "has_column_privilege",
	"has_function_privilege", "has_schema_privilege",
	"has_sequence_privilege", "has_table_privilege", "has_type_privilege",
	"obj_description", "pg_column_is_updatable", "pg_function_is_visible",
	"pg_get_constraintdef", "pg_get_expr", "pg_get_function_arguments",
	"pg_get_function_identity_arguments", "pg_get_function_result",
	"pg_get_functiondef", "pg_get_indexdef", "pg_get_partition_constraintdef",
	"pg_get_partkeydef", "pg_get_ruledef", "pg_get_serial_sequence",
	"pg_get_triggerdef", "pg_get_userbyid", "pg_get_viewdef", "pg_has_role",
	"pg_is_other_temp_schema", "pg_relation_is_updatable", "pg_table_is_visible", "pg_type_is_visible",
	"quote_ident", "quote_literal", "quote_nullable", "regclass", "to_regclass",
	"to_regcollation", "to_regnamespace", "to_regoper", "to_regoperator",
	"to_regproc", "to_regprocedure", "to_regrole", "to_regtype",
};

/* Why the scripts since mig_repeatable_begin() are in doubt; NULL: not. */
static const char *doubt = NULL;

static Running running =
{
	NULL
};

static object_access_hook_type previous_access_hook = NULL;
static ExecutorCheckPerms_hook_type previous_perms_hook = NULL;
static planner_hook_type previous_planner_hook = NULL;
static ProcessUtility_hook_type previous_utility_hook = NULL;

static Expected expected_of(const Node *stmt);
static const char *option_of(const List *options, const char *name);
static const char *date_of(Timestamp time);
static const char *minute_of(Timestamp time);
static bool may_define(const char *code, bool by_words, List **seen);
static bool has_word(const char *code, const char *word, bool by_words);
static bool is_of_words(Oid language);
static char *name_before(const char *code, const char *at);
static bool names_defining(const char *name, List **seen);
static bool is_defining(HeapTuple tuple, List **seen);
static bool moves_rows(const Node *stmt);
static void doubt_for(const char *reason);
static void note_definition(void);
static void note_more(void);
static void see_access(ObjectAccessType access, Oid classId, Oid objectId,
					   int subId, void *arg);
static void see_call(Oid function);
static void see_code(Oid function);
static bool goes_by_catalogs(Oid function);
static MIG_PLANNER(see_query);
static bool asks_time(Node *node, void *arg);
static bool may_have_time(Oid type);
static MIG_CHECK_PERMS(see_permissions);
static void see_utility(PlannedStmt *planned, const char *source,
						bool is_shared, ProcessUtilityContext context,
						ParamListInfo params, QueryEnvironment *environment,
						DestReceiver *dest, QueryCompletion *completion);
static void note_statement(const Node *stmt);
static bool is_for_trigger(const CreateFunctionStmt *stmt);
static bool creates_defining(const CreateFunctionStmt *stmt);

/* Install the hooks; called once, when the module is loaded. */
void
mig_repeatable_install(void)
{
	previous_access_hook = object_access_hook;
	object_access_hook = see_access;
	previous_perms_hook = ExecutorCheckPerms_hook;
	ExecutorCheckPerms_hook = see_permissions;
	previous_planner_hook = planner_hook;
	planner_hook = see_query;
	previous_utility_hook = ProcessUtility_hook;
	ProcessUtility_hook = see_utility;
}

/* Scripts are about to run. */
void
mig_repeatable_begin(void)
{
	doubt = NULL;
}

/* A statement of a script is about to run. */
void
mig_repeatable_begin_statement(const Node *stmt)
{
	List	   *seen = NIL;

	memset(&running, 0, sizeof(running));
	running.stmt = stmt;
	running.expected = expected_of(stmt);
	running.may_define = running.expected == EXPECTED_CODE &&
		may_define(option_of(((const DoStmt *) stmt)->args, "as"), true,
				   &seen);
	if (running.expected == EXPECTED_DEFINITION &&
		!mig_statement_defines(stmt))
		doubt_for("A statement is not known to define the same once more.");
}

/* A sentence, or NULL: they would build the same. */
const char *
mig_repeatable_doubt(void)
{
	return doubt;
}

/*
 * Does a snapshot, as text, have the time at which it was made?  That is the
 * time of the transaction, by any clock: a date of these days, or its minute
 * and second, with what zones may add to the one, and rounding to the other.
 */
bool
mig_repeatable_has_time(const char *snapshot)
{
	Timestamp	now = GetCurrentTransactionStartTimestamp();

	for (int day = -2; day <= 2; day++)
	{
		if (strstr(snapshot, date_of(now + day * USECS_PER_DAY)) != NULL)
			return true;
	}
	for (int zone = 0; zone < 60; zone += 15)
	{
		for (int second = 0; second <= 1; second++)
		{
			Timestamp	time = now + zone * USECS_PER_MINUTE;

			time += second * USECS_PER_SEC;
			if (strstr(snapshot, minute_of(time)) != NULL)
				return true;
		}
	}
	return false;
}

/* As the snapshot writes it. */
static const char *
date_of(Timestamp time)
{
	struct pg_tm tm;
	int			microsecond;

	mig_time_fields(time, &tm, &microsecond);
	return psprintf("%04d-%02d-%02d", tm.tm_year, tm.tm_mon, tm.tm_mday);
}

/* Minute and second, behind the hour. */
static const char *
minute_of(Timestamp time)
{
	struct pg_tm tm;
	int			microsecond;

	mig_time_fields(time, &tm, &microsecond);
	return psprintf(":%02d:%02d", tm.tm_min, tm.tm_sec);
}

static Expected
expected_of(const Node *stmt)
{
	const		DoStmt *code = (const DoStmt *) stmt;

	if (IsA(stmt, DoStmt) &&
		strcmp(option_of(code->args, "language"), "plpgsql") == 0)
		return EXPECTED_CODE;
	if (moves_rows(stmt))
		return EXPECTED_ROWS;
	return mig_statement_sets_config(stmt) ? EXPECTED_SETTING :
		EXPECTED_DEFINITION;
}

/* The value of an option that is a text; the language need not be said. */
static const char *
option_of(const List *options, const char *name)
{
	const ListCell *lc;

	foreach(lc, options)
	{
		DefElem    *option = lfirst_node(DefElem, lc);

		if (strcmp(option->defname, name) == 0)
			return IsA(option->arg, List) ?
				strVal(linitial((List *) option->arg)) :
				defGetString(option);
	}
	return "plpgsql";
}

/*
 * By its words, or by those of a function of others that it names, if that was
 * not seen before.  Where code is of words (is_of_words), a part of one, as of
 * created_at, defines nothing.
 */
static bool
may_define(const char *code, bool by_words, List **seen)
{
	for (size_t i = 0; i < lengthof(defining); i++)
	{
		if (has_word(code, defining[i], by_words))
			return true;
	}
	for (const char *at = strchr(code, '('); at != NULL;
		 at = strchr(at + 1, '('))
	{
		char	   *name = name_before(code, at);

		if (name != NULL && names_defining(name, seen))
			return true;
	}
	return false;
}

/* Has code a word, or any text that has it in it? */
static bool
has_word(const char *code, const char *word, bool by_words)
{
	size_t		length = strlen(word);

	for (const char *at = strcasestr(code, word); at != NULL;
		 at = strcasestr(at + 1, word))
	{
		if (!by_words || !((at > code && mig_token_is_in_name(at[-1])) ||
						   mig_token_is_in_name(at[length])))
			return true;
	}
	return false;
}

/*
 * Are statements in a language made of words that stand in its code as they
 * are?  Others may have them in strings, behind the n of an escaped newline.
 */
static bool
is_of_words(Oid language)
{
	return language == SQLlanguageId ||
		language == get_language_oid("plpgsql", true);
}

/* What may be a function's name in front of a parenthesis, or NULL. */
static char *
name_before(const char *code, const char *at)
{
	const char *end = at;
	const char *begin;

	while (end > code && scanner_isspace(end[-1]))
		end--;
	begin = end;
	if (end > code && end[-1] == '"')
	{
		end--;
		for (begin = end; begin > code && begin[-1] != '"'; begin--)
			;
		return pnstrdup(begin, end - begin);
	}
	while (begin > code && mig_token_is_in_name(begin[-1]))
		begin--;
	return begin == end ? NULL :
		downcase_truncate_identifier(begin, end - begin, false);
}

/* May any function of others that has a name define something? */
static bool
names_defining(const char *name, List **seen)
{
	CatCList   *functions;
	bool		found = false;

	CHECK_FOR_INTERRUPTS();
	functions = SearchSysCacheList1(PROCNAMEARGSNSP, CStringGetDatum(name));
	for (int i = 0; i < functions->n_members && !found; i++)
		found = is_defining(&functions->members[i]->tuple, seen);
	ReleaseSysCacheList(functions);
	return found;
}

/* The row is of pg_proc. */
static bool
is_defining(HeapTuple tuple, List **seen)
{
	Form_pg_proc form = (Form_pg_proc) GETSTRUCT(tuple);
	Datum		source;
	bool		isnull;

	if (form->oid < FirstNormalObjectId || form->prolang == ClanguageId ||
		list_member_oid(*seen, form->oid))
		return false;
	*seen = lappend_oid(*seen, form->oid);
	source = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_prosrc, &isnull);
	return !isnull && may_define(TextDatumGetCString(source),
								 is_of_words(form->prolang), seen);
}

/* Does a statement define nothing by itself? */
static bool
moves_rows(const Node *stmt)
{
	switch (nodeTag(stmt))
	{
		case T_SelectStmt:
			return ((const SelectStmt *) stmt)->intoClause == NULL &&
				!mig_statement_sets_config(stmt);
		case T_CallStmt:
		case T_ConstraintsSetStmt:
		case T_DeleteStmt:
		case T_DoStmt:
		case T_InsertStmt:
		case T_LockStmt:
		case T_MergeStmt:
		case T_TruncateStmt:
		case T_UpdateStmt:
			return true;
		default:
			return false;
	}
}

/* The first reason is what others may follow from. */
static void
doubt_for(const char *reason)
{
	if (doubt == NULL)
		doubt = reason;
}

/* Code defines something. */
static void
note_definition(void)
{
	running.may_define = true;
	if (running.expected != EXPECTED_CODE || running.went_by_more)
		doubt_for("Code has defined something, or changed a setting.");
}

/* Code has asked for more than the catalogs, and may go by that. */
static void
note_more(void)
{
	running.went_by_more = true;
	if (running.expected == EXPECTED_CODE && running.may_define)
		note_definition();
}

/* Sees each object that is made or changed, and each function. */
static void
see_access(ObjectAccessType access, Oid classId, Oid objectId, int subId,
		   void *arg)
{
	if (previous_access_hook != NULL)
		previous_access_hook(access, classId, objectId, subId, arg);
	if (!mig_guard_in_replay())
		return;
	switch (access)
	{
		case OAT_POST_CREATE:
		case OAT_DROP:
		case OAT_POST_ALTER:
			if (running.expected != EXPECTED_DEFINITION &&
				!running.in_definition)
				note_definition();
			break;
		case OAT_FUNCTION_EXECUTE:
			see_call(objectId);
			break;
		case OAT_NAMESPACE_SEARCH:
		case OAT_TRUNCATE:
			break;
	}
}

static void
see_call(Oid function)
{
	if (function == F_SET_CONFIG && running.expected != EXPECTED_SETTING)
		doubt_for("Code has changed a setting.");
	if (function >= FirstNormalObjectId)
		see_code(function);
	if (running.expected == EXPECTED_CODE && !running.in_definition &&
		!goes_by_catalogs(function))
		note_more();
}

/* A function of others is called, or one of the scripts. */
static void
see_code(Oid function)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	List	   *seen = NIL;

	if (running.expected == EXPECTED_SETTING)
		running.expected = EXPECTED_ROWS;
	if (!HeapTupleIsValid(tuple))
		return;
	if (is_defining(tuple, &seen))
		doubt_for("A function is called that may define something.");
	ReleaseSysCache(tuple);
}

/* Does a function return the same where its arguments and catalogs are? */
static bool
goes_by_catalogs(Oid function)
{
	HeapTuple	tuple;
	Form_pg_proc form;
	bool		known;

	if (function >= FirstNormalObjectId)
		return false;
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_proc) GETSTRUCT(tuple);
	known = form->provolatile == PROVOLATILE_IMMUTABLE;
	for (size_t i = 0; i < lengthof(of_catalogs) && !known; i++)
		known = strcmp(NameStr(form->proname), of_catalogs[i]) == 0;
	ReleaseSysCache(tuple);
	return known;
}

/* Sees each query before it is planned. */
static MIG_PLANNER(see_query)
{
	if (running.expected == EXPECTED_CODE && !running.in_definition &&
		mig_guard_in_replay() && asks_time((Node *) query, NULL))
		note_more();
	if (previous_planner_hook != NULL)
		return MIG_PLANNER_CALL(previous_planner_hook);
	return MIG_PLANNER_CALL(standard_planner);
}

/* CURRENT_DATE and its like, which are no functions */
static bool
asks_time(Node *node, void *arg)
{
	if (node == NULL)
		return false;
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, asks_time, arg, 0);
	if (IsA(node, SQLValueFunction) &&
		((SQLValueFunction *) node)->op <= SVFOP_LOCALTIMESTAMP_N)
		return true;
	/* the text may be "now", or what is written as a time may be */
	if (IsA(node, CoerceViaIO) &&
		may_have_time(((CoerceViaIO *) node)->resulttype))
		return true;
	if (IsA(node, Const) && may_have_time(((Const *) node)->consttype))
		return true;
	return expression_tree_walker(node, asks_time, arg);
}

/* Is a type one for times, or may its values hold such? */
static bool
may_have_time(Oid type)
{
	Oid			within;

	type = getBaseType(type);
	if (TypeCategory(type) == TYPCATEGORY_DATETIME ||
		type_is_rowtype(type))
		return true;
	within = get_element_type(type);
	if (!OidIsValid(within))
		within = get_range_subtype(type);
	if (!OidIsValid(within))
		within = get_multirange_range(type);
	return OidIsValid(within) && may_have_time(within);
}

/* Sees the tables that a query is about to read or change. */
static MIG_CHECK_PERMS(see_permissions)
{
	const ListCell *lc;

	if (previous_perms_hook != NULL &&
		!MIG_CHECK_PERMS_CALL(previous_perms_hook))
		return false;
	if (!mig_guard_in_replay())
		return true;
	foreach(lc, permissions)
	{
		Oid			relid = ((const MigPermission *) lfirst(lc))->relid;

		if (relid < FirstNormalObjectId)
			continue;
		if (!mig_guard_has_created(RelationRelationId, relid))
			doubt_for("A script reads tables that no revision makes.");
		if (!running.in_definition)
			note_more();
	}
	return true;
}

/* Sees each statement that is not a query, also in code. */
static void
see_utility(PlannedStmt *planned, const char *source, bool is_shared,
			ProcessUtilityContext context, ParamListInfo params,
			QueryEnvironment *environment, DestReceiver *dest,
			QueryCompletion *completion)
{
	const bool	was_in_definition = running.in_definition;
	bool		is_definition;

	is_definition = mig_guard_in_replay() &&
		context != PROCESS_UTILITY_SUBCOMMAND &&
		!moves_rows(planned->utilityStmt);
	if (is_definition)
	{
		mig_met_schemas_see(planned->utilityStmt);
		note_statement(planned->utilityStmt);
		running.in_definition = true;
	}
	PG_TRY();
	{
		if (previous_utility_hook != NULL)
			previous_utility_hook(planned, source, is_shared, context, params,
								  environment, dest, completion);
		else
			standard_ProcessUtility(planned, source, is_shared, context,
									params, environment, dest, completion);
	}
	PG_FINALLY();
	{
		running.in_definition = was_in_definition;
	}
	PG_END_TRY();
}

/* A statement that defines something, or changes a setting. */
static void
note_statement(const Node *stmt)
{
	if (running.in_definition)
		doubt_for("A statement has run code that defines something.");
	else if (stmt != running.stmt)
		note_definition();
	if (!mig_statement_defines(stmt))
		doubt_for("A statement is not known to define the same once more.");
	if (IsA(stmt, CreateFunctionStmt) &&
		is_for_trigger((const CreateFunctionStmt *) stmt) &&
		creates_defining((const CreateFunctionStmt *) stmt))
		doubt_for("A trigger may define something.");
}

static bool
creates_defining(const CreateFunctionStmt *stmt)
{
	const char *language = option_of(stmt->options, "language");
	List	   *seen = NIL;

	return may_define(option_of(stmt->options, "as"),
					  is_of_words(get_language_oid(language, true)), &seen);
}

/* Such a function is called without being seen. */
static bool
is_for_trigger(const CreateFunctionStmt *stmt)
{
	const char *type;

	if (stmt->returnType == NULL)
		return false;
	type = strVal(llast(stmt->returnType->names));
	return strcmp(type, "trigger") == 0 || strcmp(type, "event_trigger") == 0;
}
