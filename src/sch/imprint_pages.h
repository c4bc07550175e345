/*-------------------------------------------------------------------------
 *
 * sch/imprint_pages.h
 *	  What is known of pages of catalogs between imprints.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_IMPRINT_PAGES_H
#define MIG_IMPRINT_PAGES_H

#include "postgres.h"

#include "access/xlogdefs.h"
#include "sch/catalog_row.h"
#include "storage/block.h"

/* A number for rows, whatever their order. */
typedef struct MigDigest
{
	uint64		count;
	uint64		sums[2];
} MigDigest;

/* What imprints remember. */
typedef struct MigImprintMemory
{
	MemoryContext context;		/* of all that follows */
	MigNames	names;			/* of what is, or was, in the schemas */
	HTAB	   *catalogs;		/* and what is known of their pages */
	uint32		age;			/* names have changed so often */
	List	   *schemas;		/* OIDs */
	uint64		members;		/* a number for members of extensions, and
								 * where these are */
	bool		holds;			/* the last imprint came to its end */
} MigImprintMemory;

extern MigImprintMemory *mig_imprint_pages_begin(void);
extern void mig_imprint_pages_for(MigImprintMemory *memory,
								  const List *schemas, HTAB *members);
extern void mig_imprint_pages_undo(MigImprintMemory *memory,
								   XLogRecPtr since);
extern void mig_imprint_pages_each(const MigImprintMemory *memory,
								   Relation rel, int key, MigDigest *digest,
								   MigCatalogFunction function, void *arg);
extern void mig_imprint_pages_add(const MigImprintMemory *memory, Oid catalog,
								  BlockNumber block, const MigDigest *row);
extern void mig_digest_add(MigDigest *digest, const MigDigest *rows);

#endif							/* MIG_IMPRINT_PAGES_H */
