/*-------------------------------------------------------------------------
 *
 * run/session.c
 *	  Settings of the session that a non-transactional revision changes.
 *
 * Its statements run in transactions of their own, some of which commit
 * inside, so that nothing bound to a transaction can hold for all of them.
 * What such a script sets is therefore set for the session, by SET,
 * set_config() or whatever.  All that was set in the session is noted before
 * and put back when the revision ends, with success or not.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "run/session.h"

#include "executor/spi.h"
#include "utils/guc.h"

/* A setting that was made in the session. */
typedef struct Setting
{
	char	   *name;
	char	   *value;
}			Setting;

static List *read_settings(MemoryContext context);
static const Setting *find_setting(const List *settings, const char *name);
static char *special_setting(const char *name);
static void restore_special(const char *name, const char *value);

/* Nothing is saved yet; the current memory context must survive. */
void
mig_session_begin(MigSession *session)
{
	memset(session, 0, sizeof(*session));
	session->context = CurrentMemoryContext;
}

/* Save the settings; inside a transaction. */
void
mig_session_save(MigSession *session)
{
	MemoryContext old = MemoryContextSwitchTo(session->context);

	session->settings = read_settings(session->context);
	session->role = special_setting("role");
	session->authorization = special_setting("session_authorization");
	session->is_saved = true;
	MemoryContextSwitchTo(old);
}

/* what pg_settings says was set in the session */
static List *
read_settings(MemoryContext context)
{
	List	   *settings = NIL;

	if (SPI_connect() != SPI_OK_CONNECT ||
		SPI_execute("SELECT name, setting FROM pg_catalog.pg_settings"
					" WHERE source OPERATOR(pg_catalog.=) 'session'",
					false, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not read pg_settings");
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		HeapTuple	tuple = SPI_tuptable->vals[i];
		TupleDesc	desc = SPI_tuptable->tupdesc;
		MemoryContext old = MemoryContextSwitchTo(context);
		Setting    *setting = palloc(sizeof(Setting));

		setting->name = SPI_getvalue(tuple, desc, 1);
		setting->value = SPI_getvalue(tuple, desc, 2);
		settings = lappend(settings, setting);
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
	return settings;
}

/* role and session_authorization are not in pg_settings */
static char *
special_setting(const char *name)
{
	const char *value = GetConfigOption(name, true, false);

	return value == NULL ? NULL : pstrdup(value);
}

/* Set something for the session; NULL resets it.  Inside a transaction. */
void
mig_session_set(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_SUSET, PGC_S_SESSION,
							 GUC_ACTION_SET, true, 0, false);
}

/* Put everything back, if it was saved; inside a transaction. */
void
mig_session_restore(MigSession *session)
{
	List	   *now;
	ListCell   *lc;

	if (!session->is_saved)
		return;
	session->is_saved = false;
	restore_special("session_authorization", session->authorization);
	restore_special("role", session->role);
	now = read_settings(CurrentMemoryContext);
	foreach(lc, now)
	{
		const		Setting *setting = lfirst(lc);

		if (find_setting(session->settings, setting->name) == NULL)
			mig_session_set(setting->name, NULL);
	}
	foreach(lc, session->settings)
	{
		const		Setting *before = lfirst(lc);
		const		Setting *setting = find_setting(now, before->name);

		if (setting == NULL || strcmp(setting->value, before->value) != 0)
			mig_session_set(before->name, before->value);
	}
}

static const Setting *
find_setting(const List *settings, const char *name)
{
	const ListCell *lc;

	foreach(lc, settings)
	{
		const		Setting *setting = lfirst(lc);

		if (strcmp(setting->name, name) == 0)
			return setting;
	}
	return NULL;
}

static void
restore_special(const char *name, const char *value)
{
	const char *now = GetConfigOption(name, true, false);

	if (now != NULL && value != NULL && strcmp(now, value) != 0)
		mig_session_set(name, value);
}
