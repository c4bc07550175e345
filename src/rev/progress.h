/*-------------------------------------------------------------------------
 *
 * rev/progress.h
 *	  How far a non-transactional revision has come.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_PROGRESS_H
#define MIG_PROGRESS_H

#include "rev/rev.h"
#include "util/spi.h"

/* Whose statements are marked. */
typedef struct MigMarks
{
	Oid			nsp;			/* schema of the extension */
	const char *schema_name;	/* target schema, '' for the database */
	const char *revision;
	MigDirection direction;
} MigMarks;

typedef enum MigMark
{
	MIG_MARK_NONE,				/* not begun */
	MIG_MARK_STARTED,			/* begun, perhaps done */
	MIG_MARK_DONE,
} MigMark;

extern MigMark mig_progress_get(const MigMarks *marks, int statement);
extern void mig_progress_put(const MigMarks *marks, int statement, bool done);
extern void mig_progress_withdraw(const MigMarks *marks, int statement);
extern void mig_progress_clear(const MigMarks *marks);
extern int	mig_progress_last(Oid nsp, const char *revision,
							  MigDirection direction);

#endif							/* MIG_PROGRESS_H */
