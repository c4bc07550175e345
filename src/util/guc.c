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
#include "util/pattern.h"
#include "util/sql.h"
#include "util/template.h"

#include "utils/guc.h"
#include "utils/varlena.h"

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

/*
 * What a comparison with the model takes into account that models mostly leave
 * unsaid: privileges, owners, database.  Whoever has it in the model sets it,
 * for the database or the role.
 */
static char *compare = NULL;

/*
 * Patterns of objects that a comparison leaves alone, for the whole database;
 * what belongs to one model is an argument of migrate_set_model().
 */
static char *exclude = NULL;

/*
 * Tables up to this size, in megabytes, are asked for rows that stand in the
 * way of a generated script; larger ones are not read.
 */
static int	probe_size = 1024;

/* How long a shadow may stand, in milliseconds; 0: as long as it takes. */
static int	shadow_timeout = 0;

/*
 * Whether generated scripts are tried in a shadow before they are stored or
 * returned.  Who wants none that are not proven sets "require"; "off" gives a
 * draft where a proof fails.
 */
static int	prove = MIG_PROVE_ON;

#ifdef USE_ASSERT_CHECKING
/*
 * A fault for tests of proofs to plant in generated scripts: a text, an arrow
 * (=>), and what replaces it.
 */
static char *plant = NULL;

/*
 * Whether proofs take each slice, be it worth it or not, and the whole schema
 * as well where that proves something, to see that both agree.
 */
static bool check_slices = true;
#endif

static const struct config_enum_entry prove_options[] = {
	{"on", MIG_PROVE_ON, false},
	{"require", MIG_PROVE_REQUIRE, false},
	{"off", MIG_PROVE_OFF, false},
	{NULL, 0, false}
};

/*
 * Whether generated scripts add constraints in the steps that let others work
 * meanwhile.
 */
static bool safe_constraints = false;

static void define_proving(void);
static bool check_compare(char **newval, void **extra, GucSource source);
static bool check_exclude(char **newval, void **extra, GucSource source);
static bool check_file_template(char **newval, void **extra,
								GucSource source);

/* Define the settings; called once, when the module is loaded. */
void
mig_guc_define(void)
{
	DefineCustomStringVariable("migrate.compare",
							   "Sets what else of model and database is compared.",
							   "A list of privileges, owners and database, and of what is not: -constraint_names.",
							   &compare,
							   "",
							   PGC_USERSET,
							   GUC_LIST_INPUT,
							   check_compare, NULL, NULL);
	DefineCustomStringVariable("migrate.exclude",
							   "Sets what comparisons with the model leave alone.",
							   "A list of patterns, as audit, public.job_*.",
							   &exclude,
							   "",
							   PGC_USERSET,
							   GUC_LIST_INPUT,
							   check_exclude, NULL, NULL);
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
	DefineCustomIntVariable("migrate.probe_size",
							"Sets the size up to which tables are read for hazards.",
							NULL,
							&probe_size,
							1024, 0, INT_MAX,
							PGC_USERSET,
							GUC_UNIT_MB,
							NULL, NULL, NULL);
	define_proving();
	DefineCustomBoolVariable("migrate.safe_constraints",
							 "Generates constraints in steps that lock less.",
							 NULL,
							 &safe_constraints,
							 false,
							 PGC_USERSET,
							 0,
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

static void
define_proving(void)
{
	DefineCustomIntVariable("migrate.shadow_timeout",
							"Sets how long a schema may be built in a shadow.",
							NULL,
							&shadow_timeout,
							0, 0, INT_MAX,
							PGC_USERSET,
							GUC_UNIT_MS,
							NULL, NULL, NULL);
	DefineCustomEnumVariable("migrate.prove",
							 "Tries generated scripts before they are stored or returned.",
							 "With require, scripts that cannot be tried are refused, too.",
							 &prove,
							 MIG_PROVE_ON, prove_options,
							 PGC_USERSET,
							 0,
							 NULL, NULL, NULL);
#ifdef USE_ASSERT_CHECKING
	DefineCustomStringVariable("migrate.plant",
							   "Plants a fault in generated scripts.",
							   "What is to be replaced, an arrow (=>), and by what; for tests.",
							   &plant,
							   "",
							   PGC_SUSET,
							   GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE,
							   NULL, NULL, NULL);
	DefineCustomBoolVariable("migrate.check_slices",
							 "Holds proofs of a part of a schema against those of the whole.",
							 NULL,
							 &check_slices,
							 true,
							 PGC_SUSET,
							 GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE,
							 NULL, NULL, NULL);
#endif
}

/* Checked when it is set, so that no export fails by it later. */
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

/* Is something in the list migrate.compare? */
bool
mig_guc_compares(const char *what)
{
	List	   *list;

	return SplitIdentifierString(pstrdup(compare), ',', &list) &&
		mig_has_name(list, what);
}

/* The patterns of migrate.exclude, strings. */
List *
mig_guc_exclude(void)
{
	List	   *patterns = NIL;

	(void) mig_pattern_split(exclude, &patterns);
	return patterns;
}

/* Milliseconds; 0: none. */
int
mig_guc_shadow_timeout(void)
{
	return shadow_timeout;
}

/* migrate.probe_size in bytes. */
int64
mig_guc_probe_size(void)
{
	return (int64) probe_size * 1024 * 1024;
}

/* Are generated scripts to be proven? */
MigProve
mig_guc_prove(void)
{
	return (MigProve) prove;
}

/* The fault that is to be planted in generated scripts; '' for none. */
const char *
mig_guc_plant(void)
{
#ifdef USE_ASSERT_CHECKING
	return plant;
#else
	return "";
#endif
}

/* Are proofs of a part of a schema to be checked by the whole? */
bool
mig_guc_checks_slices(void)
{
#ifdef USE_ASSERT_CHECKING
	return check_slices;
#else
	return false;
#endif
}

/* Shall constraints be added in steps that lock less? */
bool
mig_guc_safe_constraints(void)
{
	return safe_constraints;
}

/* Names of what may be compared, between commas. */
static bool
check_compare(char **newval, void **extra, GucSource source)
{
	List	   *list;
	const ListCell *lc;

	if (!SplitIdentifierString(pstrdup(*newval), ',', &list))
	{
		GUC_check_errdetail("List syntax is invalid.");
		return false;
	}
	foreach(lc, list)
	{
		const char *what = lfirst(lc);

		if (strcmp(what, "privileges") != 0 && strcmp(what, "owners") != 0 &&
			strcmp(what, "database") != 0 &&
			strcmp(what, "-constraint_names") != 0)
		{
			GUC_check_errdetail("Unknown item: \"%s\".", what);
			GUC_check_errhint("Items are privileges, owners, database and -constraint_names.");
			return false;
		}
	}
	return true;
}

/* By the same reader as the patterns that are given to functions. */
static bool
check_exclude(char **newval, void **extra, GucSource source)
{
	const char *fault = mig_pattern_split(*newval, NULL);

	if (fault == NULL)
		return true;
	GUC_check_errdetail("%s", fault);
	GUC_check_errhint("Patterns stand between commas; what has a blank, comma or dot in its name is written in double quotes.");
	return false;
}
