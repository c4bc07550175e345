/*-------------------------------------------------------------------------
 *
 * model/generate.c
 *	  Makes a revision of what differs between database and model, or of what
 *	  there is in the database.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/compare_applied.h"
#include "model/compare_print.h"
#include "model/generate.h"
#include "model/proof.h"
#include "rev/graph_source.h"
#include "rev/plan.h"
#include "rev/resolve.h"
#include "rev/trust.h"
#include "rev/undo_hint.h"
#include "run/authoring.h"
#include "run/pipeline.h"
#include "sch/action.h"
#include "sch/code.h"
#include "sch/emit.h"
#include "util/error.h"

#include "miscadmin.h"
#include "utils/builtins.h"

/* Hazards, and roles whose code a script has, that a message lists */
#define PLACES_SHOWN	20

/* Where a new revision goes, and what has become of it. */
typedef struct Placement
{
	const char *head;
	const char *against;		/* see MigComparison */
	bool		amend;
	MigRevision *old;			/* the revision to amend */
	bool		any_heads;
} Placement;

static void place_revision(Oid nsp, const char *schema_name,
						   Placement *placement);
static void require_parent(MigGraph *graph, MigNode *node);
static MigNode *only_head(Oid nsp, MigGraph *graph, const char *head);
static char *store_revision(const MigComparison *comparison,
							const Placement *placement, MigDraft *draft);
static void amend_revision(Oid nsp, const MigRevision *old,
						   const MigDraft *draft);
static void note_code(MigDraft *draft, const MigDiff *diff, bool live);
static void note_model(MigDraft *draft, const char *role);
static void note_revisions(MigDraft *draft, const List *roles);
static void note_other(MigDraft *draft, const char *role, const char *what);
static void suggest_baseline(const MigComparison *comparison);
static void announce_hazards(const MigComparison *comparison,
							 const char *revision);
static bool list_hazards(StringInfo buf, const MigDiff *diff, bool *loses);
static bool is_announced(const MigDiff *diff, const MigHazard *hazard);

/*
 * Compare, and store a revision of what differs; "amend" puts it into the one
 * head, which must not be applied.
 *
 * The caller has begun with mig_authoring_begin.  Returns the revision's id,
 * or NULL if there is no difference.
 */
char *
mig_generate(MigComparison *comparison, MigDraft *draft, bool amend)
{
	Placement	placement = {.head = draft->head,.amend = amend};
	char	   *revision;

	placement.against = comparison->against;
	place_revision(comparison->nsp, comparison->schema, &placement);
	mig_compare(comparison);
	if (!placement.any_heads && comparison->against == NULL)
		suggest_baseline(comparison);
	if (mig_compare_count(comparison) == 0 && !amend)
	{
		ereport(NOTICE,
				(errmsg(comparison->unsaid == NIL ?
						"%s and model agree, no revision was made" :
						"the %s has what the model says, no revision was made",
						mig_compared_name(comparison))));
		return NULL;
	}
	note_model(draft, comparison->model_by);
	note_revisions(draft, comparison->lesser);
	draft->upgrade_sql = mig_compare_upgrade(comparison);
	note_code(draft, &comparison->up, false);
	draft->downgrade_sql = mig_compare_downgrade(comparison);
	note_code(draft, &comparison->down, true);
	draft->upgrade_sql = mig_prove_generated(comparison, false,
											 draft->upgrade_sql,
											 draft->downgrade_sql);
	revision = store_revision(comparison, &placement, draft);
	announce_hazards(comparison, revision);
	return revision;
}

/*
 * Store what was changed by hand here as a revision, and record it as applied.
 *
 * The caller has begun with mig_authoring_begin.  Returns the revision's id,
 * or NULL if nothing was.
 */
char *
mig_generate_capture(MigComparison *comparison, MigDraft *draft)
{
	Placement	placement = {.head = draft->head};
	MigRequest	request = {0};
	char	   *revision;

	place_revision(comparison->nsp, comparison->schema, &placement);
	mig_compare_applied(comparison);
	if (mig_compare_count(comparison) == 0 && !comparison->is_own_here)
	{
		ereport(NOTICE,
				(errmsg("nothing was changed by hand, no revision was made")));
		return NULL;
	}
	note_revisions(draft, comparison->lesser);
	draft->downgrade_sql = mig_compare_capture_downgrade(comparison);
	note_code(draft, &comparison->down, false);
	draft->upgrade_sql = mig_compare_capture_upgrade(comparison);
	if (draft->upgrade_sql[0] == '\0' && draft->downgrade_sql[0] == '\0')
	{
		ereport(NOTICE,
				(errmsg("no revision can do what was changed by hand, none was made")));
		return NULL;
	}
	note_code(draft, &comparison->up, true);
	draft->upgrade_sql = mig_prove_generated(comparison, false,
											 draft->upgrade_sql,
											 draft->downgrade_sql);
	draft->is_done = true;
	revision = store_revision(comparison, &placement, draft);
	request.function = comparison->function;
	request.nsp = comparison->nsp;
	request.target = revision;
	request.schema_name = comparison->schema;
	request.quiet = request.captured = true;
	mig_pipeline_stamp(&request);
	ereport(NOTICE,
			(errmsg("stored what was changed by hand as revision \"%s\", recorded as applied",
					revision),
			 errhint("SELECT migrate_export(%s) gives its file. On databases that have the change already: SELECT migrate_stamp(%s).",
					 quote_literal_cstr(revision),
					 quote_literal_cstr(revision))));
	return revision;
}

/*
 * Store the first revision, of what there is, and record it as applied.
 *
 * The caller has begun with mig_authoring_begin.  Returns the revision's id.
 */
char *
mig_generate_baseline(MigComparison *comparison, MigDraft *draft)
{
	MigOccasion occasion = mig_occasion("", NULL);
	Placement	placement = {.head = draft->head};
	MigRequest	request = {0};
	Oid			nsp = comparison->nsp;
	char	   *revision;

	place_revision(nsp, "", &placement);
	if (placement.any_heads)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_BAD_PARENT),
				 errmsg("there are revisions already"),
				 errdetail("A baseline is the first of all revisions."),
				 errhint("migrate_autogenerate() makes a revision of what differs from the model; migrate_stamp() records what is applied.")));
	draft->upgrade_sql = mig_compare_print_live(comparison);
	note_code(draft, &comparison->up, true);
	draft->downgrade_sql = mig_compare_downgrade(comparison);
	draft->upgrade_sql = mig_prove_generated(comparison, true,
											 draft->upgrade_sql,
											 draft->downgrade_sql);
	mig_authoring_check(draft, draft->rev_id ? draft->rev_id : draft->message,
						false, true);
	draft->is_done = true;
	revision = mig_author_create(nsp, &occasion, draft);
	request.function = "migrate_baseline";
	request.nsp = nsp;
	request.target = revision;
	request.schema_name = "";
	request.quiet = true;
	mig_pipeline_stamp(&request);
	ereport(NOTICE,
			(errmsg("stored revision \"%s\" as the baseline, recorded as applied",
					revision),
			 errhint("SELECT migrate_schema_sql() gives the same as a model, for migrate_set_model().")));
	return revision;
}

/*
 * See where the new revision goes: what it stands on must be applied, or the
 * changes of those revisions would be in the new one, too (MG020).  Not where
 * it is compared with what revisions build.
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

		foreach(lc, placement->against != NULL ? NIL :
				mig_graph_nodes(graph, mig_node_ids(head->down)))
			require_parent(graph, lfirst(lc));
		placement->old = mig_author_find(&tables, head->revision);
	}
	else if (placement->any_heads && placement->against == NULL &&
			 strcmp(placement->head, "base") != 0)
	{
		foreach(lc, mig_resolve_upgrade(graph, placement->head))
			require_parent(graph, lfirst(lc));
	}
	mig_tables_close(&tables);
}

/*
 * Where a part of the history is not applied, its changes would be found as
 * differences.
 */
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

/*
 * Returns the revision's id.  A value of an enumerated type that is used at
 * once is to be committed before, which the texts alone may not tell.
 */
static char *
store_revision(const MigComparison *comparison, const Placement *placement,
			   MigDraft *draft)
{
	MigOccasion occasion = mig_occasion("", NULL);
	Oid			nsp = comparison->nsp;
	bool		commits = mig_action_any_warns(comparison->up.actions,
											   MIG_ENUM_USED_AT_ONCE);

	mig_authoring_check(draft, placement->amend ? placement->old->revision :
						draft->rev_id ? draft->rev_id : draft->message,
						commits, !commits);
	if (placement->amend)
	{
		amend_revision(nsp, placement->old, draft);
		return placement->old->revision;
	}
	mig_author_check_message(nsp, draft->message,
							 "migrate_show() shows a revision; the first argument here is a message.");
	return mig_author_create(nsp, &occasion, draft);
}

/* Put new scripts in place of the old ones; a verify script stays. */
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

/* What revisions build is the text of those who have stored them. */
static void
note_revisions(MigDraft *draft, const List *roles)
{
	const ListCell *lc;

	foreach(lc, superuser() ? roles : NIL)
		note_other(draft, lfirst(lc), "revisions");
}

/* Names a few, and says with dots that there are more. */
static void
note_other(MigDraft *draft, const char *role, const char *what)
{
	int			n = list_length(draft->others);

	draft->others = lappend(unconstify(List *, draft->others),
							pstrdup(role));
	if (n == 0)
		draft->others_have = psprintf("%s of role %s", what, role);
	else if (n < PLACES_SHOWN)
		draft->others_have = psprintf("%s, %s of role %s", draft->others_have,
									  what, role);
	else if (n == PLACES_SHOWN)
		draft->others_have = psprintf("%s, ...", draft->others_have);
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

/* What in a new revision is to be looked at before it runs. */
static void
announce_hazards(const MigComparison *comparison, const char *revision)
{
	StringInfoData buf;
	const char *hint = psprintf("SELECT * FROM migrate_show(%s) shows it, migrate_edit() changes it.",
								quote_literal_cstr(revision));
	bool		loses = false;

	initStringInfo(&buf);
	if (list_hazards(&buf, &comparison->up, &loses))
		ereport(loses ? WARNING : NOTICE,
				(errmsg(loses ? "the upgrade script loses data" :
						"the upgrade script is to be looked at before it runs"),
				 errdetail_internal("%s", buf.data),
				 errhint("%s", hint)));
	resetStringInfo(&buf);
	if (list_hazards(&buf, &comparison->down, &loses))
		ereport(NOTICE,
				(errmsg("the downgrade script may fail, or is to be completed"),
				 errdetail_internal("%s", buf.data),
				 errhint("%s", hint)));
}

/*
 * Append the hazards that are announced; "loses" tells whether rows that are
 * there lose data.
 */
static bool
list_hazards(StringInfo buf, const MigDiff *diff, bool *loses)
{
	int			n = 0;
	const ListCell *lc;
	const ListCell *lh;

	foreach(lc, diff->actions)
	{
		foreach(lh, ((const MigAction *) lfirst(lc))->hazards)
		{
			const MigHazard *hazard = lfirst(lh);

			if (!is_announced(diff, hazard))
				continue;
			*loses |= hazard->code == MIG_LOSES_DATA && !hazard->no_rows;
			if (n++ < PLACES_SHOWN)
				appendStringInfo(buf, "%s%s", n > 1 ? "\n" : "",
								 mig_emit_hazard(hazard));
		}
	}
	if (n > PLACES_SHOWN)
		appendStringInfo(buf, "\n... and %d more", n - PLACES_SHOWN);
	return n > 0;
}

/*
 * Is it about more than locks, and not known to be about no row?  Of a
 * downgrade, which undoes what nobody has done yet, it is said what may stand
 * in its way.
 */
static bool
is_announced(const MigDiff *diff, const MigHazard *hazard)
{
	if (diff->reverse)
		return hazard->code == MIG_MAY_FAIL ||
			hazard->code == MIG_NEEDS_ATTENTION ||
			hazard->code == MIG_DEPENDS_OUTSIDE;
	return mig_hazard_is_announced(hazard->code) && !hazard->harmless;
}
