/*-------------------------------------------------------------------------
 *
 * model/row_filter.h
 *	  Leaves out rows of tables that will not be below the one that is asked.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_ROW_FILTER_H
#define MIG_ROW_FILTER_H

#include "nodes/parsenodes.h"

/* Tables whose rows do not count as those of another. */
typedef struct MigLeftOut
{
	Oid			relid;			/* the other */
	List	   *parts;			/* OIDs */
} MigLeftOut;

extern const List *mig_row_filter_parts(const List *left_out, Oid relid);
extern void mig_row_filter_next(const List *left_out);
extern void mig_row_filter_query(Query *query);

#endif							/* MIG_ROW_FILTER_H */
