/*-------------------------------------------------------------------------
 *
 * run/pipeline.h
 *	  Load, resolve, plan, check, run, record: the way of every run.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_PIPELINE_H
#define MIG_PIPELINE_H

#include "rev/journal.h"
#include "rev/lookup.h"

/* What a caller wants to be run. */
typedef struct MigRequest
{
	const char *function;		/* name of the SQL function, for messages */
	Oid			nsp;			/* schema of the extension */
	MigDirection direction;
	bool		redo;			/* a downgrade, then up again */
	const char *target;			/* NULL with before_tag */
	const char *before_tag;		/* undo what was applied with it, or NULL */
	const char *schema_name;	/* target schema, '' for the database */
	bool		needs_schema;	/* the target schema must exist */
	const char *tag;			/* or NULL */
	bool		purge;			/* of a stamp: forget what is applied first */
	bool		quiet;			/* of a stamp: the caller says it */
	bool		captured;		/* of a stamp: it was done by hand here */
	bool		own_transactions;	/* a deploy */
} MigRequest;

/* What was run. */
typedef struct MigResult
{
	int			n;
	MigOutcome *outcomes;
} MigResult;

extern const char *mig_target_schema(const char *schema, bool missing_ok);
extern MigPlan *mig_pipeline_plan(MigGraph *graph, MigDirection direction,
								  const char *target);
extern char *mig_pipeline_call(const MigPlan *plan, const char *target,
							   const char *schema_name);
extern MigPlan *mig_pipeline_steps(MigTables *tables,
								   const MigRequest *request);
extern const char *mig_pipeline_before(const MigRequest *request);
extern bool mig_pipeline_is_done(const MigRequest *request);
extern void mig_pipeline_check(MigTables *tables, const MigPlan *plan,
							   const MigRequest *request);
extern MigResult mig_pipeline_run(const MigRequest *request);
extern void mig_pipeline_stamp(const MigRequest *request);
extern void mig_refuse_stale(Oid nsp, const char *schema_name);
extern void mig_lock_target_schema(const char *schema_name);
extern bool mig_may_read_scripts(Oid nsp);
extern MigOccasion mig_occasion(const char *schema_name, const char *tag);

#endif							/* MIG_PIPELINE_H */
