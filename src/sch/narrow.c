/*-------------------------------------------------------------------------
 *
 * sch/narrow.c
 *	  Reads the part of schemas that a transaction has changed.
 *
 * Where two states of a schema are compared that lie in one transaction, what
 * has written no row in between is the same in both, unless it depends on
 * something that has.  So the rows of the catalogs that were written since a
 * point tell which objects a comparison needs: those, what depends on them,
 * and what they are parts of.  Objects are known by their OIDs alone; that two
 * catalogs may have the same one makes the part larger, and nothing else.
 *
 * Pages that have a position in the WAL before the point have no such rows.
 * What was written is there even if it was deleted again, since the
 * transaction goes on.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/narrow.h"

#include "sch/catalog_row.h"
#include "util/spi.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "access/transam.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/dependency.h"
#include "catalog/pg_aggregate.h"
#include "catalog/pg_attrdef.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_conversion.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_description.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_foreign_table.h"
#include "catalog/pg_index.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_partitioned_table.h"
#include "catalog/pg_policy.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_range.h"
#include "catalog/pg_rewrite.h"
#include "catalog/pg_sequence.h"
#include "catalog/pg_statistic_ext.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_ts_config.h"
#include "catalog/pg_ts_config_map.h"
#include "catalog/pg_ts_dict.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/memutils.h"

/* Room for so many edges at first */
#define EDGES	4096

/* Fields of a row that tell what it is about, at most */
#define FIELDS	3

/* What the rows of a catalog are about. */
typedef struct Source
{
	Oid			catalog;
	const char *fields[3];
} Source;

static const Source sources[] = {
	{RelationRelationId, {"oid"}},
	{TypeRelationId, {"oid", "typrelid"}},
	{AttributeRelationId, {"attrelid"}},
	{AttrDefaultRelationId, {"oid", "adrelid"}},
	{IndexRelationId, {"indexrelid", "indrelid"}},
	{ConstraintRelationId, {"oid", "conrelid", "contypid"}},
	{TriggerRelationId, {"oid", "tgrelid"}},
	{RewriteRelationId, {"oid", "ev_class"}},
	{PolicyRelationId, {"oid", "polrelid"}},
	{InheritsRelationId, {"inhrelid", "inhparent"}},
	{PartitionedRelationId, {"partrelid"}},
	{SequenceRelationId, {"seqrelid"}},
	{ForeignTableRelationId, {"ftrelid"}},
	{StatisticExtRelationId, {"oid", "stxrelid"}},
	{ProcedureRelationId, {"oid"}},
	{AggregateRelationId, {"aggfnoid"}},
	{EnumRelationId, {"oid", "enumtypid"}},
	{RangeRelationId, {"rngtypid"}},
	{CollationRelationId, {"oid"}},
	{ConversionRelationId, {"oid"}},
	{OperatorRelationId, {"oid"}},
	{OperatorClassRelationId, {"oid"}},
	{OperatorFamilyRelationId, {"oid"}},
	{TSDictionaryRelationId, {"oid"}},
	{TSConfigRelationId, {"oid"}},
	{TSConfigMapRelationId, {"mapcfg"}},
	{DependRelationId, {"objid"}},
	{DescriptionRelationId, {"objoid"}},
};

/* One object depends on another, or is part of it. */
typedef struct Edge
{
	Oid			from;
	Oid			to;
	bool		is_part;
} Edge;

typedef struct Edges
{
	Edge	   *edges;
	int			n;
	int			size;
} Edges;

/* Is one of others none of the objects? */
typedef struct Search
{
	HTAB	   *objects;
	HTAB	   *others;
	bool		found;
} Search;

static void add_written(HTAB *objects, const Source *source,
						const MigPoint *since);
static void add_page(HTAB *objects, Relation rel, const int *fields,
					 Page page, const MigPoint *since);
static bool is_written(HeapTupleHeader row, TransactionId xid);
static bool is_later(TransactionId xid, TransactionId than);
static void add_all(HTAB *objects, HTAB *others);
static void follow(HTAB *objects, const Edges *edges, bool to_wholes);
static void add_edge(Relation rel, HeapTuple tuple, void *arg);
static void enter(HTAB *objects, Oid oid);
static bool has(HTAB *objects, Oid oid);
static void look_at_row(Relation rel, HeapTuple tuple, void *arg);
static const char *make_query(const MigKind *kind);

/* From here on. */
MigPoint
mig_narrow_begin(void)
{
	MigPoint	point;

	point.xid = GetCurrentTransactionId();
	point.position = GetXLogInsertRecPtr();
	return point;
}

/* A set of OIDs, none yet, in the current memory context. */
HTAB *
mig_narrow_objects(void)
{
	HASHCTL		ctl = {0};

	ctl.keysize = ctl.entrysize = sizeof(Oid);
	ctl.hcxt = CurrentMemoryContext;
	return hash_create("pg_migrations objects", 256, &ctl,
					   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* Add what the rows are about that this transaction has written since then. */
void
mig_narrow_written(HTAB *objects, const MigPoint *since)
{
	for (size_t i = 0; i < lengthof(sources); i++)
		add_written(objects, &sources[i], since);
}

static void
add_written(HTAB *objects, const Source *source, const MigPoint *since)
{
	Relation	rel = table_open(source->catalog, AccessShareLock);
	BlockNumber nblocks = RelationGetNumberOfBlocks(rel);
	int			fields[FIELDS];

	for (size_t i = 0; i < FIELDS; i++)
		fields[i] = source->fields[i] == NULL ? -1 :
			mig_field_of(RelationGetDescr(rel), source->fields[i]);
	for (BlockNumber block = 0; block < nblocks; block++)
	{
		Buffer		buffer = ReadBuffer(rel, block);

		CHECK_FOR_INTERRUPTS();
		if (BufferGetLSNAtomic(buffer) > since->position)
		{
			LockBuffer(buffer, BUFFER_LOCK_SHARE);
			add_page(objects, rel, fields, BufferGetPage(buffer), since);
			LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
		}
		ReleaseBuffer(buffer);
	}
	table_close(rel, AccessShareLock);
}

/*
 * Triggers of foreign keys are none of the tables that these refer to.
 */
static void
add_page(HTAB *objects, Relation rel, const int *fields, Page page,
		 const MigPoint *since)
{
	for (OffsetNumber i = FirstOffsetNumber;
		 i <= PageGetMaxOffsetNumber(page); i++)
	{
		ItemId		item = PageGetItemId(page, i);
		HeapTupleData tuple = {0};

		if (!ItemIdIsNormal(item))
			continue;
		tuple.t_data = (HeapTupleHeader) PageGetItem(page, item);
		tuple.t_len = ItemIdGetLength(item);
		tuple.t_tableOid = RelationGetRelid(rel);
		if (!is_written(tuple.t_data, since->xid) ||
			(RelationGetRelid(rel) == TriggerRelationId &&
			 ((Form_pg_trigger) GETSTRUCT(&tuple))->tgisinternal))
			continue;
		for (size_t k = 0; k < FIELDS && fields[k] >= 0; k++)
		{
			bool		isnull;
			Datum		value = heap_getattr(&tuple, fields[k] + 1,
											 RelationGetDescr(rel), &isnull);

			enter(objects, DatumGetObjectId(value));
		}
	}
}

/* Has the transaction made or ended the version of a row since then? */
static bool
is_written(HeapTupleHeader row, TransactionId xid)
{
	if (is_later(HeapTupleHeaderGetXmin(row), xid))
		return true;
	return (row->t_infomask & HEAP_XMAX_INVALID) == 0 &&
		!HEAP_XMAX_IS_LOCKED_ONLY(row->t_infomask) &&
		is_later(HeapTupleHeaderGetUpdateXid(row), xid);
}

static bool
is_later(TransactionId xid, TransactionId than)
{
	return TransactionIdIsNormal(xid) &&
		TransactionIdFollowsOrEquals(xid, than) &&
		TransactionIdIsCurrentTransactionId(xid);
}

/*
 * Add to objects what was written, what depends on that, as things stand now,
 * and what all of it is part of.
 */
void
mig_narrow_reach(HTAB *objects, HTAB *written)
{
	HTAB	   *reached = mig_narrow_objects();
	Edges		edges = {0};

	edges.size = EDGES;
	edges.edges = palloc(sizeof(Edge) * edges.size);
	mig_catalog_each(DependRelationId, add_edge, &edges);
	add_all(reached, written);
	follow(reached, &edges, false);
	follow(reached, &edges, true);
	add_all(objects, reached);
	hash_destroy(reached);
	pfree(edges.edges);
}

static void
add_all(HTAB *objects, HTAB *others)
{
	HASH_SEQ_STATUS status;
	const Oid  *oid;

	hash_seq_init(&status, others);
	while ((oid = hash_seq_search(&status)) != NULL)
		enter(objects, *oid);
}

/* Add what depends on the objects; or what they are parts of. */
static void
follow(HTAB *objects, const Edges *edges, bool to_wholes)
{
	bool		any;

	do
	{
		any = false;
		for (int i = 0; i < edges->n; i++)
		{
			const Edge *edge = &edges->edges[i];
			Oid			known = to_wholes ? edge->from : edge->to;
			Oid			other = to_wholes ? edge->to : edge->from;

			if ((to_wholes && !edge->is_part) || !has(objects, known) ||
				has(objects, other))
				continue;
			enter(objects, other);
			any = true;
		}
	} while (any);
}

static void
add_edge(Relation rel, HeapTuple tuple, void *arg)
{
	Edges	   *edges = arg;
	const		FormData_pg_depend *depend;
	Edge	   *edge;

	depend = (const FormData_pg_depend *) GETSTRUCT(tuple);
	if (depend->objid < FirstNormalObjectId ||
		depend->refobjid < FirstNormalObjectId ||
		depend->refclassid == NamespaceRelationId ||
		depend->refclassid == ExtensionRelationId)
		return;
	if (edges->n >= edges->size)
	{
		edges->size *= 2;
		edges->edges = repalloc(edges->edges, sizeof(Edge) * edges->size);
	}
	edge = &edges->edges[edges->n++];
	edge->from = depend->objid;
	edge->to = depend->refobjid;
	edge->is_part = depend->deptype != DEPENDENCY_NORMAL;
}

static void
enter(HTAB *objects, Oid oid)
{
	if (oid >= FirstNormalObjectId)
		(void) hash_search(objects, &oid, HASH_ENTER, NULL);
}

static bool
has(HTAB *objects, Oid oid)
{
	return hash_search(objects, &oid, HASH_FIND, NULL) != NULL;
}

/* Is there none that stands now among others, but those that are objects? */
bool
mig_narrow_has_all(HTAB *objects, HTAB *others)
{
	Search		search = {.objects = objects,.others = others};

	mig_catalog_each(DependRelationId, look_at_row, &search);
	return !search.found;
}

/* Whatever stands depends on something, if only on its schema. */
static void
look_at_row(Relation rel, HeapTuple tuple, void *arg)
{
	Search	   *search = arg;
	Oid			oid = ((FormData_pg_depend *) GETSTRUCT(tuple))->objid;

	search->found |= has(search->others, oid) && !has(search->objects, oid);
}

/* All of both, as oid[]. */
ArrayType *
mig_narrow_array(HTAB *objects, HTAB *others)
{
	List	   *oids = NIL;
	HASH_SEQ_STATUS status;
	const Oid  *oid;

	hash_seq_init(&status, objects);
	while ((oid = hash_seq_search(&status)) != NULL)
		oids = lappend_oid(oids, *oid);
	hash_seq_init(&status, others);
	while ((oid = hash_seq_search(&status)) != NULL)
	{
		if (!has(objects, *oid))
			oids = lappend_oid(oids, *oid);
	}
	return DatumGetArrayTypeP(mig_oids_param(oids).value);
}

/*
 * The query of a kind for what is part of objects, in a parameter $3; NULL:
 * there is none, and all are read.
 */
const char *
mig_narrow_query(const MigKind *kind)
{
	static const char *queries[MIG_NKINDS];

	if (kind->whole != NULL && queries[kind->id] == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);

		queries[kind->id] = make_query(kind);
		MemoryContextSwitchTo(old);
	}
	return queries[kind->id];
}

/* The last ORDER BY is that of the query, if it has one. */
static const char *
make_query(const MigKind *kind)
{
	static const char order[] = " ORDER BY ";
	const char *end = kind->query + strlen(kind->query);
	const char *next = kind->query;

	while ((next = strstr(next, order)) != NULL)
	{
		end = next;
		next += strlen(order);
	}
	return psprintf("%.*s AND %s = ANY ($3)%s", (int) (end - kind->query),
					kind->query, kind->whole, end);
}
