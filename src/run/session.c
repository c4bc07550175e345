/*-------------------------------------------------------------------------
 *
 * run/session.c
 *	  Settings of the session that a non-transactional revision changes.
 *
 * Its statements run in transactions of their own, some of which commit
 * inside, so that nothing bound to a transaction can hold for all of them.
 * What such a script sets is therefore set for the session, by SET,
 * set_config() or whatever.  All that was set in the session is noted before
 * and put back when the revision ends, with success or not.  What cannot be
 * put back is a warning.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "run/session.h"
#include "compat.h"

#include "utils/guc.h"

/* A setting that was made in the session. */
typedef struct Setting
{
	char	   *name;
	char	   *value;
} Setting;

static List *read_settings(MemoryContext context);
static bool belongs_to_transaction(const char *name);
static const Setting *find_setting(const List *settings, const char *name);
static void put_setting(const char *name, const char *value, int elevel);

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
	session->is_saved = true;
	MemoryContextSwitchTo(old);
}

/* all that was set in the session, custom settings too */
static List *
read_settings(MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	List	   *settings = NIL;
	int			n;
	struct config_generic **variables = mig_guc_variables(&n);

	for (int i = 0; i < n; i++)
	{
		const struct config_generic *variable = variables[i];
		Setting    *setting;
		const char *value;

		if (variable->source != PGC_S_SESSION ||
			belongs_to_transaction(variable->name))
			continue;
		value = GetConfigOption(variable->name, true, false);
		if (value == NULL)
			continue;
		setting = palloc(sizeof(Setting));
		setting->name = pstrdup(variable->name);
		setting->value = pstrdup(value);
		settings = lappend(settings, setting);
	}
	MemoryContextSwitchTo(old);
	return settings;
}

/* Each transaction sets these anew; others are only named alike. */
static bool
belongs_to_transaction(const char *name)
{
	return strcmp(name, "transaction_isolation") == 0 ||
		strcmp(name, "transaction_read_only") == 0 ||
		strcmp(name, "transaction_deferrable") == 0;
}

/* Set something for the session; NULL resets it.  Inside a transaction. */
void
mig_session_set(const char *name, const char *value)
{
	put_setting(name, value, ERROR);
}

/*
 * As if by SET of a superuser, so that what a script could set can be put back
 * by who runs it.
 */
static void
put_setting(const char *name, const char *value, int elevel)
{
	(void) set_config_option(name, value, PGC_SUSET, PGC_S_SESSION,
							 GUC_ACTION_SET, true, elevel, false);
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
	now = read_settings(CurrentMemoryContext);
	foreach(lc, now)
	{
		const Setting *setting = lfirst(lc);

		if (find_setting(session->settings, setting->name) == NULL)
			put_setting(setting->name, NULL, WARNING);
	}
	foreach(lc, session->settings)
	{
		const Setting *before = lfirst(lc);
		const Setting *setting = find_setting(now, before->name);

		if (setting == NULL || strcmp(setting->value, before->value) != 0)
			put_setting(before->name, before->value, WARNING);
	}
}

static const Setting *
find_setting(const List *settings, const char *name)
{
	const ListCell *lc;

	foreach(lc, settings)
	{
		const Setting *setting = lfirst(lc);

		if (strcmp(setting->name, name) == 0)
			return setting;
	}
	return NULL;
}
