/*-------------------------------------------------------------------------
 *
 * kind/identity_sequence.c
 *	  Sequences of identity columns, as far as they are objects.
 *
 * Such a sequence comes, changes and goes with its column, see kind/column.c;
 * what it has of its own is a comment and grants.  It goes by its column, for
 * its name may be one that the server has chosen.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/identity_sequence.h"

#include "catalog/pg_class.h"
#include "kind/column_values.h"
#include "sch/action.h"
#include "utils/builtins.h"

static const char query[] =
"SELECT s.oid, 0, c.oid, refobjsubid, nspname::pg_catalog.text, s.relname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(s.relowner)::pg_catalog.text, " MIG_ACL("s.relacl", "s", "s.relowner")
" FROM pg_catalog.pg_class c"
" JOIN pg_catalog.pg_depend ON refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND refobjid = c.oid"
" AND refobjsubid > 0 AND classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND deptype = 'i'"
" JOIN pg_catalog.pg_class s ON s.oid = objid AND s.relkind = 'S'"
" JOIN pg_catalog.pg_namespace n ON n.oid = s.relnamespace"
" WHERE c.relkind IN ('r', 'p', 'f') AND c.relnamespace = ANY ($1)"
" ORDER BY c.oid, refobjsubid";

static void identify(StringInfo buf, const MigObject *sequence);

const MigKind mig_identity_sequence_kind = {
	.id = MIG_IDENTITY_SEQUENCE,
	.name = "identity sequence",
	.noun = "SEQUENCE",
	.acl_noun = "SEQUENCE",
	.acl_type = "s",
	.classid = RelationRelationId,
	.parent_classid = RelationRelationId,
	.flags = MIG_KIND_VIRTUAL,
	.query = query,
	.whole = "c.oid",
	.identify = identify,
};

static void
identify(StringInfo buf, const MigObject *sequence)
{
	appendStringInfoString(buf, sequence->parent->identity);
}

/*
 * The name that it has while a script runs.  Where the two snapshots have
 * chosen names that differ, the live one's stays.
 */
char *
mig_identity_sequence_name(const MigDiff *diff, const MigObject *sequence)
{
	const MigObject *column = sequence->parent;
	const char *name = sequence->name;

	if (!mig_is_created(sequence) && !diff->reverse &&
		!MIG_CHANGED(column, SEQUENCE_GIVEN))
		name = sequence->twin->name;
	return quote_qualified_identifier(column->parent->schema, name);
}
