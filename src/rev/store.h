/*-------------------------------------------------------------------------
 *
 * rev/store.h
 *	  Writes the revision tables.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_STORE_H
#define MIG_STORE_H

#include "rev/rev.h"
#include "util/spi.h"

/* A revision to be added. */
typedef struct MigNewRow
{
	const MigRevision *rev;
	int			generation;
	bool		is_head;
	bool		is_real_head;
} MigNewRow;

/* How the heads change with new revisions. */
typedef struct MigHeadChange
{
	int64		seq;			/* of the first one */
	int			head_count;
	int			real_head_count;
	List	   *parents;		/* of char *, no heads any more */
	List	   *below;			/* of char *, no real heads any more */
} MigHeadChange;

extern void mig_store_insert(const MigSpi *spi, const List *rows,
							 const MigHeadChange *heads);
extern void mig_store_change(const MigSpi *spi, const List *revisions);
extern void mig_store_delete(const MigSpi *spi, const char *revision);
extern void mig_store_refresh(const MigSpi *spi, MigGraph *graph);

#endif							/* MIG_STORE_H */
