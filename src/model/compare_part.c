/*-------------------------------------------------------------------------
 *
 * model/compare_part.c
 *	  A comparison with a model of which only a part is built.
 *
 * Where the snapshot of another model is kept, and holds, and the two are much
 * the same, the statements that differ are run, with what they need and what
 * needs them; the rest is as before.  See part.c for which these are, and
 * sch/snapshot_merge.c for what is made of it.
 *
 * The other model is the one that the session has built last, or the stored
 * one.  Whatever is in doubt lets the whole be built: that is always right.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/bodies.h"
#include "model/compare_part.h"
#include "model/keepable.h"
#include "model/live.h"
#include "model/live_part.h"
#include "model/model_store.h"
#include "model/part.h"
#include "model/relocate.h"
#include "model/shadow.h"
#include "rev/trust.h"
#include "sch/normal.h"
#include "sch/snapshot_merge.h"
#include "sch/snapshot_text.h"
#include "util/settings.h"
#include "util/subxact.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "miscadmin.h"
#include "utils/guc.h"
#include "utils/hsearch.h"

/*
 * Of fewer objects to read all of the live schema is cheaper than an imprint
 * and the plans of other queries.
 */
#ifdef USE_ASSERT_CHECKING
#define MANY_OBJECTS	0
#else
#define MANY_OBJECTS	2000
#endif

/* A part that is built. */
typedef struct Partial
{
	MigComparing *building;
	MigShadowOptions options;
	const char *text;			/* of the other model */
	const char *branch;			/* of it; NULL: it is not stored */
	MigModel   *model;			/* the same, parsed */
	MigKept    *kept;			/* what is kept of it */
	MigSnapshot *before;		/* its snapshot */
	MigPart		part;
	const char *why;			/* why the whole is to be built, or NULL */
#ifdef USE_ASSERT_CHECKING
	char	   *frozen;			/* what has come of it, before it is paired */
#endif
} Partial;

static bool is_possible(const MigComparing *building);
static bool find_before(Partial *partial);
static bool take_before(Partial *partial, const char *source,
						const char *branch);
static void parse_before(void *arg);
static MigModel *parse_again(const char *source, const MigScopeRules *rules,
							 bool may_run);
static MigRecipe recipe_before(const Partial *partial);
static bool read_stands(Partial *partial);
static void find_part(Partial *partial, const MigSnapshot *live);
static bool build_part(Partial *partial);
static void run_part(void *arg);
static void read_part(const MigShadow *shadow, void *arg);
static List *all_references(const Partial *partial, const MigSnapshot *read);
static const char *unsure_name(const MigPart *part, const MigSnapshot *before,
							   const MigSnapshot *read);
static const char *unsure_pair(const MigDiff *diff);
static void begin_anew(MigComparing *building);
#ifdef USE_ASSERT_CHECKING
static void check_whole(Partial *partial);
static void read_whole(const MigShadow *shadow, void *arg);
#endif

/*
 * Compare, if it can be done so.  Returns false if nothing has been compared;
 * then the model is to be run, and can be; the live schema may have been read.
 */
bool
mig_compare_part(MigComparing *building, MigShadowOptions *options)
{
	Partial		partial = {.building = building,.options = *options};
	int			n = building->model->script->nstatements;

	if (!is_possible(building) || !find_before(&partial))
		return false;
	if (!read_stands(&partial))
	{
		mig_live_read(building);
		find_part(&partial, building->comparison->live);
		if (partial.part.whole != NULL)
			options->before = NULL;
	}
	partial.why = partial.part.whole;
	if (partial.why == NULL && build_part(&partial))
	{
		ereport(DEBUG1,
				(errmsg_internal("built %d of %d statements of the model, the rest is as before",
								 partial.part.nruns, n)));
		return true;
	}
	ereport(DEBUG1,
			(errmsg_internal("the model is built as a whole: %s",
							 partial.why)));
	return false;
}

/* What is renamed or moved is found while the whole stands. */
static bool
is_possible(const MigComparing *building)
{
	return !building->comparison->builds && building->built.is_keepable &&
		building->aliases.wishes == NIL && building->history == NULL &&
		mig_relocations(building->model) == NIL &&
		!XactReadOnly && !RecoveryInProgress();
}

/* Is anything known of a model that may be much the same? */
static bool
find_before(Partial *partial)
{
	MigComparing *building = partial->building;
	const MigComparison *comparison = building->comparison;
	const char *kept = mig_kept_text();
	MigStoredModel *stored;

	if (kept != NULL && take_before(partial, kept, NULL))
		return true;
	if (building->is_stored || comparison->branch == NULL)
		return false;
	stored = mig_model_store_read(comparison->nsp, comparison->branch);
	return stored != NULL &&
		(mig_trust_role(stored->updated_by) ||
		 strcmp(stored->updated_by,
				GetUserNameFromId(GetUserId(), false)) == 0) &&
		take_before(partial, stored->ddl, comparison->branch);
}

/* Take what is kept of a model, if it holds; see mig_kept_find(). */
static bool
take_before(Partial *partial, const char *source, const char *branch)
{
	MigRecipe	recipe;
	const char *missing;

	partial->text = source;
	partial->branch = branch;
	if (mig_subxact_try(parse_before, partial) != NULL)
		return false;
	recipe = recipe_before(partial);
	if (!recipe.is_keepable)
		return false;
	partial->kept = mig_kept_find(&recipe, branch, &missing);
	if (partial->kept == NULL)
		return false;
	partial->before = mig_kept_snapshot(&recipe, branch, partial->kept,
										&missing);
	return partial->before != NULL;
}

static void
parse_before(void *arg)
{
	Partial    *partial = arg;
	const MigScopeRules *rules = &partial->building->rules;

	partial->model = parse_again(partial->text, rules, false);
}

/* What the scanner has to say of a text was said, or will be. */
static MigModel *
parse_again(const char *source, const MigScopeRules *rules, bool may_run)
{
	const char *first = rules->first_schema;
	const char *own = rules->extension_schema;
	int			guc_level = NewGUCNestLevel();
	MigModel   *model;

	mig_settings_set("client_min_messages", "error");
	model = may_run ? mig_model_parse(source, first, own) :
		mig_model_read(source, first, own);
	AtEOXact_GUC(true, guc_level);
	return model;
}

/* As the model itself, but for what its text says. */
static MigRecipe
recipe_before(const Partial *partial)
{
	MigRecipe	recipe = partial->building->built;

	recipe.text = partial->text;
	recipe.model = partial->model;
	recipe.names_role = mig_model_names_role(partial->model);
	recipe.is_keepable = mig_model_is_keepable(partial->model);
	return recipe;
}

/*
 * Find the part where the database stands as the other model, of whose
 * snapshot the rest of the live schema is taken.  Returns false if that must
 * be read first.
 */
static bool
read_stands(Partial *partial)
{
	MigComparing *building = partial->building;
	MigRecipe	recipe = recipe_before(partial);
	const char *missing;
	MigSnapshot *live;

	if (list_length(partial->before->objects) < MANY_OBJECTS ||
		!mig_live_may_stand(building) || partial->model->partitioned != NIL ||
		mig_relocations(partial->model) != NIL ||
		mig_kept_stands(&recipe, partial->kept) == NULL)
		return false;
	find_part(partial, NULL);
	if (partial->part.whole != NULL)
		return true;
	live = mig_kept_snapshot(&recipe, partial->branch, partial->kept,
							 &missing);
	return live != NULL && mig_live_read_part(building, live, partial->before);
}

/* By the live schema, or NULL where it is as the other model. */
static void
find_part(Partial *partial, const MigSnapshot *live)
{
	mig_part_find(&partial->part, partial->building->model, partial->model,
				  partial->before, live);
}

/* Returns false if the whole is to be built after all. */
static bool
build_part(Partial *partial)
{
	MigComparing *building = partial->building;
	bool	   *skipped = building->model->skipped;
	int			n = building->model->script->nstatements;
	ErrorData  *error;

	mig_keep_begin(&building->keeping, &building->built);
	partial->options.reason = building->missing;
	partial->options.within = read_part;
	partial->options.arg = partial;
	partial->options.before = NULL;
	building->model->skipped = palloc0(sizeof(bool) * (n + 1));
	for (int i = 0; i < n; i++)
		building->model->skipped[i] = skipped[i] || !partial->part.runs[i];
	error = mig_subxact_try(run_part, partial);
	building->model->skipped = skipped;
	if (error != NULL)
	{
		mig_subxact_raise_outer(error);
		partial->why = error->message;
	}
	if (partial->why != NULL)
	{
		begin_anew(building);
		return false;
	}
#ifdef USE_ASSERT_CHECKING
	check_whole(partial);
#endif
	building->comparison->kept = mig_keep_end(&building->keeping,
											  building->comparison->wanted);
	return true;
}

static void
run_part(void *arg)
{
	const Partial *partial = arg;

	mig_shadow_run(partial->building->model, &partial->options);
}

/* While the part stands: read it, and pair what comes of it with the rest. */
static void
read_part(const MigShadow *shadow, void *arg)
{
	Partial    *partial = arg;
	MigComparing *building = partial->building;
	MigComparison *comparison = building->comparison;
	MigScope	scope = mig_compare_scope(comparison, shadow);
	MigSnapshot *read = mig_snapshot_read(&scope);

	partial->why = unsure_name(&partial->part, partial->before, read);
	if (partial->why == NULL)
		partial->why = mig_part_number(&partial->part, partial->before);
	if (partial->why == NULL)
		partial->why = mig_part_number(&partial->part, read);
	if (partial->why == NULL)
		comparison->wanted = mig_merge(partial->before, read, &partial->why);
	if (partial->why != NULL)
		return;
	mig_keep_merged(&building->keeping, comparison->wanted,
					all_references(partial, read));
#ifdef USE_ASSERT_CHECKING
	partial->frozen = mig_freeze(comparison->wanted, "");
#endif
	mig_compare_pair(building);
	partial->why = unsure_pair(&comparison->up);
	if (partial->why == NULL)
		mig_normal_equalise(&comparison->up, &scope);
}

/* What the rest refers to and what the part does, each once. */
static List *
all_references(const Partial *partial, const MigSnapshot *read)
{
	List	   *all = mig_key_addresses(partial->kept->outside);
	HASHCTL		ctl = {.keysize = sizeof(MigAddress),
		.entrysize = sizeof(MigAddress),
	.hcxt = CurrentMemoryContext};
	HTAB	   *known = hash_create("pg_migrations references of a part", 64,
									&ctl, HASH_ELEM | HASH_BLOBS |
									HASH_CONTEXT);
	const ListCell *lc;

	foreach(lc, all)
		(void) hash_search(known, lfirst(lc), HASH_ENTER, NULL);
	foreach(lc, mig_key_references(read))
	{
		bool		found;

		(void) hash_search(known, lfirst(lc), HASH_ENTER, &found);
		if (!found)
			all = lappend(all, lfirst(lc));
	}
	hash_destroy(known);
	return all;
}

/* A new name that a statement has which does not run; NULL: there is none. */
static const char *
unsure_name(const MigPart *part, const MigSnapshot *before,
			const MigSnapshot *read)
{
	const ListCell *lc;

	foreach(lc, read->objects)
	{
		const MigObject *object = lfirst(lc);
		const char *name = mig_merge_name(object);

		if (name != NULL && object->kind->id != MIG_COLUMN &&
			mig_snapshot_find(before, object->kind->id,
							  object->identity) == NULL &&
			mig_part_leaves(part, name))
			return psprintf("%s %s is new, and another statement has its name",
							object->kind->name, object->identity);
	}
	return NULL;
}

/*
 * What only the whole could tell of the comparison, a phrase, or NULL: see
 * mig_kept_doubt().  What stands in the part can be asked there.
 */
static const char *
unsure_pair(const MigDiff *diff)
{
	const ListCell *lc;

	if (mig_bodies_to_be_checked(diff) != NULL)
		return "the body of a routine is to be checked";
	foreach(lc, diff->from->objects)
	{
		const MigObject *from = lfirst(lc);
		MigObject  *object = from->twin;

		if (object != NULL && !from->ignored && mig_merge_stays(object) &&
			mig_normal_doubts(from, object))
			return psprintf("the definitions of %s %s may mean the same",
							object->kind->name, object->identity);
	}
	return NULL;
}

/* The parse trees are used up, and names were looked for. */
static void
begin_anew(MigComparing *building)
{
	building->model = parse_again(building->comparison->model,
								  &building->rules, true);
	building->built.model = building->model;
	building->comparison->parsed = building->model;
	memset(&building->aliases, 0, sizeof(building->aliases));
	building->fills = NIL;
	mig_compare_begin_names(building, building->model);
}

#ifdef USE_ASSERT_CHECKING
/* What comes of the part must be what comes of the whole. */
static void
check_whole(Partial *partial)
{
	MigShadowOptions options = partial->options;
	MigModel   *model = parse_again(partial->building->comparison->model,
									&partial->building->rules, true);

	options.within = read_whole;
	mig_shadow_run(model, &options);
}

static void
read_whole(const MigShadow *shadow, void *arg)
{
	const Partial *partial = arg;
	MigScope	scope = mig_compare_scope(partial->building->comparison,
										  shadow);

	mig_merge_check(mig_thaw(partial->frozen, ""),
					mig_snapshot_read(&scope));
}
#endif
