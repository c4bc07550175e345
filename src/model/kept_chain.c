/*-------------------------------------------------------------------------
 *
 * model/kept_chain.c
 *	  Snapshots of revisions that were replayed before.
 *
 * A session remembers what came of the revisions that it has replayed last,
 * in its own memory, so that nobody else has to believe it.  It holds as long
 * as its key is what it would be now: the scripts in their order and who runs
 * them, what is read, the roles of the session, its settings, and all that
 * stands in the catalogs besides the schemas that are set aside; see
 * sch/surroundings.c.  Not all scripts lead to the same once more where all
 * this is the same: repeatable.c knows, and what is in doubt is replayed each
 * time.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/kept_chain.h"
#include "model/kept_key.h"
#include "model/repeatable.h"
#include "run/atomic.h"
#include "sch/snapshot_text.h"
#include "sch/surroundings.h"
#include "util/guc.h"
#include "util/spi.h"
#include "util/sql.h"

#include "catalog/namespace.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

/* Chains that a session remembers, as against head and those applied. */
#define REMEMBERED	4

/* What came of a chain. */
typedef struct Kept
{
	MemoryContext memory;		/* of all of it; NULL: there is none */
	char	   *key;
	char	   *snapshot;		/* as sch/snapshot_text.c writes it */
	List	   *skipped;		/* as MigHistory */
} Kept;

/* the latest comes first */
static Kept remembered[REMEMBERED];

/*
 * All that differ from what the server is built with; those of modules come
 * when these are loaded.  Some are only about what is shown, and how a
 * transaction was begun.
 */
static const char settings_query[] =
"SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.string_agg("
"pg_catalog.concat_ws('=', name, setting, reset_val), E'\\n' ORDER BY name COLLATE \"C\"), 'UTF8')), 'hex')"
" FROM pg_catalog.pg_settings WHERE (setting <> COALESCE(boot_val, '') OR reset_val <> COALESCE(boot_val, '')) AND name NOT IN"
" ('application_name', 'client_min_messages', 'in_hot_standby', 'transaction_deferrable',"
" 'transaction_isolation', 'transaction_read_only')";

static char *key_of(const MigChain *chain);
static void put_revision(StringInfo buf, const MigReplayed *revision);
static void put_scope(StringInfo buf, const List *names);
static void put_settings(StringInfo buf);
static List *set_aside(const MigChain *chain);
static const Kept *look_up(const char *key);
static void remember(const MigChain *chain);

/*
 * What came of a chain, in a context below the current one, if that is
 * remembered and holds.  Else NULL; what comes of it is then remembered, which
 * it is not where nobody has asked.
 */
MigSnapshot *
mig_chain_find(MigChain *chain)
{
	const Kept *kept;
	MigSnapshot *snapshot;
	const ListCell *lc;

	mig_refuse_in_run(chain->history->function);
	chain->history->skipped = NIL;
	if (chain->key == NULL)
		chain->key = key_of(chain);
	kept = look_up(chain->key);
	if (kept == NULL)
		return NULL;
	snapshot = mig_thaw(kept->snapshot, GetUserNameFromId(GetUserId(), false));
	foreach(lc, snapshot == NULL ? NIL : kept->skipped)
		chain->history->skipped = lappend(chain->history->skipped,
										  pstrdup(lfirst(lc)));
	return snapshot;
}

/* It is about to be replayed. */
void
mig_chain_begin(MigChain *chain)
{
	mig_repeatable_begin();
	chain->snapshot = NULL;
}

/* It stands, and was read, but not compared; what it lacks is added. */
void
mig_chain_read(MigChain *chain, MigSnapshot *snapshot)
{
	mig_history_describe(chain->history, snapshot);
	if (mig_repeatable_doubt() != NULL)
		mig_chain_refuse(chain, mig_repeatable_doubt());
	if (chain->history->shadow->stubs != NIL)
		mig_chain_refuse(chain, "Tables of other schemas are called otherwise.");
	if (chain->key == NULL)
		return;
	chain->snapshot = mig_freeze(snapshot,
								 GetUserNameFromId(GetUserId(), false));
	if (mig_repeatable_has_time(chain->snapshot))
		mig_chain_refuse(chain, "A definition has the present time.");
}

/* It is not to be kept; the reason is a sentence for whoever looks for it. */
void
mig_chain_refuse(MigChain *chain, const char *reason)
{
	if (chain->key != NULL)
		ereport(DEBUG1,
				(errmsg_internal("what the revisions build is not kept: %s",
								 reason)));
	chain->key = NULL;
}

/* It is gone: remember it, unless something has changed meanwhile. */
void
mig_chain_end(MigChain *chain)
{
	char	   *key;

	if (chain->key == NULL)
		return;
	key = key_of(chain);
	if (strcmp(chain->key, key) == 0)
		remember(chain);
	else
		mig_chain_refuse(chain, psprintf("Meanwhile %s has changed.",
										 mig_key_difference(key, chain->key)));
	chain->key = NULL;
}

/* In the current memory context, as all here but what is remembered. */
static char *
key_of(const MigChain *chain)
{
	const MigHistory *history = chain->history;
	StringInfoData buf;
	const ListCell *lc;

	initStringInfo(&buf);
	foreach(lc, history->revisions)
		put_revision(&buf, lfirst(lc));
	appendStringInfo(&buf, "scope: %s %u %s\n", chain->is_applied ? "applied" :
					 "against", history->nsp,
					 quote_literal_cstr(history->schema_name));
	put_scope(&buf, history->built.schemas);
	put_scope(&buf, chain->schemas);
	appendStringInfo(&buf, "scope: %s\n", chain->unqualified == NULL ?
					 "" : quote_literal_cstr(chain->unqualified));
	appendStringInfo(&buf, "migrate.compare: %d%d%d\n", chain->database,
					 mig_guc_compares("privileges"),
					 mig_guc_compares("owners"));
	appendStringInfo(&buf, "roles: %u %u %u\n", GetUserId(),
					 GetSessionUserId(), GetAuthenticatedUserId());
	appendStringInfo(&buf, "search_path: %s\n",
					 quote_literal_cstr(namespace_search_path));
	put_settings(&buf);
	appendStringInfoString(&buf, mig_surroundings(set_aside(chain)));
	return buf.data;
}

/* Which role a script runs as follows from who stored it. */
static void
put_revision(StringInfo buf, const MigReplayed *revision)
{
	const MigRevision *stored = revision->stored;

	appendStringInfo(buf, "revisions: %s %s %d %s\n",
					 quote_literal_cstr(stored->revision),
					 quote_literal_cstr(stored->stored_by),
					 revision->node->row.transactional,
					 mig_key_digest(stored->upgrade_sql));
}

static void
put_scope(StringInfo buf, const List *names)
{
	const ListCell *lc;

	appendStringInfoString(buf, "scope:");
	foreach(lc, names)
		appendStringInfo(buf, " %s", quote_literal_cstr(lfirst(lc)));
	appendStringInfoChar(buf, '\n');
}

static void
put_settings(StringInfo buf)
{
	List	   *digests = NIL;
	MigSpi		spi;

	mig_spi_begin_catalog(&spi, mig_names_path(NULL));
	mig_spi_each(&spi, settings_query, 0, NULL, mig_spi_add_text, &digests);
	mig_spi_end(&spi);
	appendStringInfo(buf, "settings: %s\n", (const char *) linitial(digests));
}

/* The schemas that no script finds anything of, those that are there. */
static List *
set_aside(const MigChain *chain)
{
	List	   *names = list_concat_copy(chain->history->built.schemas,
										 chain->schemas);
	List	   *oids = NIL;
	const ListCell *lc;

	foreach(lc, names)
	{
		Oid			oid = get_namespace_oid(lfirst(lc), true);

		if (OidIsValid(oid))
			oids = list_append_unique_oid(oids, oid);
	}
	return oids;
}

/* What has such a key, which comes first from now on; NULL: nothing. */
static const Kept *
look_up(const char *key)
{
	for (int i = 0; i < REMEMBERED && remembered[i].memory != NULL; i++)
	{
		Kept		kept = remembered[i];

		if (strcmp(kept.key, key) != 0)
			continue;
		memmove(&remembered[1], &remembered[0], sizeof(Kept) * i);
		remembered[0] = kept;
		return &remembered[0];
	}
	return NULL;
}

/* Instead of what was asked for longest ago. */
static void
remember(const MigChain *chain)
{
	Kept		kept = {0};
	MemoryContext memory;
	MemoryContext old;
	const ListCell *lc;

	if (look_up(chain->key) != NULL)
		return;
	memory = AllocSetContextCreate(CurrentMemoryContext,
								   "pg_migrations kept revisions",
								   ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(memory);
	kept.key = pstrdup(chain->key);
	kept.snapshot = pstrdup(chain->snapshot);
	foreach(lc, chain->history->skipped)
		kept.skipped = lappend(kept.skipped, pstrdup(lfirst(lc)));
	MemoryContextSwitchTo(old);
	/* no error from here on */
	MemoryContextSetParent(memory, TopMemoryContext);
	kept.memory = memory;
	if (remembered[REMEMBERED - 1].memory != NULL)
		MemoryContextDelete(remembered[REMEMBERED - 1].memory);
	memmove(&remembered[1], &remembered[0], sizeof(Kept) * (REMEMBERED - 1));
	remembered[0] = kept;
}
