/*-------------------------------------------------------------------------
 *
 * api/autogen.c
 *	  SQL functions for the model: its differences from the database, the
 *	  scripts that follow from them, checks.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "api/result.h"
#include "model/compare.h"
#include "model/model_store.h"
#include "model/rename.h"
#include "rev/author.h"
#include "rev/graph_source.h"
#include "rev/plan.h"
#include "rev/resolve.h"
#include "rev/trust.h"
#include "rev/undo.h"
#include "run/authoring.h"
#include "run/lock.h"
#include "run/pipeline.h"
#include "sch/action.h"
#include "sch/code.h"
#include "sch/emit.h"
#include "util/arg.h"
#include "util/error.h"
#include "util/sql.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "tcop/utility.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

/* Differences that an error message lists */
#define DIFFERENCES_SHOWN	20

PG_FUNCTION_INFO_V1(migrate_set_model);
PG_FUNCTION_INFO_V1(migrate_get_model);
PG_FUNCTION_INFO_V1(migrate_diff);
PG_FUNCTION_INFO_V1(migrate_autogenerate_sql);
PG_FUNCTION_INFO_V1(migrate_autogenerate);
PG_FUNCTION_INFO_V1(migrate_check);
PG_FUNCTION_INFO_V1(migrate_schema_sql);
PG_FUNCTION_INFO_V1(migrate_baseline);

/* Where a new revision goes, and what has become of it. */
typedef struct Placement
{
	char	   *head;
	bool		amend;
	MigRevision *old;			/* the revision to amend */
	bool		any_heads;
} Placement;

static void begin_comparison(FunctionCallInfo fcinfo, const char *function,
							 MigComparison *comparison);
static void add_renaming(MigResultRow *row, int n,
						 const MigRenaming *renaming);
static List *texts_arg(FunctionCallInfo fcinfo, int n);
static List *renames_arg(FunctionCallInfo fcinfo, int n);
static void place_revision(Oid nsp, const char *schema_name,
						   Placement *placement);
static void require_parent(MigGraph *graph, MigNode *node);
static MigNode *only_head(Oid nsp, MigGraph *graph, const char *head);
static char *store_revision(FunctionCallInfo fcinfo, Oid nsp,
							const Placement *placement, MigDraft *draft);
static void note_code(MigDraft *draft, const MigDiff *diff, bool live);
static void note_model(MigDraft *draft, const char *role);
static void note_other(MigDraft *draft, const char *role, const char *what);
static void announce_hazards(const MigComparison *comparison,
							 const char *revision);
static bool is_serious(const MigHazard *hazard);
static void suggest_baseline(const MigComparison *comparison);
static void amend_revision(Oid nsp, const MigRevision *old,
						   const MigDraft *draft);
static void refuse_behind(const MigComparison *comparison);
static bool is_separate(const MigPlan *plan);
static void refuse_differences(MigComparison *comparison, const char *more);
static char *given_arguments(const MigComparison *comparison);
static void append_names(StringInfo buf, const char *argument,
						 const List *names);
static bool is_whole_table(const MigAction *action);
static void append_difference(StringInfo buf, const MigAction *action, int n);
static void store_baseline(FunctionCallInfo fcinfo, Oid nsp, MigDraft *draft,
						   char **revision);

Datum
migrate_set_model(PG_FUNCTION_ARGS)
{
	Oid			nsp = mig_arg_schema_oid(fcinfo);
	MigComparison comparison = {0};
	MigStoredModel wanted = {0};
	char	   *branch;

	comparison.function = "migrate_set_model";
	comparison.nsp = nsp;
	comparison.model = wanted.ddl = mig_arg_required(fcinfo, 0, "ddl");
	branch = mig_arg_required(fcinfo, 1, "branch");
	comparison.include = wanted.include = texts_arg(fcinfo, 2);
	comparison.exclude = wanted.exclude = texts_arg(fcinfo, 3);
	comparison.schema = "";
	comparison.qualify = true;
	mig_compare(&comparison);
	mig_model_store_write(nsp, branch, &wanted);
	ereport(NOTICE,
			(errmsg("model: %s", mig_compare_summary(comparison.wanted)),
			 mig_compare_count(&comparison) == 0 ?
			 errdetail("Database and model agree.") :
			 errdetail_plural("There is %d difference from the database.",
							  "There are %d differences from the database.",
							  mig_compare_count(&comparison),
							  mig_compare_count(&comparison))));
	PG_RETURN_VOID();
}

Datum
migrate_get_model(PG_FUNCTION_ARGS)
{
	MigStoredModel *wanted = mig_model_store_read(mig_arg_schema_oid(fcinfo),
												  mig_arg_required(fcinfo, 0, "branch"));

	if (wanted == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(wanted->ddl));
}

Datum
migrate_diff(PG_FUNCTION_ARGS)
{
	MigComparison comparison = {0};
	MigResultRow row;
	const ListCell *lc;
	const ListCell *hazard;
	int			n = 0;

	begin_comparison(fcinfo, "migrate_diff", &comparison);
	comparison.renames = renames_arg(fcinfo, 4);
	comparison.qualify = true;
	mig_compare(&comparison);
	mig_compare_probe(&comparison);
	mig_result_begin(fcinfo, &row);
	foreach(lc, comparison.up.renames)
		add_renaming(&row, ++n, lfirst(lc));
	foreach(lc, comparison.up.actions)
	{
		MigAction  *action = lfirst(lc);
		StringInfoData hazards;

		initStringInfo(&hazards);
		foreach(hazard, action->hazards)
			appendStringInfo(&hazards, "%s%s", hazards.len > 0 ? "; " : "",
							 mig_emit_hazard(lfirst(hazard)));
		mig_result_add(&row, Int32GetDatum(++n));
		mig_result_add_text(&row, mig_action_verb(action));
		mig_result_add_text(&row, action->object->kind->name);
		mig_result_add_text(&row, action->object->identity);
		mig_result_add_text(&row, hazards.len > 0 ? hazards.data : NULL);
		mig_result_add_text(&row, mig_emit_action(&comparison.up, action));
		mig_result_end_row(&row);
	}
	return (Datum) 0;
}

Datum
migrate_autogenerate_sql(PG_FUNCTION_ARGS)
{
	MigComparison comparison = {0};
	TupleDesc	desc;
	Datum		values[2];
	bool		nulls[2] = {false, false};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	begin_comparison(fcinfo, "migrate_autogenerate_sql", &comparison);
	comparison.renames = renames_arg(fcinfo, 4);
	comparison.qualify = mig_arg_bool(fcinfo, 5, true);
	comparison.may_be_empty = true;
	mig_compare(&comparison);
	values[0] = CStringGetTextDatum(mig_compare_upgrade(&comparison));
	values[1] = CStringGetTextDatum(mig_compare_downgrade(&comparison));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc),
													  values, nulls)));
}

Datum
migrate_autogenerate(PG_FUNCTION_ARGS)
{
	Oid			nsp = mig_arg_schema_oid(fcinfo);
	MigComparison comparison = {0};
	Placement	placement = {0};
	MigDraft	draft = {0};
	char	   *revision;

	draft.action = "revision";
	draft.message = mig_arg_required(fcinfo, 0, "message");
	comparison.model = mig_arg_text(fcinfo, 1);
	comparison.schema = mig_target_schema(mig_arg_text(fcinfo, 2), false);
	comparison.include = texts_arg(fcinfo, 3);
	comparison.exclude = texts_arg(fcinfo, 4);
	comparison.renames = renames_arg(fcinfo, 5);
	comparison.qualify = mig_arg_bool(fcinfo, 6, true);
	comparison.function = "migrate_autogenerate";
	comparison.nsp = nsp;
	comparison.branch = "";
	placement.amend = mig_arg_bool(fcinfo, 7, false);
	placement.head = mig_arg_required(fcinfo, 8, "head");
	draft.rev_id = mig_arg_text(fcinfo, 9);
	draft.branch_label = mig_arg_text(fcinfo, 10);
	draft.depends_on = mig_arg_text(fcinfo, 11);
	draft.head = placement.head;
	mig_authoring_begin(fcinfo, "migrate_autogenerate", placement.amend);
	place_revision(nsp, comparison.schema, &placement);
	mig_compare(&comparison);
	if (!placement.any_heads)
		suggest_baseline(&comparison);
	if (mig_compare_count(&comparison) == 0 && !placement.amend)
	{
		ereport(NOTICE,
				(errmsg("database and model agree, no revision was made")));
		PG_RETURN_NULL();
	}
	note_model(&draft, comparison.model_by);
	draft.upgrade_sql = mig_compare_upgrade(&comparison);
	note_code(&draft, &comparison.up, false);
	draft.downgrade_sql = mig_compare_downgrade(&comparison);
	note_code(&draft, &comparison.down, true);
	revision = store_revision(fcinfo, nsp, &placement, &draft);
	announce_hazards(&comparison, revision);
	PG_RETURN_TEXT_P(cstring_to_text(revision));
}

Datum
migrate_check(PG_FUNCTION_ARGS)
{
	MigComparison comparison = {0};
	char	   *given;

	begin_comparison(fcinfo, "migrate_check", &comparison);
	given = given_arguments(&comparison);
	comparison.qualify = true;
	mig_compare(&comparison);
	refuse_behind(&comparison);
	if (mig_compare_count(&comparison) > 0)
		refuse_differences(&comparison, given);
	ereport(NOTICE,
			(errmsg("database and model agree (%s)",
					mig_compare_summary(comparison.wanted))));
	PG_RETURN_VOID();
}

Datum
migrate_schema_sql(PG_FUNCTION_ARGS)
{
	MigComparison comparison = {0};

	comparison.function = "migrate_schema_sql";
	comparison.nsp = mig_arg_schema_oid(fcinfo);
	comparison.include = texts_arg(fcinfo, 0);
	comparison.exclude = texts_arg(fcinfo, 1);
	mig_result_lines(fcinfo, mig_compare_print_live(&comparison));
	return (Datum) 0;
}

Datum
migrate_baseline(PG_FUNCTION_ARGS)
{
	Oid			nsp = mig_arg_schema_oid(fcinfo);
	MigComparison comparison = {0};
	MigDraft	draft = {0};
	char	   *revision;

	draft.action = "revision";
	draft.message = mig_arg_required(fcinfo, 0, "message");
	comparison.function = "migrate_baseline";
	comparison.nsp = nsp;
	comparison.include = texts_arg(fcinfo, 1);
	comparison.exclude = texts_arg(fcinfo, 2);
	draft.rev_id = mig_arg_text(fcinfo, 3);
	draft.head = "base";
	mig_authoring_begin(fcinfo, "migrate_baseline", false);
	draft.upgrade_sql = mig_compare_print_live(&comparison);
	note_code(&draft, &comparison.up, true);
	draft.downgrade_sql = mig_compare_downgrade(&comparison);
	store_baseline(fcinfo, nsp, &draft, &revision);
	PG_RETURN_TEXT_P(cstring_to_text(revision));
}

static void
add_renaming(MigResultRow *row, int n, const MigRenaming *renaming)
{
	mig_result_add(row, Int32GetDatum(n));
	mig_result_add_text(row, "rename");
	mig_result_add_text(row, renaming->object->kind->name);
	mig_result_add_text(row, renaming->object->identity);
	mig_result_add_text(row, NULL);
	mig_result_add_text(row, psprintf("%s;\n", renaming->sql));
	mig_result_end_row(row);
}

/* The arguments that come first in all functions that compare. */
static void
begin_comparison(FunctionCallInfo fcinfo, const char *function,
				 MigComparison *comparison)
{
	comparison->function = function;
	comparison->nsp = mig_arg_schema_oid(fcinfo);
	comparison->model = mig_arg_text(fcinfo, 0);
	comparison->branch = "";
	comparison->schema = mig_target_schema(mig_arg_text(fcinfo, 1), false);
	comparison->include = texts_arg(fcinfo, 2);
	comparison->exclude = texts_arg(fcinfo, 3);
}

/* A text[] as a list of strings; null is the empty list. */
static List *
texts_arg(FunctionCallInfo fcinfo, int n)
{
	ArrayType  *array;

	if (PG_ARGISNULL(n))
		return NIL;
	array = PG_GETARG_ARRAYTYPE_P(n);
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("lists of schemas and patterns must not contain nulls")));
	return mig_text_array_list(PointerGetDatum(array));
}

/* {"public.users.name": "full_name", ...} as MigNameChange. */
static List *
renames_arg(FunctionCallInfo fcinfo, int n)
{
	JsonbIterator *iterator;
	JsonbValue	value;
	JsonbIteratorToken token;
	MigNameChange *change = NULL;
	List	   *changes = NIL;

	if (PG_ARGISNULL(n))
		return NIL;
	iterator = JsonbIteratorInit(&PG_GETARG_JSONB_P(n)->root);
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
		{
			change = palloc0(sizeof(MigNameChange));
			change->old = pnstrdup(value.val.string.val, value.val.string.len);
		}
		else if (token == WJB_VALUE && change != NULL &&
				 value.type == jbvString)
		{
			change->name = pnstrdup(value.val.string.val,
									value.val.string.len);
			changes = lappend(changes, change);
		}
		else if (token != WJB_BEGIN_OBJECT && token != WJB_END_OBJECT)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("renames must be an object of strings"),
					 errhint("For example: {\"public.users.name\": \"full_name\"}.")));
	}
	return changes;
}

/*
 * See where the new revision goes: what it stands on must be applied, or the
 * changes of those revisions would be in the new one, too (MG020).
 */
static void
place_revision(Oid nsp, const char *schema_name, Placement *placement)
{
	MigTables	tables;
	MigGraph   *graph;
	const ListCell *lc;

	mig_tables_open(&tables, nsp, schema_name, false);
	graph = mig_tables_graph(&tables);
	placement->any_heads = mig_graph_heads(graph, false) != NIL;
	if (placement->amend)
	{
		MigNode    *head = only_head(nsp, graph, placement->head);

		foreach(lc, mig_graph_nodes(graph, head->row.down))
			require_parent(graph, lfirst(lc));
		placement->old = mig_author_find(&tables, head->revision);
	}
	else if (placement->any_heads && strcmp(placement->head, "base") != 0)
	{
		foreach(lc, mig_resolve_upgrade(graph, placement->head))
			require_parent(graph, lfirst(lc));
	}
	mig_tables_close(&tables);
}

static void
require_parent(MigGraph *graph, MigNode *node)
{
	if (node->row.applied && !node->row.late)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_MIG_BEHIND),
			 errmsg("the database is behind: revision \"%s\" is not applied",
					node->revision),
			 errdetail("What it does would be generated once more."),
			 errhint("%s applies it; amend => true generates it anew, migrate_remove(%s) takes it away.",
					 mig_pipeline_call(mig_plan_upgrade(graph,
														list_make1(node)),
									   node->revision, graph->schema_name),
					 quote_literal_cstr(node->revision))));
}

/*
 * MG020 where revisions wait to be applied: what differs from the model may
 * be what they do.
 */
static void
refuse_behind(const MigComparison *comparison)
{
	MigTables	tables;
	MigGraph   *graph;
	MigPlan    *pending;
	List	   *all;
	List	   *heads = NIL;
	ListCell   *lc;

	mig_tables_open(&tables, comparison->nsp, comparison->schema, false);
	graph = mig_tables_graph(&tables);
	all = mig_graph_heads(graph, true);
	foreach(lc, all)
	{
		pending = mig_plan_upgrade(graph, list_make1(lfirst(lc)));
		if (mig_graph_tips(graph) == NIL || !is_separate(pending))
			heads = lappend(heads, lfirst(lc));
	}
	pending = mig_plan_upgrade(graph, heads);
	if (pending->nsteps > 0)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_BEHIND),
				 errmsg("the database is behind: revision \"%s\" is not applied",
						pending->steps[0].node->revision),
				 errdetail_plural("%d revision is pending.",
								  "%d revisions are pending.",
								  pending->nsteps, pending->nsteps),
				 errhint("%s applies what is pending.",
						 mig_pipeline_call(pending, list_length(all) == 1 ?
										   "head" : mig_node_names(heads, 0),
										   comparison->schema))));
	mig_tables_close(&tables);
}

/*
 * Do the steps to a head begin at a base?  Where other revisions are applied
 * such a head may be meant for other target schemas.
 */
static bool
is_separate(const MigPlan *plan)
{
	for (int i = 0; i < plan->nsteps; i++)
	{
		ListCell   *lc;

		foreach(lc, plan->steps[i].node->down)
		{
			if (((MigNode *) lfirst(lc))->row.applied)
				return false;
		}
	}
	return plan->nsteps > 0;
}

/* The head that is to be generated anew; it must not be applied. */
static MigNode *
only_head(Oid nsp, MigGraph *graph, const char *head)
{
	List	   *heads = mig_resolve_upgrade(graph, head);
	MigNode    *node;

	if (list_length(heads) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_SEVERAL_HEADS),
				 errmsg("one revision can be amended, \"%s\" is %d", head,
						list_length(heads)),
				 errhint("SELECT * FROM migrate_heads() lists the heads.")));
	node = linitial(heads);
	if (node->row.applied)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_IS_APPLIED),
				 errmsg("cannot amend revision \"%s\" because it is applied",
						node->revision),
				 errhint("%s Or leave out amend => true.",
						 mig_undo_text(nsp, node->revision))));
	return node;
}

/* Returns the revision's id. */
static char *
store_revision(FunctionCallInfo fcinfo, Oid nsp, const Placement *placement,
			   MigDraft *draft)
{
	MigOccasion occasion = mig_occasion("", NULL);

	mig_authoring_check(draft, placement->amend ? placement->old->revision :
						draft->rev_id ? draft->rev_id : draft->message,
						false, true);
	if (placement->amend)
	{
		amend_revision(nsp, placement->old, draft);
		return placement->old->revision;
	}
	mig_author_check_message(nsp, draft->message,
							 "migrate_show() shows a revision; the first argument here is a message.");
	return mig_author_create(nsp, &occasion, draft);
}

/* Note whose code is in a script, which a superuser would vouch for. */
static void
note_code(MigDraft *draft, const MigDiff *diff, bool live)
{
	const ListCell *lc;

	foreach(lc, superuser() ? mig_code_carried(diff, live) : NIL)
	{
		const MigCode *code = lfirst(lc);

		note_other(draft, code->role, code->object);
	}
}

/* A stored model is the text of the role that stored it. */
static void
note_model(MigDraft *draft, const char *role)
{
	if (role != NULL && !mig_trust_role(role))
		note_other(draft, role, "the model");
}

static void
note_other(MigDraft *draft, const char *role, const char *what)
{
	int			n = list_length(draft->others);

	draft->others = lappend(unconstify(List *, draft->others),
							pstrdup(role));
	if (n == 0)
		draft->others_have = psprintf("%s of role %s", what, role);
	else if (n < DIFFERENCES_SHOWN)
		draft->others_have = psprintf("%s, %s of role %s", draft->others_have,
									  what, role);
	else if (n == DIFFERENCES_SHOWN)
		draft->others_have = psprintf("%s, ...", draft->others_have);
}

/* What in a new upgrade script is to be looked at before it runs. */
static void
announce_hazards(const MigComparison *comparison, const char *revision)
{
	StringInfoData buf;
	bool		loses = false;
	int			n = 0;
	const ListCell *lc;
	const ListCell *lh;

	initStringInfo(&buf);
	foreach(lc, comparison->up.actions)
	{
		foreach(lh, ((const MigAction *) lfirst(lc))->hazards)
		{
			const MigHazard *hazard = lfirst(lh);

			if (!is_serious(hazard))
				continue;
			loses |= hazard->code == MIG_LOSES_DATA;
			if (n++ < DIFFERENCES_SHOWN)
				appendStringInfo(&buf, "%s%s", n > 1 ? "\n" : "",
								 mig_emit_hazard(hazard));
		}
	}
	if (n == 0)
		return;
	if (n > DIFFERENCES_SHOWN)
		appendStringInfo(&buf, "\n... and %d more", n - DIFFERENCES_SHOWN);
	ereport(loses ? WARNING : NOTICE,
			(errmsg(loses ? "the upgrade script loses data" :
					"the upgrade script may fail, or is to be completed"),
			 errdetail_internal("%s", buf.data),
			 errhint("SELECT * FROM migrate_show(%s) shows it, migrate_edit() changes it.",
					 quote_literal_cstr(revision))));
}

/* Is it about more than locks, and about rows that there are? */
static bool
is_serious(const MigHazard *hazard)
{
	if (hazard->result != NULL && strncmp(hazard->result, "0 rows", 6) == 0)
		return false;
	return hazard->code == MIG_LOSES_DATA || hazard->code == MIG_MAY_FAIL ||
		hazard->code == MIG_NEEDS_ATTENTION;
}

/* Tables, and no revision that has made them: where do they come from? */
static void
suggest_baseline(const MigComparison *comparison)
{
	int			n = 0;
	const ListCell *lc;

	foreach(lc, comparison->live->objects)
	{
		const MigObject *object = lfirst(lc);

		n += object->kind->id == MIG_TABLE && !object->ignored;
	}
	if (n == 0)
		return;
	ereport(NOTICE,
			(errmsg_plural("the database has %d table, and no revision has made it",
						   "the database has %d tables, and no revision has made them",
						   n, n),
			 errhint("SELECT migrate_baseline() makes the first revision of what is there.")));
}

static void
amend_revision(Oid nsp, const MigRevision *old, const MigDraft *draft)
{
	MigOccasion occasion = mig_occasion("", NULL);
	MigChange	change = {0};

	change.upgrade_sql = draft->upgrade_sql;
	change.checksum = draft->checksum;
	change.downgrade_sql = draft->downgrade_sql;
	change.transactional = draft->transactional;
	change.counts = draft->counts;
	change.counts.verify = old->counts.verify;
	change.others = draft->others;
	change.others_have = draft->others_have;
	mig_author_split_message(draft->message, &change.message,
							 &change.description);
	mig_author_change(nsp, &occasion, old, &change, "generated anew");
	ereport(NOTICE,
			(errmsg("generated revision \"%s\" anew", old->revision)));
}

/* MG021, with what differs. */
static void
refuse_differences(MigComparison *comparison, const char *given)
{
	StringInfoData buf;
	int			n = 0;
	const ListCell *lc;

	initStringInfo(&buf);
	foreach(lc, comparison->up.renames)
		appendStringInfo(&buf, "%s%s", n++ > 0 ? "\n" : "",
						 ((const MigRenaming *) lfirst(lc))->sql);
	/* whole tables first: they say most */
	foreach(lc, comparison->up.actions)
	{
		if (is_whole_table(lfirst(lc)))
			append_difference(&buf, lfirst(lc), n++);
	}
	foreach(lc, comparison->up.actions)
	{
		if (!is_whole_table(lfirst(lc)))
			append_difference(&buf, lfirst(lc), n++);
	}
	if (n > DIFFERENCES_SHOWN)
		appendStringInfo(&buf, "\n... and %d more", n - DIFFERENCES_SHOWN);
	ereport(ERROR,
			(errcode(ERRCODE_MIG_DIFFERS),
			 errmsg_plural("database and model differ in %d place",
						   "database and model differ in %d places", n, n),
			 errdetail_internal("%s", buf.data),
			 errhint("SELECT * FROM %s shows them with their statements; SELECT %s makes a revision of them.",
					 mig_call_with("migrate_diff", NULL, comparison->schema,
								   given),
					 mig_call_with("migrate_autogenerate", "...",
								   comparison->schema, given))));
}

/* The arguments that say what to compare, as they would be written. */
static char *
given_arguments(const MigComparison *comparison)
{
	StringInfoData buf;

	initStringInfo(&buf);
	if (comparison->model != NULL)
		appendStringInfoString(&buf, "model => ...");
	append_names(&buf, "include", comparison->include);
	append_names(&buf, "exclude", comparison->exclude);
	return buf.data;
}

static void
append_names(StringInfo buf, const char *argument, const List *names)
{
	const ListCell *lc;

	if (names == NIL)
		return;
	appendStringInfo(buf, "%s%s => ARRAY[", buf->len > 0 ? ", " : "", argument);
	foreach(lc, names)
		appendStringInfo(buf, "%s%s",
						 foreach_current_index(lc) == 0 ? "" : ", ",
						 quote_literal_cstr(lfirst(lc)));
	appendStringInfoChar(buf, ']');
}

static bool
is_whole_table(const MigAction *action)
{
	return action->object->kind->id == MIG_TABLE &&
		(action->op == MIG_OP_CREATE || action->op == MIG_OP_DROP);
}

/* Append a line, unless there are enough; n were there before. */
static void
append_difference(StringInfo buf, const MigAction *action, int n)
{
	if (n >= DIFFERENCES_SHOWN)
		return;
	appendStringInfo(buf, "%s%s %s %s", n > 0 ? "\n" : "",
					 mig_action_verb(action), action->object->kind->name,
					 action->object->identity);
	if (action->detail != NULL)
		appendStringInfo(buf, " (%s)", action->detail);
}

/* Store the first revision, and record it as applied. */
static void
store_baseline(FunctionCallInfo fcinfo, Oid nsp, MigDraft *draft,
			   char **revision)
{
	MigOccasion occasion = mig_occasion("", NULL);
	MigRequest	request = {0};
	MigTables	tables;
	bool		any;

	mig_tables_open(&tables, nsp, "", false);
	any = mig_graph_heads(mig_tables_graph(&tables), false) != NIL;
	mig_tables_close(&tables);
	if (any)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_BAD_PARENT),
				 errmsg("there are revisions already"),
				 errdetail("A baseline is the first of all revisions."),
				 errhint("migrate_autogenerate() makes a revision of what differs from the model; migrate_stamp() records what is applied.")));
	mig_authoring_check(draft, draft->rev_id ? draft->rev_id : draft->message,
						false, true);
	draft->is_done = true;
	*revision = mig_author_create(nsp, &occasion, draft);
	request.function = "migrate_baseline";
	request.nsp = nsp;
	request.target = *revision;
	request.schema_name = "";
	request.quiet = true;
	mig_pipeline_stamp(&request);
	ereport(NOTICE,
			(errmsg("stored revision \"%s\" as the baseline, recorded as applied",
					*revision),
			 errhint("SELECT migrate_schema_sql() gives the same as a model, for migrate_set_model().")));
}
