/*-------------------------------------------------------------------------
 *
 * run/execute.h
 *	  Runs the statements of a script, one after the other.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_EXECUTE_H
#define MIG_EXECUTE_H

#include "compat.h"
#include "run/script.h"

/* A script under way; the error context callback reads it. */
typedef struct MigScriptRun
{
	const MigScript *script;
	const MigStatement *current;	/* NULL: none */
	bool		at_end;			/* behind the last one */
	bool		is_model;		/* nothing of it stays */
	MemoryContext context;		/* of the current one */
	int			callers_timeout;	/* statement_timeout before the script */
	bool		own_timer;		/* each statement has a timer of its own */
	ErrorContextCallback callback;
} MigScriptRun;

/* Where the last script that ran has come to. */
typedef struct MigPosition
{
	int			statement;		/* from 1; 0: none */
	int			line;
	const char *kind;			/* of the script; NULL: of no revision */
	int			message_length; /* of the error, without the place behind it */
} MigPosition;

extern void mig_script_run_begin(MigScriptRun *run, const MigScript *script,
								 bool own_timer);
extern void mig_script_run_at(MigScriptRun *run, int n);
extern void mig_script_run_statement(MigScriptRun *run);
extern void mig_script_run_at_top_level(MigScriptRun *run);
extern void mig_script_run_end(MigScriptRun *run);
pg_noreturn extern void mig_script_run_rethrow(const MigScriptRun *run);
extern void mig_script_release_timer(void);
extern MigPosition mig_script_position(void);
extern void mig_script_position_clear(void);

#endif							/* MIG_EXECUTE_H */
