/*-------------------------------------------------------------------------
 *
 * rev/incoming_write.c
 *	  Writes many revisions at once.
 *
 * Rows travel as arrays, some hundred at a time, so that thousands of
 * revisions cost little more than their bytes.  Callers hold the graph lock.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/graph.h"
#include "rev/incoming_write.h"
#include "util/sql.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/memutils.h"

/* a batch ends after so many rows, or so many bytes of scripts */
#define BATCH_ROWS		1000
#define BATCH_BYTES		(8 * 1024 * 1024)

/* the columns that an import writes and that differ from row to row */
enum RowColumn
{
	ROW_REVISION, ROW_DOWN, ROW_DEPENDS, ROW_LABELS, ROW_MESSAGE,
	ROW_DESCRIPTION, ROW_UPGRADE, ROW_DOWNGRADE, ROW_VERIFY,
	ROW_TRANSACTIONAL, ROW_CHECKSUM, ROW_CREATED_AT, ROW_STORED_BY,
	ROW_REQUIRES, ROW_COUNTS, ROW_GENERATION, ROW_IS_HEAD, ROW_IS_REAL_HEAD,
	ROW_COLUMNS,
};

/* Rows as lists of char *, NULL for null; one list for each column. */
typedef struct Rows
{
	List	   *column[ROW_COLUMNS];
	int			n;
	size_t		bytes;
} Rows;

/* Edges in the same way. */
typedef struct Edges
{
	List	   *children;
	List	   *kinds;
	List	   *positions;
	List	   *parents;
} Edges;

static void add_row(Rows *rows, const MigNewRow *row);
static void add(Rows *rows, int column, const char *value);
static void row_params(MigParam *params, const Rows *rows);
static void write_new(const MigSpi *spi, const MigIncomingBatch *bulk,
					  const Rows *rows, int64 seq);
static void write_changed(const MigSpi *spi, const Rows *rows);
static void add_edges(Edges *edges, const MigRevision *rev);
static void add_edge_list(Edges *edges, const char *child, char kind,
						  const List *parents);
static void write_edges(const MigSpi *spi, const Edges *edges);
static void delete_edges(const MigSpi *spi, const List *children);
static void mark_below(const MigSpi *spi, const MigHeadChange *heads);

/*
 * Store the revisions that are new, with their edges and labels, and let
 * their parents and dependencies know that they are heads no longer.
 */
void
mig_incoming_insert(const MigSpi *spi, const MigIncomingBatch *bulk)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "pg_migrations batch",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	int64		seq = bulk->heads.seq;
	int			next = 0;

	while (next < list_length(bulk->added))
	{
		Rows		rows = {0};
		Edges		edges = {0};

		CHECK_FOR_INTERRUPTS();
		while (next < list_length(bulk->added) && rows.n < BATCH_ROWS &&
			   rows.bytes < BATCH_BYTES)
		{
			const MigNewRow *row = list_nth(bulk->added, next++);

			add_row(&rows, row);
			add_edges(&edges, &row->in->rev);
		}
		write_new(spi, bulk, &rows, seq);
		write_edges(spi, &edges);
		seq += rows.n;
		MemoryContextReset(context);
	}
	mark_below(spi, &bulk->heads);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}

/*
 * Change the revisions that are stored.  Where parents or dependencies change
 * mig_store_refresh() must follow.
 */
void
mig_incoming_change(const MigSpi *spi, const MigIncomingBatch *bulk)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "pg_migrations batch",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	int			next = 0;

	while (next < list_length(bulk->changed))
	{
		Rows		rows = {0};
		Edges		edges = {0};

		CHECK_FOR_INTERRUPTS();
		while (next < list_length(bulk->changed) && rows.n < BATCH_ROWS &&
			   rows.bytes < BATCH_BYTES)
		{
			MigIncoming *in = list_nth(bulk->changed, next++);
			MigNewRow	row = {.in = in};

			add_row(&rows, &row);
			add_edges(&edges, &in->rev);
		}
		write_changed(spi, &rows);
		delete_edges(spi, rows.column[ROW_REVISION]);
		write_edges(spi, &edges);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}

static void
add_row(Rows *rows, const MigNewRow *row)
{
	const MigRevision *rev = &row->in->rev;

	add(rows, ROW_REVISION, rev->revision);
	add(rows, ROW_DOWN, mig_join_names(rev->down, ",", 0));
	add(rows, ROW_DEPENDS, mig_join_names(rev->depends_on, ",", 0));
	add(rows, ROW_LABELS, mig_join_names(rev->labels, ",", 0));
	add(rows, ROW_MESSAGE, rev->message);
	add(rows, ROW_DESCRIPTION, rev->description);
	add(rows, ROW_UPGRADE, rev->upgrade_sql);
	add(rows, ROW_DOWNGRADE, rev->downgrade_sql);
	add(rows, ROW_VERIFY, rev->verify_sql);
	add(rows, ROW_TRANSACTIONAL, rev->transactional ? "t" : "f");
	add(rows, ROW_CHECKSUM, rev->checksum);
	add(rows, ROW_CREATED_AT, psprintf(INT64_FORMAT, rev->created_at));
	add(rows, ROW_STORED_BY, rev->stored_by);
	add(rows, ROW_REQUIRES, mig_join_names(rev->requires, ",", 0));
	add(rows, ROW_COUNTS, psprintf("%d,%d,%d", rev->counts.upgrade,
								   rev->counts.downgrade,
								   rev->counts.verify));
	add(rows, ROW_GENERATION, psprintf("%d", row->generation));
	add(rows, ROW_IS_HEAD, row->is_head ? "t" : "f");
	add(rows, ROW_IS_REAL_HEAD, row->is_real_head ? "t" : "f");
	rows->n++;
}

static void
add(Rows *rows, int column, const char *value)
{
	rows->column[column] = lappend(rows->column[column],
								   unconstify(char *, value));
	if (value != NULL)
		rows->bytes += strlen(value);
}

static void
row_params(MigParam *params, const Rows *rows)
{
	for (int i = 0; i < ROW_COLUMNS; i++)
		params[i] = MIG_PARAM(TEXTARRAYOID,
							  mig_text_array_nulls(rows->column[i]));
}

/* Microseconds since 2000 are how the server keeps time, too. */
static void
write_new(const MigSpi *spi, const MigIncomingBatch *bulk, const Rows *rows,
		  int64 seq)
{
	int			heads = bulk->heads.head_count;
	int			real_heads = bulk->heads.real_head_count;
	MigParam	params[ROW_COLUMNS + 3];

	row_params(params, rows);
	params[ROW_COLUMNS] = MIG_PARAM(INT8OID, Int64GetDatum(seq - 1));
	params[ROW_COLUMNS + 1] = MIG_PARAM(INT4OID, Int32GetDatum(heads));
	params[ROW_COLUMNS + 2] = MIG_PARAM(INT4OID, Int32GetDatum(real_heads));
	mig_spi_write(spi,
				  "INSERT INTO @migrate_revision (revision, down_revision,"
				  " depends_on, branch_labels, message, description,"
				  " upgrade_sql, downgrade_sql, verify_sql, transactional,"
				  " checksum, created_at, created_by, stored_by, requires,"
				  " upgrade_count, downgrade_count, verify_count, generation,"
				  " is_head, is_real_head, seq, head_count, real_head_count)"
				  " SELECT u.revision, pg_catalog.string_to_array(u.down, ','),"
				  " pg_catalog.string_to_array(u.depends, ','),"
				  " pg_catalog.string_to_array(u.labels, ','), u.message, u.description,"
				  " u.upgrade, u.downgrade, u.verify, u.transactional::pg_catalog.bool,"
				  " u.checksum, pg_catalog.timestamptz '2000-01-01 00:00:00+00'"
				  " + u.created::pg_catalog.int8 * interval '1 microsecond',"
				  " u.stored_by, u.stored_by, pg_catalog.string_to_array(u.requires, ','),"
				  " pg_catalog.split_part(u.counts, ',', 1)::pg_catalog.int4,"
				  " pg_catalog.split_part(u.counts, ',', 2)::pg_catalog.int4,"
				  " pg_catalog.split_part(u.counts, ',', 3)::pg_catalog.int4, u.generation::pg_catalog.int4,"
				  " u.is_head::pg_catalog.bool, u.is_real_head::pg_catalog.bool, $19 + u.n, $20, $21"
				  " FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
				  " $12, $13, $14, $15, $16, $17, $18) WITH ORDINALITY AS u"
				  " (revision, down, depends, labels, message, description,"
				  " upgrade, downgrade, verify, transactional, checksum,"
				  " created, stored_by, requires, counts, generation, is_head,"
				  " is_real_head, n)",
				  lengthof(params), params);
}

static void
write_changed(const MigSpi *spi, const Rows *rows)
{
	MigParam	params[ROW_COLUMNS];

	row_params(params, rows);
	mig_spi_write(spi,
				  "UPDATE @migrate_revision r SET"
				  " down_revision = pg_catalog.string_to_array(u.down, ','),"
				  " depends_on = pg_catalog.string_to_array(u.depends, ','),"
				  " branch_labels = pg_catalog.string_to_array(u.labels, ','),"
				  " message = u.message, description = u.description,"
				  " upgrade_sql = u.upgrade, downgrade_sql = u.downgrade,"
				  " verify_sql = u.verify,"
				  " transactional = u.transactional::pg_catalog.bool,"
				  " checksum = u.checksum,"
				  " created_at = pg_catalog.timestamptz '2000-01-01 00:00:00+00'"
				  " + u.created::pg_catalog.int8 * interval '1 microsecond',"
				  " stored_by = u.stored_by,"
				  " requires = pg_catalog.string_to_array(u.requires, ','),"
				  " upgrade_count = pg_catalog.split_part(u.counts, ',', 1)::pg_catalog.int4,"
				  " downgrade_count = pg_catalog.split_part(u.counts, ',', 2)::pg_catalog.int4,"
				  " verify_count = pg_catalog.split_part(u.counts, ',', 3)::pg_catalog.int4"
				  " FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
				  " $12, $13, $14, $15) AS u"
				  " (revision, down, depends, labels, message, description,"
				  " upgrade, downgrade, verify, transactional, checksum,"
				  " created, stored_by, requires, counts)"
				  " WHERE r.revision = u.revision",
				  ROW_GENERATION, params);
}

static void
add_edges(Edges *edges, const MigRevision *rev)
{
	/* a base has an edge to '', so that an index finds all bases */
	add_edge_list(edges, rev->revision, MIG_EDGE_PARENT,
				  rev->down == NIL ? list_make1(pstrdup("")) : rev->down);
	add_edge_list(edges, rev->revision, MIG_EDGE_DEPENDS, rev->requires);
	add_edge_list(edges, rev->revision, MIG_EDGE_LABEL, rev->labels);
}

static void
add_edge_list(Edges *edges, const char *child, char kind, const List *parents)
{
	const ListCell *lc;

	foreach(lc, parents)
	{
		edges->children = lappend(edges->children, unconstify(char *, child));
		edges->kinds = lappend(edges->kinds, psprintf("%c", kind));
		edges->positions = lappend(edges->positions,
								   psprintf("%d", foreach_current_index(lc) + 1));
		edges->parents = lappend(edges->parents, lfirst(lc));
	}
}

static void
write_edges(const MigSpi *spi, const Edges *edges)
{
	MigParam	params[] = {
		MIG_PARAM(TEXTARRAYOID, mig_text_array(edges->children)),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(edges->kinds)),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(edges->positions)),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(edges->parents)),
	};

	mig_spi_write(spi,
				  "INSERT INTO @migrate_edge (child, kind, position, parent)"
				  " SELECT u.child, u.kind::pg_catalog.\"char\", u.position::pg_catalog.int4, u.parent"
				  " FROM unnest($1, $2, $3, $4)"
				  " AS u (child, kind, position, parent)",
				  lengthof(params), params);
}

static void
delete_edges(const MigSpi *spi, const List *children)
{
	MigParam	params[] = {
		MIG_PARAM(TEXTARRAYOID, mig_text_array(children)),
	};

	mig_spi_write(spi, "DELETE FROM @migrate_edge WHERE child = ANY ($1)",
				  lengthof(params), params);
}

/* What new revisions stand on is no head any more. */
static void
mark_below(const MigSpi *spi, const MigHeadChange *heads)
{
	MigParam	params[] = {
		MIG_PARAM(TEXTARRAYOID, mig_text_array(heads->parents)),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(heads->below)),
	};

	if (heads->below != NIL)
		mig_spi_write(spi,
					  "UPDATE @migrate_revision"
					  " SET is_head = is_head AND NOT revision = ANY ($1),"
					  " is_real_head = false"
					  " WHERE revision = ANY ($2)",
					  lengthof(params), params);
}
