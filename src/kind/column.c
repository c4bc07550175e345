/*-------------------------------------------------------------------------
 *
 * kind/column.c
 *	  Columns of tables.
 *
 * Defaults are objects of their own, see kind/default.c.  What a child table
 * inherits is changed in its parent; only what differs there is changed in
 * the child.  A column whose type is replaced keeps its values.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/column.h"

#include "catalog/pg_class.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "kind/column_base.h"
#include "kind/column_cast.h"
#include "kind/column_convert.h"
#include "kind/column_equal.h"
#include "kind/column_fill.h"
#include "kind/column_generated.h"
#include "kind/column_held.h"
#include "kind/column_not_null.h"
#include "kind/column_retype.h"
#include "kind/column_rows.h"
#include "kind/column_setting.h"
#include "kind/column_users.h"
#include "kind/column_values.h"
#include "kind/counter.h"
#include "kind/domain.h"
#include "kind/list.h"
#include "kind/part_drop.h"
#include "kind/sequence_options.h"
#include "kind/serial.h"
#include "kind/table_parents.h"
#include "sch/action.h"
#include "sch/expression.h"
#include "util/sql.h"
#include "utils/builtins.h"

static const MigAttribute attributes[NATTRIBUTES] = {
	[TYPE] = {"type"},
	[COLLATION] = {"collation"},
	[NOT_NULL] = {"not null"},
	[IDENTITY] = {"identity",.words = "a ALWAYS,d BY DEFAULT"},
	[SEQUENCE] = {"identity options"},
	[GENERATED] = {"generation expression", MIG_ALTERABLE, true},
	[STORAGE] = {"storage"},
	[COMPRESSION] = {"compression"},
	[STATISTICS] = {"statistics target"},
	[OPTIONS] = {"options"},
	[FOREIGN_OPTIONS] = {"foreign options"},
	[TYPE_STORAGE] = {"storage of the type", MIG_NOT_COMPARED},
	[CAST_TYPE] = {"type to cast from", MIG_NOT_COMPARED},
	[INHERITED] = {"inherited", MIG_NOT_COMPARED},
	[LOCAL] = {"local", MIG_NOT_COMPARED},
	[PARTITIONS] = {"partition key", MIG_NOT_COMPARED},
	[SEQUENCE_NAME] = {"sequence", MIG_NOT_COMPARED},
	[EXPRESSION_TREE] = {"tree of the expression", MIG_NOT_COMPARED},
	[STORED] = {"generated values",.detail_of = GENERATED},
	[NOT_NULL_NAME] = {"name of not null",.is_name = true,
	.detail_of = NOT_NULL},
	[NOT_NULL_VALIDATED] = {"not null validated",.detail_of = NOT_NULL},
	[NOT_NULL_NO_INHERIT] = {"not null not inherited",.detail_of = NOT_NULL},
	[NOT_NULL_COMMENT] = {"comment on not null",.detail_of = NOT_NULL},
	[NOT_NULL_CONSTRAINT] = {"not null constraint", MIG_NOT_COMPARED,
	.is_name = true},
	[NOT_NULL_LOCAL] = {"not null local", MIG_NOT_COMPARED},
	[SEQUENCE_GIVEN] = {"name of the sequence",.is_name = true,
	.detail_of = IDENTITY},
};

static const char query[] =
"SELECT c.oid, attnum::pg_catalog.int4, c.oid, 0, NULL::pg_catalog.text, attname::pg_catalog.text, NULL::pg_catalog.text,"
" CASE WHEN attacl IS NOT NULL THEN NULLIF(" MIG_ACL_LINES("attacl", "relowner") ", '') END,"
" pg_catalog.format_type(atttypid, atttypmod),"
" CASE WHEN attcollation <> typcollation THEN"
" (SELECT pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(collname)"
" FROM pg_catalog.pg_collation co JOIN pg_catalog.pg_namespace cn ON cn.oid = collnamespace"
" WHERE co.oid = attcollation) END,"
" attnotnull::pg_catalog.text, " MIG_IDENTITY ","
" q.options,"
" CASE WHEN attgenerated <> '' THEN (SELECT pg_catalog.pg_get_expr(adbin, adrelid)"
" FROM pg_catalog.pg_attrdef WHERE adrelid = c.oid AND adnum = attnum) END,"
" CASE WHEN attstorage <> typstorage THEN " MIG_STORAGE_NAME("attstorage") " END,"
" CASE attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END,"
" NULLIF(attstattarget, -1)::pg_catalog.text,"
" " MIG_COLUMN_OPTIONS ","
" " MIG_LIST("attfdwoptions") ", " MIG_STORAGE_NAME("typstorage") ","
" " MIG_CAST_TYPE ","
" (attinhcount > 0)::pg_catalog.text, attislocal::pg_catalog.text,"
" " MIG_IN_PARTITION_KEY ","
" q.name,"
" CASE WHEN atthasdef THEN (SELECT adbin::pg_catalog.text FROM pg_catalog.pg_attrdef"
" WHERE adrelid = c.oid AND adnum = attnum) ELSE typdefaultbin::pg_catalog.text END,"
" CASE attgenerated WHEN 's' THEN 'STORED' WHEN 'v' THEN 'VIRTUAL' END,"
" CASE WHEN k.coninhcount = 0 THEN k.conname::pg_catalog.text END,"
" k.convalidated::pg_catalog.text, k.connoinherit::pg_catalog.text,"
" CASE WHEN k.oid IS NOT NULL THEN (SELECT description FROM pg_catalog.pg_description WHERE objoid = k.oid"
" AND classoid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND objsubid = 0) END,"
" k.conname::pg_catalog.text, k.conislocal::pg_catalog.text,"
" CASE WHEN pg_catalog.rtrim(q.sequence, '0123456789') <> c.relname || '_' || attname || '_seq'"
" AND pg_catalog.octet_length(c.relname || '_' || attname || '_seq') < 64 THEN q.sequence END"
" FROM pg_catalog.pg_attribute JOIN pg_catalog.pg_class c ON c.oid = attrelid"
" JOIN pg_catalog.pg_type t ON t.oid = atttypid"
" LEFT JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype = 'n' AND k.conkey[1] = attnum"
" LEFT JOIN LATERAL (SELECT " MIG_SEQUENCE_OPTIONS " AS options, sn.nspname || '.' || s.relname AS name,"
" s.relname::pg_catalog.text AS sequence"
" FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_sequence ON seqrelid = d.objid"
" JOIN pg_catalog.pg_class s ON s.oid = d.objid JOIN pg_catalog.pg_namespace sn ON sn.oid = s.relnamespace"
" WHERE attidentity <> '' AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = c.oid"
" AND d.refobjsubid = attnum AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype = 'i' OFFSET 0) q ON true"
" WHERE c.relkind IN ('r', 'p', 'f') AND c.relnamespace = ANY ($1)"
" AND attnum > 0 AND NOT attisdropped"
" ORDER BY attrelid, attnum";

static bool changes_type(const MigObject *column);
static bool comes_along(const MigObject *column);
static bool is_said_twice(const MigObject *column);
static bool is_generated_here(const MigObject *column);
static void identify(StringInfo buf, const MigObject *column);
static void create(StringInfo buf, const MigObject *column);
static void part(StringInfo buf, const MigObject *column);
static void append_generation(StringInfo buf, const MigObject *column);
static MigFate judge(MigDiff *diff, MigObject *from, MigObject *to);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);
static bool narrows_identity(const MigObject *from, const MigObject *to);
static void alter_type(MigDiff *diff, MigObject *from, MigObject *to);
static void alter_identity(MigDiff *diff, MigObject *from, MigObject *to);
static void begin_identity(MigDiff *diff, MigObject *to);
static void end_identity(MigDiff *diff, const MigObject *from, MigObject *to);
static void alter_options(MigDiff *diff, MigObject *from, MigObject *to);
static bool parent_sees_to(const MigObject *column, int attribute);
static MigFate follow(MigDiff *diff, MigObject *column, MigObject *on);
static bool is_of(const MigObject *column, const MigObject *on);
static bool comes_with_values(const MigObject *column);
static void warn(MigDiff *diff, MigAction *action);
static bool retype(MigColumnRetype *change, const MigObject *from,
				   const MigObject *to, const char *conversion);
static void in_statement(StringInfo buf, const MigObject *column,
						 int attribute, const char *definition);

const MigKind mig_column_kind = {
	.id = MIG_COLUMN,
	.name = "column",
	.noun = "COLUMN",
	.classid = RelationRelationId,
	.parent_classid = RelationRelationId,
	.flags = MIG_KIND_INLINE | MIG_KIND_DATA,
	.query = query,
	.whole = "c.oid",
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.identify = identify,
	.create = create,
	.part = part,
	.drop = mig_column_drop,
	.judge = judge,
	.alter = alter,
	.follow = follow,
	.warn = warn,
	.is_inherited = comes_along,
	.in_statement = in_statement,
};

/* The name of the sequence of an identity column, "schema.name", or NULL. */
const char *
mig_column_sequence(const MigObject *column)
{
	return column->values[SEQUENCE_NAME];
}

/* The action that makes a column one, ends it or renames its sequence. */
MigAction *
mig_column_identity_action(const MigObject *column)
{
	const ListCell *lc;

	if (column->twin == NULL)
		return NULL;
	foreach(lc, column->alters)
	{
		MigAction  *alter = lfirst(lc);

		if (alter->sets_identity)
			return alter;
	}
	return NULL;
}

/* Does it come with a column of a parent table? */
bool
mig_column_is_inherited(const MigObject *column)
{
	return MIG_IS_TRUE(column->values[INHERITED]);
}

/*
 * With that, or with an attribute of the type of its table?  A table that is
 * attached must have its columns before.
 */
static bool
comes_along(const MigObject *column)
{
	return (mig_column_is_inherited(column) &&
			!is_generated_here(column) && !is_said_twice(column) &&
			(!mig_table_is_attached(column->parent) ||
			 mig_table_keeps_part(column))) ||
		mig_table_follows_type(column->parent);
}

/*
 * Has its table it by itself, too?  Then it is made there, before that of the
 * parent table, which the server takes for the same; and it stays when that
 * goes.
 */
static bool
is_said_twice(const MigObject *column)
{
	return MIG_IS_TRUE(column->values[LOCAL]) &&
		!mig_table_is_partition(column->parent) &&
		(column->parent->made != NULL || column->twin == NULL ||
		 column->fate == MIG_RECREATE);
}

/* Is it generated, and the column that it is inherited from is not? */
static bool
is_generated_here(const MigObject *column)
{
	const ListCell *lc;

	if (column->values[GENERATED] == NULL ||
		mig_table_is_partition(column->parent))
		return false;
	foreach(lc, mig_table_parents(column->parent))
	{
		const MigObject *above = mig_table_column(lfirst(lc), column->name);

		if (above != NULL && mig_column_is_generated(above))
			return false;
	}
	return true;
}

/* The expression that a column is generated by, or NULL. */
const char *
mig_column_generation(const MigObject *column)
{
	return column->values[GENERATED];
}

/* Does the column of a typed table say more than its type does? */
bool
mig_column_adds_to_type(const MigObject *column)
{
	return MIG_IS_TRUE(column->values[NOT_NULL]) ||
		column->values[GENERATED] != NULL ||
		column->values[IDENTITY] != NULL || mig_column_default(column) != NULL;
}

/* Is its type altered by the comparison under way? */
static bool
changes_type(const MigObject *column)
{
	return MIG_CHANGED(column, TYPE) || MIG_CHANGED(column, COLLATION);
}

/* Has its twin another type? */
bool
mig_column_differs_in_type(const MigObject *column)
{
	return !mig_same(column->values[TYPE], column->twin->values[TYPE]) ||
		!mig_same(column->values[COLLATION], column->twin->values[COLLATION]);
}

/* Can old values be compared with new ones, and do those find theirs? */
bool
mig_column_stays_comparable(const MigObject *from, const MigObject *to)
{
	return !mig_column_equal_less(from, to) &&
		mig_column_retype_is_comparable(atooid(from->values[CAST_TYPE]),
										atooid(to->values[CAST_TYPE]));
}

static void
identify(StringInfo buf, const MigObject *column)
{
	appendStringInfo(buf, "%s.%s", column->parent->identity,
					 quote_identifier(column->name));
}

/* With what ADD COLUMN does not take, as storage and statistics. */
static void
create(StringInfo buf, const MigObject *column)
{
	mig_column_not_null_make_way(buf, column);
	appendStringInfo(buf, "ALTER TABLE %s ADD COLUMN ",
					 mig_table_place(column));
	if (!mig_column_setting_append_late(buf, column))
		part(buf, column);
	appendStringInfoString(buf, ";\n");
	mig_column_setting_append(buf, column);
}

/* "name type ..." */
static void
part(StringInfo buf, const MigObject *column)
{
	const char *serial = mig_serial_type(column);
	bool		typed;

	typed = mig_table_is_typed(column->parent) &&
		column->parent->made != NULL;
	appendStringInfoString(buf, quote_identifier(column->name));
	if (serial != NULL)
	{
		appendStringInfo(buf, " %s", serial);
		return;
	}
	if (typed)
		appendStringInfoString(buf, " WITH OPTIONS");
	else
		appendStringInfo(buf, " %s", column->values[TYPE]);
	if (column->values[FOREIGN_OPTIONS] != NULL)
	{
		appendStringInfoString(buf, " OPTIONS (");
		mig_list_append_generic(buf, column->values[FOREIGN_OPTIONS]);
		appendStringInfoChar(buf, ')');
	}
	if (column->values[COMPRESSION] != NULL)
		appendStringInfo(buf, " COMPRESSION %s", column->values[COMPRESSION]);
	if (column->values[COLLATION] != NULL && !typed)
		appendStringInfo(buf, " COLLATE %s", column->values[COLLATION]);
	append_generation(buf, column);
	mig_column_not_null_part(buf, column);
}

/* Default, identity, or generation expression */
static void
append_generation(StringInfo buf, const MigObject *column)
{
	const MigObject *value = mig_column_default(column);

	if (column->values[GENERATED] != NULL)
		appendStringInfo(buf, " GENERATED ALWAYS AS (%s) %s",
						 column->values[GENERATED], column->values[STORED]);
	else if (column->values[IDENTITY] != NULL)
	{
		appendStringInfoChar(buf, ' ');
		mig_column_setting_append_identity(buf, column);
	}
	else if (value != NULL && value->made == column->made && !value->apart)
	{
		appendStringInfoChar(buf, ' ');
		value->kind->part(buf, value);
	}
}

/*
 * What a column is generated by cannot be set, so that it is made anew; nor
 * can a virtual one come to hold values.
 */
static MigFate
judge(MigDiff *diff, MigObject *from, MigObject *to)
{
	if (mig_column_generated_anew(from, to))
		return MIG_RECREATE;
	if (changes_type(to))
	{
		from->disrupts = to->disrupts = true;
		if (MIG_IS_TRUE(from->values[PARTITIONS]))
			mig_action_force(diff, from->parent);
		mig_column_leave_parents(from, to);
	}
	return MIG_ALTER;
}

/* What makes room for the new type comes before it, what needs it behind. */
static void
alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	bool		narrows = narrows_identity(from, to);
	bool		allows_null;
	MigAction  *comes = NULL;

	allows_null = MIG_CHANGED(to, NOT_NULL) &&
		!MIG_IS_TRUE(to->values[NOT_NULL]);
	if (MIG_CHANGED(to, GENERATED) && !parent_sees_to(to, GENERATED))
		mig_column_generated_alter(diff, to);
	if (MIG_CHANGED(to, IDENTITY) && to->values[IDENTITY] == NULL)
		end_identity(diff, from, to);
	if (narrows)
		alter_identity(diff, from, to);
	if (allows_null)
		(void) mig_column_not_null_alter(diff, from, to);
	if (changes_type(to) && !parent_sees_to(to, TYPE) &&
		!parent_sees_to(to, COLLATION))
	{
		if (mig_same(from->values[TYPE], to->values[TYPE]) &&
			mig_column_rows_of(to) != NULL)
			mig_column_rows_convert(diff, to);
		else
			alter_type(diff, from, to);
	}
	if (!allows_null)
		comes = mig_column_not_null_alter(diff, from, to);
	if (comes != NULL)
		mig_column_fill_nulls(diff, comes);
	if (to->values[IDENTITY] != NULL && !narrows)
		alter_identity(diff, from, to);
	mig_column_setting_alter(diff, to);
	alter_options(diff, from, to);
}

/*
 * Do the numbers of an identity column become smaller ones?  The old bounds
 * of its sequence need not fit the new type: so they change first.
 */
static bool
narrows_identity(const MigObject *from, const MigObject *to)
{
	Oid			source = atooid(from->values[CAST_TYPE]);
	Oid			target = atooid(to->values[CAST_TYPE]);

	return from->values[IDENTITY] != NULL && to->values[IDENTITY] != NULL &&
		((source == INT8OID && target != INT8OID) ||
		 (source == INT4OID && target == INT2OID));
}

/* Values are carried over as the server casts them, or by a conversion. */
static void
alter_type(MigDiff *diff, MigObject *from, MigObject *to)
{
	const char *name = quote_identifier(to->name);
	const char *conversion = NULL;
	StringInfoData buf;

	if (!mig_table_is_foreign(to->parent) && MIG_CHANGED(to, TYPE))
		conversion = mig_column_cast_write(from, to, diff->reverse);
	mig_column_held_free(diff, from->parent);
	initStringInfo(&buf);
	appendStringInfo(&buf, "ALTER TABLE %s ALTER COLUMN %s TYPE %s",
					 mig_table_place(to), name, to->values[TYPE]);
	if (to->values[COLLATION] != NULL)
		appendStringInfo(&buf, " COLLATE %s", to->values[COLLATION]);
	if (conversion != NULL)
		appendStringInfo(&buf, " USING %s", conversion);
	if (MIG_CHANGED(to, TYPE))
		mig_column_convert_frame(&buf, from, to);
	mig_column_warn_type(mig_action_add(diff, MIG_OP_ALTER, to, "type",
										buf.data), from, to, conversion);
}

/* An identity that stays keeps its counter, unless that leaves the bounds. */
static void
alter_identity(MigDiff *diff, MigObject *from, MigObject *to)
{
	const char *table = to->parent->identity;
	const char *name = quote_identifier(to->name);
	StringInfoData options;
	char	   *move;
	bool		restart;
	MigAction  *action = NULL;

	if (from->values[IDENTITY] == NULL)
	{
		begin_identity(diff, to);
		return;
	}
	initStringInfo(&options);
	if (MIG_CHANGED(to, IDENTITY))
		mig_action_alter(diff, to, "identity",
						 "ALTER TABLE %s ALTER COLUMN %s SET GENERATED %s",
						 table, name, to->values[IDENTITY][0] == 'a' ?
						 "ALWAYS" : "BY DEFAULT");
	mig_sequence_alter_options(&options, from->values[SEQUENCE],
							   to->values[SEQUENCE], false, "SET ");
	move = mig_sequence_move(from->values[SEQUENCE], to->values[SEQUENCE],
							 mig_counter_sequence(from), &restart);
	if (move != NULL)
		mig_action_add(diff, MIG_OP_ALTER, to, "identity options", move);
	if (restart)
		appendStringInfoString(&options, " RESTART");
	if (options.len > 0)
		action = mig_action_alter(diff, to, "identity options",
								  "ALTER TABLE %s ALTER COLUMN %s%s", table,
								  name, options.data);
	if (action != NULL && restart)
		mig_action_warn(action, MIG_FORGETS_COUNTER,
						"the place that the sequence of column %s has reached, for it is out of the new bounds",
						to->identity);
	else if (action != NULL)
		mig_counter_warn_options(action, from, to);
	if (MIG_CHANGED(to, SEQUENCE_GIVEN))
	{
		action = mig_action_alter(diff, to, "name of the sequence",
								  "ALTER SEQUENCE %s RENAME TO %s",
								  mig_counter_sequence(from),
								  quote_identifier(mig_counter_name(to)));
		action->sets_identity = true;
	}
}

static void
end_identity(MigDiff *diff, const MigObject *from, MigObject *to)
{
	MigAction  *action;

	action = mig_action_alter(diff, to, "identity",
							  "ALTER TABLE %s ALTER COLUMN %s DROP IDENTITY",
							  to->parent->identity,
							  quote_identifier(to->name));
	action->sets_identity = true;
	mig_counter_warn_lost(action, from);
}

/* A column becomes an identity column, and goes on where it is. */
static void
begin_identity(MigDiff *diff, MigObject *to)
{
	StringInfoData buf;
	MigAction  *action;

	initStringInfo(&buf);
	appendStringInfo(&buf, "%sALTER TABLE %s ALTER COLUMN %s ADD ",
					 mig_counter_before(to), to->parent->identity,
					 quote_identifier(to->name));
	mig_column_setting_append_identity(&buf, to);
	if (to->counterpart != NULL)
		appendStringInfo(&buf, ";\n%s", mig_counter_go_on(to));
	action = mig_action_add(diff, MIG_OP_ALTER, to, "identity", buf.data);
	action->sets_identity = true;
	mig_counter_warn(action, to);
}

/* Those of the column, and those that a foreign-data wrapper reads. */
static void
alter_options(MigDiff *diff, MigObject *from, MigObject *to)
{
	const char *table = to->parent->identity;
	const char *name = quote_identifier(to->name);
	StringInfoData set;

	mig_list_alter_options(diff, to,
						   psprintf("ALTER TABLE %s ALTER COLUMN %s", table,
									name), from->values[OPTIONS],
						   to->values[OPTIONS], NULL, NULL);
	if (!MIG_CHANGED(to, FOREIGN_OPTIONS))
		return;
	initStringInfo(&set);
	mig_list_alter_generic(&set, from->values[FOREIGN_OPTIONS],
						   to->values[FOREIGN_OPTIONS]);
	if (set.len > 0)
		mig_action_alter(diff, to, "foreign options",
						 "ALTER FOREIGN TABLE %s ALTER COLUMN %s OPTIONS (%s)",
						 table, name, set.data);
}

/* Does a change of the parent's column bring about this one's? */
static bool
parent_sees_to(const MigObject *column, int attribute)
{
	const ListCell *lc;

	if (mig_table_follows_type(column->parent) &&
		(attribute == TYPE || attribute == COLLATION))
		return true;
	if (!mig_column_is_inherited(column) ||
		!mig_column_is_inherited(column->twin))
		return false;
	foreach(lc, mig_table_lasting_parents(column->parent))
	{
		const MigObject *above = mig_table_column(lfirst(lc), column->name);

		if (above != NULL && above->fate != MIG_RECREATE &&
			MIG_CHANGED(above, attribute) &&
			mig_same(above->values[attribute], column->values[attribute]) &&
			(attribute != GENERATED || mig_column_generated_spreads(above)))
			return true;
	}
	return false;
}

/*
 * Values outlive the type: where it is replaced, the column changes over from
 * the old one, which has been renamed, to the new one.  What is generated is
 * generated again.
 */
static MigFate
follow(MigDiff *diff, MigObject *column, MigObject *on)
{
	uint32		bit;

	if (mig_column_is_generated(column) &&
		mig_column_is_generated(column->twin))
		return MIG_RECREATE;
	if (mig_column_is_generated(column) && !is_of(column, on))
		return column->fate;
	if (!mig_column_rows_are_of(column, on) &&
		((on->kind->flags & MIG_KIND_TYPE) == 0 ||
		 !mig_action_replace(diff, on)))
		return column->fate;
	bit = (uint32) 1 << (on->kind->id == MIG_COLLATION ? COLLATION : TYPE);
	column->changed |= bit;
	column->twin->changed |= bit;
	column->disrupts = column->twin->disrupts = true;
	if (MIG_IS_TRUE(column->values[PARTITIONS]))
		mig_action_force(diff, column->parent);
	return MIG_ALTER;
}

/* Is a type or collation that of a column, not of its expression alone? */
static bool
is_of(const MigObject *column, const MigObject *on)
{
	return on->kind->id == MIG_COLLATION ?
		mig_same(column->values[COLLATION], on->identity) :
		mig_type_is_of(column, on);
}

/* What a new column costs the rows, or what is lost with an old one. */
static void
warn(MigDiff *diff, MigAction *action)
{
	const MigObject *column = action->object;

	if (action->op == MIG_OP_CREATE)
	{
		bool		computed = mig_column_is_computed(column);
		bool		behind;

		behind = mig_column_fill_is_behind(diff, column, computed);
		if (computed && !behind)
		{
			mig_action_warn(action, MIG_REWRITES_TABLE,
							"each row gets a value of its own, and no session can use it meanwhile")->table =
				column->parent->identity;
			mig_column_fill_warn_computed(action);
		}
		else
		{
			if (mig_domain_of(column) != NULL &&
				!mig_table_is_foreign(column->parent))
				mig_action_warn(action, MIG_REWRITES_TABLE,
								"no session can use it meanwhile")->table =
					column->parent->identity;
			mig_column_fill_new(diff, action, computed);
		}
		if (mig_column_is_generated(column))
			mig_column_generated_warn(action, column);
		if (!behind && comes_with_values(column) &&
			column->parent->twin != NULL)
		{
			mig_column_held_free(diff, column->parent->twin);
			mig_column_held_warn(action, column->parent->twin);
		}
	}
	if (action->op == MIG_OP_DROP)
		mig_column_drop_warn(action);
}

/* Has each row a value of its own in a new column? */
bool
mig_column_is_computed(const MigObject *column)
{
	return (mig_column_is_generated(column) &&
			!mig_column_is_virtual(column)) ||
		column->values[IDENTITY] != NULL ||
		(!mig_column_is_generated(column) &&
		 mig_expression_volatility(column->values[EXPRESSION_TREE]) ==
		 PROVOLATILE_VOLATILE);
}

/* Does the server write a value into each row, or try whether NULL will do? */
static bool
comes_with_values(const MigObject *column)
{
	return mig_column_is_computed(column) || mig_domain_of(column) != NULL ||
		mig_column_default(column) != NULL ||
		mig_column_fill_default(column) != NULL;
}

/*
 * Does the server write the table anew for a column of the new snapshot, which
 * comes with values of its own, or whose type is another?
 */
bool
mig_column_rewrites(const MigObject *column)
{
	MigColumnRetype change = {0};

	if (column->twin == NULL)
		return mig_column_is_computed(column);
	if (!MIG_CHANGED(column, TYPE) || column->fate != MIG_ALTER)
		return false;
	retype(&change, column->twin, column, NULL);
	return mig_column_retype_rewrites(&change);
}

/* A cast may rewrite the table, and may fail for some of the values. */
void
mig_column_warn_type(MigAction *action, const MigObject *from,
					 const MigObject *to, const char *conversion)
{
	MigColumnRetype change = {0};
	const char *collation = NULL;
	bool		of_base;
	bool		rewrites;

	mig_column_held_warn(action, from->parent);
	if (mig_table_is_foreign(to->parent))
		return;
	if (MIG_CHANGED(to, COLLATION))
		collation = mig_column_users_collation(to->values[COLLATION]);
	if (!MIG_CHANGED(to, TYPE))
	{
		mig_column_users_warn(action, to, false, collation);
		return;
	}
	of_base = retype(&change, from, to, conversion);
	rewrites = mig_column_retype_rewrites(&change);
	if (rewrites)
		mig_action_warn(action, MIG_REWRITES_TABLE,
						mig_column_retype_turns_on_zone(&change) ?
						"no session can use it meanwhile, unless the TimeZone of who runs it is UTC" :
						"no session can use it meanwhile")->table =
			to->parent->identity;
	mig_column_users_warn(action, to, rewrites, collation);
	if (from->values[IDENTITY] != NULL && to->values[IDENTITY] != NULL)
		mig_counter_warn_type(action, from, to);
	if (mig_column_cast_warn(action, from, to))
		return;
	if (!mig_column_convert_warn(action, from, to, of_base))
	{
		if (!mig_column_convert_is_safe(from, to, change.source))
			mig_column_retype_warn(action, &change);
	}
	else if (of_base)
		mig_column_retype_warn_lost(action, &change);
}

/* Describe a change of type; is it one of what the type is built on? */
static bool
retype(MigColumnRetype *change, const MigObject *from, const MigObject *to,
	   const char *conversion)
{
	change->column = to;
	change->source = atooid(from->values[CAST_TYPE]);
	change->target = atooid(to->values[CAST_TYPE]);
	change->source_type = from->values[TYPE];
	change->target_type = to->values[TYPE];
	change->conversion = conversion;
	return mig_column_base_take(change, from);
}

/* An expression of a generated column, with its table's columns in sight. */
static void
in_statement(StringInfo buf, const MigObject *column, int attribute,
			 const char *definition)
{
	appendStringInfo(buf, "SELECT (%s) FROM %s", definition,
					 column->parent->identity);
}
