/*-------------------------------------------------------------------------
 *
 * model/compare.c
 *	  Holds the database against a model.
 *
 * Here meet what the layers below keep apart: the stored model, the shadow in
 * which it is built, the snapshots of both sides, and the rows that are there.
 * What the revisions build may stand for the database; it has no rows.
 * The live schema is read first, before it is hidden; the model's while it
 * stands; all else happens when the shadow is gone.
 *
 * What is compared is decided here, too: which schemas are managed, and what
 * is left alone in them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/stand_in.h"
#include "model/absent_role.h"
#include "model/bodies.h"
#include "model/compare.h"
#include "model/extension_version.h"
#include "model/fill_marks.h"
#include "model/hazard_rows.h"
#include "model/keepable.h"
#include "model/live.h"
#include "model/live_part.h"
#include "model/model_store.h"
#include "model/probe.h"
#include "model/relocate.h"
#include "model/rename_swap.h"
#include "model/shadow.h"
#include "model/stub.h"
#include "model/unmanaged_tables.h"
#include "run/atomic.h"
#include "sch/dependent.h"
#include "sch/diff.h"
#include "sch/distance.h"
#include "sch/emit.h"
#include "sch/normal.h"
#include "sch/outside.h"
#include "sch/snapshot.h"
#include "util/error.h"
#include "util/guc.h"
#include "util/settings.h"
#include "util/sql.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"

static const char *take_stored(MigComparison *comparison);
static void finish(MigComparing *building);
static void run_diff(MigComparing *building, MigDiff *diff);
static void note_built(MigComparing *building);
static bool compare_kept(MigComparing *building);
static bool stands_for_itself(const MigComparing *building);
static void build(MigComparing *building, MigShadowOptions *options);
static void run_again(MigComparing *building, const MigShadowOptions *options,
					  bool again);
static void decide_swap(MigComparing *building,
						const MigShadowOptions *options, MigSwap *swap);
static MigObject *renamed_object(const MigComparing *building,
								 const MigRename *alias);
static List *renamings(const MigComparing *building, bool back);
static void report_time(const MigComparing *building, instr_time start);
static void begin_history(MigComparing *building);
static bool take_kept_history(MigComparing *building);
static void replay(MigComparing *building);
static void read_built(MigHistory *history, void *arg);
static void read_wanted(const MigShadow *shadow, void *arg);
static void ignore_elsewhere(const MigComparison *comparison);

/*
 * Compare the database with a model, which is built in a shadow; see there for
 * locks and errors.  MG042: there is none, or it defines nothing.  Snapshots
 * and actions live in the current memory context.
 */
void
mig_compare(MigComparison *comparison)
{
	MigComparing *building = palloc0(sizeof(MigComparing));
	MigShadowOptions options = {0};
	int			level = mig_settings_pin();

	building->is_stored = comparison->model == NULL;
	options.stored_by = comparison->model_by = take_stored(comparison);
	mig_scope_search_path(comparison->schema);
	building->comparison = comparison;
	building->model = mig_model_parse(comparison->model,
									  mig_scope_first_schema(),
									  get_namespace_name(comparison->nsp));
	mig_absent_role_report(building->model->absent_roles);
	if (building->model->defines_nothing && !comparison->may_be_empty)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_NO_MODEL),
				 errmsg("the model defines nothing"),
				 errdetail("Everything would be dropped."),
				 errhint("Is a variable not set, or a module of models not imported?")));
	mig_scope_begin(&building->rules, comparison->nsp, comparison->include,
					comparison->exclude);
	comparison->database = building->rules.database;
	building->rules.left = mig_rename_schemas_left(building->model,
												   comparison->renames);
	comparison->schemas = mig_scope_schemas(&building->rules, building->model);
	comparison->unqualified =
		mig_scope_unqualified(comparison->schemas, comparison->qualify &&
							  comparison->schema[0] == '\0');
	building->jobs = mig_jobs_read();
	comparison->parsed = building->model;
	mig_extension_versions_tell(building->model);
	comparison->elsewhere = mig_elsewhere_schemas(building->model,
												  comparison->schemas);
	options.function = comparison->function;
	options.schemas = building->built.schemas =
		mig_scope_to_build(comparison->schemas, building->model);
	options.database = building->rules.database;
	options.privileges = mig_guc_compares("privileges");
	if (comparison->against == NULL)
		options.before = mig_live_read;
	options.within = read_wanted;
	options.arg = building;
	mig_compare_begin_names(building, building->model);
	begin_history(building);
	note_built(building);
	if (!compare_kept(building) &&
		(comparison->in_part == NULL ||
		 !comparison->in_part(building, &options)))
		build(building, &options);
	if (comparison->wanted != NULL)
		finish(building);
	/* a build with assertions has compared snapshots, too */
	Assert(comparison->agreed == NULL ||
		   (mig_compare_count(comparison) == 0 && comparison->unsaid == NIL &&
			strcmp(comparison->agreed,
				   mig_snapshot_summary(comparison->wanted)) == 0));
	AtEOXact_GUC(false, level);
}

/* What is said when the model is gone, and what differs. */
static void
finish(MigComparing *building)
{
	MigComparison *comparison = building->comparison;

	mig_scope_tell_unsaid(comparison->unsaid);
	mig_rename_tell_vain(&building->aliases);
	mig_jobs_tell_vain(building->model, comparison->wanted);
	mig_jobs_tell_strays(&building->jobs, building->model, comparison->live,
						 comparison->wanted);
	mig_compare_prepare(building, &comparison->up,
						comparison->live, comparison->wanted);
	run_diff(building, &comparison->up);
	mig_fill_marks_tell_vain(&comparison->up);
	(void) mig_stand_in_tell(&comparison->up, NULL);
	mig_outside_warn(&comparison->up);
	mig_elsewhere_warn(&comparison->up);
	mig_dependent_warn(&comparison->up);
	mig_bodies_check_live(&comparison->up, comparison->live,
						  comparison->against == NULL);
}

/* Once more if that takes more of the live schema than was read. */
static void
run_diff(MigComparing *building, MigDiff *diff)
{
	bool		reverse = diff->reverse;

	mig_diff_run(diff);
	if (!mig_live_read_rest(building, diff))
		return;
	mig_compare_prepare(building, diff, diff->from, diff->to);
	diff->reverse = reverse;
	mig_diff_run(diff);
}

/* The upgrade script, with what probes have found; '' if nothing differs. */
char *
mig_compare_upgrade(MigComparison *comparison)
{
	int			level = mig_settings_pin();
	const ListCell *lc;
	char	   *script;

	foreach(lc, comparison->up.actions)
		mig_rows_refuse_to_empty(lfirst(lc));
	mig_compare_probe(comparison);
	script = mig_emit_script(&comparison->up);
	AtEOXact_GUC(true, level);
	return script;
}

/*
 * The downgrade script.  What rows there will be then nobody knows, so nobody
 * is asked about its hazards.  It ends the use of the upward comparison, whose
 * marks on the objects it overwrites.
 */
char *
mig_compare_downgrade(MigComparison *comparison)
{
	int			level = mig_settings_pin();
	char	   *script;

	mig_compare_prepare(comparison->building, &comparison->down,
						comparison->up.to, comparison->up.from);
	comparison->down.reverse = true;
	run_diff(comparison->building, &comparison->down);
	mig_dependent_warn(&comparison->down);
	mig_elsewhere_warn(&comparison->down);
	mig_scope_search_path(comparison->schema);
	mig_bodies_check_live(&comparison->down, comparison->live,
						  comparison->against == NULL);
	mig_rows_forget_harmless(comparison->down.actions, comparison->live, NULL);
	script = mig_emit_script(&comparison->down);
	AtEOXact_GUC(true, level);
	return script;
}

/*
 * Ask the rows that are there about the hazards; what revisions build has
 * none, and what was renamed by hand has its new name.
 */
void
mig_compare_probe(MigComparison *comparison)
{
	const MigComparing *building = comparison->building;
	int			level;

	if (comparison->against != NULL)
		return;
	level = mig_settings_pin();
	mig_rows_ask(comparison->up.actions, comparison->live,
				 building->named != NULL ? NULL : &building->aliases);
	AtEOXact_GUC(true, level);
}

/*
 * Take the stored model where none is given.  Returns who stored it, NULL for
 * the caller's own.
 */
static const char *
take_stored(MigComparison *comparison)
{
	MigStoredModel *wanted;

	if (comparison->model != NULL)
		return NULL;
	wanted = mig_model_store_read(comparison->nsp, comparison->branch);
	if (wanted == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_NO_MODEL),
				 errmsg("there is no model"),
				 errhint("Store one with migrate_set_model(), or give it as the argument \"model\".")));
	mig_model_store_refuse(wanted->updated_by);
	comparison->model = wanted->ddl;
	if (comparison->include == NIL)
		comparison->include = wanted->include;
	if (comparison->exclude == NIL)
		comparison->exclude = wanted->exclude;
	return wanted->updated_by;
}

/* What a model says about names and values, and the caller about names. */
void
mig_compare_begin_names(MigComparing *building, const MigModel *model)
{
	MigRenames *aliases = &building->aliases;

	aliases->model = model;
	aliases->schemas = building->comparison->schemas;
	aliases->first_schema = building->rules.first_schema;
	aliases->unqualified = building->comparison->unqualified;
	mig_rename_begin(aliases, building->comparison->renames);
	building->fills = mig_fill_marks_take(model->fillings,
										  building->comparison->unqualified);
}

/* What the snapshot of the model depends on; before it is run. */
static void
note_built(MigComparing *building)
{
	const MigComparison *comparison = building->comparison;
	MigRecipe  *built = &building->built;

	built->nsp = comparison->nsp;
	built->model = building->model;
	built->text = comparison->model;
	built->managed = comparison->schemas;
	built->unqualified = comparison->unqualified;
	built->database = comparison->database;
	built->privileges = mig_guc_compares("privileges");
	built->owners = mig_guc_compares("owners");
	built->described = mig_model_describes_schemas(building->model);
	built->names_role = mig_model_names_role(building->model);
	built->is_keepable = mig_model_is_keepable(building->model) &&
		building->comparison->elsewhere == NIL;
}

/*
 * Compare with what came of the model before, if that still holds, and if no
 * question is left that takes the model itself.  Nothing is written.
 */
static bool
compare_kept(MigComparing *building)
{
	MigComparison *comparison = building->comparison;
	const char *branch = building->is_stored ? comparison->branch : NULL;
	MigKept    *kept;

	building->missing = "The model has statements of which nothing can be kept, such as DO.";
	if (comparison->builds || !building->built.is_keepable)
		return false;
	mig_refuse_in_run(comparison->function);
	kept = mig_kept_find(&building->built, branch, &building->missing);
	if (kept == NULL)
		return false;
	if (stands_for_itself(building))
		comparison->agreed = mig_kept_stands(&building->built, kept);
#ifndef USE_ASSERT_CHECKING
	if (comparison->agreed != NULL)
		return true;
#endif
	comparison->wanted = mig_kept_snapshot(&building->built, branch, kept,
										   &building->missing);
	if (comparison->wanted == NULL)
		return false;
	/* names that change are tried out in the catalogs */
	building->missing = "Something may be renamed.";
	if (building->aliases.wishes != NIL &&
		(XactReadOnly || RecoveryInProgress()))
		return false;
	if (comparison->against == NULL)
		mig_live_read(building);
	else if (!take_kept_history(building))
		return false;
	if (building->aliases.found == NIL && building->aliases.swaps == NIL)
	{
		mig_compare_pair(building);
		building->missing = mig_kept_doubt(&comparison->up,
										   comparison->agrees_only);
		if (building->missing == NULL)
			return true;
	}
	memset(&building->aliases, 0, sizeof(building->aliases));
	building->fills = NIL;
	mig_compare_begin_names(building, building->model);
	return false;
}

/* Nothing is asked of the model but whether it stands there as it is. */
static bool
stands_for_itself(const MigComparing *building)
{
	return building->comparison->may_agree && building->fills == NIL &&
		mig_live_may_stand(building);
}

/* Run the model; see for what objects are to change places. */
static void
build(MigComparing *building, MigShadowOptions *options)
{
	MigSwap    *swap;
	instr_time	start;

	mig_keep_begin(&building->keeping, &building->built);
	options->reason = building->missing;
	INSTR_TIME_SET_CURRENT(start);
	replay(building);
	mig_shadow_run(building->model, options);
	run_again(building, options, mig_compare_refuse_useless(building));
	while ((swap = mig_rename_open_swap(&building->aliases)) != NULL)
		decide_swap(building, options, swap);
	building->comparison->kept = mig_keep_end(&building->keeping,
											  building->comparison->wanted);
	report_time(building, start);
}

/*
 * Run the model once more, and again where something was renamed that the
 * model does not have under the new name either.
 */
static void
run_again(MigComparing *building, const MigShadowOptions *options, bool again)
{
	for (; again; again = mig_compare_refuse_useless(building))
	{
		building->model = mig_model_parse(building->comparison->model,
										  building->rules.first_schema,
										  building->rules.extension_schema);
		building->aliases.model = building->model;
		replay(building);
		mig_shadow_run(building->model, options);
	}
}

/*
 * Are objects to have each other's names, or have they them already?  What
 * differs less from the model is meant; the order of columns decides where
 * nothing else does.
 */
static void
decide_swap(MigComparing *building, const MigShadowOptions *options,
			MigSwap *swap)
{
	MigDistance before = mig_distance(&building->comparison->up);
	MigDistance after;
	int			less;

	swap->state = MIG_SWAP_WANTED;
	run_again(building, options, mig_rename_restart(&building->aliases));
	after = mig_distance(&building->comparison->up);
	less = mig_distance_compare(&before, &after);
	if (less > 0 || (less == 0 && after.order < before.order))
		return;
	swap->state = less == 0 ? MIG_SWAP_UNKNOWN : MIG_SWAP_DONE;
	run_again(building, options, mig_rename_restart(&building->aliases));
}

/* How long the model alone took, which the server cannot do faster. */
static void
report_time(const MigComparing *building, instr_time start)
{
	instr_time	end;

	INSTR_TIME_SET_CURRENT(end);
	INSTR_TIME_SUBTRACT(end, start);
	ereport(DEBUG1,
			(errmsg_internal("built the model in %.3f ms, read and paired in %.3f ms",
							 INSTR_TIME_GET_MILLISEC(end) -
							 INSTR_TIME_GET_MILLISEC(building->reading),
							 INSTR_TIME_GET_MILLISEC(building->reading))));
}

/* Returns whether there were renamed objects without a twin. */
bool
mig_compare_refuse_useless(MigComparing *building)
{
	List	   *useless = NIL;
	const ListCell *lc;

	foreach(lc, building->aliases.found)
	{
		const MigRename *alias = lfirst(lc);
		const MigObject *object = renamed_object(building, alias);

		if (!alias->wish->makes_way &&
			(object == NULL || object->ignored || object->twin == NULL))
			useless = lappend(useless, lfirst(lc));
	}
	if (useless == NIL)
		return false;
	mig_rename_refuse(&building->aliases, useless);
	return true;
}

/* An object with its new name; for a value of an enum, the enum. */
static MigObject *
renamed_object(const MigComparing *building, const MigRename *alias)
{
	const ObjectAddress *address = &alias->address;

	return mig_snapshot_at(building->named != NULL ? building->named :
						   building->comparison->live,
						   address->classId == EnumRelationId ?
						   TypeRelationId : address->classId,
						   address->objectId, address->objectSubId);
}

/* The statements that rename, or that rename back, for a comparison. */
static List *
renamings(const MigComparing *building, bool back)
{
	List	   *list = NIL;
	const ListCell *lc;

	foreach(lc, building->aliases.found)
	{
		const MigRename *alias = lfirst(lc);
		MigRenaming *renaming = palloc(sizeof(MigRenaming));

		renaming->object = renamed_object(building, alias);
		renaming->sql = back ? alias->downgrade : alias->upgrade;
		list = back ? lcons(renaming, list) : lappend(list, renaming);
	}
	return list;
}

/* Load the revisions that stand for the database. */
static void
begin_history(MigComparing *building)
{
	MigComparison *comparison = building->comparison;

	if (comparison->against == NULL)
		return;
	building->history = mig_history_load(comparison->nsp, comparison->schema,
										 comparison->against,
										 comparison->files);
	comparison->from_revisions = true;
	mig_compare_take_history(building);
}

/* What is to be known of revisions, when the shadow is gone and to keep it. */
void
mig_compare_take_history(MigComparing *building)
{
	MigComparison *comparison = building->comparison;
	MigChain   *chain = &building->chain;
	const ListCell *lc;

	building->history->function = comparison->function;
	chain->history = building->history;
	chain->schemas = comparison->schemas;
	chain->unqualified = comparison->unqualified;
	chain->database = comparison->database;
	chain->is_applied = comparison->against == NULL;
	comparison->lesser = building->history->lesser;
	comparison->standing = mig_history_standing(building->history,
												comparison->schemas);
	foreach(lc, building->history->revisions)
	{
		const MigReplayed *revision = lfirst(lc);

		if (revision->how != NULL && strcmp(revision->how, "ran") != 0)
			comparison->stamped = lappend(comparison->stamped,
										  revision->node->revision);
	}
}

/*
 * Take what they built before, if it holds, and if no name is to change and no
 * extension to move, which is tried out where they stand.
 */
static bool
take_kept_history(MigComparing *building)
{
	MigComparison *comparison = building->comparison;
	MigSnapshot *kept;

	if (building->aliases.wishes != NIL ||
		mig_relocations(building->model) != NIL)
		return false;
	kept = mig_chain_find(&building->chain);
	if (kept == NULL)
		return false;
	comparison->live = comparison->start = kept;
	comparison->own_schemas = comparison->schemas;
	return true;
}

/* Read what they build, if there are any. */
static void
replay(MigComparing *building)
{
	MigComparison *comparison = building->comparison;

	if (building->history == NULL)
		return;
	if (!take_kept_history(building))
	{
		mig_chain_begin(&building->chain);
		mig_history_run(building->history, comparison->schemas, read_built,
						building);
		mig_chain_end(&building->chain);
		comparison->hidden = NULL;
	}
	mig_history_tell_skipped(building->history);
}

static void
read_built(MigHistory *history, void *arg)
{
	MigComparing *building = arg;
	MigComparison *comparison = building->comparison;

	mig_history_play_all(history);
	comparison->hidden = history->shadow->hidden;
	comparison->stubs = history->shadow->stubs;
	mig_live_read(building);
	if (building->rules.extensions_own != NIL)
		mig_chain_refuse(&building->chain, "An extension is to be moved.");
	mig_chain_read(&building->chain, comparison->live);
	if (!mig_bodies_check_all(comparison->live))
		mig_chain_refuse(&building->chain, "A body is not valid.");
}

/* While the shadow stands: read it, and pair it with what is live. */
static void
read_wanted(const MigShadow *shadow, void *arg)
{
	MigComparing *building = arg;
	MigComparison *comparison = building->comparison;
	MigScope	scope;
	instr_time	start;
	instr_time	end;

	INSTR_TIME_SET_CURRENT(start);
	scope = mig_compare_scope(comparison, shadow);
	comparison->wanted = mig_snapshot_read(&scope);
	mig_keep_snapshot(&building->keeping, comparison->wanted, &scope);
	mig_compare_pair(building);
	mig_normal_equalise(&comparison->up, &scope);
	mig_bodies_check_wanted(&comparison->up);
	INSTR_TIME_SET_CURRENT(end);
	INSTR_TIME_ACCUM_DIFF(building->reading, end, start);
}

static void
ignore_elsewhere(const MigComparison *comparison)
{
	mig_elsewhere_ignore(comparison->parsed, comparison->schemas,
						 comparison->own_schemas, comparison->live);
	mig_elsewhere_ignore(comparison->parsed, comparison->schemas,
						 comparison->own_schemas, comparison->wanted);
}

/* Pair both sides, but for what is not to be compared. */
void
mig_compare_pair(MigComparing *building)
{
	MigComparison *comparison = building->comparison;

	mig_compare_prepare(building, &comparison->up,
						comparison->live, comparison->wanted);
	ignore_elsewhere(comparison);
	mig_jobs_ignore(&building->jobs, building->model, comparison->live,
					comparison->wanted);
	comparison->unsaid = mig_scope_filter(&building->rules, building->model,
										  comparison->live,
										  comparison->wanted);
	ignore_elsewhere(comparison);
	mig_diff_pair(&comparison->up);
}

/* What is to be read of a shadow of the managed schemas. */
MigScope
mig_compare_scope(const MigComparison *comparison, const MigShadow *shadow)
{
	MigScope	scope = {.hidden = shadow->hidden};
	const ListCell *lc;

	foreach(lc, shadow->schemas)
	{
		const MigShadowSchema *schema = lfirst(lc);

		if (OidIsValid(schema->shadow) &&
			(mig_has_name(comparison->schemas, schema->name) ||
			 mig_has_name(comparison->own_schemas, schema->name) ||
			 mig_has_name(comparison->elsewhere, schema->name)))
			scope.namespaces = lappend_oid(scope.namespaces, schema->shadow);
	}
	mig_stub_read(&scope, shadow->stubs);
	scope.unqualified = comparison->unqualified;
	scope.database = comparison->database;
	scope.privileges = mig_guc_compares("privileges");
	return scope;
}

void
mig_compare_prepare(MigComparing *building, MigDiff *diff,
					MigSnapshot *from, MigSnapshot *to)
{
	MigComparison *comparison = building->comparison;

	mig_scope_begin_diff(diff, from, to, GetUserId());
	diff->safe_constraints = mig_guc_safe_constraints();
	diff->of_revisions = building->history != NULL &&
		comparison->against == NULL;
	comparison->building = building;
	diff->fills = building->fills;
	diff->renames = renamings(building, diff == &comparison->down);
}
