/*-------------------------------------------------------------------------
 *
 * model/drift.c
 *	  What somebody has changed by hand.
 *
 * The database is held against what the revisions that are applied there
 * build.  The actions that lead there undo what was changed.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/compare_applied.h"
#include "model/drift.h"
#include "sch/action.h"
#include "util/error.h"
#include "util/spi.h"
#include "util/sql.h"

#include "common/string.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

/* Differences, and revisions, that a message lists */
#define SHOWN	20

static bool is_none(const MigComparison *comparison);
static bool is_changed(const MigObject *object);
static void read_seen(TupleTableSlot *slot, void *arg);
static char *logged_name(const MigComparison *comparison,
						 const MigObject *object);

/*
 * Compare, and say where differences may come from that nobody has made.
 * Errors are those of mig_compare_applied().
 */
void
mig_drift(MigComparison *comparison)
{
	mig_compare_applied(comparison);
	/* names go back last */
	mig_compare_prepare(comparison->building, &comparison->down,
						comparison->live, comparison->wanted);
	if (is_none(comparison))
	{
		ereport(NOTICE,
				(errmsg("the database is what its revisions build (%s)",
						mig_snapshot_summary(comparison->wanted))));
		return;
	}
	if (comparison->stamped != NIL)
		ereport(NOTICE,
				(errmsg_plural("%d revision is recorded here and never ran: what differs may come from it",
							   "%d revisions are recorded here and never ran: what differs may come from them",
							   list_length(comparison->stamped),
							   list_length(comparison->stamped)),
				 errdetail_internal("%s.",
									mig_join_names(comparison->stamped, ", ",
												   SHOWN))));
	if (comparison->by_rows != NIL)
		ereport(NOTICE,
				(errmsg_plural("%d revision builds something by the rows that it finds: what differs may come from it",
							   "%d revisions build something by the rows that they find: what differs may come from them",
							   list_length(comparison->by_rows),
							   list_length(comparison->by_rows)),
				 errdetail_internal("%s. In a replay there are only the rows that revisions write.",
									mig_join_names(comparison->by_rows, ", ",
												   SHOWN))));
}

static bool
is_none(const MigComparison *comparison)
{
	return comparison->up.actions == NIL && comparison->down.renames == NIL;
}

/*
 * What was done, where an action undoes it; NULL for what nobody has changed,
 * and only goes and comes back since it is in the way.
 */
const char *
mig_drift_operation(const MigAction *action)
{
	const MigObject *object = action->object;

	if (object->twin == NULL)
		return action->op == MIG_OP_CREATE ? "dropped" :
			action->op == MIG_OP_DROP ? "added" : "changed";
	if (action->satellite || is_changed(object) || is_changed(object->twin) ||
		action->sets_owner || action->sets_own)
		return "changed";
	return NULL;
}

static bool
is_changed(const MigObject *object)
{
	for (int i = 0; i < object->kind->nattributes; i++)
	{
		if (MIG_CHANGED(object, i))
			return true;
	}
	return object->renamed;
}

/* What the guard has logged, the latest of each object; MigSeen *. */
List *
mig_drift_log(const MigComparison *comparison)
{
	List	   *seen = NIL;
	MigSpi		spi;

	if (is_none(comparison))
		return NIL;
	mig_spi_begin(&spi, comparison->nsp, true);
	mig_spi_each(&spi,
				 "SELECT DISTINCT ON (o.name) o.name, l.at, l.role_name"
				 " FROM @migrate_log l"
				 " CROSS JOIN LATERAL pg_catalog.unnest(l.objects) AS o (name)"
				 " WHERE l.action = 'ddl' ORDER BY o.name, l.id DESC",
				 0, NULL, read_seen, &seen);
	mig_spi_end(&spi);
	return seen;
}

static void
read_seen(TupleTableSlot *slot, void *arg)
{
	List	  **list = arg;
	MigSeen    *seen = palloc(sizeof(MigSeen));
	bool		isnull;

	seen->object = TextDatumGetCString(slot_getattr(slot, 1, &isnull));
	seen->at = DatumGetTimestampTz(slot_getattr(slot, 2, &isnull));
	seen->by = TextDatumGetCString(slot_getattr(slot, 3, &isnull));
	*list = lappend(*list, seen);
}

/*
 * The latest that the log has about an object, or about the table that it is a
 * part of.  NULL: nothing.
 */
const MigSeen *
mig_drift_seen(const MigComparison *comparison, const List *seen,
			   const MigObject *object)
{
	const MigObject *table = mig_table_of(object);
	const char *own = logged_name(comparison, object);
	const char *tables = table == NULL ? own : logged_name(comparison, table);
	const MigSeen *latest = NULL;
	const ListCell *lc;

	foreach(lc, seen)
	{
		const MigSeen *one = lfirst(lc);

		if ((pg_str_endswith(one->object, own) ||
			 pg_str_endswith(one->object, tables)) &&
			(latest == NULL || one->at > latest->at))
			latest = one;
	}
	return latest;
}

/* The name behind the type in the log. */
static char *
logged_name(const MigComparison *comparison, const MigObject *object)
{
	if (comparison->unqualified == NULL)
		return psprintf(" %s", object->identity);
	return psprintf(" %s.%s", quote_identifier(comparison->unqualified),
					object->identity);
}

/* Raise MG023 if anything was changed. */
void
mig_drift_refuse(const MigComparison *comparison)
{
	StringInfoData buf;
	int			n = 0;
	const ListCell *lc;

	if (is_none(comparison))
		return;
	initStringInfo(&buf);
	foreach(lc, comparison->down.renames)
	{
		const MigObject *object = ((MigRenaming *) lfirst(lc))->object;

		if (n++ < SHOWN)
			appendStringInfo(&buf, "%srenamed %s %s", n > 1 ? "\n" : "",
							 object->kind->name, object->identity);
	}
	foreach(lc, comparison->up.actions)
	{
		const MigAction *action = lfirst(lc);
		const char *operation = mig_drift_operation(action);

		/* what goes and comes back is named when it does */
		if (operation == NULL || (action->op == MIG_OP_DROP &&
								  action->object->twin != NULL) ||
			n++ >= SHOWN)
			continue;
		appendStringInfo(&buf, "%s%s %s %s", n > 1 ? "\n" : "", operation,
						 action->object->kind->name, action->object->identity);
		if (action->detail != NULL)
			appendStringInfo(&buf, " (%s)", action->detail);
	}
	if (n > SHOWN)
		appendStringInfo(&buf, "\n... and %d more", n - SHOWN);
	ereport(ERROR,
			(errcode(ERRCODE_MIG_DRIFTED),
			 errmsg_plural("the database is not what its revisions build: %d difference",
						   "the database is not what its revisions build: %d differences",
						   n, n),
			 errdetail_internal("%s", buf.data),
			 errhint("SELECT * FROM %s shows how to undo it; SELECT %s makes a revision of it.",
					 mig_call_with("migrate_drift", NULL, comparison->schema,
								   ""),
					 mig_call_with("migrate_capture", "...",
								   comparison->schema, ""))));
}
