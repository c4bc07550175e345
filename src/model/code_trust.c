/*-------------------------------------------------------------------------
 *
 * model/code_trust.c
 *	  Whose code may run, and what it may do, while somebody only looks.
 *
 * A comparison evaluates expressions: of the model while it is built, and over
 * the rows that are there when they are probed.  It can reach functions that
 * stand in the database, by name, by an operator, a cast, a domain, a default,
 * an index, a trigger.  They run as whoever looks, so that their owner could
 * wait for somebody with more rights to come and look.  Hence the rule:
 *
 *		A function runs as a role only if its owner could act as that role
 *		anyway: as the role itself, as a member of it, or as a superuser.
 *
 * Functions that the model itself makes are the text of whoever looks, as long
 * as they run as him, and unless functions that run as their owners have made
 * or altered them.  The rule is held where the server calls any function that
 * is not built in, so that nothing is refused that would not have run; such
 * functions are not inlined, which would evade it.  What an earlier statement
 * of the session has looked up already is not seen again: support functions
 * of range types, which the server keeps for the session.
 *
 * The other half is what would be left: whatever is not rolled back with the
 * subtransaction.  Built-in functions are known by their names and refused
 * when an expression that calls them is made ready; statements are refused
 * where they run, in DO blocks and functions, too.  A sequence is moved for
 * ever, so that nextval() and setval() must name one that the model has made,
 * which is told from the query before it is planned.
 *
 * Materialized views are filled by nobody here: they count as filled where
 * they would be, and are empty.
 *
 * The hooks are installed once, and do nothing unless somebody looks.
 * Workers have not got what is watched, so that there are none.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "model/accept.h"
#include "model/guard.h"
#include "model/row_filter.h"
#include "model/catalog_filter.h"
#include "model/code_trust.h"
#include "util/error.h"

#include "access/table.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_class.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_language.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_subscription.h"
#include "commands/defrem.h"
#include "commands/extension.h"
#include "commands/matview.h"
#include "executor/executor.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/regproc.h"
#include "utils/syscache.h"

/* Functions in pg_catalog whose effects are not rolled back. */
static const char *const lasting[] = {
	"lo_export", "lo_import",
	"pg_advisory_lock", "pg_advisory_lock_shared",
	"pg_advisory_unlock", "pg_advisory_unlock_all",
	"pg_advisory_unlock_shared",
	"pg_backup_start", "pg_backup_stop",
	"pg_cancel_backend",
	"pg_copy_logical_replication_slot", "pg_copy_physical_replication_slot",
	"pg_create_logical_replication_slot",
	"pg_create_physical_replication_slot",
	"pg_create_restore_point",
	"pg_drop_replication_slot",
	"pg_file_rename", "pg_file_sync", "pg_file_unlink", "pg_file_write",
	"pg_log_backend_memory_contexts",
	"pg_logical_emit_message",
	"pg_logical_slot_get_binary_changes", "pg_logical_slot_get_changes",
	"pg_notify",
	"pg_promote",
	"pg_reload_conf",
	"pg_replication_origin_advance", "pg_replication_origin_create",
	"pg_replication_origin_drop", "pg_replication_origin_session_reset",
	"pg_replication_origin_session_setup",
	"pg_replication_origin_xact_reset", "pg_replication_origin_xact_setup",
	"pg_replication_slot_advance",
	"pg_rotate_logfile", "pg_rotate_logfile_old",
	"pg_start_backup", "pg_stop_backup",
	"pg_switch_wal", "pg_sync_replication_slots",
	"pg_terminate_backend",
	"pg_try_advisory_lock", "pg_try_advisory_lock_shared",
	"pg_wal_replay_pause", "pg_wal_replay_resume",
	"setseed",
};

#define UNKNOWN_SEQUENCE	"Which sequence it moves cannot be told beforehand."

static MigWatch watch = {MIG_WATCH_NOTHING};

/* a sequence outside of the model that a plan names */
static Oid	outside = InvalidOid;

/* is a plan made ready, and did see_query() see such a call in any? */
static bool in_plan = false;
static bool is_called = false;

static needs_fmgr_hook_type previous_needs_hook = NULL;
static fmgr_hook_type previous_call_hook = NULL;
static object_access_hook_type previous_access_hook = NULL;
static ExecutorStart_hook_type previous_start_hook = NULL;
static planner_hook_type previous_planner_hook = NULL;
static ProcessUtility_hook_type previous_utility_hook = NULL;

static bool is_building(void);
static bool needs_call(Oid function);
static void see_call(FmgrHookEventType event, FmgrInfo *flinfo, Datum *arg);
static bool may_run(Oid function);
static bool is_answered_for(Oid function);
pg_noreturn static void refuse_call(Oid function);
static void see_access(ObjectAccessType access, Oid classId, Oid objectId,
					   int subId, void *arg);
static void check_function(Oid function);
static void check_movement(Oid function);
static void see_start(QueryDesc *desc, int flags);
static bool is_lasting(const Form_pg_proc form);
static bool moves_sequence(Oid function);
static MIG_PLANNER(see_query);
static bool reads_rows(Node *node, void *arg);
static bool check_calls(Node *node, void *params);
static void check_sequence(const FuncExpr *call, ParamListInfo params);
static void find_outside(const PlannedStmt *planned);
static bool is_outside(Oid relid);
pg_noreturn static void refuse_sequence(Oid function, Oid sequence);
pg_noreturn static void refuse_function(Oid function, const char *detail);
static void see_utility(PlannedStmt *planned, const char *source,
						bool is_shared, ProcessUtilityContext context,
						ParamListInfo params, QueryEnvironment *environment,
						DestReceiver *dest, QueryCompletion *completion);
static void refuse_in_replay(const Node *stmt);
static const char *command_of(const Node *stmt);
static bool locks_outside(const LockStmt * stmt);
static void refuse_fault(const Node *stmt);
static bool is_own_membership(const Node *stmt);
static bool is_about_created(const Node *stmt);
static bool refreshes(const AlterSubscriptionStmt *stmt);
static bool fills_view(const Node *stmt);
static bool refreshes_view(const Node *stmt);
static void fill_nothing(const RangeVar *view, bool populated);

/* Install the hooks; called once, when the module is loaded. */
void
mig_watch_install(void)
{
	previous_needs_hook = needs_fmgr_hook;
	needs_fmgr_hook = needs_call;
	previous_call_hook = fmgr_hook;
	fmgr_hook = see_call;
	previous_access_hook = object_access_hook;
	object_access_hook = see_access;
	previous_start_hook = ExecutorStart_hook;
	ExecutorStart_hook = see_start;
	previous_planner_hook = planner_hook;
	planner_hook = see_query;
	previous_utility_hook = ProcessUtility_hook;
	ProcessUtility_hook = see_utility;
}

/*
 * Watch what runs as a role, until mig_watch_end() is given the result, on
 * errors too.
 */
MigWatch
mig_watch_begin(MigWatchKind kind, Oid role)
{
	MigWatch	before = watch;

	memset(&watch, 0, sizeof(watch));
	watch.kind = kind;
	watch.role = role;
	watch.context = CurrentMemoryContext;
	outside = InvalidOid;
	is_called = false;
	return before;
}

/* Back to what was watched before, since a probe may come within a model. */
void
mig_watch_end(const MigWatch *before)
{
	watch = *before;
}

/* The role whose script runs now. */
void
mig_watch_as(Oid role)
{
	watch.role = role;
}

/*
 * The statements of a replay that were skipped since this was asked, and of
 * these the comments on extensions.
 */
List *
mig_watch_take_skipped(List **comments)
{
	List	   *skipped = watch.skipped;

	*comments = watch.comments;
	watch.skipped = watch.comments = NIL;
	return skipped;
}

/* A script goes on: what an earlier statement has read means nothing. */
void
mig_watch_begin_statement(void)
{
	watch.reads = false;
}

/*
 * Has code in a replay defined something that may be another with other rows,
 * since this was asked?
 */
bool
mig_watch_take_follows_rows(void)
{
	bool		follows = watch.follows_rows;

	watch.follows_rows = false;
	return follows;
}

/* Is something built in a shadow? */
static bool
is_building(void)
{
	return watch.kind == MIG_WATCH_MODEL || watch.kind == MIG_WATCH_REPLAY;
}

/* Must the server ask us before it calls a function?  Of us or the others. */
static bool
needs_call(Oid function)
{
	if (previous_needs_hook != NULL && previous_needs_hook(function))
		return true;
	return watch.kind != MIG_WATCH_NOTHING &&
		(!is_answered_for(function) || mig_veil_needs_call(function));
}

/*
 * Functions that are called by operators, casts and defaults come here, too.
 */
static void
see_call(FmgrHookEventType event, FmgrInfo *flinfo, Datum *arg)
{
	if (previous_call_hook != NULL)
		previous_call_hook(event, flinfo, arg);
	if (event == FHET_START && watch.kind != MIG_WATCH_NOTHING &&
		!may_run(flinfo->fn_oid))
		refuse_call(flinfo->fn_oid);
}

/*
 * May a function run as the current role?  See the top.  Of one that the model
 * has made this is asked at each call, since it may be replaced in between.
 */
static bool
may_run(Oid function)
{
	return is_answered_for(function) ||
		(is_building() && GetUserId() == watch.role &&
		 mig_guard_has_written(ProcedureRelationId, function, watch.role));
}

/* Does it run as its owner, or could its owner act as the current role? */
static bool
is_answered_for(Oid function)
{
	HeapTuple	tuple;
	Form_pg_proc form;
	bool		may;

	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	if (!HeapTupleIsValid(tuple))
		return true;			/* the server says so */
	form = (Form_pg_proc) GETSTRUCT(tuple);
	may = form->prosecdef || is_member_of_role(form->proowner, GetUserId());
	ReleaseSysCache(tuple);
	return may;
}

static void
refuse_call(Oid function)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	Oid			owner = ((Form_pg_proc) GETSTRUCT(tuple))->proowner;

	ReleaseSysCache(tuple);
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("function %s of role \"%s\" cannot run as role \"%s\" in a comparison",
					format_procedure(function),
					GetUserNameFromId(owner, true),
					GetUserNameFromId(GetUserId(), true)),
			 errdetail("Nobody gains a privilege because somebody looks."),
			 errhint("SET ROLE to the function's owner, or let the role that compares, or a superuser, own the function.")));
}

/* Sees each function for which an expression is made ready. */
static void
see_access(ObjectAccessType access, Oid classId, Oid objectId, int subId,
		   void *arg)
{
	if (previous_access_hook != NULL)
		previous_access_hook(access, classId, objectId, subId, arg);
	if (access == OAT_FUNCTION_EXECUTE &&
		watch.kind != MIG_WATCH_NOTHING && !creating_extension)
		check_function(objectId);
}

static void
check_function(Oid function)
{
	HeapTuple	tuple;
	bool		refused;

	if (moves_sequence(function))
	{
		check_movement(function);
		return;
	}
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	if (!HeapTupleIsValid(tuple))
		return;
	refused = is_lasting((Form_pg_proc) GETSTRUCT(tuple));
	ReleaseSysCache(tuple);
	if (refused)
		refuse_function(function,
						"Its effect would last, while all else is rolled back.");
}

/*
 * What is called neither by a plan's query nor outside of plans is a check of
 * a domain.  An expression outside of a plan could be the default of a column
 * that is added to a table: then the sequence is looked at when it has moved,
 * which does little harm if it was moved by one.
 */
static void
check_movement(Oid function)
{
	if (watch.kind == MIG_WATCH_PROBE)
		refuse_function(function, "A sequence that has moved stays so.");
	if (OidIsValid(outside))
		refuse_sequence(function, outside);
	if (in_plan ? !is_called : function != F_NEXTVAL)
		refuse_function(function, UNKNOWN_SEQUENCE);
	mig_guard_note_sequences();
}

static void
see_start(QueryDesc *desc, int flags)
{
	bool		before = in_plan;

	in_plan = true;
	PG_TRY();
	{
		if (previous_start_hook != NULL)
			previous_start_hook(desc, flags);
		else
			standard_ExecutorStart(desc, flags);
	}
	PG_FINALLY();
	{
		in_plan = before;
	}
	PG_END_TRY();
}

/* Is it one of the list, or of the modules that come with the server? */
static bool
is_lasting(const Form_pg_proc form)
{
	const char *name = NameStr(form->proname);

	if (form->prolang == ClanguageId && strncmp(name, "dblink", 6) == 0)
		return true;
	if (strncmp(name, "pg_stat_", 8) == 0 && strstr(name, "reset") != NULL)
		return form->prolang == ClanguageId ||
			form->pronamespace == PG_CATALOG_NAMESPACE;
	if (form->pronamespace != PG_CATALOG_NAMESPACE)
		return false;
	for (size_t i = 0; i < lengthof(lasting); i++)
	{
		if (strcmp(name, lasting[i]) == 0)
			return true;
	}
	return false;
}

static bool
moves_sequence(Oid function)
{
	return function == F_NEXTVAL || function == F_SETVAL_REGCLASS_INT8 ||
		function == F_SETVAL_REGCLASS_INT8_BOOL;
}

/* Sees each query before it is planned, those of functions too. */
static MIG_PLANNER(see_query)
{
	PlannedStmt *planned;

	if (watch.kind != MIG_WATCH_NOTHING)
		options &= ~CURSOR_OPT_PARALLEL_OK;
	if (is_building() && !creating_extension)
		(void) check_calls((Node *) query, params);
	if (watch.kind == MIG_WATCH_REPLAY && !creating_extension &&
		(query->commandType == CMD_SELECT || query->returningList != NIL))
		watch.reads |= reads_rows((Node *) query, NULL);
	mig_veil_query(query);
	mig_row_filter_query(query);
	if (previous_planner_hook != NULL)
		planned = MIG_PLANNER_CALL(previous_planner_hook);
	else
		planned = MIG_PLANNER_CALL(standard_planner);
	if (is_building() && !creating_extension)
		find_outside(planned);
	return planned;
}

/* Does a query, or a part of one, look at tables that are no catalogs? */
static bool
reads_rows(Node *node, void *arg)
{
	const RangeTblEntry *rte = (const RangeTblEntry *) node;

	if (node == NULL)
		return false;
	if (IsA(node, RangeTblEntry))
		return rte->rtekind == RTE_RELATION &&
			rte->relid >= FirstNormalObjectId;
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, reads_rows, arg,
								 QTW_EXAMINE_RTES_BEFORE);
	return expression_tree_walker(node, reads_rows, arg);
}

/*
 * Arguments must be constants for a sequence to be known, and are looked at
 * where they stand.
 */
static bool
check_calls(Node *node, void *params)
{
	if (node == NULL)
		return false;
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, check_calls, params, 0);
	if (IsA(node, FuncExpr) && moves_sequence(((FuncExpr *) node)->funcid))
		check_sequence((FuncExpr *) node, params);
	return expression_tree_walker(node, check_calls, params);
}

/* Refuse a call but for a sequence that is the model's. */
static void
check_sequence(const FuncExpr *call, ParamListInfo params)
{
	PlannerInfo *root = makeNode(PlannerInfo);
	Node	   *name = copyObject(linitial(call->args));
	Oid			sequence;

	is_called = true;
	root->glob = makeNode(PlannerGlobal);
	root->glob->boundParams = params;
	name = estimate_expression_value(root, name);
	if (!IsA(name, Const))
		refuse_function(call->funcid, UNKNOWN_SEQUENCE);
	sequence = DatumGetObjectId(((Const *) name)->constvalue);
	if (!((Const *) name)->constisnull && is_outside(sequence))
		refuse_sequence(call->funcid, sequence);
}

/*
 * What was inlined is not in the query, but the plan lists the relations that
 * are named by constants, along with those that are read.  A sequence of the
 * model's is named for a call.
 */
static void
find_outside(const PlannedStmt *planned)
{
	ListCell   *lc;

	foreach(lc, planned->relationOids)
	{
		bool		is_read = false;
		ListCell   *entry;

		foreach(entry, planned->rtable)
			is_read |= lfirst_oid(lc) ==
			lfirst_node(RangeTblEntry, entry)->relid;
		if (is_read || get_rel_relkind(lfirst_oid(lc)) != RELKIND_SEQUENCE)
			continue;
		if (is_outside(lfirst_oid(lc)))
			outside = lfirst_oid(lc);
		else
			is_called = true;
	}
}

/* Is it a sequence that the model has not made? */
static bool
is_outside(Oid relid)
{
	return get_rel_relkind(relid) == RELKIND_SEQUENCE &&
		!mig_guard_has_created(RelationRelationId, relid);
}

/* nextval() and setval() are not undone by any rollback. */
static void
refuse_sequence(Oid function, Oid sequence)
{
	refuse_function(function,
					psprintf("Sequence \"%s\" is not %s, and one that has moved stays so.",
							 get_rel_name(sequence),
							 watch.kind == MIG_WATCH_REPLAY ?
							 "made by a revision" : "the model's"));
}

static void
refuse_function(Oid function, const char *detail)
{
	if (watch.kind == MIG_WATCH_PROBE)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_MODEL_REFUSED),
				 errmsg("%s() is not called to look at rows",
						get_func_name(function)),
				 errdetail_internal("%s", detail)));
	if (watch.kind == MIG_WATCH_REPLAY)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_MODEL_REFUSED),
				 errmsg("%s() is not called in a replay",
						get_func_name(function)),
				 errdetail_internal("%s", detail)));
	ereport(ERROR,
			(errcode(ERRCODE_MIG_MODEL_INCOMPLETE),
			 errmsg("a model cannot call %s()", get_func_name(function)),
			 errdetail_internal("%s", detail),
			 errhint("Leave it out of the model, and do it in a revision where it is needed.")));
}

/* Sees each statement that is not a query, also in code. */
static void
see_utility(PlannedStmt *planned, const char *source, bool is_shared,
			ProcessUtilityContext context, ParamListInfo params,
			QueryEnvironment *environment, DestReceiver *dest,
			QueryCompletion *completion)
{
	const Node *stmt = planned->utilityStmt;
	const RangeVar *filled = NULL;
	bool		is_code = IsA(stmt, DoStmt) || IsA(stmt, CallStmt);
	bool		reads = watch.reads;

	if (reads && !creating_extension)
		watch.follows_rows |=
			GetCommandLogLevel(unconstify(Node *, stmt)) == LOGSTMT_DDL;
	if (watch.kind == MIG_WATCH_REPLAY && !creating_extension)
	{
		if (mig_watch_skips(stmt))
			return;
		refuse_in_replay(stmt);
	}
	else if (watch.kind != MIG_WATCH_NOTHING && !creating_extension)
		refuse_fault(stmt);
	if (is_building() && !creating_extension)
	{
		if (refreshes_view(stmt))
		{
			fill_nothing(((const RefreshMatViewStmt *) stmt)->relation,
						 !((const RefreshMatViewStmt *) stmt)->skipData);
			return;
		}
		if (fills_view(stmt))
		{
			CreateTableAsStmt *create;

			planned = copyObject(planned);
			is_shared = false;
			create = castNode(CreateTableAsStmt, planned->utilityStmt);
			create->into->skipData = true;
			filled = create->into->rel;
		}
	}
	if (previous_utility_hook != NULL)
		previous_utility_hook(planned, source, is_shared, context, params,
							  environment, dest, completion);
	else
		standard_ProcessUtility(planned, source, is_shared, context, params,
								environment, dest, completion);
	/* what the server itself looks at means nothing to others */
	if (!is_code)
		watch.reads = reads;
	if (filled == NULL)
		return;
	fill_nothing(filled, true);
	/* SPI counts on it: its own copy of the statement has rows */
	if (completion != NULL)
		SetQueryCompletion(completion, CMDTAG_SELECT, 0);
}

/*
 * Is a statement of a revision left out where revisions are replayed?  What is
 * about the server, or about others who listen, builds no schema; it is noted.
 */
bool
mig_watch_skips(const Node *stmt)
{
	MemoryContext old;
	bool		is_named;

	if (is_about_created(stmt) || !mig_replay_skips(stmt, &is_named))
		return false;
	old = MemoryContextSwitchTo(watch.context);
	if (is_named)
		watch.skipped = lappend(watch.skipped, pstrdup(command_of(stmt)));
	else if (IsA(stmt, CommentStmt))
		watch.comments = lappend(watch.comments,
								 copyObject(unconstify(Node *, stmt)));
	MemoryContextSwitchTo(old);
	return true;
}

/* Refuse what would last, or keep others waiting. */
static void
refuse_in_replay(const Node *stmt)
{
	const char *detail = mig_replay_fault(stmt);

	if (detail == NULL && IsA(stmt, LockStmt) &&
		locks_outside((const LockStmt *) stmt))
		detail = "Others would wait for the table until the replay ends.";
	if (detail != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_MODEL_REFUSED),
				 errmsg("%s does not run in a replay", command_of(stmt)),
				 errdetail_internal("%s", detail)));
}

static const char *
command_of(const Node *stmt)
{
	return GetCommandTagName(CreateCommandTag(unconstify(Node *, stmt)));
}

static bool
locks_outside(const LockStmt * stmt)
{
	ListCell   *lc;

	foreach(lc, stmt->relations)
	{
		Oid			relid = RangeVarGetRelid(lfirst(lc), NoLock, true);

		if (OidIsValid(relid) &&
			!mig_guard_has_created(RelationRelationId, relid))
			return true;
	}
	return false;
}

static void
refuse_fault(const Node *stmt)
{
	MigModelFault fault;

	if (!mig_model_fault_in_code(stmt, &fault) || is_own_membership(stmt) ||
		is_about_created(stmt))
		return;
	ereport(ERROR,
			(errcode(fault.code),
			 errmsg(watch.kind == MIG_WATCH_PROBE ?
					"%s does not run to look at rows" :
					"a model cannot hold %s",
					command_of(stmt)),
			 errdetail_internal("%s", fault.detail),
			 fault.hint == NULL ? 0 : errhint("%s", fault.hint)));
}

/*
 * Does the model itself make a role a member of another?  Dumps of some tools
 * do so in DO blocks before they alter default privileges, and the shadow's
 * end takes it back.
 */
static bool
is_own_membership(const Node *stmt)
{
	return watch.kind == MIG_WATCH_MODEL && GetUserId() == watch.role &&
		IsA(stmt, GrantRoleStmt);
}

/*
 * Does a statement of a script change or drop an extension or a subscription
 * that it has made before?
 */
static bool
is_about_created(const Node *stmt)
{
	const char *subscription;

	if (!is_building())
		return false;
	if (mig_replay_owns_extension(stmt))
		return true;
	if (IsA(stmt, AlterSubscriptionStmt) &&
		!refreshes((const AlterSubscriptionStmt *) stmt))
		subscription = ((const AlterSubscriptionStmt *) stmt)->subname;
	else if (IsA(stmt, DropSubscriptionStmt))
		subscription = ((const DropSubscriptionStmt *) stmt)->subname;
	else
		return false;
	return mig_guard_has_created(SubscriptionRelationId,
								 get_subscription_oid(subscription, true));
}

/* Does it ask the publisher? */
static bool
refreshes(const AlterSubscriptionStmt *stmt)
{
	ListCell   *lc;

	if (stmt->kind == ALTER_SUBSCRIPTION_OPTIONS ||
		stmt->kind == ALTER_SUBSCRIPTION_CONNECTION ||
		stmt->kind == ALTER_SUBSCRIPTION_ENABLED)
		return false;
	foreach(lc, stmt->options)
	{
		DefElem    *option = lfirst_node(DefElem, lc);

		if (strcmp(option->defname, "refresh") == 0 && !defGetBoolean(option))
			return false;
	}
	return true;
}

/* Does a statement create a materialized view with rows? */
static bool
fills_view(const Node *stmt)
{
	const CreateTableAsStmt *create = (const CreateTableAsStmt *) stmt;

	return IsA(stmt, CreateTableAsStmt) &&
		create->objtype == OBJECT_MATVIEW && !create->into->skipData &&
		!OidIsValid(RangeVarGetRelid(create->into->rel, NoLock, true));
}

/* Does a statement fill a materialized view of the model, or empty it? */
static bool
refreshes_view(const Node *stmt)
{
	Oid			relid;

	if (!IsA(stmt, RefreshMatViewStmt))
		return false;
	relid = RangeVarGetRelid(((const RefreshMatViewStmt *) stmt)->relation,
							 NoLock, true);
	return OidIsValid(relid) && get_rel_relkind(relid) == RELKIND_MATVIEW &&
		mig_guard_has_created(RelationRelationId, relid);
}

/* Let a materialized view count as filled, or as not filled. */
static void
fill_nothing(const RangeVar *view, bool populated)
{
	Relation	rel;

	CommandCounterIncrement();
	rel = table_openrv(view, AccessExclusiveLock);
	SetMatViewPopulatedState(rel, populated);
	table_close(rel, NoLock);
}
