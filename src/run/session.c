/*-------------------------------------------------------------------------
 *
 * run/session.c
 *	  Settings of the session that a non-transactional revision changes.
 *
 * Its statements run in transactions of their own, some of which commit
 * inside, so that nothing bound to a transaction can hold for all of them.
 * What such a script SETs is therefore set for the session, noted before, and
 * put back when the revision ends, with success or not.  A value that came
 * from the configuration is reset to it rather than set.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "run/session.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"

/* A setting as it was. */
typedef struct Saved
{
	char	   *name;
	char	   *value;			/* NULL: reset it */
} Saved;

static void save_setting(MigSession *session, const char *name);
static bool is_set_in_session(const char *name);
static void put_setting(const char *name, const char *value);

/* Nothing is noted yet; the current memory context must survive. */
void
mig_session_begin(MigSession *session)
{
	session->context = CurrentMemoryContext;
	session->saved = NIL;
}

/* Set something until mig_session_restore(). */
void
mig_session_set(MigSession *session, const char *name, const char *value)
{
	save_setting(session, name);
	put_setting(name, value);
}

/* Note what a statement is about to change. */
void
mig_session_note(MigSession *session, const Node *stmt)
{
	const VariableSetStmt *set = (const VariableSetStmt *) stmt;

	if (!IsA(stmt, VariableSetStmt))
		return;
	if (set->name != NULL && set->kind != VAR_SET_MULTI)
		save_setting(session, set->name);
}

static void
save_setting(MigSession *session, const char *name)
{
	MemoryContext old = MemoryContextSwitchTo(session->context);
	Saved	   *saved;
	const char *value;
	ListCell   *lc;

	foreach(lc, session->saved)
	{
		if (pg_strcasecmp(((Saved *) lfirst(lc))->name, name) == 0)
		{
			MemoryContextSwitchTo(old);
			return;
		}
	}
	value = GetConfigOption(name, true, false);
	saved = palloc0(sizeof(Saved));
	saved->name = pstrdup(name);
	if (value != NULL && is_set_in_session(name))
		saved->value = pstrdup(value);
	session->saved = lappend(session->saved, saved);
	MemoryContextSwitchTo(old);
}

/* role and session_authorization are not shown, but can be set back alike */
static bool
is_set_in_session(const char *name)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(name)};
	bool		found;

	if (pg_strcasecmp(name, "role") == 0 ||
		pg_strcasecmp(name, "session_authorization") == 0)
		return true;
	SPI_connect();
	if (SPI_execute_with_args("SELECT 1 FROM pg_catalog.pg_settings"
							  " WHERE pg_catalog.lower(name)"
							  " OPERATOR(pg_catalog.=) pg_catalog.lower($1)"
							  " AND source OPERATOR(pg_catalog.=) 'session'",
							  1, types, values, NULL, false,
							  1) != SPI_OK_SELECT)
		elog(ERROR, "could not read pg_settings");
	found = SPI_processed > 0;
	SPI_finish();
	return found;
}

static void
put_setting(const char *name, const char *value)
{
	(void) set_config_option(name, value,
							 superuser() ? PGC_SUSET : PGC_USERSET,
							 PGC_S_SESSION, GUC_ACTION_SET, true, 0, false);
}

/* Put everything back, in reverse order; inside a transaction. */
void
mig_session_restore(MigSession *session)
{
	while (session->saved != NIL)
	{
		Saved	   *saved = llast(session->saved);

		session->saved = list_delete_last(session->saved);
		put_setting(saved->name, saved->value);
	}
}
