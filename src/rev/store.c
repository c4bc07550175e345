/*-------------------------------------------------------------------------
 *
 * rev/store.c
 *	  Writes the revision tables.
 *
 * Writers hold the graph lock (run/lock.c), so that what they derive from the
 * rows stays true until they commit.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/graph.h"
#include "rev/lookup.h"
#include "rev/store.h"
#include "rev/tables.h"
#include "util/sql.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

/* Rows whose derived columns differ from the edges; lists of char *. */
typedef struct Changed
{
	List	   *revisions;
	List	   *heads;
	List	   *real_heads;
	List	   *generations;
} Changed;

static void insert_parents(const MigSpi *spi, const char *child,
						   const List *down);
static void insert_edges(const MigSpi *spi, const char *child, char kind,
						 const List *parents);
static List *release_waiting(List *ready, const List *above, int *waiting);
static void note_if_changed(MigNode *node, Changed *changed);
static void write_changed(const MigSpi *spi, const Changed *changed,
						  int heads, int real_heads);

/*
 * Store a new revision with its edges and labels, and let its parents and
 * dependencies know that they are heads no longer.
 */
void
mig_store_insert(const MigSpi *spi, const MigRevision *rev,
				 const MigHeadChange *heads)
{
	MigParam	params[] = {
		mig_text_param(rev->revision),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(rev->down)),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(rev->depends_on)),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(rev->labels)),
		mig_text_param(rev->message),
		mig_text_param(rev->description),
		mig_text_param(rev->upgrade_sql),
		mig_text_param(rev->downgrade_sql),
		mig_text_param(rev->verify_sql),
		MIG_PARAM(BOOLOID, BoolGetDatum(rev->transactional)),
		mig_text_param(rev->checksum),
		MIG_PARAM(TIMESTAMPTZOID, TimestampTzGetDatum(rev->created_at)),
		mig_text_param(rev->created_by),
		mig_text_param(rev->stored_by),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(rev->requires)),
		MIG_PARAM(INT4OID, Int32GetDatum(heads->generation)),
		MIG_PARAM(INT8OID, Int64GetDatum(heads->seq)),
		MIG_PARAM(INT4OID, Int32GetDatum(heads->head_count)),
		MIG_PARAM(INT4OID, Int32GetDatum(heads->real_head_count)),
		MIG_PARAM(INT4OID, Int32GetDatum(rev->counts.upgrade)),
		MIG_PARAM(INT4OID, Int32GetDatum(rev->counts.downgrade)),
		MIG_PARAM(INT4OID, Int32GetDatum(rev->counts.verify)),
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
				  " real_head_count, upgrade_count, downgrade_count,"
				  " verify_count)"
				  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
				  " $13, $14, $15, true, true, $16, $17, $18, $19, $20, $21,"
				  " $22)",
				  lengthof(params), params);
	insert_parents(spi, rev->revision, rev->down);
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

/* A base has an edge to '', so that an index finds all bases. */
static void
insert_parents(const MigSpi *spi, const char *child, const List *down)
{
	insert_edges(spi, child, MIG_EDGE_PARENT,
				 down == NIL ? list_make1(pstrdup("")) : down);
}

static void
insert_edges(const MigSpi *spi, const char *child, char kind,
			 const List *parents)
{
	MigParam	params[] = {
		mig_text_param(child),
		MIG_PARAM(CHAROID, CharGetDatum(kind)),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(parents)),
	};

	if (parents != NIL)
		mig_spi_write(spi,
					  "INSERT INTO @migrate_edge (child, kind, position, parent)"
					  " SELECT $1, $2, u.n, u.parent"
					  " FROM pg_catalog.unnest($3) WITH ORDINALITY AS u (parent, n)",
					  lengthof(params), params);
}

/* Change what is stored of a revision, and who has stored it. */
void
mig_store_change(const MigSpi *spi, const char *revision,
				 const MigChange *change, const char *stored_by)
{
	MigParam	params[] = {
		mig_text_param(revision),
		mig_text_param(change->upgrade_sql),
		mig_text_param(change->checksum),
		mig_text_param(change->downgrade_sql),
		mig_text_param(change->verify_sql),
		mig_text_param(change->message),
		MIG_PARAM(BOOLOID, BoolGetDatum(change->irreversible)),
		MIG_PARAM(BOOLOID, BoolGetDatum(change->transactional)),
		mig_text_param(stored_by),
		mig_text_param(change->description),
		MIG_PARAM(INT4OID, Int32GetDatum(change->counts.upgrade)),
		MIG_PARAM(INT4OID, Int32GetDatum(change->counts.downgrade)),
		MIG_PARAM(INT4OID, Int32GetDatum(change->counts.verify)),
	};
	uint64		changed;

	changed = mig_spi_change(spi,
							 "UPDATE @migrate_revision SET"
							 " upgrade_sql = coalesce($2, upgrade_sql),"
							 " checksum = coalesce($3, checksum),"
							 " downgrade_sql = CASE WHEN $7 THEN NULL"
							 " ELSE coalesce($4, downgrade_sql) END,"
							 " verify_sql = nullif(coalesce($5, verify_sql), ''),"
							 " message = coalesce($6, message),"
							 " description = CASE WHEN $6 IS NULL THEN description"
							 " ELSE $10 END,"
							 " transactional = $8, upgrade_count = $11,"
							 " downgrade_count = $12, verify_count = $13,"
							 " stored_by = $9"
							 " WHERE revision = $1",
							 lengthof(params), params);
	if (changed == 0)
		mig_lookup_refuse_gone(revision);
}

/* Give a revision other parents; mig_store_refresh() must follow. */
void
mig_store_reparent(const MigSpi *spi, const char *revision, const List *down)
{
	MigParam	params[] = {
		mig_text_param(revision),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(down)),
	};

	if (mig_spi_change(spi,
					   "UPDATE @migrate_revision SET down_revision = $2"
					   " WHERE revision = $1",
					   lengthof(params), params) == 0)
		mig_lookup_refuse_gone(revision);
	mig_spi_write(spi,
				  "DELETE FROM @migrate_edge WHERE child = $1 AND kind = 'p'",
				  1, params);
	insert_parents(spi, revision, down);
}

/* Delete a revision; mig_store_refresh() must follow. */
void
mig_store_delete(const MigSpi *spi, const char *revision)
{
	MigParam	params[] = {mig_text_param(revision)};

	mig_spi_write(spi, "DELETE FROM @migrate_edge WHERE child = $1",
				  lengthof(params), params);
	mig_spi_write(spi, "DELETE FROM @migrate_progress WHERE revision = $1",
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
					  "UPDATE @migrate_revision r SET is_head = u.is_head::pg_catalog.bool,"
					  " is_real_head = u.is_real_head::pg_catalog.bool,"
					  " generation = u.generation::pg_catalog.int4"
					  " FROM unnest($1, $2, $3, $4)"
					  " AS u (revision, is_head, is_real_head, generation)"
					  " WHERE r.revision = u.revision",
					  lengthof(rows), rows);
	mig_spi_write(spi,
				  "UPDATE @migrate_revision"
				  " SET head_count = $1, real_head_count = $2"
				  " WHERE seq = (SELECT pg_catalog.max(seq) FROM @migrate_revision)",
				  lengthof(counts), counts);
}
