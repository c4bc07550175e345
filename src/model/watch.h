/*-------------------------------------------------------------------------
 *
 * model/watch.h
 *	  Whose code may run, and what it may do, while somebody only looks.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_WATCH_H
#define MIG_WATCH_H

typedef enum MigWatchKind
{
	MIG_WATCH_NOTHING,
	MIG_WATCH_MODEL,			/* a model is built, under a guard */
	MIG_WATCH_PROBE				/* rows are asked */
} MigWatchKind;

/* What is watched, and as which role. */
typedef struct MigWatch
{
	MigWatchKind kind;
	Oid			role;
} MigWatch;

extern void mig_watch_install(void);
extern MigWatch mig_watch_begin(MigWatchKind kind, Oid role);
extern void mig_watch_end(const MigWatch *before);

#endif							/* MIG_WATCH_H */
