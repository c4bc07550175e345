/*-------------------------------------------------------------------------
 *
 * api/result.h
 *	  Rows that SQL functions return.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_RESULT_H
#define MIG_RESULT_H

#include "fmgr.h"
#include "nodes/execnodes.h"
#include "nodes/pg_list.h"

/* The columns of a row being made. */
typedef struct MigResultRow
{
	ReturnSetInfo *rsinfo;
	MemoryContext values_in;	/* reset behind each row; or NULL */
	Datum		no_texts;		/* an empty text[], if there is values_in */
	int			n;
	Datum		values[16];
	bool		nulls[16];
} MigResultRow;

extern void mig_result_begin(FunctionCallInfo fcinfo, MigResultRow *row);
extern MemoryContext mig_result_many(MigResultRow *row);
extern void mig_result_add(MigResultRow *row, Datum value);
extern void mig_result_add_null(MigResultRow *row);
extern void mig_result_add_text(MigResultRow *row, const char *value);
extern void mig_result_add_texts(MigResultRow *row, const List *values);
extern void mig_result_end_row(MigResultRow *row);
extern void mig_result_lines(FunctionCallInfo fcinfo, const char *string);

#endif							/* MIG_RESULT_H */
