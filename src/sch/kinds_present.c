/*-------------------------------------------------------------------------
 *
 * sch/kinds_present.c
 *	  Which kinds of objects there are in some schemas.
 *
 * Most schemas have a few kinds, and each query for another one is planned
 * once in a session, which takes longer than to run it.  The catalogs are
 * looked at without a query, for the same reason.  Whatever stands in a schema
 * depends on it, so that pg_depend answers for the rare catalogs.  More may be
 * said to be there than is, never less.  Where that is little beside all that
 * the catalogs have, it is better looked for by its OIDs, which are noted.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/kinds_present.h"

#include "kind/kinds.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/dependency.h"
#include "catalog/pg_class.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "storage/bufmgr.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#ifndef USE_ASSERT_CHECKING
/* Below that the plans of other queries cost more than they spare */
#define MANY_OTHERS		2000

/* A search by an index for each is dearer than to go over them by so much */
#define MANY_TIMES		4
#endif

/* What is being looked at. */
typedef struct PresentScan
{
	MigPresent *present;
	const List *namespaces;		/* of Oid */
	Snapshot	snapshot;		/* that queries are given, too */
} PresentScan;

/* Takes in a row of a catalog. */
typedef void (*RowReader) (const PresentScan *look, HeapTuple tuple);

static void each_row(const PresentScan *look, Oid catalog, Oid index,
					 int nkeys, ScanKey keys, RowReader reader);
static void see_relation(const PresentScan *look, HeapTuple tuple);
static void see_type(const PresentScan *look, HeapTuple tuple);
static void see_routine(const PresentScan *look, HeapTuple tuple);
static void see_dependent(const PresentScan *look, HeapTuple tuple);
static void note(const PresentScan *look, Oid oid);
static bool any_of(const bool *letters, const char *wanted);
static bool has_rows(Oid catalog);

/* Look at schemas: a list of their OIDs. */
void
mig_present_find(MigPresent *present, const List *namespaces)
{
	PresentScan look = {.present = present,.namespaces = namespaces};
	ScanKeyData keys[2];
	const ListCell *lc;

	memset(present, 0, sizeof(*present));
	CommandCounterIncrement();
	look.snapshot = RegisterSnapshot(GetTransactionSnapshot());
	each_row(&look, RelationRelationId, InvalidOid, 0, NULL, see_relation);
	each_row(&look, TypeRelationId, InvalidOid, 0, NULL, see_type);
	/* the server has thousands of its own, which stand in no other schema */
	ScanKeyInit(&keys[0], Anum_pg_proc_oid, BTGreaterEqualStrategyNumber,
				F_OIDGE, ObjectIdGetDatum(FirstNormalObjectId));
	each_row(&look, ProcedureRelationId, ProcedureOidIndexId, 1, keys,
			 see_routine);
	foreach(lc, namespaces)
	{
		ScanKeyInit(&keys[0], Anum_pg_depend_refclassid, BTEqualStrategyNumber,
					F_OIDEQ, ObjectIdGetDatum(NamespaceRelationId));
		ScanKeyInit(&keys[1], Anum_pg_depend_refobjid, BTEqualStrategyNumber,
					F_OIDEQ, ObjectIdGetDatum(lfirst_oid(lc)));
		each_row(&look, DependRelationId, DependReferenceIndexId, 2, keys,
				 see_dependent);
	}
	UnregisterSnapshot(look.snapshot);
}

/* All rows, or those of an index that have the keys. */
static void
each_row(const PresentScan *look, Oid catalog, Oid index, int nkeys,
		 ScanKey keys, RowReader reader)
{
	Relation	rel = table_open(catalog, AccessShareLock);
	SysScanDesc scan = systable_beginscan(rel, index, OidIsValid(index),
										  look->snapshot, nkeys, keys);
	HeapTuple	tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
		reader(look, tuple);
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
}

static void
see_relation(const PresentScan *look, HeapTuple tuple)
{
	Form_pg_class row = (Form_pg_class) GETSTRUCT(tuple);

	if (!list_member_oid(look->namespaces, row->relnamespace))
	{
		look->present->nothers++;
		return;
	}
	note(look, row->oid);
	look->present->relkinds[row->relkind & 0x7f] = true;
	look->present->rules |= row->relhasrules;
	look->present->triggers |= row->relhastriggers;
}

/* Types of arrays come with others. */
static void
see_type(const PresentScan *look, HeapTuple tuple)
{
	Form_pg_type row = (Form_pg_type) GETSTRUCT(tuple);

	if (row->typinput == F_ARRAY_IN ||
		!list_member_oid(look->namespaces, row->typnamespace))
		return;
	look->present->typtypes[row->typtype & 0x7f] = true;
	note(look, row->oid);
}

static void
see_routine(const PresentScan *look, HeapTuple tuple)
{
	Form_pg_proc row = (Form_pg_proc) GETSTRUCT(tuple);

	if (!list_member_oid(look->namespaces, row->pronamespace))
		return;
	look->present->prokinds[row->prokind & 0x7f] = true;
	note(look, row->oid);
}

static void
see_dependent(const PresentScan *look, HeapTuple tuple)
{
	Form_pg_depend row = (Form_pg_depend) GETSTRUCT(tuple);

	look->present->catalogs =
		list_append_unique_oid(look->present->catalogs, row->classid);
	if (row->classid != RelationRelationId &&
		row->classid != TypeRelationId &&
		row->classid != ProcedureRelationId)
		note(look, row->objid);
}

/* The list lives as long as what it is looked at for. */
static void
note(const PresentScan *look, Oid oid)
{
	look->present->members = lappend_oid(look->present->members, oid);
}

/*
 * Is it dearer to go over the catalogs than to look for all that stands there?
 * In a build with assertions both is done.
 */
bool
mig_present_is_little(const MigPresent *present)
{
#ifdef USE_ASSERT_CHECKING
	return true;
#else
	return present->nothers > MANY_OTHERS &&
		list_length(present->members) < present->nothers / MANY_TIMES;
#endif
}

/* May there be objects of a kind? */
bool
mig_present_has(const MigPresent *present, MigKindId kind)
{
	switch (kind)
	{
		case MIG_COLLATION:
		case MIG_OPERATOR:
		case MIG_OPFAMILY:
		case MIG_OPCLASS:
		case MIG_CONVERSION:
		case MIG_TS_PARSER:
		case MIG_TS_TEMPLATE:
		case MIG_TS_DICTIONARY:
		case MIG_TS_CONFIGURATION:
		case MIG_STATISTICS:
			return list_member_oid(present->catalogs, mig_kind(kind)->classid);
		case MIG_ENUM:
			return any_of(present->typtypes, "e");
		case MIG_BASE_TYPE:
			return any_of(present->typtypes, "bp");
		case MIG_COMPOSITE:
		case MIG_ATTRIBUTE:
			return any_of(present->relkinds, "c");
		case MIG_DOMAIN:
		case MIG_DOMAIN_CHECK:
			return any_of(present->typtypes, "d");
		case MIG_RANGE:
			return any_of(present->typtypes, "r");
		case MIG_SEQUENCE:
		case MIG_IDENTITY_SEQUENCE:
			return any_of(present->relkinds, "S");
		case MIG_TABLE:
		case MIG_COLUMN:
		case MIG_CONSTRAINT:
		case MIG_FOREIGN_KEY:
			return any_of(present->relkinds, "rpf");
		case MIG_DEFAULT:
			return any_of(present->relkinds, "rpfv");
		case MIG_INDEX:
			return any_of(present->relkinds, "iI");
		case MIG_FUNCTION:
			return any_of(present->prokinds, "fpw");
		case MIG_AGGREGATE:
			return any_of(present->prokinds, "a");
		case MIG_VIEW:
		case MIG_VIEW_COLUMN:
			return any_of(present->relkinds, "vm");
		case MIG_RULE:
			return present->rules;
		case MIG_TRIGGER:
			return present->triggers;
		case MIG_POLICY:
		case MIG_DEFAULT_PRIVILEGES:
			return has_rows(mig_kind(kind)->classid);
		case MIG_SCHEMA:
		case MIG_EXTENSION:
		case MIG_LANGUAGE:
		case MIG_ACCESS_METHOD:
		case MIG_FDW:
		case MIG_SERVER:
		case MIG_USER_MAPPING:
		case MIG_CAST:
		case MIG_TRANSFORM:
		case MIG_EVENT_TRIGGER:
		case MIG_PUBLICATION:
		case MIG_PUBLICATION_TABLE:
		case MIG_PUBLICATION_SCHEMA:
		case MIG_SUBSCRIPTION:
		case MIG_MEMBER_GRANTS:
		case MIG_NKINDS:
			break;
	}
	return true;
}

static bool
any_of(const bool *letters, const char *wanted)
{
	for (; *wanted != '\0'; wanted++)
	{
		if (letters[(unsigned char) *wanted])
			return true;
	}
	return false;
}

/* May a catalog have any? */
static bool
has_rows(Oid catalog)
{
	Relation	rel = table_open(catalog, AccessShareLock);
	bool		found = RelationGetNumberOfBlocks(rel) > 0;

	table_close(rel, AccessShareLock);
	return found;
}
