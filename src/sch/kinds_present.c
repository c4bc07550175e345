/*-------------------------------------------------------------------------
 *
 * sch/kinds_present.c
 *	  Which kinds of objects there are in some schemas.
 *
 * Most schemas have a few kinds, and each query for another one is planned
 * once in a session and anew after each shadow, which takes longer than to run
 * it.  One query tells which of them have no rows.  Whatever stands in a
 * schema depends on it, so that pg_depend answers for the rare catalogs.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/kinds_present.h"

#include "kind/kinds.h"

/* $1: the schemas; types of arrays come with others */
static const char query[] =
"SELECT 'c'::pg_catalog.\"char\", relkind, pg_catalog.bool_or(relhasrules), pg_catalog.bool_or(relhastriggers), 0::pg_catalog.oid"
" FROM pg_catalog.pg_class WHERE relnamespace = ANY ($1) GROUP BY relkind"
" UNION ALL SELECT 't', typtype, false, false, 0 FROM pg_catalog.pg_type"
" WHERE typnamespace = ANY ($1) AND typinput <> 'pg_catalog.array_in'::pg_catalog.regproc GROUP BY typtype"
" UNION ALL SELECT 'p', prokind, false, false, 0 FROM pg_catalog.pg_proc WHERE pronamespace = ANY ($1) GROUP BY prokind"
" UNION ALL SELECT 'n', '', false, false, classid FROM pg_catalog.pg_depend"
" WHERE refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND refobjid = ANY ($1) GROUP BY classid";

static void add_row(TupleTableSlot *slot, void *arg);
static bool any_of(const bool *letters, const char *wanted);

/* Look at schemas, a parameter of type oid[]. */
void
mig_present_find(MigPresent *present, const MigSpi *spi,
				 const MigParam *namespaces)
{
	memset(present, 0, sizeof(*present));
	mig_spi_each(spi, query, 1, namespaces, add_row, present);
}

/* The first column says of which catalog the letter is. */
static void
add_row(TupleTableSlot *slot, void *arg)
{
	MigPresent *present = arg;
	Datum	   *values = slot->tts_values;
	unsigned char letter;

	slot_getallattrs(slot);
	letter = DatumGetChar(values[1]) & 0x7f;
	switch (DatumGetChar(values[0]))
	{
		case 'c':
			present->relkinds[letter] = true;
			present->rules |= DatumGetBool(values[2]);
			present->triggers |= DatumGetBool(values[3]);
			break;
		case 't':
			present->typtypes[letter] = true;
			break;
		case 'p':
			present->prokinds[letter] = true;
			break;
		default:
			present->catalogs = lappend_oid(present->catalogs,
											DatumGetObjectId(values[4]));
	}
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
		case MIG_POLICY:
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
		case MIG_DEFAULT_PRIVILEGES:
			return true;
		case MIG_NKINDS:
			break;
	}
	return true;				/* not reached */
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
