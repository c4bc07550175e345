/*-------------------------------------------------------------------------
 *
 * sch/snapshot_query.c
 *	  Queries for what objects are known by and depend on.
 *
 * There are two of each.  One goes over the catalogs; the other, "narrow",
 * looks by indexes for what belongs to some objects alone, and finds what the
 * first one does of them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/snapshot_query.h"

#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"

/* A condition of an alias query: none, or that a column has an OID of $2. */
#define ALL(column)		""
#define SOME(column)	" AND " column " = ANY ($2)"

/*
 * What stands for an object: its address and that of the object, in an order
 * in which those that stand for others come after these; but parts of
 * partitions of partitions (5), which may be older than what they are part of.
 * $1 is the list of managed schemas.
 */
#define ALIASES(among) \
"SELECT 1, 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, typrelid, 0," \
" 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, t.oid, 0" \
" FROM pg_catalog.pg_type t JOIN pg_catalog.pg_class c ON c.oid = typrelid" \
" WHERE typtype = 'c' AND c.relkind = 'c' AND typnamespace = ANY ($1)" among("t.oid") \
" UNION ALL SELECT 2, 'pg_catalog.pg_type'::pg_catalog.regclass, reltype, 0, 'pg_catalog.pg_class'::pg_catalog.regclass, oid, 0" \
" FROM pg_catalog.pg_class WHERE reltype <> 0 AND relkind <> 'c' AND relnamespace = ANY ($1)" among("oid") \
" UNION ALL SELECT 2, 'pg_catalog.pg_type'::pg_catalog.regclass, rngmultitypid, 0, 'pg_catalog.pg_type'::pg_catalog.regclass, rngtypid, 0" \
" FROM pg_catalog.pg_range WHERE rngtypid >= 16384" among("rngtypid") \
" UNION ALL SELECT 3, classid, objid, 0, refclassid, refobjid, 0 FROM pg_catalog.pg_depend" \
" WHERE classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND deptype = 'i' AND objid >= 16384" among("refobjid") \
" UNION ALL SELECT 3, 'pg_catalog.pg_type'::pg_catalog.regclass, typarray, 0, 'pg_catalog.pg_type'::pg_catalog.regclass, oid, 0" \
" FROM pg_catalog.pg_type WHERE typarray <> 0 AND typnamespace = ANY ($1)" among("oid") \
" UNION ALL SELECT 4, 'pg_catalog.pg_rewrite'::pg_catalog.regclass, oid, 0, 'pg_catalog.pg_class'::pg_catalog.regclass, ev_class, 0" \
" FROM pg_catalog.pg_rewrite WHERE rulename = '_RETURN' AND ev_class >= 16384" among("ev_class") \
" UNION ALL SELECT 4, 'pg_catalog.pg_class'::pg_catalog.regclass, conindid, 0, 'pg_catalog.pg_constraint'::pg_catalog.regclass, k.oid, 0" \
" FROM pg_catalog.pg_constraint k WHERE contype IN ('p', 'u', 'x') AND connamespace = ANY ($1)" among("conrelid") \
" UNION ALL SELECT 4, 'pg_catalog.pg_class'::pg_catalog.regclass, d.objid, 0, 'pg_catalog.pg_class'::pg_catalog.regclass, d.refobjid, d.refobjsubid" \
" FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind = 'S'" \
" WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass" \
" AND d.deptype = 'i' AND d.refobjsubid > 0" among("d.refobjid") \
" UNION ALL SELECT 4, 'pg_catalog.pg_attrdef'::pg_catalog.regclass, d.oid, 0, 'pg_catalog.pg_class'::pg_catalog.regclass, adrelid, adnum" \
" FROM pg_catalog.pg_attrdef d JOIN pg_catalog.pg_attribute a ON attrelid = adrelid AND attnum = adnum" \
" WHERE attgenerated <> ''" among("adrelid") \
" UNION ALL SELECT 4, classid, objid, 0, refclassid, refobjid, 0 FROM pg_catalog.pg_depend" \
" WHERE classid IN ('pg_catalog.pg_amop'::pg_catalog.regclass, 'pg_catalog.pg_amproc'::pg_catalog.regclass)" \
" AND refclassid IN ('pg_catalog.pg_opclass'::pg_catalog.regclass, 'pg_catalog.pg_opfamily'::pg_catalog.regclass) AND objid >= 16384" among("refobjid") \
" UNION ALL SELECT 5, 'pg_catalog.pg_constraint'::pg_catalog.regclass, oid, 0, 'pg_catalog.pg_constraint'::pg_catalog.regclass, conparentid, 0" \
" FROM pg_catalog.pg_constraint WHERE conparentid <> 0 AND connamespace = ANY ($1)" among("conrelid") \
" UNION ALL SELECT 5, 'pg_catalog.pg_class'::pg_catalog.regclass, oid, n, 'pg_catalog.pg_class'::pg_catalog.regclass, oid, 0" \
" FROM pg_catalog.pg_class, pg_catalog.generate_series(1, 3) n WHERE relkind = 'S' AND relnamespace = ANY ($1)" among("oid") \
" UNION ALL SELECT 5, 'pg_catalog.pg_class'::pg_catalog.regclass, inhrelid, 0, 'pg_catalog.pg_class'::pg_catalog.regclass, inhparent, 0" \
" FROM pg_catalog.pg_inherits JOIN pg_catalog.pg_class c ON c.oid = inhrelid" \
" WHERE c.relkind IN ('i', 'I') AND c.relnamespace = ANY ($1)" among("inhrelid") \
" UNION ALL SELECT 6, classid, objid, 0, refclassid, refobjid, 0" \
" FROM pg_catalog.pg_depend WHERE refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND deptype = 'e'" \
" ORDER BY 1"

const char	mig_alias_query[] = ALIASES(ALL);
const char	mig_alias_query_narrow[] = ALIASES(SOME);

/*
 * The edges, in the order in which they stand in the catalog, which no index
 * has: int8 keeps the planner from one.  The narrow queries are about
 * addresses: their classes are $1, and their OIDs $2.
 */
#define EDGES(rows) \
"SELECT 0, classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype" \
" FROM " rows \
" WHERE objid::pg_catalog.int8 >= 16384" \
" AND (refobjid >= 16384 OR refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass)" \
" AND deptype IN ('n', 'a', 'i', 'P', 'S')"

#define ADDRESSES \
"ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) AS k (class, id)"

const char	mig_depend_query[] = EDGES("pg_catalog.pg_depend");
const char	mig_depend_query_narrow[] =
EDGES("(SELECT d.ctid AS place, d.* FROM " ADDRESSES
	  " JOIN pg_catalog.pg_depend d ON classid = class AND objid = id"
	  " UNION SELECT d.ctid, d.* FROM " ADDRESSES
	  " JOIN pg_catalog.pg_depend d ON refclassid = class AND refobjid = id) d")
" ORDER BY place";

const char	mig_comment_query[] =
"SELECT 0, classoid, objoid, objsubid, description FROM pg_catalog.pg_description WHERE objoid >= 16384"
" UNION ALL SELECT 0, classoid, objoid, objsubid, description FROM pg_catalog.pg_description"
" WHERE objoid = ANY (ARRAY(SELECT oid FROM pg_catalog.pg_namespace WHERE oid < 16384))"
" AND classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass";
const char	mig_comment_query_narrow[] =
"SELECT 0, classoid, objoid, objsubid, description FROM pg_catalog.pg_description"
" WHERE objoid = ANY ($2)";

/*
 * The OIDs by which the narrow alias query finds what stands for the objects,
 * $2: their own, those of row types, and of the indexes of constraints.
 */
MigParam
mig_link_members(const MigSnapshot *snapshot)
{
	List	   *oids = NIL;
	const ListCell *lc;

	foreach(lc, snapshot->objects)
	{
		const MigAddress *address = &((const MigObject *) lfirst(lc))->address;
		Oid			other = InvalidOid;

		CHECK_FOR_INTERRUPTS();
		if (address->objsubid != 0)
			continue;
		if (address->classid == RelationRelationId)
			other = get_rel_type_id(address->objid);
		else if (address->classid == ConstraintRelationId)
			other = get_constraint_index(address->objid);
		oids = lappend_oid(oids, address->objid);
		if (OidIsValid(other))
			oids = lappend_oid(oids, other);
	}
	return mig_oids_param(oids);
}
