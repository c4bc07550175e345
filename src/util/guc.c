/*-------------------------------------------------------------------------
 *
 * util/guc.c
 *	  The extension's settings.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "util/guc.h"

#include "utils/guc.h"

/*
 * A superuser who trusts everybody that may store revisions turns this on; a
 * script runs with the rights of whoever runs it.  Off, a superuser runs only
 * what a superuser stored.
 */
static bool superuser_runs_any = false;

/* Define the settings; called once, when the module is loaded. */
void
mig_guc_define(void)
{
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

/* May a superuser run what a lesser role stored? */
bool
mig_guc_superuser_runs_any(void)
{
	return superuser_runs_any;
}
