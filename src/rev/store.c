/*-------------------------------------------------------------------------
 *
 * rev/store.c
 *	  Writes the revision tables.
 *
 * Rows travel as arrays, some hundred at a time, so that thousands of
 * revisions cost little more than their bytes.
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
#include "miscadmin.h"
#include "utils/memutils.h"

/* a batch ends after so many rows, or so many bytes of scripts */
#define BATCH_ROWS		1000
#define BATCH_BYTES		(8 * 1024 * 1024)

/*
 * How a column's value is made of the text that it travels as.  Microseconds
 * since 2000 are how the server keeps time, too.
 */
#define VALUE_TEXT(name)	"u." name
#define VALUE_BOOL(name)	"u." name "::pg_catalog.bool"
#define VALUE_INT4(name)	"u." name "::pg_catalog.int4"
#define VALUE_INT8(name)	"u." name "::pg_catalog.int8"
#define VALUE_NAMES(name)	"pg_catalog.string_to_array(u." name ", ',')"
#define VALUE_TIME(name) \
	"pg_catalog.timestamptz '2000-01-01 00:00:00+00'" \
	" + u." name "::pg_catalog.int8 * interval '1 microsecond'"

/* what stands for each column but the key in a statement */
#define NAME(column, name, type, changes)	", " name
#define VALUE(column, name, type, changes)	", " VALUE_##type(name)
#define CHANGE(column, name, type, changes) \
	CHANGE_##changes(name, VALUE_##type(name))
#define CHANGE_ALSO(name, value)	", " name " = " value
#define CHANGE_NEVER(name, value)

/* the rows as arrays of text, one parameter for each column */
#define FROM_ROWS \
	" FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13," \
	" $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)" \
	" AS u (revision" MIG_REVISION_COLUMNS(NAME) ")"

/* Rows as lists of char *, NULL for null; one list for each column. */
typedef struct Rows
{
	List	   *column[REV_COLUMNS];
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

/* Rows whose derived columns differ from the edges; lists of char *. */
typedef struct Changed
{
	List	   *revisions;
	List	   *heads;
	List	   *real_heads;
	List	   *generations;
} Changed;

static void write_rows(const MigSpi *spi, const List *rows,
					   const MigHeadChange *heads);
static void add_row(Rows *rows, const MigNewRow *row,
					const MigHeadChange *heads, int position);
static void add(Rows *rows, int column, const char *value);
static void write_batch(const MigSpi *spi, const Rows *rows, bool are_new);
static void add_edges(Edges *edges, const MigRevision *rev);
static void add_edge_list(Edges *edges, const char *child, char kind,
						  const List *parents);
static void write_edges(const MigSpi *spi, const Edges *edges);
static void mark_below(const MigSpi *spi, const MigHeadChange *heads);
static void note_changed(const MigNode *node, Changed *changed);
static void write_changed(const MigSpi *spi, const Changed *changed,
						  int heads, int real_heads);

/*
 * Store new revisions (list of MigNewRow *) with their edges and labels, and
 * let their parents and dependencies know that they are heads no longer.
 */
void
mig_store_insert(const MigSpi *spi, const List *rows,
				 const MigHeadChange *heads)
{
	write_rows(spi, rows, heads);
	mark_below(spi, heads);
}

/*
 * Change revisions (list of MigRevision *) that are stored.  Where parents or
 * dependencies change mig_store_refresh() must follow.
 */
void
mig_store_change(const MigSpi *spi, const List *revisions)
{
	List	   *rows = NIL;
	const ListCell *lc;

	foreach(lc, revisions)
	{
		MigNewRow  *row = palloc0(sizeof(MigNewRow));

		row->rev = lfirst(lc);
		rows = lappend(rows, row);
	}
	write_rows(spi, rows, NULL);
}

/* With heads the rows are new. */
static void
write_rows(const MigSpi *spi, const List *rows, const MigHeadChange *heads)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "pg_migrations batch",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	int			next = 0;

	while (next < list_length(rows))
	{
		Rows		batch = {0};
		Edges		edges = {0};

		CHECK_FOR_INTERRUPTS();
		while (next < list_length(rows) && batch.n < BATCH_ROWS &&
			   batch.bytes < BATCH_BYTES)
		{
			const MigNewRow *row = list_nth(rows, next);

			add_row(&batch, row, heads, next++);
			add_edges(&edges, row->rev);
		}
		write_batch(spi, &batch, heads != NULL);
		write_edges(spi, &edges);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}

/* All columns as text, with NULLs: one array each, whatever their type. */
static void
add_row(Rows *rows, const MigNewRow *row, const MigHeadChange *heads,
		int position)
{
	const MigRevision *rev = row->rev;

	add(rows, REV_REVISION, rev->revision);
	add(rows, REV_DOWN, mig_join_names(rev->down, ",", 0));
	add(rows, REV_DEPENDS, mig_join_names(rev->depends_on, ",", 0));
	add(rows, REV_LABELS, mig_join_names(rev->labels, ",", 0));
	add(rows, REV_MESSAGE, rev->message);
	add(rows, REV_DESCRIPTION, rev->description);
	add(rows, REV_UPGRADE, rev->upgrade_sql);
	add(rows, REV_DOWNGRADE, rev->downgrade_sql);
	add(rows, REV_VERIFY, rev->verify_sql);
	add(rows, REV_TRANSACTIONAL, rev->transactional ? "t" : "f");
	add(rows, REV_CHECKSUM, rev->checksum);
	add(rows, REV_CREATED_AT, psprintf(INT64_FORMAT, rev->created_at));
	add(rows, REV_STORED_BY, rev->stored_by);
	add(rows, REV_REQUIRES, mig_join_names(rev->requires, ",", 0));
	add(rows, REV_UPGRADE_COUNT, psprintf("%d", rev->counts.upgrade));
	add(rows, REV_DOWNGRADE_COUNT, psprintf("%d", rev->counts.downgrade));
	add(rows, REV_VERIFY_COUNT, psprintf("%d", rev->counts.verify));
	rows->n++;
	if (heads == NULL)
		return;
	add(rows, REV_CREATED_BY, rev->created_by);
	add(rows, REV_IS_HEAD, row->is_head ? "t" : "f");
	add(rows, REV_IS_REAL_HEAD, row->is_real_head ? "t" : "f");
	add(rows, REV_GENERATION, psprintf("%d", row->generation));
	add(rows, REV_SEQ, psprintf(INT64_FORMAT, heads->seq + position));
	add(rows, REV_HEAD_COUNT, psprintf("%d", heads->head_count));
	add(rows, REV_REAL_HEAD_COUNT, psprintf("%d", heads->real_head_count));
}

/* Bytes are counted, since an array must stay far below a gigabyte. */
static void
add(Rows *rows, int column, const char *value)
{
	List	  **values = &rows->column[column - 1];

	*values = lappend(*values, unconstify(char *, value));
	if (value != NULL)
		rows->bytes += strlen(value);
}

/* The text is cast to the type of each column there. */
static void
write_batch(const MigSpi *spi, const Rows *rows, bool are_new)
{
	MigParam	params[REV_COLUMNS];

	for (int i = 0; i < REV_COLUMNS; i++)
		params[i] = MIG_PARAM(TEXTARRAYOID,
							  mig_text_array_nulls(rows->column[i]));
	if (are_new)
		mig_spi_write(spi,
					  "INSERT INTO @migrate_revision"
					  " (revision" MIG_REVISION_COLUMNS(NAME) ")"
					  " SELECT u.revision" MIG_REVISION_COLUMNS(VALUE)
					  FROM_ROWS,
					  lengthof(params), params);
	else
	{
		uint64		found;

		found = mig_spi_change(spi,
							   "UPDATE @migrate_revision r"
							   " SET revision = u.revision"
							   MIG_REVISION_COLUMNS(CHANGE)
							   FROM_ROWS
							   " WHERE r.revision = u.revision",
							   lengthof(params), params);
		if (found == 0)
			mig_lookup_refuse_gone(linitial(rows->column[REV_REVISION - 1]));
		mig_spi_write(spi,
					  "DELETE FROM @migrate_edge WHERE child = ANY ($1)",
					  1, params);
	}
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

/*
 * The place in the list is kept: the first parent is another thing than the
 * second.
 */
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

/* All of them in one statement. */
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
	int			heads = 0;
	int			real_heads = 0;
	ListCell   *lc;

	foreach(lc, mig_graph_parents_first(graph))
	{
		MigNode    *node = lfirst(lc);

		if (mig_graph_place(node))
			note_changed(node, &changed);
		heads += node->row.is_head;
		real_heads += node->row.is_real_head;
	}
	write_changed(spi, &changed, heads, real_heads);
}

static void
note_changed(const MigNode *node, Changed *changed)
{
	const MigRow *row = &node->row;

	changed->revisions = lappend(changed->revisions, row->revision);
	changed->heads = lappend(changed->heads,
							 pstrdup(row->is_head ? "t" : "f"));
	changed->real_heads = lappend(changed->real_heads,
								  pstrdup(row->is_real_head ? "t" : "f"));
	changed->generations = lappend(changed->generations,
								   psprintf("%d", row->generation));
}

/* The counts of heads stand in the row that was stored last. */
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
