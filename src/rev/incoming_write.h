/*-------------------------------------------------------------------------
 *
 * rev/incoming_write.h
 *	  Writes many revisions at once.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_INCOMING_WRITE_H
#define MIG_INCOMING_WRITE_H

#include "rev/incoming.h"
#include "rev/store.h"

/* A revision to be added. */
typedef struct MigNewRow
{
	MigIncoming *in;
	int			generation;
	bool		is_head;
	bool		is_real_head;
} MigNewRow;

/* What is to be written. */
typedef struct MigIncomingBatch
{
	List	   *added;			/* of MigNewRow *, parents before children */
	List	   *changed;		/* of MigIncoming * */
	bool		edges_changed;	/* parents or dependencies of stored ones */
	MigHeadChange heads;		/* seq is that of the first one added */
} MigIncomingBatch;

extern void mig_incoming_insert(const MigSpi *spi,
								const MigIncomingBatch *bulk);
extern void mig_incoming_change(const MigSpi *spi,
								const MigIncomingBatch *bulk);

#endif							/* MIG_INCOMING_WRITE_H */
