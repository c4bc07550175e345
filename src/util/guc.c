/*-------------------------------------------------------------------------
 *
 * util/guc.c
 *	  The extension's settings.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "util/guc.h"
#include "util/template.h"

#include "utils/guc.h"

/*
 * How the files of revisions are named that an export writes.  Whoever has
 * names already sets it to them; those of Alembic's file_template are
 * understood, too.
 */
static char *file_template = NULL;

/*
 * How often a deploy tries a revision again that did not get a lock in time;
 * the pauses between grow.  Whoever deploys into a busy database raises it.
 */
static int	lock_retries = 10;

/*
 * How long a script waits for a lock on a table, in milliseconds.  Other
 * sessions queue behind that wait, so that it should be short; 0 waits for
 * ever.  -1 stands for two seconds in a deploy, which tries again, and for the
 * session's own lock_timeout elsewhere.
 */
static int	lock_timeout = -1;

/*
 * A superuser who trusts everybody that may store revisions turns this on; a
 * script runs with the rights of whoever runs it.  Off, a superuser runs only
 * what a superuser stored.
 */
static bool superuser_runs_any = false;

static bool check_file_template(char **newval, void **extra,
								GucSource source);

/* Define the settings; called once, when the module is loaded. */
void
mig_guc_define(void)
{
	DefineCustomStringVariable("migrate.file_template",
							   "Sets how files of revisions are named.",
							   "Parts are <revision>, <slug>, <epoch> and the letters of a date.",
							   &file_template,
							   "YYYYMMDD_HHMM_<revision>_<slug>",
							   PGC_USERSET,
							   0,
							   check_file_template, NULL, NULL);
	DefineCustomIntVariable("migrate.lock_retries",
							"Sets how often a deploy tries a revision again that did not get a lock.",
							NULL,
							&lock_retries,
							10, 0, 10000,
							PGC_USERSET,
							0,
							NULL, NULL, NULL);
	DefineCustomIntVariable("migrate.lock_timeout",
							"Sets how long a script waits for a lock.",
							"-1 is two seconds in a deploy and lock_timeout elsewhere; 0 waits for ever.",
							&lock_timeout,
							-1, -1, INT_MAX,
							PGC_USERSET,
							GUC_UNIT_MS,
							NULL, NULL, NULL);
	DefineCustomBoolVariable("migrate.superuser_runs_any",
							 "Lets superusers run scripts that other roles stored.",
							 NULL,
							 &superuser_runs_any,
							 false,
							 PGC_SUSET,
							 0,
							 NULL, NULL, NULL);
	MarkGUCPrefixReserved("migrate");
}

static bool
check_file_template(char **newval, void **extra, GucSource source)
{
	const char *fault = mig_template_fault(*newval);

	if (fault != NULL)
		GUC_check_errdetail("%s", fault);
	return fault == NULL;
}

/* How the files of revisions are named. */
const char *
mig_guc_file_template(void)
{
	return file_template;
}

/* How often a deploy tries a revision again for want of a lock. */
int
mig_guc_lock_retries(void)
{
	return lock_retries;
}

/* lock_timeout for scripts in milliseconds, or what to take if unset. */
int
mig_guc_lock_timeout(int otherwise)
{
	return lock_timeout < 0 ? otherwise : lock_timeout;
}

/* May a superuser run what a lesser role stored? */
bool
mig_guc_superuser_runs_any(void)
{
	return superuser_runs_any;
}
