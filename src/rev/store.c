/*-------------------------------------------------------------------------
 *
 * rev/store.c
 *	  Reads and writes the revision tables in bulk.
 *
 * Writers hold the graph lock (run/lock.c), so that what they derive from the
 * rows stays true until they commit.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/graph.h"
#include "rev/lookup.h"
#include "rev/source.h"
#include "rev/store.h"
#include "rev/tables.h"
#include "util/sql.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/varlena.h"

/* of so many revisions what is applied is looked up one by one */
#define SINGLE_LOOKUPS	1000

/* State of mig_store_fetch_generations(). */
typedef struct Fetched
{
	MigGraph   *graph;
	List	   *revisions;		/* of char *, new in the graph */
} Fetched;

/* State of mig_store_nearest(). */
typedef struct Nearest
{
	MemoryContext context;
	const char *name;
	int			best;			/* distance of the names found so far */
	List	   *found;			/* of char * */
} Nearest;

/* Rows whose derived columns differ from the edges; lists of char *. */
typedef struct Changed
{
	List	   *revisions;
	List	   *heads;
	List	   *real_heads;
	List	   *generations;
} Changed;

static void add_fetched(TupleTableSlot *slot, void *arg);
static void add_applied(TupleTableSlot *slot, void *arg);
static void weigh_name(TupleTableSlot *slot, void *arg);
static MigParam text_param(const char *value);
static void insert_edges(const MigSpi *spi, const char *child, char kind,
						 const List *parents);
static List *release_waiting(List *ready, const List *above, int *waiting);
static void note_if_changed(MigNode *node, Changed *changed);
static void write_changed(const MigSpi *spi, const Changed *changed,
						  int heads, int real_heads);

/*
 * A MigGraphSource's fetch_generations over the tables.
 *
 * Revisions and what is applied are read apart: a plan for their join that
 * was made while the tables were small would be quadratic later.
 */
void
mig_store_fetch_generations(MigGraph *graph, int lo, int hi)
{
	MigTables  *tables = graph->source_data;
	Fetched		fetched = {graph, NIL};
	ListCell   *lc;
	MigSpi		spi;
	MigParam	range[] = {
		MIG_PARAM(INT4OID, Int32GetDatum(lo)),
		MIG_PARAM(INT4OID, Int32GetDatum(hi)),
	};
	MigParam	schema[] = {text_param(tables->schema_name)};

	mig_spi_begin(&spi, tables->nsp, tables->read_only);
	mig_spi_each(&spi,
				 "SELECT * FROM @migrate_revision"
				 " WHERE generation >= $1 AND generation < $2",
				 lengthof(range), range, add_fetched, &fetched);
	if (list_length(fetched.revisions) > SINGLE_LOOKUPS)
		mig_spi_each(&spi,
					 "SELECT * FROM @migrate_applied WHERE schema_name = $1",
					 lengthof(schema), schema, add_applied, graph);
	else
	{
		foreach(lc, fetched.revisions)
			mig_source_read_applied(graph, lfirst(lc));
	}
	mig_spi_end(&spi);
}

static void
add_fetched(TupleTableSlot *slot, void *arg)
{
	Fetched    *fetched = arg;
	MemoryContext context = fetched->graph->context;
	MemoryContext old = MemoryContextSwitchTo(context);
	MigRow		row;

	slot_getallattrs(slot);
	row = mig_row_from_tuple(context, slot->tts_values, slot->tts_isnull);
	if (mig_graph_add(fetched->graph, &row))
		fetched->revisions = lappend(fetched->revisions, row.revision);
	MemoryContextSwitchTo(old);
}

static void
add_applied(TupleTableSlot *slot, void *arg)
{
	slot_getallattrs(slot);
	mig_source_apply(arg,
					 TextDatumGetCString(slot->tts_values[APPLIED_REVISION - 1]),
					 slot->tts_values);
}

/*
 * A MigGraphSource's nearest over the tables: names at most two edits away.
 */
List *
mig_store_nearest(MigGraph *graph, const char *name)
{
	MigTables  *tables = graph->source_data;
	MigSpi		spi;
	Nearest		nearest = {CurrentMemoryContext, name, 3, NIL};

	if (strlen(name) > MIG_MAX_NAME)
		return NIL;
	nearest.best = Min(3, (int) strlen(name) / 3 + 1);
	mig_spi_begin(&spi, tables->nsp, tables->read_only);
	mig_spi_each(&spi,
				 "SELECT revision AS name FROM @migrate_revision"
				 " UNION ALL"
				 " SELECT parent FROM @migrate_edge WHERE kind = 'l'"
				 " ORDER BY name",
				 0, NULL, weigh_name, &nearest);
	mig_spi_end(&spi);
	return nearest.found;
}

static void
weigh_name(TupleTableSlot *slot, void *arg)
{
	Nearest    *nearest = arg;
	bool		isnull;
	char	   *name = TextDatumGetCString(slot_getattr(slot, 1, &isnull));
	int			distance;

	distance = varstr_levenshtein_less_equal(nearest->name,
											 strlen(nearest->name),
											 name, strlen(name),
											 1, 1, 1, nearest->best, true);
	if (distance < nearest->best)
	{
		nearest->best = distance;
		nearest->found = NIL;
	}
	if (distance == nearest->best && distance < 3 &&
		list_length(nearest->found) < 3)
	{
		MemoryContext old = MemoryContextSwitchTo(nearest->context);

		nearest->found = lappend(nearest->found, psprintf("\"%s\"", name));
		MemoryContextSwitchTo(old);
	}
}

static MigParam
text_param(const char *value)
{
	if (value == NULL)
		return MIG_NULL(TEXTOID);
	return MIG_PARAM(TEXTOID, mig_text_datum(value));
}

/*
 * Store a new revision with its edges and labels, and let its parents and
 * dependencies know that they are heads no longer.
 */
void
mig_store_insert(const MigSpi *spi, const MigRevision *rev,
				 const MigHeadChange *heads)
{
	MigParam	params[] = {
		text_param(rev->revision),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(rev->down)),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(rev->depends_on)),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(rev->labels)),
		text_param(rev->message),
		text_param(rev->description),
		text_param(rev->upgrade_sql),
		text_param(rev->downgrade_sql),
		text_param(rev->verify_sql),
		MIG_PARAM(BOOLOID, BoolGetDatum(rev->transactional)),
		text_param(rev->checksum),
		MIG_PARAM(TIMESTAMPTZOID, TimestampTzGetDatum(rev->created_at)),
		text_param(rev->created_by),
		text_param(rev->stored_by),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(rev->requires)),
		MIG_PARAM(INT4OID, Int32GetDatum(heads->generation)),
		MIG_PARAM(INT8OID, Int64GetDatum(heads->seq)),
		MIG_PARAM(INT4OID, Int32GetDatum(heads->head_count)),
		MIG_PARAM(INT4OID, Int32GetDatum(heads->real_head_count)),
	};
	MigParam	below[] = {
		MIG_PARAM(TEXTARRAYOID, mig_text_array(heads->parents)),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(heads->below)),
	};

	mig_spi_write(spi,
				  "INSERT INTO @migrate_revision (revision, down_revision,"
				  " depends_on, branch_labels, message, description,"
				  " upgrade_sql, downgrade_sql, verify_sql, transactional,"
				  " checksum, created_at, created_by, stored_by, requires,"
				  " is_head, is_real_head, generation, seq, head_count,"
				  " real_head_count)"
				  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
				  " $13, $14, $15, true, true, $16, $17, $18, $19)",
				  lengthof(params), params);
	insert_edges(spi, rev->revision, MIG_EDGE_PARENT,
				 rev->down == NIL ? list_make1(pstrdup("")) : rev->down);
	insert_edges(spi, rev->revision, MIG_EDGE_DEPENDS, rev->requires);
	insert_edges(spi, rev->revision, MIG_EDGE_LABEL, rev->labels);
	if (heads->below != NIL)
		mig_spi_write(spi,
					  "UPDATE @migrate_revision"
					  " SET is_head = is_head AND NOT revision = ANY ($1),"
					  " is_real_head = false"
					  " WHERE revision = ANY ($2)",
					  lengthof(below), below);
}

static void
insert_edges(const MigSpi *spi, const char *child, char kind,
			 const List *parents)
{
	MigParam	params[] = {
		text_param(child),
		MIG_PARAM(CHAROID, CharGetDatum(kind)),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(parents)),
	};

	if (parents != NIL)
		mig_spi_write(spi,
					  "INSERT INTO @migrate_edge (child, kind, position, parent)"
					  " SELECT $1, $2, u.n, u.parent"
					  " FROM unnest($3) WITH ORDINALITY AS u (parent, n)",
					  lengthof(params), params);
}

/* Change what is stored of a revision; role has become stored_by. */
void
mig_store_change(const MigSpi *spi, const char *revision,
				 const MigChange *change, const char *role)
{
	MigParam	params[] = {
		text_param(revision),
		text_param(change->upgrade_sql),
		text_param(change->checksum),
		text_param(change->downgrade_sql),
		text_param(change->verify_sql),
		text_param(change->message),
		MIG_PARAM(BOOLOID, BoolGetDatum(change->irreversible)),
		MIG_PARAM(BOOLOID, BoolGetDatum(change->transactional)),
		text_param(change->becomes_author ? role : NULL),
	};

	mig_spi_write(spi,
				  "UPDATE @migrate_revision SET"
				  " upgrade_sql = coalesce($2, upgrade_sql),"
				  " checksum = coalesce($3, checksum),"
				  " downgrade_sql = CASE WHEN $7 THEN NULL"
				  " ELSE coalesce($4, downgrade_sql) END,"
				  " verify_sql = nullif(coalesce($5, verify_sql), ''),"
				  " message = coalesce($6, message),"
				  " transactional = $8,"
				  " stored_by = coalesce($9, stored_by)"
				  " WHERE revision = $1",
				  lengthof(params), params);
}

/* Give a revision other parents; mig_store_refresh() must follow. */
void
mig_store_reparent(const MigSpi *spi, const char *revision, const List *down)
{
	MigParam	params[] = {
		text_param(revision),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(down)),
	};

	mig_spi_write(spi,
				  "UPDATE @migrate_revision SET down_revision = $2"
				  " WHERE revision = $1",
				  lengthof(params), params);
	mig_spi_write(spi,
				  "DELETE FROM @migrate_edge WHERE child = $1 AND kind = 'p'",
				  1, params);
	insert_edges(spi, revision, MIG_EDGE_PARENT,
				 down == NIL ? list_make1(pstrdup("")) : down);
}

/* Delete a revision; mig_store_refresh() must follow. */
void
mig_store_delete(const MigSpi *spi, const char *revision)
{
	MigParam	params[] = {text_param(revision)};

	mig_spi_write(spi, "DELETE FROM @migrate_edge WHERE child = $1",
				  lengthof(params), params);
	mig_spi_write(spi, "DELETE FROM @migrate_revision WHERE revision = $1",
				  lengthof(params), params);
}

/*
 * Bring the derived columns up to date with the edges.
 *
 * graph must have been made after the edges changed.  All of it is read; only
 * rows that differ are written.
 */
void
mig_store_refresh(const MigSpi *spi, MigGraph *graph)
{
	Changed		changed = {NIL, NIL, NIL, NIL};
	List	   *ready = NIL;
	int		   *waiting;
	int			next = 0;
	int			heads = 0;
	int			real_heads = 0;

	mig_graph_load_all(graph);
	waiting = palloc(sizeof(int) * Max(graph->nnodes, 1));
	for (int i = 0; i < graph->nnodes; i++)
	{
		MigNode    *node = graph->nodes[i];

		waiting[i] = list_length(node->down) + list_length(node->deps);
		if (waiting[i] == 0)
			ready = lappend(ready, node);
		heads += node->children == NIL;
		real_heads += node->children == NIL && node->dependants == NIL;
	}
	while (next < list_length(ready))
	{
		MigNode    *node = list_nth(ready, next++);

		note_if_changed(node, &changed);
		ready = release_waiting(ready, node->children, waiting);
		ready = release_waiting(ready, node->dependants, waiting);
	}
	write_changed(spi, &changed, heads, real_heads);
}

/* Add to a list those nodes for which nothing below is left to wait for. */
static List *
release_waiting(List *ready, const List *above, int *waiting)
{
	const ListCell *lc;

	foreach(lc, above)
	{
		MigNode    *node = lfirst(lc);

		if (--waiting[node->number] == 0)
			ready = lappend(ready, node);
	}
	return ready;
}

/* What lies below the node has its right generation already. */
static void
note_if_changed(MigNode *node, Changed *changed)
{
	bool		is_head = node->children == NIL;
	bool		is_real_head = is_head && node->dependants == NIL;
	int			generation = 0;
	ListCell   *lc;

	foreach(lc, node->down)
		generation = Max(generation, ((MigNode *) lfirst(lc))->row.generation);
	foreach(lc, node->deps)
		generation = Max(generation, ((MigNode *) lfirst(lc))->row.generation);
	generation++;
	if (node->row.generation == generation && node->row.is_head == is_head &&
		node->row.is_real_head == is_real_head)
		return;
	node->row.generation = generation;
	changed->revisions = lappend(changed->revisions, node->revision);
	changed->heads = lappend(changed->heads, pstrdup(is_head ? "t" : "f"));
	changed->real_heads = lappend(changed->real_heads,
								  pstrdup(is_real_head ? "t" : "f"));
	changed->generations = lappend(changed->generations,
								   psprintf("%d", generation));
}

static void
write_changed(const MigSpi *spi, const Changed *changed, int heads,
			  int real_heads)
{
	MigParam	rows[] = {
		MIG_PARAM(TEXTARRAYOID, mig_text_array(changed->revisions)),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(changed->heads)),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(changed->real_heads)),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(changed->generations)),
	};
	MigParam	counts[] = {
		MIG_PARAM(INT4OID, Int32GetDatum(heads)),
		MIG_PARAM(INT4OID, Int32GetDatum(real_heads)),
	};

	if (changed->revisions != NIL)
		mig_spi_write(spi,
					  "UPDATE @migrate_revision r SET is_head = u.is_head::bool,"
					  " is_real_head = u.is_real_head::bool,"
					  " generation = u.generation::int4"
					  " FROM unnest($1, $2, $3, $4)"
					  " AS u (revision, is_head, is_real_head, generation)"
					  " WHERE r.revision = u.revision",
					  lengthof(rows), rows);
	mig_spi_write(spi,
				  "UPDATE @migrate_revision"
				  " SET head_count = $1, real_head_count = $2"
				  " WHERE seq = (SELECT max(seq) FROM @migrate_revision)",
				  lengthof(counts), counts);
}
