/*-------------------------------------------------------------------------
 *
 * sch/sql_body.h
 *	  Bodies of routines that the server has parsed.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SQL_BODY_H
#define MIG_SQL_BODY_H

#include "fmgr.h"
#include "nodes/parsenodes.h"

extern char *mig_sql_body_readable(char *definition, Oid routine);
extern char *mig_sql_body_print(char *definition, Oid routine,
								char *(*print) (Query *query));
extern Datum mig_sql_body(PG_FUNCTION_ARGS);

#endif							/* MIG_SQL_BODY_H */
