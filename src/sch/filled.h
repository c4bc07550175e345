/*-------------------------------------------------------------------------
 *
 * sch/filled.h
 *	  New columns of a table that are filled by one UPDATE.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_FILLED_H
#define MIG_FILLED_H

#include "nodes/pg_list.h"

/* A column that is added and filled. */
typedef struct MigFilled
{
	const char *addition;		/* ADD COLUMN ... */
	const char *assignment;		/* "x = 1" */
	const char *name;
	const Node *value;
} MigFilled;

extern List *mig_filled_read(const char *source, const char *head,
							 const char *table);
extern bool mig_filled_fit(const List *first, const List *second,
						   const char *name);
extern char *mig_filled_write(const List *columns, const char *head,
							  const char *table);

#endif							/* MIG_FILLED_H */
