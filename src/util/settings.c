/*-------------------------------------------------------------------------
 *
 * util/settings.c
 *	  Settings that hold for a while, those under which catalogs are read and
 *	  scripts are written and run among them.
 *
 * What the server prints depends on the session: dates, intervals, floats,
 * bytea, money, quotes.  A script must be the same whoever generates it, and
 * mean the same wherever it runs.  How SQL is read, and where tables without a
 * word about it go, is fixed for scripts, too; what else they find is the
 * session's.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "util/settings.h"

#include "access/tableam.h"
#include "access/toast_compression.h"
#include "commands/tablespace.h"
#include "parser/parse_expr.h"
#include "parser/parser.h"
#include "utils/array.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/xml.h"

/* how the server prints, and reads values */
static const char *const printing[][2] = {
	{"bytea_output", "hex"},
	{"datestyle", "ISO, MDY"},
	{"extra_float_digits", "1"},
	{"intervalstyle", "postgres"},
	{"lc_monetary", "C"},
	{"lc_numeric", "C"},
	{"lc_time", "C"},
	{"quote_all_identifiers", "off"},
	{"timezone", "UTC"},
	{"xmlbinary", "base64"},
};

/* how it reads SQL */
static const char *const reading[][2] = {
	{"array_nulls", "on"},
	{"backslash_quote", "safe_encoding"},
	{"standard_conforming_strings", "on"},
	{"transform_null_equals", "off"},
	{"xmloption", "content"},
};

/* as a new session has it: a database may be set up so */
static const char *const places[] = {
	"default_table_access_method",
	"default_tablespace",
	"default_toast_compression",
};

/* values of places[] that were those of a new session */
static struct
{
	char	   *access_method;
	char	   *tablespace;
	int			compression;
	TimestampTz loaded;			/* when the settings' files were read */
}			usual;

static bool reads_as_usual(void);
static bool places_as_usual(void);
static void remember_places(void);
static void set_as_usual(const char *name);
static void set_if_differs(const char *name, const char *value);

/*
 * Set all of those, up to AtEOXact_GUC(true, level); level is the result.
 */
int
mig_settings_pin(void)
{
	int			level = NewGUCNestLevel();

	for (size_t i = 0; i < lengthof(printing); i++)
		mig_settings_set(printing[i][0], printing[i][1]);
	mig_settings_for_script();
	return level;
}

/* Set what a script finds, until the nest level of settings ends. */
void
mig_settings_for_script(void)
{
	for (size_t i = 0; i < lengthof(reading) && !reads_as_usual(); i++)
		set_if_differs(reading[i][0], reading[i][1]);
	if (places_as_usual())
		return;
	for (size_t i = 0; i < lengthof(places); i++)
		set_as_usual(places[i]);
	remember_places();
}

/* The variables are at hand, while settings are looked for by their names. */
static bool
reads_as_usual(void)
{
	StaticAssertStmt(lengthof(reading) == 5,
					 "each setting by which SQL is read is looked at");

	return Array_nulls && backslash_quote == BACKSLASH_QUOTE_SAFE_ENCODING &&
		MIG_STANDARD_STRINGS && !Transform_null_equals &&
		xmloption == XMLOPTION_CONTENT;
}

/*
 * What a new session has is looked for by name, too, and changes only where
 * the files are read again.
 */
static bool
places_as_usual(void)
{
	StaticAssertStmt(lengthof(places) == 3,
					 "each setting of a place is looked at");

	return usual.access_method != NULL && usual.loaded == PgReloadTime &&
		usual.compression == default_toast_compression &&
		strcmp(usual.access_method, default_table_access_method) == 0 &&
		strcmp(usual.tablespace, default_tablespace) == 0;
}

/* They have just been set as a new session has them. */
static void
remember_places(void)
{
	if (usual.access_method != NULL)
	{
		pfree(usual.access_method);
		pfree(usual.tablespace);
	}
	usual.access_method = MemoryContextStrdup(TopMemoryContext,
											  default_table_access_method);
	usual.tablespace = MemoryContextStrdup(TopMemoryContext,
										   default_tablespace);
	usual.compression = default_toast_compression;
	usual.loaded = PgReloadTime;
}

/*
 * The same where values are to be read as in a new session, in which a script
 * has run, or will.
 */
void
mig_settings_for_replay(void)
{
	for (size_t i = 0; i < lengthof(printing); i++)
		set_as_usual(printing[i][0]);
	mig_settings_for_script();
}

static void
set_as_usual(const char *name)
{
	set_if_differs(name, GetConfigOptionResetString(name));
}

/* A look costs a fraction of setting and putting back. */
static void
set_if_differs(const char *name, const char *value)
{
	if (strcmp(value, GetConfigOption(name, false, false)) != 0)
		mig_settings_set(name, value);
}

/*
 * Set something until the nest level of settings ends, with no more rights
 * than any role has.
 */
void
mig_settings_set(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
}
