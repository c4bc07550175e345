/*-------------------------------------------------------------------------
 *
 * model/code_trust.h
 *	  Whose code may run, and what it may do, while somebody only looks.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_CODE_TRUST_H
#define MIG_CODE_TRUST_H

#include "nodes/parsenodes.h"

typedef enum MigWatchKind
{
	MIG_WATCH_NOTHING,
	MIG_WATCH_MODEL,			/* a model is built, under a guard */
	MIG_WATCH_REPLAY,			/* the same, by revisions, which have rows */
	MIG_WATCH_PROBE				/* rows are asked */
} MigWatchKind;

/* What is watched, and as which role. */
typedef struct MigWatch
{
	MigWatchKind kind;
	Oid			role;
	List	   *skipped;		/* char *: statements that were, of a replay */
	List	   *comments;		/* CommentStmt *, on extensions */
	MemoryContext context;		/* of these two */
	bool		reads;			/* code in a statement has read rows */
	bool		follows_rows;	/* ... and defined something behind that */
} MigWatch;

extern void mig_watch_install(void);
extern MigWatch mig_watch_begin(MigWatchKind kind, Oid role);
extern void mig_watch_end(const MigWatch *before);
extern void mig_watch_as(Oid role);
extern bool mig_watch_skips(const Node *stmt);
extern List *mig_watch_take_skipped(List **comments);
extern void mig_watch_begin_statement(void);
extern bool mig_watch_take_follows_rows(void);

#endif							/* MIG_CODE_TRUST_H */
