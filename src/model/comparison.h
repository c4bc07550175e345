/*-------------------------------------------------------------------------
 *
 * model/comparison.h
 *	  A comparison of the database with a model.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COMPARISON_H
#define MIG_COMPARISON_H

#include "model/history.h"
#include "model/jobs.h"
#include "model/kept.h"
#include "model/kept_chain.h"
#include "model/rename.h"
#include "model/scope.h"
#include "sch/snapshot.h"

#include "portability/instr_time.h"

/* What is to be compared, and what has come of it. */
typedef struct MigComparison
{
	const char *function;		/* that the user called, for messages */
	Oid			nsp;			/* schema of the extension */
	const char *model;			/* DDL; NULL: the stored one of the branch */
	const char *branch;
	List	   *include;		/* of char *; NIL: as stored, or by model */
	List	   *exclude;		/* of char *, patterns */
	List	   *renames;		/* of MigNameChange * */
	const char *schema;			/* target schema, '' for none */
	bool		qualify;		/* write names with their schema */
	bool		may_be_empty;	/* the model may define nothing */
	const char *against;		/* revisions whose schema stands for the live
								 * one, by an identifier; NULL: it is live */
	const struct MigIncomingBatch *files;	/* revisions beside the stored
											 * ones, or NULL */
	bool		builds;			/* the model is built in any case */
	bool		agrees_only;	/* no scripts are wanted, only whether there
								 * are differences */
	bool		may_agree;		/* nothing is wanted if there are none */

	struct MigComparing *building;	/* see below */

	/* mig_compare_part(), or NULL: all of the model is built */
	bool		(*in_part) (struct MigComparing *building,
							struct MigShadowOptions *options);

	/* result */
	const char *model_by;		/* role that stored the model, or NULL: it was
								 * given */
	List	   *schemas;		/* of char *, managed */
	List	   *own_schemas;	/* the same by the names that they have */
	List	   *elsewhere;		/* of char *, other schemas, on whose tables
								 * the model has triggers or policies */
	const struct MigModel *parsed;	/* the model */
	const char *unqualified;	/* see MigScope */
	bool		database;		/* also what belongs to no schema */
	const char *hidden;			/* prefix of names that are set aside while
								 * the "live" schema is read, or NULL */
	bool		from_revisions; /* "start" is what revisions build */
	bool		captures;		/* ... and "wanted" is live */
	bool		is_own_here;	/* columns are live their tables' own as well,
								 * which no script undoes */
	List	   *stamped;		/* of char *, revisions that never ran here */
	List	   *by_rows;		/* of char *, see MigHistory */
	const List *stubs;			/* see MigShadow; of that shadow */
	List	   *standing;		/* of char *, schemas before any revision */
	List	   *lesser;			/* of char *, see MigHistory */
	char	   *agreed;			/* what there is, for people, if they agree
								 * without a look at snapshots; else NULL */
	MigSnapshot *live;			/* with the names that the model has */
	bool		is_live_part;	/* not all was read of it, see
								 * model/live_part.c */
	MigSnapshot *start;			/* with the names that it has */
	MigSnapshot *wanted;
	List	   *unsaid;			/* see mig_scope_filter() */
	MigKept    *kept;			/* what was built, or NULL: it was not, or
								 * cannot be kept */
	MigDiff		up;
	MigDiff		down;
} MigComparison;

/* A comparison while the model is built. */
typedef struct MigComparing
{
	MigComparison *comparison;
	MigModel   *model;			/* NULL: revisions stand for it */
	MigScopeRules rules;
	MigRecipe	built;			/* what the snapshot depends on */
	bool		is_stored;		/* the model is */
	const char *missing;		/* why nothing is kept, a sentence */
	MigKeeping	keeping;		/* what is to be kept */
	MigRenames	aliases;		/* what is renamed */
	MigSnapshot *named;			/* whose objects are; NULL: the live one */
	MigSnapshot *replayed;		/* what revisions build that are applied, with
								 * the names that it has */
	List	   *fills;			/* of MigFill */
	MigHistory *history;		/* what stands for the database, or NULL */
	MigChain	chain;			/* the same, to be kept */
	List	   *relocations;	/* of MigRelocation, extensions that move */
	MigJobs		jobs;			/* what makes partitions */
	instr_time	reading;		/* of it, reading and comparing */
} MigComparing;

/* What was compared with the model, for messages. */
static inline const char *
mig_compared_name(const MigComparison *comparison)
{
	return comparison->against == NULL ? "database" : "history";
}

/* The number of changes. */
static inline int
mig_compare_count(const MigComparison *comparison)
{
	return list_length(comparison->up.actions) +
		list_length(comparison->up.renames);
}

#endif							/* MIG_COMPARISON_H */
