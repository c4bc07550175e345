/*-------------------------------------------------------------------------
 *
 * model/compare.h
 *	  Holds the database against a model.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COMPARE_H
#define MIG_COMPARE_H

#include "model/kept.h"
#include "model/shadow.h"
#include "sch/snapshot.h"

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
	bool		builds;			/* the model is built in any case */
	bool		agrees_only;	/* no scripts are wanted, only whether there
								 * are differences */

	struct Building *building;	/* of model/compare.c */

	/* result */
	const char *model_by;		/* role that stored the model, or NULL: it was
								 * given */
	List	   *schemas;		/* of char *, managed */
	List	   *own_schemas;	/* the same by the names that they have */
	const char *unqualified;	/* see MigScope */
	bool		database;		/* also what belongs to no schema */
	const char *hidden;			/* prefix of names that are set aside while
								 * the "live" schema is read, or NULL */
	List	   *standing;		/* of char *, schemas before any revision */
	List	   *lesser;			/* of char *, see MigHistory */
	MigSnapshot *live;			/* with the names that the model has */
	MigSnapshot *start;			/* with the names that it has */
	MigSnapshot *wanted;
	List	   *unsaid;			/* see mig_scope_filter() */
	MigKept    *kept;			/* what was built, or NULL: it was not, or
								 * cannot be kept */
	MigDiff		up;
	MigDiff		down;
} MigComparison;

extern void mig_compare(MigComparison *comparison);
extern const char *mig_compared_name(const MigComparison *comparison);
extern int	mig_compare_count(const MigComparison *comparison);
extern char *mig_compare_upgrade(MigComparison *comparison);
extern char *mig_compare_downgrade(MigComparison *comparison);
extern void mig_compare_probe(MigComparison *comparison);
extern MigScope mig_compare_scope(const MigComparison *comparison,
								  const MigShadow *shadow);
extern char *mig_compare_print_live(MigComparison *comparison);

#endif							/* MIG_COMPARE_H */
