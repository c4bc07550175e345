/*-------------------------------------------------------------------------
 *
 * model/kept.c
 *	  Snapshots of models that were built before.
 *
 * A session remembers what came of the model that it has built last.  What
 * comes of a stored model stands beside it, in table migrate_built, written by
 * migrate_set_model() alone: so the author of the one is the author of the
 * other.  Either is believed if its key is what it would be now, see
 * kept_key.c.
 *
 * The table is not dumped; a copy of the data directory brings it along to
 * another server, where the key is another.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/bodies.h"
#include "model/extension_comment.h"
#include "model/kept.h"
#include "model/repeatable.h"
#include "sch/imprint.h"
#include "sch/normal.h"
#include "sch/snapshot_text.h"
#include "util/spi.h"
#include "util/subxact.h"

#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

/* between the parts of a key, in the table */
#define BETWEEN	"--\n"

/* What the session has built last; NULL: nothing. */
static MigKept *remembered = NULL;
static MemoryContext memory = NULL;

/* What imprints are taken of, and the one */
typedef struct Standing
{
	const MigRecipe *built;
	List	   *schemas;		/* Oid */
	char	   *imprint;		/* or NULL */
} Standing;

static void remember(const MigKept *kept);
static void take_imprint(void *arg);
static char *differing_line(const char *one, const char *other);
static char *difference(const MigRecipe *built, const char *key,
						const MigKept *kept);
static MigKept *read_key(Oid nsp, const char *branch);
static char *take_part(char **at);
static char *read_text(Oid nsp, const char *branch, const char *query);
static void tell_once(const char *what);

/*
 * What is kept of a model and holds, or NULL; then *missing says why there is
 * none, a sentence.  The branch is NULL for a model that is not stored.
 */
MigKept *
mig_kept_find(const MigRecipe *built, const char *branch, const char **missing)
{
	char	   *key = mig_key_of(built);
	MigKept    *kept;
	char	   *changed;

	*missing = "This session has not built the model before.";
	if (remembered != NULL && difference(built, key, remembered) == NULL)
		return remembered;
	if (branch == NULL)
		return NULL;
	*missing = "Nothing is kept of what comes of the stored model.";
	kept = read_key(built->nsp, branch);
	if (kept == NULL)
		return NULL;
	changed = difference(built, key, kept);
	if (changed == NULL)
		return kept;
	*missing = psprintf("What is kept of the model no longer holds: %s.",
						changed);
	tell_once(changed);
	return NULL;
}

/* Its snapshot, in a context below the current one; NULL: as above. */
MigSnapshot *
mig_kept_snapshot(const MigRecipe *built, const char *branch, MigKept *kept,
				  const char **missing)
{
	MigSnapshot *snapshot = NULL;

	if (kept->snapshot == NULL)
		kept->snapshot = read_text(built->nsp, branch,
								   "SELECT snapshot FROM @migrate_built WHERE branch = $1");
	if (kept->snapshot != NULL)
		snapshot = mig_thaw(kept->snapshot,
							GetUserNameFromId(GetUserId(), false));
	if (snapshot == NULL)
		*missing = "What is kept of the model cannot be read.";
	return snapshot;
}

/*
 * Does the database stand in the catalogs as the model did?  Then what there
 * is, for people; else NULL, which does not mean that anything differs.  No
 * lock is kept.
 */
char *
mig_kept_stands(const MigRecipe *built, const MigKept *kept)
{
	const char *wanted = strchr(kept->imprint, '\n');
	Standing	standing = {.built = built};
	const char *imprint;
	const ListCell *lc;

	if (wanted == NULL)
		return NULL;
	foreach(lc, built->managed)
	{
		Oid			nsp = get_namespace_oid(lfirst(lc), true);

		if (!OidIsValid(nsp) ||
			OidIsValid(getExtensionOfObject(NamespaceRelationId, nsp)))
			return NULL;
		standing.schemas = lappend_oid(standing.schemas, nsp);
	}
	if (!mig_extension_comments_stand(built->model, built->database))
		return NULL;
	mig_subxact_run(take_imprint, &standing);
	imprint = standing.imprint;
	if (imprint == NULL || strcmp(imprint, wanted + 1) != 0)
	{
		ereport(DEBUG1,
				(errmsg_internal("the database does not stand in the catalogs as the model did: %s",
								 imprint == NULL ? "unknown" :
								 differing_line(imprint, wanted + 1))));
		return NULL;
	}
	ereport(DEBUG1,
			(errmsg_internal("the database stands in the catalogs as the model did")));
	return pnstrdup(kept->imprint, wanted - kept->imprint);
}

static void
take_imprint(void *arg)
{
	Standing   *standing = arg;

	standing->imprint = mig_imprint(NULL, standing->schemas,
									standing->built->described);
}

/* What two imprints differ in first, a catalog or a schema. */
static char *
differing_line(const char *one, const char *other)
{
	const char *line = one;

	for (; *one == *other && *one != '\0'; one++, other++)
	{
		if (*one == '\n')
			line = one + 1;
	}
	return pnstrdup(line, strcspn(line, " "));
}

/* What a key differs in from what it would be now, or NULL. */
static char *
difference(const MigRecipe *built, const char *key, const MigKept *kept)
{
	char	   *changed = mig_key_difference(key, kept->key);
	List	   *addresses;

	if (changed != NULL)
		return changed;
	addresses = mig_key_addresses(kept->outside);
	if (strcmp(mig_key_outside(built, addresses), kept->outside) == 0)
		return NULL;
	return pstrdup("what it refers to in other schemas");
}

/*
 * What only the model itself could tell of a comparison with what is kept, a
 * sentence, or NULL: do texts that differ mean the same, and are bodies of
 * routines valid?  The latter only scripts have to know.
 */
const char *
mig_kept_doubt(const MigDiff *diff, bool agrees_only)
{
	const MigObject *object = mig_normal_doubt(diff);

	if (object != NULL)
		return psprintf("The definitions of %s %s differ in their texts, and may mean the same.",
						object->kind->name, object->identity);
	object = agrees_only ? NULL : mig_bodies_to_be_checked(diff);
	if (object != NULL)
		return psprintf("The body of %s %s is to be checked.",
						object->kind->name, object->identity);
	return NULL;
}

/* A model is about to be built. */
void
mig_keep_begin(MigKeeping *keeping, const MigRecipe *built)
{
	keeping->built = built;
	if (!built->is_keepable)
		return;
	keeping->kept = palloc0(sizeof(MigKept));
	keeping->kept->key = mig_key_of(built);
}

/* The text of what the session has built last; NULL: nothing. */
const char *
mig_kept_text(void)
{
	return remembered == NULL ? NULL : remembered->text;
}

/*
 * The snapshot is made of another, see sch/snapshot_merge.c; not compared yet.
 * What stands in the catalogs is but a part of it.
 */
void
mig_keep_merged(MigKeeping *keeping, MigSnapshot *snapshot, List *references)
{
	if (keeping->kept == NULL)
		return;
	keeping->kept->snapshot = mig_freeze(snapshot,
										 GetUserNameFromId(GetUserId(),
														   false));
	keeping->references = references;
	/* as DEFAULT 'today' is another one tomorrow */
	if (mig_repeatable_has_time(keeping->kept->snapshot))
		keeping->kept = NULL;
}

/* The model stands, and was read, but not compared. */
void
mig_keep_snapshot(MigKeeping *keeping, MigSnapshot *snapshot,
				  const MigScope *scope)
{
	if (keeping->kept == NULL)
		return;
	if (scope->stubs == NIL)
		keeping->kept->imprint = mig_imprint(NULL, scope->namespaces,
											 keeping->built->described);
	mig_keep_merged(keeping, snapshot, mig_key_references(snapshot));
}

/*
 * The model is gone, and its snapshot was compared.  Returns what is kept of
 * it, which the session remembers; NULL if it cannot be kept, or something has
 * changed meanwhile.
 */
MigKept *
mig_keep_end(MigKeeping *keeping, const MigSnapshot *snapshot)
{
	MigKept    *kept = keeping->kept;
	const ListCell *lc;

	if (kept == NULL ||
		strcmp(mig_key_of(keeping->built), kept->key) != 0)
		return NULL;
	kept->text = pstrdup(keeping->built->text);
	kept->outside = mig_key_outside(keeping->built, keeping->references);
	/* what was left out of the comparison stands in the catalogs */
	foreach(lc, snapshot->objects)
	{
		if (((const MigObject *) lfirst(lc))->ignored)
			kept->imprint = NULL;
	}
	kept->imprint = kept->imprint == NULL ? pstrdup("") :
		psprintf("%s\n%s", mig_snapshot_summary(snapshot), kept->imprint);
	remember(kept);
	return kept;
}

/* Instead of the one before. */
static void
remember(const MigKept *kept)
{
	MemoryContext old;
	MigKept    *copy;

	remembered = NULL;
	if (memory == NULL)
		memory = AllocSetContextCreate(TopMemoryContext,
									   "pg_migrations kept snapshot",
									   ALLOCSET_DEFAULT_SIZES);
	MemoryContextReset(memory);
	old = MemoryContextSwitchTo(memory);
	copy = palloc(sizeof(MigKept));
	copy->key = pstrdup(kept->key);
	copy->outside = pstrdup(kept->outside);
	copy->imprint = pstrdup(kept->imprint);
	copy->snapshot = pstrdup(kept->snapshot);
	copy->text = pstrdup(kept->text);
	MemoryContextSwitchTo(old);
	remembered = copy;
}

/* Keep a snapshot beside the model of a branch; NULL: none. */
void
mig_kept_store(Oid nsp, const char *branch, const MigKept *kept)
{
	MigParam	params[3];
	MigSpi		spi;

	params[0] = mig_text_param(branch);
	mig_spi_begin(&spi, nsp, false);
	if (kept == NULL)
		mig_spi_write(&spi, "DELETE FROM @migrate_built WHERE branch = $1",
					  1, params);
	else
	{
		params[1] = mig_text_param(psprintf("%s" BETWEEN "%s" BETWEEN "%s",
											kept->key, kept->outside,
											kept->imprint));
		params[2] = mig_text_param(kept->snapshot);
		mig_spi_write(&spi,
					  "INSERT INTO @migrate_built AS b (branch, key, snapshot)"
					  " VALUES ($1, $2, $3) ON CONFLICT (branch) DO UPDATE"
					  " SET key = excluded.key, snapshot = excluded.snapshot",
					  3, params);
	}
	mig_spi_end(&spi);
}

/* All but the snapshot; NULL: there is none. */
static MigKept *
read_key(Oid nsp, const char *branch)
{
	MigKept    *kept = palloc0(sizeof(MigKept));
	char	   *at = read_text(nsp, branch,
							   "SELECT key FROM @migrate_built WHERE branch = $1");

	kept->key = take_part(&at);
	kept->outside = take_part(&at);
	kept->imprint = at;
	return at == NULL ? NULL : kept;
}

/* The text up to what stands between parts; NULL leaves NULL. */
static char *
take_part(char **at)
{
	char	   *part = *at;
	char	   *between = part;

	/* a part may be empty */
	while (between != NULL && strncmp(between, BETWEEN, strlen(BETWEEN)) != 0)
	{
		between = strchr(between, '\n');
		if (between != NULL)
			between++;
	}
	if (between != NULL)
	{
		*between = '\0';
		between += strlen(BETWEEN);
	}
	*at = between;
	return part;
}

/* A column of the table, NULL: there is no row. */
static char *
read_text(Oid nsp, const char *branch, const char *query)
{
	MigParam	param = mig_text_param(branch);
	MigSpi		spi;
	List	   *found = NIL;

	mig_spi_begin(&spi, nsp, true);
	mig_spi_each(&spi, query, 1, &param, mig_spi_add_text, &found);
	mig_spi_end(&spi);
	return found == NIL ? NULL : linitial(found);
}

/* Whoever has updated something can have the model kept again. */
static void
tell_once(const char *what)
{
	static bool told = false;

	if (told || (strcmp(what, "format") != 0 &&
				 strncmp(what, "version ", strlen("version ")) != 0))
		return;
	told = true;
	ereport(NOTICE,
			(errmsg("the model is built anew in each session, since it was stored with another %s",
					what),
			 errhint("migrate_set_model() with the same model keeps what comes of it.")));
}
