/*-------------------------------------------------------------------------
 *
 * util/version.c
 *	  The version of this module and that of the extension's objects.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "util/version.h"

#include "access/genam.h"
#include "access/table.h"
#include "catalog/pg_extension.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

static int	compare_versions(const char *a, const char *b);

/*
 * Hold this module's version against that of the extension's objects.
 *
 * A module serves objects of earlier versions as they were, and says so once
 * in a session: new files must not stop applications.  Objects of later
 * versions may have what it does not know; it reads them, but does not write
 * them.  A session keeps its module while others run ALTER EXTENSION UPDATE,
 * hence the look before each write.  Returns the version of the objects, NULL
 * where reading did not look again.
 */
const char *
mig_version_check(Oid nsp, bool read_only)
{
	static Oid	checked = InvalidOid;
	char	   *version;
	Oid			installed;
	int			order;

	if (read_only && nsp == checked)
		return NULL;
	mig_version_find(&version, &installed);
	order = version == NULL ? 0 : compare_versions(version, MIG_VERSION);
	if (order > 0 && !read_only)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("extension \"pg_migrations\" has version %s, its module has %s",
						version, MIG_VERSION),
				 errdetail("An older module does not write what a newer version may read in another way."),
				 errhint("Connect again, or install the files of version %s on the server.",
						 version)));
	if (order < 0 && nsp != checked)
		ereport(WARNING,
				(errmsg("extension \"pg_migrations\" has version %s, its module has %s",
						version, MIG_VERSION),
				 errhint("Run ALTER EXTENSION pg_migrations UPDATE.")));
	checked = nsp;
	return version == NULL ? "" : version;
}

/* Compare numbers with dots between them. */
static int
compare_versions(const char *a, const char *b)
{
	while (*a != '\0' || *b != '\0')
	{
		char	   *a_end;
		char	   *b_end;
		long		a_number = strtol(a, &a_end, 10);
		long		b_number = strtol(b, &b_end, 10);

		if (a_number != b_number)
			return a_number < b_number ? -1 : 1;
		a = *a_end == '.' ? a_end + 1 : "";
		b = *b_end == '.' ? b_end + 1 : "";
	}
	return 0;
}

/* Version and schema of the extension in this database; NULL: it has none. */
void
mig_version_find(char **version, Oid *nsp)
{
	Relation	rel = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	*version = NULL;
	*nsp = InvalidOid;
	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber,
				F_NAMEEQ, CStringGetDatum("pg_migrations"));
	scan = systable_beginscan(rel, ExtensionNameIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		bool		isnull;
		Datum		datum = heap_getattr(tuple, Anum_pg_extension_extversion,
										 RelationGetDescr(rel), &isnull);

		*version = TextDatumGetCString(datum);
		*nsp = ((Form_pg_extension) GETSTRUCT(tuple))->extnamespace;
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
}

/*
 * Raise an error for something of ours that is not in the schema of the
 * function that was called; the extension may have been dropped or moved
 * since.
 */
void
mig_refuse_missing(int sqlstate, const char *what, Oid nsp)
{
	char	   *version;
	Oid			installed;

	mig_version_find(&version, &installed);
	ereport(ERROR,
			(errcode(sqlstate),
			 errmsg("%s of extension \"pg_migrations\" is missing", what),
			 version == NULL ?
			 errdetail("The extension is not installed any more.") :
			 installed != nsp ?
			 errdetail("The extension is in schema \"%s\" now.",
					   get_namespace_name(installed)) : 0,
			 version != NULL && installed != nsp ?
			 errhint("Call its functions there.") :
			 errhint("Tables and functions of the extension must be in one schema; create the extension anew.")));
}
