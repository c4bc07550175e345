/*-------------------------------------------------------------------------
 *
 * kind/default.c
 *	  Defaults of columns, of tables and views.
 *
 * A default is dropped before the type of its column changes and set again
 * afterwards, unless the server converts it as it is.  One that an identity
 * column has from a parent's column is never used, and no statement reaches
 * it: it counts for nothing.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/sch.h"

#include "catalog/pg_attrdef.h"
#include "catalog/pg_class.h"
#include "kind/column.h"
#include "kind/column_cast.h"
#include "kind/table_parents.h"
#include "sch/action.h"
#include "utils/builtins.h"

enum
{
	EXPRESSION = MIG_DEFAULT_EXPRESSION,
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[EXPRESSION] = {"default", MIG_ALTERABLE, true},
};

static const char query[] =
"SELECT d.oid, 0, adrelid, adnum::pg_catalog.int4, NULL::pg_catalog.text, attname::pg_catalog.text, NULL::pg_catalog.text, NULL::pg_catalog.text,"
" pg_catalog.pg_get_expr(adbin, 0)"
" FROM pg_catalog.pg_attrdef d"
" JOIN pg_catalog.pg_attribute ON attrelid = adrelid AND attnum = adnum"
" JOIN pg_catalog.pg_class c ON c.oid = adrelid"
" WHERE atthasdef AND attgenerated = '' AND attidentity = ''"
" AND relnamespace = ANY ($1)"
" ORDER BY adrelid, adnum";

static void identify(StringInfo buf, const MigObject *value);
static void create(StringInfo buf, const MigObject *value);
static void part(StringInfo buf, const MigObject *value);
static void drop(StringInfo buf, const MigObject *value);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);
static MigFate follow(MigDiff *diff, MigObject *value, MigObject *on);
static bool fits_inline(const MigObject *value);
static bool is_inherited(const MigObject *value);
static bool comes_along(const MigObject *value, const MigObject *above);
static bool comes_with_column(const MigObject *value);
static bool descendants_agree(const MigObject *value);
static const char *alter_relation(const MigObject *value);
static void in_statement(StringInfo buf, const MigObject *value,
						 int attribute, const char *definition);
static const char *assigned_to(const MigObject *value, int attribute);

const MigKind mig_default_kind = {
	.id = MIG_DEFAULT,
	.name = "default",
	.classid = AttrDefaultRelationId,
	.parent_classid = RelationRelationId,
	.flags = MIG_KIND_INLINE,
	.query = query,
	.whole = "c.oid",
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.identify = identify,
	.create = create,
	.part = part,
	.drop = drop,
	.alter = alter,
	.follow = follow,
	.fits_inline = fits_inline,
	.is_inherited = is_inherited,
	.in_statement = in_statement,
	.assigned_to = assigned_to,
};

/* A column has one at most. */
static void
identify(StringInfo buf, const MigObject *value)
{
	appendStringInfoString(buf, value->parent->identity);
}

static void
create(StringInfo buf, const MigObject *value)
{
	appendStringInfo(buf, "%s ALTER COLUMN %s SET ", alter_relation(value),
					 quote_identifier(value->name));
	part(buf, value);
}

static void
part(StringInfo buf, const MigObject *value)
{
	appendStringInfo(buf, "DEFAULT %s", value->values[EXPRESSION]);
}

static void
drop(StringInfo buf, const MigObject *value)
{
	appendStringInfo(buf, "%s ALTER COLUMN %s DROP DEFAULT",
					 alter_relation(value), quote_identifier(value->name));
}

/* Children get it with their parent. */
static void
alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	StringInfoData buf;

	if (is_inherited(to))
		return;
	initStringInfo(&buf);
	create(&buf, to);
	mig_action_add(diff, MIG_OP_ALTER, to, "default", buf.data);
}

/* It stays while its column changes to a type that it can be assigned to. */
static MigFate
follow(MigDiff *diff, MigObject *value, MigObject *on)
{
	if (on->fate == MIG_RECREATE ||
		(on->fate == MIG_DROP && value->fate == MIG_KEEP))
		return MIG_RECREATE;
	if (on != value->parent || on->kind->id != MIG_COLUMN || !on->disrupts)
		return value->fate;
	if (value->fate == MIG_KEEP &&
		mig_column_cast(on, on->twin) == MIG_CAST_ASSIGNMENT)
		return MIG_KEEP;
	return MIG_RECREATE;
}

/*
 * CREATE VIEW does not know of defaults, nor is a column written that comes
 * from a parent table.
 */
static bool
fits_inline(const MigObject *value)
{
	const MigObject *column = value->parent;

	return column->kind->id == MIG_COLUMN &&
		!column->kind->is_inherited(column);
}

/*
 * Does it come with the default of a parent table's column?  So it does where
 * all tables below want the same, see alter_relation().
 */
static bool
is_inherited(const MigObject *value)
{
	const MigObject *table = value->parent->parent;
	const ListCell *lc;

	if (value->parent->kind->id != MIG_COLUMN ||
		!mig_column_is_inherited(value->parent) ||
		(mig_table_is_attached(table) && !mig_table_keeps_part(value->parent)))
		return false;
	foreach(lc, mig_table_parents(table))
	{
		const MigObject *above = mig_table_column(lfirst(lc), value->name);
		const MigObject *theirs;

		/* that of a new table comes when the one above has its default */
		theirs = above == NULL ? NULL :
			mig_column_default(above);
		if (theirs != NULL && theirs->fate != MIG_KEEP &&
			(mig_is_created(table) || comes_along(value, theirs)) &&
			mig_same(theirs->values[EXPRESSION], value->values[EXPRESSION]))
			return true;
	}
	return false;
}

/*
 * Does it come or go with that above: with its column, where the one here does
 * so, too, or else by ALTER TABLE?
 */
static bool
comes_along(const MigObject *value, const MigObject *above)
{
	if (comes_with_column(above))
		return mig_is_created(value->parent);
	if (above->parent->fate == MIG_DROP)
		return value->parent->fate == MIG_DROP;
	return descendants_agree(above);
}

/* Is it made with its column, which tables below get that have none yet? */
static bool
comes_with_column(const MigObject *value)
{
	return value->fate != MIG_ALTER && value->fate != MIG_DROP &&
		mig_is_created(value->parent);
}

/* Do the tables below have the same default, and lose it if this goes? */
static bool
descendants_agree(const MigObject *value)
{
	const ListCell *lc;

	if (value->parent->kind->id != MIG_COLUMN)
		return true;
	foreach(lc, mig_table_descendants(value->parent->parent))
	{
		const MigObject *below = mig_table_column(lfirst(lc), value->name);
		const MigObject *theirs;

		theirs = below == NULL ? NULL :
			mig_column_default(below);
		if (theirs == NULL ||
			!mig_same(theirs->values[EXPRESSION], value->values[EXPRESSION]))
			return false;
		if (value->fate == MIG_DROP && theirs->fate != MIG_DROP)
			return false;
	}
	return true;
}

/* "ALTER TABLE t", or ONLY that table where others below differ */
static const char *
alter_relation(const MigObject *value)
{
	const MigObject *relation = value->parent->parent;

	return psprintf("ALTER %s %s%s", mig_kind_noun(relation),
					descendants_agree(value) ? "" : "ONLY ",
					relation->identity);
}

/* A default sees no columns. */
static void
in_statement(StringInfo buf, const MigObject *value, int attribute,
			 const char *definition)
{
	appendStringInfo(buf, "SELECT (%s)", definition);
}

/* Columns of views are no objects. */
static const char *
assigned_to(const MigObject *value, int attribute)
{
	return value->parent->kind->id == MIG_COLUMN ?
		MIG_TYPE_NAME(value->parent) : NULL;
}
