/*-------------------------------------------------------------------------
 *
 * sch/code.c
 *	  Whose code is in a script.
 *
 * A script that makes what a role had, or calls it, runs that role's code as
 * whoever runs the script.  Code is what is evaluated: routines, operators,
 * views, rules, triggers, policies, domains, and the functions of casts and
 * operator classes.  Defaults and checks are code of the owner of their table
 * only if they hand arguments to functions that may do anything with them, as
 * query_to_xml() does; what they call is that of its owner in any case.
 *
 * Calls inside the bodies of routines, which are text, are not followed: the
 * owner of the routine answers for them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/code.h"

#include "catalog/pg_type.h"
#include "util/spi.h"
#include "utils/array.h"
#include "utils/builtins.h"

#define CLASS(name) "'pg_catalog." name "'::pg_catalog.regclass"

/* Functions called by an expression can do what its author says. */
#define IS_OPEN(expression) \
	"EXISTS (SELECT FROM pg_catalog.regexp_matches(" expression "::pg_catalog.text," \
	" ':(?:op)?funcid ([0-9]+)', 'g') AS f (id)" \
	" JOIN pg_catalog.pg_proc p ON p.oid = f.id[1]::pg_catalog.oid" \
	" WHERE p.provolatile = 'v' AND p.pronargs > 0" \
	" AND NOT (p.oid < 16384 AND p.proname IN ('nextval', 'currval'))" \
	" OR p.oid < 16384 AND p.proname ~ '_to_xml')"

/*
 * The code in objects, which come as three arrays, and in what they call, with
 * the roles that own it unless these are superusers.
 */
static const char query[] =
"WITH RECURSIVE code (classid, objid, objsubid) AS ("
" SELECT u.* FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2),"
" pg_catalog.unnest($3)) AS u"
" UNION SELECT n.* FROM code c CROSS JOIN LATERAL ("
/* what it calls; reading a table runs nothing */
" SELECT d.refclassid, d.refobjid, 0 FROM pg_catalog.pg_depend d"
" WHERE d.classid = c.classid AND d.objid = c.objid"
" AND (c.objsubid = 0 OR d.objsubid = c.objsubid)"
" AND d.deptype IN ('n', 'a', 'i') AND CASE d.refclassid"
" WHEN " CLASS("pg_proc") " THEN true"
" WHEN " CLASS("pg_class") " THEN c.classid = " CLASS("pg_type") " OR EXISTS"
" (SELECT FROM pg_catalog.pg_class v WHERE v.oid = d.refobjid AND v.relkind IN ('v', 'm'))"
" WHEN " CLASS("pg_namespace") " THEN false"
" WHEN " CLASS("pg_extension") " THEN false"
" ELSE c.classid <> " CLASS("pg_cast") " END"
/* the parts of it that do so */
" UNION ALL SELECT d.classid, d.objid, 0 FROM pg_catalog.pg_depend d"
" WHERE d.refclassid = c.classid AND d.refobjid = c.objid"
" AND (d.refobjsubid = c.objsubid OR c.objsubid = 0) AND CASE d.classid"
" WHEN " CLASS("pg_class") " THEN c.classid IN (" CLASS("pg_constraint") ", " CLASS("pg_type") ") AND d.deptype = 'i'"
" WHEN " CLASS("pg_rewrite") " THEN d.deptype = 'i'"
" WHEN " CLASS("pg_attrdef") " THEN c.objsubid > 0"
" WHEN " CLASS("pg_constraint") " THEN c.classid = " CLASS("pg_type") " AND d.deptype = 'a'"
" WHEN " CLASS("pg_cast") " THEN c.classid = " CLASS("pg_type")
" WHEN " CLASS("pg_amop") " THEN true"
" WHEN " CLASS("pg_amproc") " THEN true"
" ELSE false END) n)"
" SELECT DISTINCT r.rolname::pg_catalog.text COLLATE \"C\","
" pg_catalog.pg_describe_object(c.classid, c.objid, 0) COLLATE \"C\""
" FROM code c CROSS JOIN LATERAL (SELECT CASE c.classid"
" WHEN " CLASS("pg_proc") " THEN"
" (SELECT proowner FROM pg_catalog.pg_proc WHERE oid = c.objid)"
" WHEN " CLASS("pg_operator") " THEN"
" (SELECT oprowner FROM pg_catalog.pg_operator WHERE oid = c.objid)"
" WHEN " CLASS("pg_conversion") " THEN"
" (SELECT conowner FROM pg_catalog.pg_conversion WHERE oid = c.objid)"
" WHEN " CLASS("pg_event_trigger") " THEN"
" (SELECT evtowner FROM pg_catalog.pg_event_trigger WHERE oid = c.objid)"
" WHEN " CLASS("pg_type") " THEN"
" (SELECT typowner FROM pg_catalog.pg_type WHERE oid = c.objid"
" AND (typtype = 'd' OR typtype = 'b' AND typcategory <> 'A'))"
" WHEN " CLASS("pg_class") " THEN"
" (SELECT relowner FROM pg_catalog.pg_class WHERE oid = c.objid AND relkind IN ('v', 'm'))"
" WHEN " CLASS("pg_rewrite") " THEN"
" (SELECT relowner FROM pg_catalog.pg_rewrite w"
" JOIN pg_catalog.pg_class t ON t.oid = ev_class WHERE w.oid = c.objid AND rulename <> '_RETURN')"
" WHEN " CLASS("pg_trigger") " THEN"
" (SELECT relowner FROM pg_catalog.pg_trigger w"
" JOIN pg_catalog.pg_class t ON t.oid = tgrelid WHERE w.oid = c.objid)"
" WHEN " CLASS("pg_policy") " THEN"
" (SELECT relowner FROM pg_catalog.pg_policy w"
" JOIN pg_catalog.pg_class t ON t.oid = polrelid WHERE w.oid = c.objid)"
" WHEN " CLASS("pg_attrdef") " THEN"
" (SELECT relowner FROM pg_catalog.pg_attrdef w"
" JOIN pg_catalog.pg_class t ON t.oid = adrelid WHERE w.oid = c.objid AND " IS_OPEN("adbin") ")"
" WHEN " CLASS("pg_constraint") " THEN"
" (SELECT relowner FROM pg_catalog.pg_constraint w"
" JOIN pg_catalog.pg_class t ON t.oid = conrelid WHERE w.oid = c.objid AND " IS_OPEN("conbin") ")"
" END AS owner) o JOIN pg_catalog.pg_roles r ON r.oid = o.owner"
" WHERE NOT r.rolsuper ORDER BY 1, 2";

/* Addresses of live objects, as arrays. */
typedef struct Addresses
{
	ArrayBuildState *classids;
	ArrayBuildState *objids;
	ArrayBuildState *objsubids;
} Addresses;

static List *read_code(Addresses *addresses);
static void add_called(Addresses *addresses, const MigObject *object);
static bool is_written(const MigObject *object);
static void add_address(Addresses *addresses, const MigAddress *address);
static MigParam array_param(ArrayBuildState *state, Oid array_type);
static void add_code(TupleTableSlot *slot, void *arg);

/*
 * Code of roles that are no superusers in the script of a comparison; list of
 * MigCode *, by role and object.
 *
 * live tells whether what the script leads to is the live schema; then it is
 * the live objects that the script makes or alters.  Else these are the
 * model's, whose text is its author's, and code is what they call of the live
 * schema.
 */
List *
mig_code_carried(const MigDiff *diff, bool live)
{
	Addresses	addresses = {0};
	const ListCell *lc;

	foreach(lc, diff->to->objects)
	{
		const MigObject *object = lfirst(lc);

		if (object->ignored || !is_written(object))
			continue;
		if (live)
			add_address(&addresses, &object->address);
		else
			add_called(&addresses, object);
	}
	return read_code(&addresses);
}

/* The same of all objects of the live schema that are not ignored. */
List *
mig_code_in(const MigSnapshot *live)
{
	Addresses	addresses = {0};
	const ListCell *lc;

	foreach(lc, live->objects)
	{
		const MigObject *object = lfirst(lc);

		if (!object->ignored)
			add_address(&addresses, &object->address);
	}
	return read_code(&addresses);
}

/* The bodies of all routines of a list in one query. */
static List *
read_code(Addresses *addresses)
{
	List	   *found = NIL;
	MigParam	params[3];
	MigSpi		spi;

	if (addresses->classids == NULL)
		return NIL;
	params[0] = array_param(addresses->classids, OIDARRAYOID);
	params[1] = array_param(addresses->objids, OIDARRAYOID);
	params[2] = array_param(addresses->objsubids, INT4ARRAYOID);
	mig_spi_begin_catalog(&spi, "");
	mig_spi_each(&spi, query, lengthof(params), params, add_code, &found);
	mig_spi_end(&spi);
	return found;
}

/* What it depends on is called as it stands, unless the script makes it. */
static void
add_called(Addresses *addresses, const MigObject *object)
{
	const ListCell *lc;

	foreach(lc, object->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind->id != MIG_TABLE && on->kind->id != MIG_COLUMN &&
			on->twin != NULL && on->made == NULL)
			add_address(addresses, &on->twin->address);
	}
}

/* Is the text of an object in the script, and not its comment alone? */
static bool
is_written(const MigObject *object)
{
	const ListCell *lc;

	if (object->made != NULL)
		return true;
	/* what may be altered of a table itself is nothing that runs */
	foreach(lc, object->kind->id == MIG_TABLE ? NIL : object->alters)
	{
		if (!((const MigAction *) lfirst(lc))->satellite)
			return true;
	}
	return false;
}

static void
add_address(Addresses *addresses, const MigAddress *address)
{
	MemoryContext context = CurrentMemoryContext;

	addresses->classids =
		accumArrayResult(addresses->classids,
						 ObjectIdGetDatum(address->classid), false, OIDOID,
						 context);
	addresses->objids =
		accumArrayResult(addresses->objids, ObjectIdGetDatum(address->objid),
						 false, OIDOID, context);
	addresses->objsubids =
		accumArrayResult(addresses->objsubids,
						 Int32GetDatum(address->objsubid), false, INT4OID,
						 context);
}

static MigParam
array_param(ArrayBuildState *state, Oid array_type)
{
	return MIG_PARAM(array_type,
					 makeArrayResult(state, CurrentMemoryContext));
}

/* A row of code_query. */
static void
add_code(TupleTableSlot *slot, void *arg)
{
	List	  **found = arg;
	MigCode    *code = palloc(sizeof(MigCode));

	code->role = mig_slot_text(slot, 1);
	code->object = mig_slot_text(slot, 2);
	*found = lappend(*found, code);
}
