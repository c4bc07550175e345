/*-------------------------------------------------------------------------
 *
 * sch/imprint_pages.c
 *	  What is known of pages of catalogs between imprints.
 *
 * Imprints that follow each other in a transaction find most of the catalogs
 * as they were.  A page of a catalog that has the position in the WAL that it
 * had is the same: whoever changes it sets that.  Which of its rows are seen
 * might change all the same when others commit, whose rows do not count, and
 * when what has written them is rolled back; then the caller must say so.
 *
 * What a row counts for has the names of others in it.  It holds as long as
 * all that have a name keep it; what is new changes nothing of it, since
 * nothing older can refer to that.  Else all pages are read again, but those
 * with nothing but rows of the server itself.  What was rolled back or dropped
 * keeps its name as well, for it may come back.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/imprint_pages.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/transam.h"
#include "catalog/pg_extension.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "storage/bufmgr.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

/* A page as it was read; all is 0: not yet. */
typedef struct KnownPage
{
	XLogRecPtr	lsn;
	uint32		age;			/* of the names in its rows */
	bool		is_servers;		/* it has rows of the server alone */
	MigDigest	digest;
} KnownPage;

typedef struct KnownCatalog
{
	Oid			id;				/* key */
	BlockNumber npages;
	KnownPage  *pages;
} KnownCatalog;

static uint64 number_of_members(HTAB *members);
static uint64 number_of_places(void);
static KnownCatalog *enter(const MigImprintMemory *memory, Oid catalog,
						   BlockNumber npages);
static bool is_known(const KnownPage *page, XLogRecPtr lsn, uint32 age);
static bool each_row(Relation rel, const List *rows, int key,
					 MigCatalogFunction function, void *arg);
static List *read_rows(Relation rel, Buffer buffer, Snapshot snapshot,
					   XLogRecPtr * lsn);

/* In a context below the current one. */
MigImprintMemory *
mig_imprint_pages_begin(void)
{
	MigImprintMemory *memory = palloc0(sizeof(MigImprintMemory));

	memory->context = AllocSetContextCreate(CurrentMemoryContext,
											"pg_migrations imprints",
											ALLOCSET_DEFAULT_SIZES);
	return memory;
}

/*
 * An imprint of these schemas is to be taken: forget all that is about others.
 */
void
mig_imprint_pages_for(MigImprintMemory *memory, const List *schemas,
					  HTAB *members)
{
	uint64		number = number_of_members(members) + number_of_places();
	HASHCTL		ctl = {0};
	MemoryContext old;

	if (memory->holds && equal(memory->schemas, schemas) &&
		memory->members == number)
		return;
	MemoryContextReset(memory->context);
	old = MemoryContextSwitchTo(memory->context);
	memory->schemas = list_copy(schemas);
	memory->members = number;
	memory->age = 0;
	mig_names_begin(&memory->names);
	ctl.keysize = sizeof(Oid);
	ctl.entrysize = sizeof(KnownCatalog);
	ctl.hcxt = memory->context;
	memory->catalogs = hash_create("pg_migrations catalogs", 64, &ctl,
								   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	MemoryContextSwitchTo(old);
}

static uint64
number_of_members(HTAB *members)
{
	HASH_SEQ_STATUS status;
	const Oid  *address;
	uint64		number = 0;

	hash_seq_init(&status, members);
	while ((address = hash_seq_search(&status)) != NULL)
		number += hash_bytes_extended((const unsigned char *) address,
									  sizeof(Oid) * 2, 0);
	return number;
}

/* Where extensions are: what is printed names their members so. */
static uint64
number_of_places(void)
{
	Relation	rel = table_open(ExtensionRelationId, AccessShareLock);
	SysScanDesc scan = systable_beginscan(rel, InvalidOid, false, NULL, 0,
										  NULL);
	uint64		number = 0;
	HeapTuple	tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_extension extension = (Form_pg_extension) GETSTRUCT(tuple);
		Oid			place[] = {extension->oid, extension->extnamespace};

		number += hash_bytes_extended((const unsigned char *) place,
									  sizeof(place), 1);
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return number;
}

/* What was written since then is rolled back. */
void
mig_imprint_pages_undo(MigImprintMemory *memory, XLogRecPtr since)
{
	HASH_SEQ_STATUS status;
	const KnownCatalog *catalog;

	if (memory->catalogs == NULL)
		return;
	hash_seq_init(&status, memory->catalogs);
	while ((catalog = hash_seq_search(&status)) != NULL)
	{
		for (BlockNumber i = 0; i < catalog->npages; i++)
		{
			if (catalog->pages[i].lsn > since)
				catalog->pages[i].lsn = InvalidXLogRecPtr;
		}
	}
}

/*
 * Call a function with each row of a catalog that is not the server's own, by
 * the field "key"; but what pages that are known count for is added to the
 * digest.  What the others do is to be told by mig_imprint_pages_add().
 */
void
mig_imprint_pages_each(const MigImprintMemory *memory, Relation rel, int key,
					   MigDigest *digest, MigCatalogFunction function,
					   void *arg)
{
	BlockNumber nblocks = RelationGetNumberOfBlocks(rel);
	const KnownCatalog *catalog = enter(memory, RelationGetRelid(rel),
										nblocks);
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "pg_migrations page",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	Snapshot	snapshot;

	snapshot = RegisterSnapshot(GetCatalogSnapshot(RelationGetRelid(rel)));
	for (BlockNumber block = 0; block < nblocks; block++)
	{
		KnownPage  *page = &catalog->pages[block];
		Buffer		buffer = ReadBuffer(rel, block);
		List	   *rows;

		CHECK_FOR_INTERRUPTS();
		if (is_known(page, BufferGetLSNAtomic(buffer), memory->age))
		{
			mig_digest_add(digest, &page->digest);
			ReleaseBuffer(buffer);
			continue;
		}
		rows = read_rows(rel, buffer, snapshot, &page->lsn);
		ReleaseBuffer(buffer);
		page->age = memory->age;
		memset(&page->digest, 0, sizeof(MigDigest));
		page->is_servers = !each_row(rel, rows, key, function, arg);
		MemoryContextReset(context);
	}
	UnregisterSnapshot(snapshot);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}

/* With room for its pages. */
static KnownCatalog *
enter(const MigImprintMemory *memory, Oid id, BlockNumber npages)
{
	bool		found;
	KnownCatalog *catalog = hash_search(memory->catalogs, &id, HASH_ENTER,
										&found);
	KnownPage  *pages;

	if (!found)
	{
		catalog->npages = 0;
		catalog->pages = NULL;
	}
	if (npages <= catalog->npages)
		return catalog;
	pages = MemoryContextAllocZero(memory->context,
								   sizeof(KnownPage) * npages * 2);
	if (catalog->pages != NULL)
	{
		memcpy(pages, catalog->pages, sizeof(KnownPage) * catalog->npages);
		pfree(catalog->pages);
	}
	catalog->npages = npages * 2;
	catalog->pages = pages;
	return catalog;
}

/* Is it what it was, so that it counts for what it did? */
static bool
is_known(const KnownPage *page, XLogRecPtr lsn, uint32 age)
{
	return !XLogRecPtrIsInvalid(page->lsn) && page->lsn == lsn &&
		(page->age == age || page->is_servers);
}

/* Those that a snapshot sees on a page that is pinned. */
static List *
read_rows(Relation rel, Buffer buffer, Snapshot snapshot, XLogRecPtr * lsn)
{
	Page		page = BufferGetPage(buffer);
	List	   *rows = NIL;

	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	*lsn = PageGetLSN(page);
	for (OffsetNumber i = FirstOffsetNumber;
		 i <= PageGetMaxOffsetNumber(page); i++)
	{
		ItemId		item = PageGetItemId(page, i);
		HeapTupleData tuple;

		if (!ItemIdIsNormal(item))
			continue;
		tuple.t_data = (HeapTupleHeader) PageGetItem(page, item);
		tuple.t_len = ItemIdGetLength(item);
		tuple.t_tableOid = RelationGetRelid(rel);
		ItemPointerSet(&tuple.t_self, BufferGetBlockNumber(buffer), i);
		if (HeapTupleSatisfiesVisibility(&tuple, snapshot, buffer))
			rows = lappend(rows, heap_copytuple(&tuple));
	}
	LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
	return rows;
}

/* Returns false if all are the server's own. */
static bool
each_row(Relation rel, const List *rows, int key, MigCatalogFunction function,
		 void *arg)
{
	bool		any = false;
	const ListCell *lc;

	foreach(lc, rows)
	{
		HeapTuple	tuple = lfirst(lc);
		bool		isnull;
		Datum		oid = heap_getattr(tuple, key + 1, RelationGetDescr(rel),
									   &isnull);

		if (DatumGetObjectId(oid) < FirstNormalObjectId)
			continue;
		any = true;
		function(rel, tuple, arg);
	}
	return any;
}

/* A row of a page that was read just now counts for this. */
void
mig_imprint_pages_add(const MigImprintMemory *memory, Oid catalog,
					  BlockNumber block, const MigDigest *row)
{
	const KnownCatalog *known = hash_search(memory->catalogs, &catalog,
											HASH_FIND, NULL);

	Assert(known != NULL && block < known->npages);
	mig_digest_add(&known->pages[block].digest, row);
}

void
mig_digest_add(MigDigest *digest, const MigDigest *rows)
{
	digest->count += rows->count;
	for (size_t i = 0; i < lengthof(digest->sums); i++)
		digest->sums[i] += rows->sums[i];
}
