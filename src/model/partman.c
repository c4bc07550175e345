/*-------------------------------------------------------------------------
 *
 * model/partman.c
 *	  Partitions that pg_partman keeps.
 *
 * Its jobs create and drop the partitions of the tables in its part_config.
 * They are told by their names, "events_p20240115" and "events_default", since
 * a partition is no partition yet when it is created, and not any more when it
 * is dropped.
 *
 * The table is read without any query, so that nothing of others runs, and no
 * privilege is needed.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "model/partman.h"
#include "model/hide.h"
#include "util/sql.h"

#include "access/table.h"
#include "access/tableam.h"
#include "catalog/dependency.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "executor/tuptable.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

static Oid	find_part_config(Oid extension);
static int	stem_length(const char *name);

/* The tables whose partitions it keeps, char * as "public.events". */
List *
mig_partman_parents(void)
{
	return mig_partman_names("parent_table");
}

/* The tables that a column of its configuration names. */
List *
mig_partman_names(const char *name)
{
	Oid			extension = get_extension_oid("pg_partman", true);
	Oid			relid;
	AttrNumber	column;
	Relation	rel;
	TupleTableSlot *slot;
	TableScanDesc scan;
	Snapshot	snapshot;
	List	   *names = NIL;

	if (!OidIsValid(extension))
		return NIL;
	relid = find_part_config(extension);
	if (!OidIsValid(relid))
		return NIL;
	column = get_attnum(relid, name);
	if (column <= 0 || get_atttype(relid, column) != TEXTOID)
		return NIL;
	rel = table_open(relid, AccessShareLock);
	snapshot = RegisterSnapshot(GetLatestSnapshot());
	slot = table_slot_create(rel, NULL);
	scan = mig_table_beginscan(rel, snapshot);
	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		bool		isnull;
		Datum		value = slot_getattr(slot, column, &isnull);

		if (!isnull)
			names = lappend(names, TextDatumGetCString(value));
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	UnregisterSnapshot(snapshot);
	table_close(rel, AccessShareLock);
	return names;
}

/* Its table is where its schema is, and belongs to it. */
static Oid
find_part_config(Oid extension)
{
	Oid			nsp = mig_hide_extension_schema(extension);
	Oid			relid = get_relname_relid("part_config", nsp);

	return OidIsValid(relid) && get_rel_relkind(relid) == RELKIND_RELATION &&
		getExtensionOfObject(RelationRelationId, relid) == extension ?
		relid : InvalidOid;
}

/* Is the table one whose partitions it keeps? */
bool
mig_partman_has_parent(const List *parents, const char *schema,
					   const char *name)
{
	return mig_has_name(parents, psprintf("%s.%s", schema, name));
}

/* Is the table a partition that it keeps, by its name? */
bool
mig_partman_keeps(const List *parents, const char *schema, const char *name)
{
	int			length = stem_length(name);
	bool		is_cut = strlen(name) == NAMEDATALEN - 1;
	const char *stem;
	const ListCell *lc;

	if (parents == NIL || length == 0)
		return false;
	stem = psprintf("%s.%.*s", schema, length, name);
	foreach(lc, parents)
	{
		if (strcmp(lfirst(lc), stem) == 0 ||
			(is_cut && strncmp(lfirst(lc), stem, strlen(stem)) == 0))
			return true;
	}
	return false;
}

/* What comes before "_default" or "_p" and a number or date; 0: neither. */
static int
stem_length(const char *name)
{
	const char *end = strrchr(name, '_');

	if (end == NULL)
		return 0;
	if (strcmp(end, "_default") == 0)
		return end - name;
	for (end = name + strlen(name); end > name; end--)
	{
		if (strchr("0123456789_w", end[-1]) == NULL)
			break;
	}
	if (*end == '\0' || end - name < 2 || strncmp(end - 2, "_p", 2) != 0)
		return 0;
	return end - 2 - name;
}
