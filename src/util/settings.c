/*-------------------------------------------------------------------------
 *
 * util/settings.c
 *	  Settings that hold for a while, those under which catalogs are read and
 *	  scripts are written among them.
 *
 * What the server prints depends on the session: dates, intervals, floats,
 * bytea, money, quotes.  A script must be the same whoever generates it, and
 * mean the same wherever it runs.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "util/settings.h"

#include "utils/guc.h"

static const char *const pinned[][2] = {
	{"bytea_output", "hex"},
	{"datestyle", "ISO, MDY"},
	{"extra_float_digits", "1"},
	{"intervalstyle", "postgres"},
	{"lc_monetary", "C"},
	{"quote_all_identifiers", "off"},
	{"standard_conforming_strings", "on"},
	{"timezone", "UTC"},
	{"xmlbinary", "base64"},
	{"xmloption", "content"},
};

/*
 * Set all of those, up to AtEOXact_GUC(true, level); level is the result.
 */
int
mig_settings_pin(void)
{
	int			level = NewGUCNestLevel();

	for (size_t i = 0; i < lengthof(pinned); i++)
		mig_settings_set(pinned[i][0], pinned[i][1]);
	return level;
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
