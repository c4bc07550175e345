/*-------------------------------------------------------------------------
 *
 * sch/alter_table.h
 *	  The statements of a script: changes of a table in one ALTER TABLE.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_ALTER_TABLE_H
#define MIG_ALTER_TABLE_H

#include "sch/sch.h"

/* A statement of a script, and what belongs to it. */
typedef struct MigPassage
{
	List	   *actions;		/* of MigAction *, at least one */
	const char *text;			/* ends with a semicolon and a line break */
} MigPassage;

extern List *mig_merge_statements(const MigDiff *diff);
extern char *mig_merge_text(const MigAction *action);

#endif							/* MIG_ALTER_TABLE_H */
