/*-------------------------------------------------------------------------
 *
 * model/compare_applied.c
 *	  Holds the database against what the revisions applied there build.
 *
 * As model/compare.c does with a model.  The way there undoes what somebody
 * has changed by hand; the way back makes a revision of it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/stand_in.h"
#include "model/bodies.h"
#include "model/compare_applied.h"
#include "model/live.h"
#include "model/parse.h"
#include "model/relocate.h"
#include "model/rename.h"
#include "sch/diff.h"
#include "sch/emit.h"
#include "sch/normal.h"
#include "sch/snapshot.h"
#include "util/settings.h"
#include "util/sql.h"

#include "utils/guc.h"

static void take_schemas(MigComparing *building, List *schemas);
static bool finds_schemas(MigComparing *building);
static bool take_kept(MigComparing *building);
static void replay(MigComparing *building);
static bool finds_relocations(MigComparing *building);
static List *schemas_of(const MigComparing *building);
static void read_applied(MigHistory *history, void *arg);
static void read_renamed(void *arg);

/*
 * Compare the database with what the revisions that are applied there build,
 * in place of a model: what somebody has changed by hand.
 */
void
mig_compare_applied(MigComparison *comparison)
{
	MigComparing *building = palloc0(sizeof(MigComparing));
	int			level = mig_settings_pin();

	mig_scope_search_path(comparison->schema);
	building->comparison = comparison;
	building->history = mig_history_load_applied(comparison->nsp,
												 comparison->schema);
	mig_scope_begin(&building->rules, comparison->nsp, comparison->include,
					comparison->exclude);
	building->jobs = mig_jobs_read();
	comparison->database = building->rules.database;
	take_schemas(building, schemas_of(building));
	do
	{
		if (!take_kept(building))
			replay(building);
	} while (finds_schemas(building) || finds_relocations(building));
	mig_history_tell_skipped(building->history);
	mig_rename_tell_vain(&building->aliases);
	comparison->by_rows = building->history->by_rows;
	mig_compare_prepare(building, &comparison->up,
						comparison->live, comparison->wanted);
	mig_diff_run(&comparison->up);
	comparison->is_own_here = mig_stand_in_tell(&comparison->up,
												"what the revisions build");
	mig_bodies_check_live(&comparison->up, comparison->live, true);
	AtEOXact_GUC(false, level);
}

/* These are compared: read them. */
static void
take_schemas(MigComparing *building, List *schemas)
{
	MigComparison *comparison = building->comparison;

	comparison->schemas = schemas;
	comparison->unqualified =
		mig_scope_unqualified(comparison->schemas,
							  comparison->schema[0] == '\0');
	comparison->stamped = NIL;
	memset(&building->aliases, 0, sizeof(building->aliases));
	mig_compare_take_history(building);
	mig_live_read(building);
	mig_compare_begin_names(building,
							mig_model_parse("", building->rules.first_schema,
											building->rules.extension_schema));
}

/* Has the replay come upon a schema that nothing told of? */
static bool
finds_schemas(MigComparing *building)
{
	List	   *schemas = schemas_of(building);

	if (list_length(schemas) == list_length(building->comparison->schemas))
		return false;
	take_schemas(building, schemas);
	return true;
}

/*
 * Take what they built before, if it holds, and if no question is left that
 * takes the shadow.
 */
static bool
take_kept(MigComparing *building)
{
	MigComparison *comparison = building->comparison;

	if (building->aliases.wishes != NIL)
		return false;
	comparison->wanted = mig_chain_find(&building->chain);
	if (comparison->wanted == NULL)
		return false;
	building->replayed = building->named = comparison->wanted;
	mig_compare_pair(building);
	if (mig_normal_doubt(&comparison->up) == NULL)
		return true;
	mig_live_read(building);
	return false;
}

/*
 * Has somebody moved an extension?  Then the database is read with it where it
 * was, so that what uses its types and functions compares equal.
 */
static bool
finds_relocations(MigComparing *building)
{
	MigComparison *comparison = building->comparison;

	if (building->relocations != NIL)
		return false;
	building->relocations = mig_relocations_between(comparison->live,
													comparison->wanted);
	if (building->relocations == NIL)
		return false;
	mig_live_read(building);
	return true;
}

/* Again where something was renamed in vain. */
static void
replay(MigComparing *building)
{
	do
	{
		mig_chain_begin(&building->chain);
		mig_history_run(building->history, building->comparison->schemas,
						read_applied, building);
		mig_chain_end(&building->chain);
	} while (mig_compare_refuse_useless(building));
}

/* Those that are included; else those of the revisions, or all there are. */
static List *
schemas_of(const MigComparing *building)
{
	const MigComparison *comparison = building->comparison;
	List	   *schemas = list_copy(building->history->built.schemas);
	const ListCell *lc;

	if (comparison->include != NIL)
		return mig_scope_schemas(&building->rules, NULL);
	if (comparison->schema[0] != '\0')
		return list_make1(pstrdup(comparison->schema));
	foreach(lc, building->rules.database ?
			mig_scope_schemas(&building->rules, NULL) : NIL)
	{
		if (!mig_has_name(schemas, lfirst(lc)))
			schemas = lappend(schemas, lfirst(lc));
	}
	return schemas;
}

/*
 * While the shadow stands: build all, and read it with the names that it has,
 * too.
 */
static void
read_applied(MigHistory *history, void *arg)
{
	MigComparing *building = arg;
	MigComparison *comparison = building->comparison;
	MigScope	scope;

	mig_history_play_all(history);
	mig_rename_run(&building->aliases, read_renamed, building);
	building->replayed = comparison->wanted;
	if (building->aliases.found == NIL)
		return;
	scope = mig_compare_scope(comparison, history->shadow);
	building->replayed = mig_snapshot_read(&scope);
	mig_history_describe(history, building->replayed);
}

/* What was built, with the names that somebody has given by hand. */
static void
read_renamed(void *arg)
{
	MigComparing *building = arg;
	MigComparison *comparison = building->comparison;
	MigScope	scope = mig_compare_scope(comparison,
										  building->history->shadow);

	comparison->wanted = building->named = mig_snapshot_read(&scope);
	mig_chain_read(&building->chain, comparison->wanted);
	mig_compare_pair(building);
	mig_normal_equalise(&comparison->up, &scope);
	mig_bodies_check_wanted(&comparison->up);
	if (!mig_bodies_check_all(comparison->wanted))
		mig_chain_refuse(&building->chain, "A body is not valid.");
}

/* The script that undoes what mig_compare_applied() has found. */
char *
mig_compare_capture_downgrade(MigComparison *comparison)
{
	int			level = mig_settings_pin();
	char	   *script;

	mig_compare_prepare(comparison->building, &comparison->down,
						comparison->live, comparison->wanted);
	comparison->down.reverse = comparison->down.captures = true;
	mig_diff_run(&comparison->down);
	mig_scope_search_path(comparison->schema);
	mig_bodies_check_live(&comparison->down, comparison->live, true);
	script = mig_emit_script(&comparison->down);
	AtEOXact_GUC(true, level);
	return script;
}

/*
 * The script that does it again; to be called behind the other one.  From here
 * on it is a comparison that begins with what the revisions build.
 */
char *
mig_compare_capture_upgrade(MigComparison *comparison)
{
	MigSnapshot *live = comparison->live;
	int			level = mig_settings_pin();
	char	   *script;

	mig_compare_prepare(comparison->building, &comparison->up,
						comparison->wanted, live);
	comparison->up.captures = true;
	mig_diff_run(&comparison->up);
	(void) mig_stand_in_tell(&comparison->up, "the database");
	mig_scope_search_path(comparison->schema);
	mig_bodies_check_live(&comparison->up, live, true);
	script = mig_emit_script(&comparison->up);
	comparison->live = comparison->wanted;
	comparison->start = comparison->building->replayed;
	comparison->wanted = live;
	comparison->from_revisions = comparison->captures = true;
	AtEOXact_GUC(true, level);
	return script;
}
