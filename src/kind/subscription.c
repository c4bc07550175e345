/*-------------------------------------------------------------------------
 *
 * kind/subscription.c
 *	  Subscriptions.
 *
 * Scripts neither connect to the publisher nor touch its replication slot,
 * which could not be undone: a subscription is created without connecting,
 * and loses its slot before it is dropped.  Whether it is enabled is the
 * database's business; a model cannot say it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/sch.h"

#include "catalog/pg_subscription.h"
#include "compat.h"
#include "kind/list.h"
#include "sch/action.h"
#include "util/sql.h"
#include "utils/builtins.h"

enum
{
	CONNECTION,					/* of two, one is NULL */
	SERVER,
	PUBLICATIONS,
	ENABLED,
	SLOT,						/* NULL: none */
	OPTIONS,
	LASTING_OPTIONS,			/* that cannot be altered */
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[CONNECTION] = {"connection"},
	[SERVER] = {"server"},
	[PUBLICATIONS] = {"publications"},
	[ENABLED] = {"enabled", MIG_NOT_COMPARED},
	[SLOT] = {"replication slot"},
	[OPTIONS] = {"options"},
	[LASTING_OPTIONS] = {"options", MIG_FIXED},
};

static const char query[] =
"SELECT oid, 0, 0::pg_catalog.oid, 0, NULL::pg_catalog.text, subname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(subowner)::pg_catalog.text, NULL::pg_catalog.text, subconninfo,"
" " MIG_SUBSCRIPTION_SERVER ","
" (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(p), ', ' ORDER BY p COLLATE \"C\")"
" FROM pg_catalog.unnest(subpublications) p),"
" subenabled::pg_catalog.text, subslotname::pg_catalog.text,"
" pg_catalog.array_to_string(ARRAY['binary=' || subbinary,"
" 'streaming=' || CASE pg_catalog.left(substream::pg_catalog.text, 1) WHEN 't' THEN 'on'"
" WHEN 'p' THEN 'parallel' ELSE 'off' END,"
" 'synchronous_commit=' || subsynccommit, 'disable_on_error=' || subdisableonerr"
MIG_SUBSCRIPTION_OPTIONS MIG_SUBSCRIPTION_MORE_OPTIONS "], E'\\x01'),"
" pg_catalog.array_to_string(ARRAY['two_phase=' || (subtwophasestate <> 'd')"
MIG_SUBSCRIPTION_LASTING_OPTIONS MIG_SUBSCRIPTION_MORE_LASTING_OPTIONS "], E'\\x01')"
" FROM pg_catalog.pg_subscription"
" WHERE subdbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE datname = pg_catalog.current_database())"
" AND " MIG_NOT_HIDDEN("subname") " ORDER BY subname COLLATE \"C\"";

/* Options that CREATE SUBSCRIPTION need not name. */
static const char *const otherwise[] = {
	"binary=false", ("streaming=" MIG_SUBSCRIPTION_STREAMING),
	"synchronous_commit=off", "disable_on_error=false", "two_phase=false",
	"password_required=true", "run_as_owner=false", "origin=any",
	"failover=false", "max_retention_duration=0", "wal_receiver_timeout=-1",
	"retain_dead_tuples=false",
};

static void create(StringInfo buf, const MigObject *subscription);
static char *source_of(const MigObject *subscription);
static const char *slot_of(const MigObject *subscription);
static void append_options(StringInfo buf, const char *options,
						   const List *without);
static void drop(StringInfo buf, const MigObject *subscription);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);
static void alter_slot(MigDiff *diff, MigObject *from, MigObject *to);
static void warn(MigDiff *diff, MigAction *action);

const MigKind mig_subscription_kind = {
	.id = MIG_SUBSCRIPTION,
	.name = "subscription",
	.noun = "SUBSCRIPTION",
	.classid = SubscriptionRelationId,
	.flags = MIG_KIND_DATABASE | MIG_KIND_SUPERUSER,
	.query = query,
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.create = create,
	.drop = drop,
	.alter = alter,
	.warn = warn,
};

static void
create(StringInfo buf, const MigObject *subscription)
{
	const char *slot = subscription->values[SLOT];
	List	   *without = NIL;

	for (size_t i = 0; i < lengthof(otherwise); i++)
		without = lappend(without, unconstify(char *, otherwise[i]));
	appendStringInfo(buf,
					 "CREATE SUBSCRIPTION %s\n    %s\n    PUBLICATION %s\n    WITH (connect = false",
					 subscription->identity, source_of(subscription),
					 subscription->values[PUBLICATIONS]);
	if (!mig_same(slot, subscription->name))
		appendStringInfo(buf, ", slot_name = %s", slot_of(subscription));
	append_options(buf, subscription->values[OPTIONS], without);
	append_options(buf, subscription->values[LASTING_OPTIONS], without);
	appendStringInfoString(buf, ");\n");
	if (MIG_IS_TRUE(subscription->values[ENABLED]))
		appendStringInfo(buf, "ALTER SUBSCRIPTION %s ENABLE;\n",
						 subscription->identity);
}

static char *
source_of(const MigObject *subscription)
{
	if (subscription->values[SERVER] != NULL)
		return psprintf("SERVER %s", subscription->values[SERVER]);
	return psprintf("CONNECTION %s",
					quote_literal_cstr(subscription->values[CONNECTION]));
}

/* NONE is a word, not a name. */
static const char *
slot_of(const MigObject *subscription)
{
	const char *slot = subscription->values[SLOT];

	return slot == NULL ? "NONE" : quote_literal_cstr(slot);
}

/*
 * Append those of the options that are not among others.  What is neither a
 * word nor a number is quoted.
 */
static void
append_options(StringInfo buf, const char *options, const List *without)
{
	const ListCell *lc;

	foreach(lc, mig_list_split(options))
	{
		const char *option = lfirst(lc);
		int			length = strcspn(option, "=");
		const char *value = option + length + 1;

		if (!mig_has_name(without, option))
			appendStringInfo(buf, "%s%.*s = %s", buf->len > 0 ? ", " : "",
							 length, option,
							 value[strspn(value, "abcdefghijklmnopqrstuvwxyz_")] == '\0' ||
							 value[strspn(value, "-0123456789")] == '\0' ?
							 value : quote_literal_cstr(value));
	}
}

/*
 * DROP would want to reach the publisher, and could not run in a transaction:
 * the slot is let go before.
 */
static void
drop(StringInfo buf, const MigObject *subscription)
{
	if (subscription->values[SLOT] != NULL)
		appendStringInfo(buf,
						 "ALTER SUBSCRIPTION %s DISABLE;\n"
						 "ALTER SUBSCRIPTION %s SET (slot_name = NONE);\n",
						 subscription->identity, subscription->identity);
	appendStringInfo(buf, "DROP SUBSCRIPTION %s", subscription->identity);
}

static void
alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	StringInfoData options;

	if (MIG_CHANGED(to, CONNECTION) || MIG_CHANGED(to, SERVER))
		mig_action_alter(diff, to, "connection", "ALTER SUBSCRIPTION %s %s",
						 to->identity, source_of(to));
	if (MIG_CHANGED(to, PUBLICATIONS))
		mig_action_alter(diff, to, "publications",
						 "ALTER SUBSCRIPTION %s SET PUBLICATION %s WITH (refresh = false)",
						 to->identity, to->values[PUBLICATIONS]);
	initStringInfo(&options);
	append_options(&options, to->values[OPTIONS],
				   mig_list_split(from->values[OPTIONS]));
	if (options.len > 0)
		mig_action_alter(diff, to, "options", "ALTER SUBSCRIPTION %s SET (%s)",
						 to->identity, options.data);
	alter_slot(diff, from, to);
}

/* The slot is changed while the subscription is disabled. */
static void
alter_slot(MigDiff *diff, MigObject *from, MigObject *to)
{
	bool		enabled;

	if (!MIG_CHANGED(to, SLOT))
		return;
	enabled = MIG_IS_TRUE(from->values[ENABLED]) ||
		MIG_IS_TRUE(to->values[ENABLED]);
	if (enabled && from->values[SLOT] != NULL)
		mig_action_alter(diff, to, "enabled", "ALTER SUBSCRIPTION %s DISABLE",
						 to->identity);
	mig_action_alter(diff, to, "replication slot",
					 "ALTER SUBSCRIPTION %s SET (slot_name = %s)",
					 to->identity, slot_of(to));
	if (enabled && to->values[SLOT] != NULL)
		mig_action_alter(diff, to, "enabled", "ALTER SUBSCRIPTION %s ENABLE",
						 to->identity);
}

/* It keeps WAL there for ever. */
static void
warn(MigDiff *diff, MigAction *action)
{
	const char *slot = action->object->values[SLOT];

	if (action->op == MIG_OP_DROP && slot != NULL)
		mig_action_warn(action, MIG_NEEDS_ATTENTION,
						"replication slot \"%s\" stays on the publisher",
						slot);
}
