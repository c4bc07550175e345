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

/* What may change of a stored revision; NULL or false: keep. */
typedef struct MigChange
{
	const char *upgrade_sql;
	const char *checksum;		/* with upgrade_sql */
	const char *downgrade_sql;
	const char *verify_sql;
	const char *message;
	const char *description;	/* with message; may be NULL */
	bool		irreversible;	/* downgrade_sql becomes NULL */
	bool		transactional;	/* always set */
	MigCounts	counts;			/* always set */
	const List *others;			/* of char *, roles whose text is in it */
	const char *others_have;	/* what of theirs that is, for people */
} MigChange;

/* How the heads change with a new revision. */
typedef struct MigHeadChange
{
	int64		seq;			/* of the new revision */
	int			generation;
	int			head_count;
	int			real_head_count;
	List	   *parents;		/* of char *, no heads any more */
	List	   *below;			/* of char *, no real heads any more */
} MigHeadChange;

extern void mig_store_insert(const MigSpi *spi, const MigRevision *rev,
							 const MigHeadChange *heads);
extern void mig_store_change(const MigSpi *spi, const char *revision,
							 const MigChange *change, const char *stored_by);
extern void mig_store_reparent(const MigSpi *spi, const char *revision,
							   const List *down);
extern void mig_store_delete(const MigSpi *spi, const char *revision);
extern void mig_store_refresh(const MigSpi *spi, MigGraph *graph);

#endif							/* MIG_STORE_H */
