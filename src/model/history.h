/*-------------------------------------------------------------------------
 *
 * model/history.h
 *	  What revisions build, in a shadow.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_HISTORY_H
#define MIG_HISTORY_H

#include "model/history_scan.h"
#include "model/scope.h"
#include "model/shadow.h"
#include "rev/incoming_order.h"
#include "sch/snapshot.h"

/* Scripts of a revision that can be replayed. */
typedef enum MigReplay
{
	MIG_REPLAY_UPGRADE,
	MIG_REPLAY_VERIFY,			/* nothing happens if there is none */
	MIG_REPLAY_DOWNGRADE		/* there must be one */
} MigReplay;

/* A revision with its scripts. */
typedef struct MigReplayed
{
	MigNode    *node;
	const MigRevision *stored;	/* or in a file */
	const char *how;			/* it is applied in the target schema; NULL:
								 * it is not */
	bool		in_range;		/* of mig_history_load_range() */
} MigReplayed;

/* Revisions in the order in which they run. */
typedef struct MigHistory
{
	Oid			nsp;			/* schema of the extension */
	const char *schema_name;	/* target schema, '' for the database */
	const char *function;		/* that the user called, for messages */
	List	   *revisions;		/* MigReplayed * */
	List	   *targets;		/* MigNode *: those that were asked for */
	MigBuilt	built;			/* where they build it */
	List	   *lesser;			/* char *: roles that stored them, and could
								 * not act as the current one */

	/* of what is read and compared; NULL: all counts */
	const MigScopeRules *rules;

	/* while the shadow stands */
	const MigShadow *shadow;
	struct MigImprintMemory *imprints;	/* see mig_history_imprint() */
	List	   *skipped;		/* char *: statements that did not run */
	List	   *comments;		/* of MigExtensionComment *, the last first */
	ArrayType  *only;			/* what is read and compared, see
								 * sch/narrow.c; NULL: all */
	List	   *by_rows;		/* char *: revisions that may build something
								 * else where other rows are */

	/* what has failed, behind MG043 */
	int			sqlerrcode;		/* of the server */
	int			statement;		/* of the script, from 1; 0: none */
	const char *message;

	/* of mig_history_run() */
	void		(*within) (struct MigHistory *history, void *arg);
	void	   *arg;
} MigHistory;

extern MigHistory *mig_history_load(Oid nsp, const char *schema_name,
									const char *target,
									const MigIncomingBatch *files);
extern MigHistory *mig_history_load_range(Oid nsp, const char *schema_name,
										  const char *range,
										  const MigIncomingBatch *files,
										  bool *to_heads);
extern MigHistory *mig_history_load_applied(Oid nsp, const char *schema_name);
extern List *mig_history_standing(const MigHistory *history,
								  const List *schemas);
extern void mig_history_run(MigHistory *history, const List *schemas,
							void (*within) (MigHistory *history, void *arg),
							void *arg);
extern void mig_history_play(MigHistory *history, const MigReplayed *revision,
							 MigReplay script);
extern void mig_history_play_all(MigHistory *history);
extern ErrorData *mig_history_try(MigHistory *history,
								  void (*function) (void *arg), void *arg);
extern MigSnapshot *mig_history_read(const MigHistory *history);
extern void mig_history_describe(const MigHistory *history,
								 MigSnapshot *snapshot);
extern char *mig_history_imprint(const MigHistory *history);
extern void mig_history_compare(const MigHistory *history,
								MigSnapshot *wanted, MigDiff *diff);
extern void mig_history_tell_skipped(const MigHistory *history);

#endif							/* MIG_HISTORY_H */
