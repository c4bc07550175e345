/*-------------------------------------------------------------------------
 *
 * run/step.h
 *	  Runs one step: the scripts of a revision in one direction.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_STEP_H
#define MIG_STEP_H

#include "rev/lookup.h"
#include "rev/rev.h"
#include "run/script.h"

/* A script under way; the error context callback reads it. */
typedef struct MigScriptRun
{
	const MigScript *script;
	const MigStatement *current;	/* NULL: none */
	bool		at_end;			/* behind the last one */
	int			callers_timeout;	/* statement_timeout before the script */
	bool		own_timer;		/* each statement has a timer of its own */
	ErrorContextCallback callback;
} MigScriptRun;

/* The role and its restrictions, as they were. */
typedef struct MigRestriction
{
	bool		active;			/* something was restricted */
	Oid			user;
	int			context;
} MigRestriction;

/* Where the last script that ran has come to. */
typedef struct MigPosition
{
	int			statement;		/* from 1; 0: none */
	int			line;
} MigPosition;

/* How scripts are to be run. */
typedef struct MigStepOptions
{
	const char *schema_name;	/* target schema, '' for the database */
	bool		own_timer;		/* statement_timeout counts per statement */
	int			lock_timeout;	/* milliseconds; -1: as the session has it */
} MigStepOptions;

extern int	mig_step_run(const MigStep *step, const MigScripts *scripts,
						 const MigStepOptions *options);
extern int	mig_step_verify(const MigStep *step, const MigScripts *scripts,
							const MigStepOptions *options);
extern char *mig_step_search_path(const char *schema_name);
extern bool mig_restriction_needed(const MigStep *step);
extern void mig_restriction_begin(MigRestriction *restriction,
								  const MigStep *step);
extern void mig_restriction_end(const MigRestriction *restriction);
extern void mig_script_run_begin(MigScriptRun *run, const MigScript *script,
								 bool own_timer);
extern void mig_script_run_at(MigScriptRun *run, int n);
extern void mig_script_run_statement(MigScriptRun *run);
extern void mig_script_run_end(MigScriptRun *run);
extern void mig_script_release_timer(void);
extern MigPosition mig_script_position(void);
extern void mig_script_position_clear(void);
extern char *mig_script_title(const char *kind, const char *revision);

#endif							/* MIG_STEP_H */
