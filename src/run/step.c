/*-------------------------------------------------------------------------
 *
 * run/step.c
 *	  Runs one step: the scripts of a revision in one direction.
 *
 * A script runs with the rights of the current role.  What it changes of the
 * settings, role and session authorization included, is put back at its end,
 * on success too; an error does it through the end of the (sub)transaction.
 * restriction.c says when it must not lead to another role.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "run/deferred.h"
#include "run/new_label.h"
#include "run/restriction.h"
#include "run/script.h"
#include "run/statement.h"
#include "run/step.h"
#include "util/settings.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "utils/builtins.h"
#include "utils/guc.h"

static int	run_script(const MigStep *step, const char *kind,
					   const char *source, const MigStepOptions *options);
static MigScript *parse_to_run(const MigStep *step, const char *kind,
							   const char *source);
static int	count_of(const MigStep *step, const char *kind);
static MigScript *title_script(MigScript *script, const MigStep *step,
							   const char *kind);
static void run_statements(MigScriptRun *run);

/*
 * Run a step; returns the number of statements that ran.
 *
 * scripts->downgrade_sql must not be NULL if the step goes down.  Errors of
 * the scripts are raised as they are, with a context line.
 */
int
mig_step_run(const MigStep *step, const MigScripts *scripts,
			 const MigStepOptions *options)
{
	if (step->direction == MIG_DOWNGRADE)
		return run_script(step, "downgrade", scripts->downgrade_sql, options);
	return run_script(step, "upgrade", scripts->upgrade_sql, options) +
		mig_step_verify(step, scripts, options);
}

/* Run the verify script of a step alone, if it has one. */
int
mig_step_verify(const MigStep *step, const MigScripts *scripts,
				const MigStepOptions *options)
{
	if (step->direction == MIG_DOWNGRADE || scripts->verify_sql == NULL)
		return 0;
	return run_script(step, "verify", scripts->verify_sql, options);
}

/* The search_path of a script: the target schema, then the caller's path. */
char *
mig_step_search_path(const char *schema_name)
{
	return psprintf("%s%s%s", quote_identifier(schema_name),
					namespace_search_path[0] == '\0' ? "" : ", ",
					namespace_search_path);
}

/* A script of a step; source must live as long as the result. */
MigScript *
mig_step_parse(const MigStep *step, const char *kind, const char *source)
{
	const char *title = mig_script_title(kind, step->node->revision);

	return title_script(mig_script_parse(source, title), step, kind);
}

/* The same for a script that runs once. */
static MigScript *
parse_to_run(const MigStep *step, const char *kind, const char *source)
{
	const char *title = mig_script_title(kind, step->node->revision);

	return title_script(count_of(step, kind) == 1 ?
						mig_script_parse_only(source, title) :
						mig_script_parse(source, title), step, kind);
}

/* How many statements a script had when it was stored. */
static int
count_of(const MigStep *step, const char *kind)
{
	const MigCounts *counts = &step->node->row.counts;

	if (strcmp(kind, "verify") == 0)
		return counts->verify;
	return step->direction == MIG_UPGRADE ? counts->upgrade :
		counts->downgrade;
}

static MigScript *
title_script(MigScript *script, const MigStep *step, const char *kind)
{
	script->revision = step->node->revision;
	script->kind = kind;
	return script;
}

/* Run a script whose settings end with it. */
static int
run_script(const MigStep *step, const char *kind, const char *source,
		   const MigStepOptions *options)
{
	MigRestriction restriction;
	int			guc_level;
	MigScriptRun run;

	mig_restriction_begin(&restriction, step->node->row.stored_by);
	guc_level = NewGUCNestLevel();
	mig_settings_for_script();
	if (options->schema_name[0] != '\0')
		mig_settings_set("search_path",
						 mig_step_search_path(options->schema_name));
	if (options->lock_timeout >= 0)
		mig_settings_set("lock_timeout",
						 psprintf("%dms", options->lock_timeout));
	mig_script_run_begin(&run, parse_to_run(step, kind, source),
						 options->own_timer);
	PG_TRY();
	{
		run_statements(&run);
	}
	PG_CATCH();
	{
		mig_script_run_rethrow(&run);
	}
	PG_END_TRY();
	CommandCounterIncrement();
	mig_script_run_end(&run);
	AtEOXact_GUC(false, guc_level);
	mig_restriction_end(&restriction);
	return run.script->nstatements;
}

/*
 * Deferred constraints are checked at the end of each script, not of the run,
 * so that the error has the right place.
 */
static void
run_statements(MigScriptRun *run)
{
	bool		only_ddl = true;
	bool		all_set = false;

	for (int i = 0; i < run->script->nstatements; i++)
	{
		mig_script_run_at(run, i);
		only_ddl &= mig_statement_is_ddl(run->current->raw->stmt);
		all_set |= IsA(run->current->raw->stmt, ConstraintsSetStmt);
		mig_script_run_statement(run);
		if (mig_statement_adds_label(run->current->raw->stmt))
			mig_new_label_admit((const AlterEnumStmt *)
								run->current->raw->stmt);
	}
	run->current = NULL;
	run->at_end = true;
	if (!only_ddl)
		mig_deferred_check(all_set);
}
