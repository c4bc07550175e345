/*-------------------------------------------------------------------------
 *
 * util/row.h
 *	  Writes single rows of our tables, without a plan.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_ROW_H
#define MIG_ROW_H

#include "util/spi.h"

#include "nodes/execnodes.h"
#include "utils/relcache.h"

/* One of our tables, open for writing. */
typedef struct MigRowWriter
{
	Relation	rel;
	EState	   *estate;
	ResultRelInfo *result;
	TupleTableSlot *row;		/* to be written, or a key to look for */
	TupleTableSlot *found;		/* a row that is there */
} MigRowWriter;

extern void mig_row_writer_begin(MigRowWriter *writer, const MigSpi *spi,
								 const char *table);
extern void mig_row_insert(MigRowWriter *writer, int n,
						   const MigParam *columns);
extern bool mig_row_place_exists(Relation rel, const ItemPointerData *place);
extern bool mig_row_find_at(MigRowWriter *writer,
							const ItemPointerData *place, int n,
							const char *const *key);
pg_nodiscard extern bool mig_row_find(MigRowWriter *writer,
									  const char *index, int n,
									  const char *const *key);
extern Datum mig_row_value(MigRowWriter *writer, AttrNumber column);
extern void mig_row_change(MigRowWriter *writer, AttrNumber column,
						   MigParam value);
extern void mig_row_delete(MigRowWriter *writer);
extern void mig_row_writer_end(MigRowWriter *writer);

#endif							/* MIG_ROW_H */
