/*-------------------------------------------------------------------------
 *
 * util/extension.c
 *	  Extensions: their rows, and the statement that creates them.
 *
 * Older servers have no cache of the rows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "util/extension.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_extension.h"
#include "commands/defrem.h"
#include "commands/extension.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"

static HeapTuple read_row(Relation rel, Oid extension);

/*
 * The row of an extension, in the current memory context; NULL if there is
 * none.
 */
HeapTuple
mig_extension_row(Oid extension)
{
	Relation	rel = table_open(ExtensionRelationId, AccessShareLock);
	HeapTuple	row = read_row(rel, extension);

	table_close(rel, AccessShareLock);
	return row;
}

/* The version of an extension that is installed, or NULL. */
char *
mig_extension_version(const char *name)
{
	Relation	rel = table_open(ExtensionRelationId, AccessShareLock);
	HeapTuple	row = read_row(rel, get_extension_oid(name, true));
	char	   *version = NULL;

	if (HeapTupleIsValid(row))
	{
		bool		isnull;
		Datum		value = heap_getattr(row, Anum_pg_extension_extversion,
										 RelationGetDescr(rel), &isnull);

		version = isnull ? NULL : TextDatumGetCString(value);
	}
	table_close(rel, AccessShareLock);
	return version;
}

static HeapTuple
read_row(Relation rel, Oid extension)
{
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	row;

	ScanKeyInit(&key, Anum_pg_extension_oid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(extension));
	scan = systable_beginscan(rel, ExtensionOidIndexId, true, NULL, 1, &key);
	row = heap_copytuple(systable_getnext(scan));
	systable_endscan(scan);
	return row;
}

/* What CREATE EXTENSION says of an option, or NULL. */
char *
mig_extension_option(const CreateExtensionStmt *create, const char *name)
{
	ListCell   *lc;

	foreach(lc, create->options)
	{
		DefElem    *option = lfirst_node(DefElem, lc);

		if (strcmp(option->defname, name) == 0)
			return defGetString(option);
	}
	return NULL;
}
