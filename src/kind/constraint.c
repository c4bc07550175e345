/*-------------------------------------------------------------------------
 *
 * kind/constraint.c
 *	  Constraints of tables.
 *
 * Two kinds: foreign keys, which are made when all tables are there, and the
 * others, which are written into CREATE TABLE.  NOT NULL belongs to columns.
 * A constraint that changes is dropped and added, but it is validated, renamed
 * and, as far as the server can, deferrable and enforced or not in place, and
 * the index of a key takes its options in place.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/constraint.h"

#include "compat.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "kind/column.h"
#include "kind/column_equal.h"
#include "kind/constraint_rows.h"
#include "kind/exclusion_rows.h"
#include "kind/index.h"
#include "kind/index_adopted.h"
#include "kind/index_parts.h"
#include "kind/list.h"
#include "kind/metadata.h"
#include "kind/part_drop.h"
#include "kind/partition_key.h"
#include "kind/table_parents.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "kind/kinds.h"
#include "sch/action.h"
#include "sch/alike.h"
#include "util/token.h"
#include "utils/builtins.h"

enum
{
	SORT = MIG_CONSTRAINT_SORT,
	DEFINITION = MIG_CONSTRAINT_DEFINITION,
	DEFERRABLE = MIG_CONSTRAINT_DEFERRABLE,
	VALIDATED = MIG_CONSTRAINT_VALIDATED,
	ENFORCED = MIG_CONSTRAINT_IS_ENFORCED,
	INHERITED = MIG_CONSTRAINT_INHERITED,
	LOCAL = MIG_CONSTRAINT_LOCAL,	/* not, or not only, inherited */
	VALID = MIG_CONSTRAINT_FIRST,	/* from here on as in kind/index.h */
	INDEX_OPTIONS,
	INDEX_TABLESPACE,
	REPLICA_IDENTITY,
	CLUSTERED,
	INDEX_NAMES,
	INDEX_COMMENT,
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[SORT] = {"sort", MIG_FIXED,
	.words = "c CHECK,f FOREIGN KEY,p PRIMARY KEY,u UNIQUE,x EXCLUDE"},
	[DEFINITION] = {"definition", MIG_FIXED, true},
	[DEFERRABLE] = {"deferrable"},
	[VALIDATED] = {"validated"},
	[ENFORCED] = {"enforced"},
	[INHERITED] = {"inherited", MIG_NOT_COMPARED},
	[LOCAL] = {"local", MIG_NOT_COMPARED},
	[VALID] = {"valid"},
	[INDEX_OPTIONS] = {"options"},
	[INDEX_TABLESPACE] = {"tablespace"},
	[REPLICA_IDENTITY] = {"replica identity"},
	[CLUSTERED] = {"clustered"},
	[INDEX_NAMES] = {"names", MIG_NOT_COMPARED},
	[INDEX_COMMENT] = {"comment on the index"},
};

/*
 * The definition without DEFERRABLE, NOT VALID, NOT ENFORCED and what its
 * index has by itself.  What is not enforced is not held against rows, and
 * nothing is said of whether they satisfy it.
 *
 * Options come in it as " WITH (...)", a tablespace as " USING INDEX
 * TABLESPACE ...": pg_get_constraintdef() prints neither of them, but for the
 * options of an exclusion constraint.
 */
#define QUERY_COLUMNS \
"SELECT k.oid, 0, conrelid, 0," \
" CASE WHEN contype IN ('p', 'u', 'x') THEN nspname::pg_catalog.text END, conname::pg_catalog.text," \
" NULL::pg_catalog.text, NULL::pg_catalog.text, contype::pg_catalog.text," \
" CASE WHEN contype = 'x' AND i.reloptions IS NOT NULL THEN pg_catalog.replace(d.def, ' WITH (' ||" \
" (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(option_name) || '=' ||" \
" CASE WHEN pg_catalog.quote_ident(option_value) = option_value THEN option_value" \
" ELSE pg_catalog.quote_literal(option_value) END, ', ')" \
" FROM pg_catalog.pg_options_to_table(i.reloptions)) || ')', '')" \
" ELSE d.def END," \
" CASE WHEN condeferred THEN 'DEFERRABLE INITIALLY DEFERRED' WHEN condeferrable THEN 'DEFERRABLE' END," \
" (convalidated OR NOT " MIG_CONSTRAINT_ENFORCED ")::pg_catalog.text," \
" (" MIG_CONSTRAINT_ENFORCED ")::pg_catalog.text," \
" (conparentid <> 0 OR coninhcount > 0)::pg_catalog.text, conislocal::pg_catalog.text," \
" (x.indisvalid OR i.relkind = 'i')::pg_catalog.text," \
" CASE WHEN i.oid IS NOT NULL THEN " MIG_LIST("i.reloptions") " END," \
" CASE WHEN i.reltablespace <> 0 THEN" \
" (SELECT spcname::pg_catalog.text FROM pg_catalog.pg_tablespace t WHERE t.oid = i.reltablespace) END," \
" x.indisreplident::pg_catalog.text, x.indisclustered::pg_catalog.text," \
" " MIG_INDEX_NAMES_QUERY("i") "," \
" CASE WHEN i.oid IS NOT NULL THEN (SELECT description FROM pg_catalog.pg_description WHERE objoid = i.oid" \
" AND classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND objsubid = 0) END"
#define QUERY_FROM \
" FROM pg_catalog.pg_constraint k" \
" CROSS JOIN LATERAL (SELECT CASE WHEN condeferrable OR NOT convalidated THEN" \
" pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(k.oid)," \
" '( DEFERRABLE)?( INITIALLY DEFERRED)?( NOT (VALID|ENFORCED))?$', '')" \
" ELSE pg_catalog.pg_get_constraintdef(k.oid) END AS def) d" \
" JOIN pg_catalog.pg_class c ON c.oid = conrelid" \
" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace" \
" LEFT JOIN pg_catalog.pg_class i ON i.oid = conindid AND contype IN ('p', 'u', 'x')" \
" LEFT JOIN pg_catalog.pg_index x ON x.indexrelid = i.oid" \
" WHERE c.relkind IN ('r', 'p', 'f') AND c.relnamespace = ANY ($1)"

static const char query[] =
QUERY_COLUMNS
QUERY_FROM
" AND contype IN ('p', 'u', 'x', 'c')"
" ORDER BY conrelid, CASE contype WHEN 'p' THEN 1 WHEN 'u' THEN 2 ELSE 3 END,"
" conname COLLATE \"C\"";

static const char foreign_key_query[] =
QUERY_COLUMNS
QUERY_FROM
" AND contype = 'f' AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint p"
" WHERE p.oid = k.conparentid AND p.conrelid = k.conrelid)"
" ORDER BY conrelid, conname COLLATE \"C\"";

static bool is_primary_key(const MigObject *constraint);
static void create(StringInfo buf, const MigObject *constraint);
static void append_added(StringInfo buf, const MigObject *constraint,
						 bool validated);
static void part(StringInfo buf, const MigObject *constraint);
static int	head_length(const MigObject *constraint);
static void drop(StringInfo buf, const MigObject *constraint);
static MigFate judge(MigDiff *diff, MigObject *from, MigObject *to);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);
static void validate(MigDiff *diff, MigObject *constraint, const char *name);
static List *keys_above(const MigObject *key);
static bool is_unsettled(const MigObject *constraint);
static void follow_key(MigDiff *diff, MigObject *key);
static bool is_validated_alone(const MigObject *constraint);
static void alter_enforced(MigDiff *diff, MigObject *to);
static bool refers_to_inherited(const MigObject *constraint,
								const MigObject *column);
static MigFate follow(MigDiff *diff, MigObject *constraint, MigObject *on);
static bool is_inherited(const MigObject *constraint);
static bool fits_inline(const MigObject *constraint);
static bool is_same_key(const MigObject *constraint, const MigObject *other);
static void warn(MigDiff *diff, MigAction *action);
static void warn_check(MigDiff *diff, MigAction *action);
static void in_statement(StringInfo buf, const MigObject *constraint,
						 int attribute, const char *definition);

const MigKind mig_constraint_kind = {
	.id = MIG_CONSTRAINT,
	.name = "constraint",
	.noun = "CONSTRAINT",
	.classid = ConstraintRelationId,
	.parent_classid = RelationRelationId,
	.flags = MIG_KIND_INLINE | MIG_KIND_RELATION,
	.query = query,
	.whole = "c.oid",
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.identify = mig_kind_identify_on_parent,
	.create = create,
	.part = part,
	.drop = drop,
	.judge = judge,
	.alter = alter,
	.follow = follow,
	.warn = warn,
	.fits_inline = fits_inline,
	.is_inherited = is_inherited,
	.in_statement = in_statement,
};

const MigKind mig_foreign_key_kind = {
	.id = MIG_FOREIGN_KEY,
	.name = "foreign key",
	.noun = "CONSTRAINT",
	.classid = ConstraintRelationId,
	.parent_classid = RelationRelationId,
	.query = foreign_key_query,
	.whole = "c.oid",
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.identify = mig_kind_identify_on_parent,
	.create = create,
	.part = part,
	.drop = drop,
	.judge = judge,
	.alter = alter,
	.follow = follow,
	.warn = warn,
	.is_inherited = is_inherited,
};

static void
create(StringInfo buf, const MigObject *constraint)
{
	const MigObject *index = mig_index_adopted(constraint);

	if (index != NULL)
		appendStringInfo(buf, "ALTER TABLE %s ADD CONSTRAINT %s %s USING INDEX %s%s%s;\n",
						 constraint->parent->identity,
						 quote_identifier(constraint->name),
						 is_primary_key(constraint) ? "PRIMARY KEY" : "UNIQUE",
						 quote_identifier(index->name),
						 constraint->values[DEFERRABLE] != NULL ? " " : "",
						 constraint->values[DEFERRABLE] != NULL ?
						 constraint->values[DEFERRABLE] : "");
	else
		append_added(buf, constraint,
					 MIG_IS_TRUE(constraint->values[VALIDATED]));
}

/* The ALTER TABLE that adds it, and what its index has. */
static void
append_added(StringInfo buf, const MigObject *constraint, bool validated)
{
	char	  **values = constraint->values;

	appendStringInfo(buf, "ALTER TABLE %s%s ADD ",
					 mig_index_is_alone(constraint) ? "ONLY " : "",
					 mig_table_place(constraint));
	part(buf, constraint);
	if (!validated)
		appendStringInfoString(buf, " NOT VALID");
	appendStringInfoString(buf, ";\n");
	if (values[CLUSTERED] != NULL)
		mig_index_append_settings(buf, constraint->parent->identity,
								  constraint->name,
								  MIG_IS_TRUE(values[REPLICA_IDENTITY]),
								  MIG_IS_TRUE(values[CLUSTERED]));
	if (values[INDEX_COMMENT] != NULL)
		appendStringInfo(buf, "COMMENT ON INDEX %s IS %s;\n",
						 mig_index_sql_name(constraint),
						 quote_literal_cstr(values[INDEX_COMMENT]));
	mig_index_append_parts(buf, constraint);
}

/* What the server prints, with the options of its index put in. */
static void
part(StringInfo buf, const MigObject *constraint)
{
	StringInfoData with;
	const char *definition = constraint->values[DEFINITION];
	int			length = head_length(constraint);

	appendStringInfo(buf, "CONSTRAINT %s %.*s",
					 quote_identifier(constraint->name), length, definition);
	if (constraint->values[INDEX_OPTIONS] != NULL)
	{
		initStringInfo(&with);
		mig_list_append_options(&with, constraint->values[INDEX_OPTIONS],
								"");
		appendStringInfo(buf, " WITH (%s)", with.data);
	}
	if (constraint->values[INDEX_TABLESPACE] != NULL)
	{
		const char *tablespace = constraint->values[INDEX_TABLESPACE];

		appendStringInfo(buf, " USING INDEX TABLESPACE %s",
						 quote_identifier(tablespace));
	}
	appendStringInfoString(buf, definition + length);
	if (constraint->values[DEFERRABLE] != NULL)
		appendStringInfo(buf, " %s", constraint->values[DEFERRABLE]);
	if (!MIG_IS_TRUE(constraint->values[ENFORCED]))
		appendStringInfoString(buf, " NOT ENFORCED");
}

/*
 * How much of a definition comes before the options of its index: all but the
 * predicate of an exclusion constraint.
 */
static int
head_length(const MigObject *constraint)
{
	const char *definition = constraint->values[DEFINITION];
	const char *tail = NULL;

	if (mig_constraint_is_exclusion(constraint))
		tail = mig_token_find(definition, ") WHERE (");
	return tail != NULL ? tail + 1 - definition : (int) strlen(definition);
}

static void
drop(StringInfo buf, const MigObject *constraint)
{
	appendStringInfo(buf, "ALTER TABLE %s%s DROP CONSTRAINT %s",
					 mig_part_drop_only(constraint) ? "ONLY " : "",
					 constraint->parent->identity,
					 quote_identifier(constraint->name));
}

/*
 * A constraint that has been validated does not become NOT VALID again, nor
 * one that was not enforced, and only foreign keys become deferrable.
 */
static MigFate
judge(MigDiff *diff, MigObject *from, MigObject *to)
{
	bool		is_foreign_key = to->values[SORT][0] == CONSTRAINT_FOREIGN;

	if (MIG_CHANGED(to, DEFERRABLE) && !is_foreign_key)
		return MIG_RECREATE;
	if (is_foreign_key && is_inherited(to) && !is_inherited(from))
		return MIG_RECREATE;	/* it is not taken for that of the parent */
	if (MIG_CHANGED(to, ENFORCED) && mig_constraint_is_check(to) &&
		(!MIG_ALTERS_CHECK_ENFORCED || mig_table_is_foreign(to->parent)))
		return MIG_RECREATE;
	if (MIG_CHANGED(to, VALIDATED) && !MIG_IS_TRUE(to->values[VALIDATED]))
		return MIG_RECREATE;
	if (MIG_CHANGED(to, INDEX_OPTIONS) && mig_table_is_partitioned(to->parent))
		return MIG_RECREATE;
	return MIG_ALTER;
}

static void
alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	const char *table = to->parent->identity;

	if (is_inherited(to) && to->values[CLUSTERED] == NULL)
	{
		if (MIG_CHANGED(to, VALIDATED) && is_validated_alone(to))
			validate(diff, to, from->name);
		return;
	}
	if (to->renamed)
		mig_alike_rename(diff, from, to,
						 psprintf("ALTER TABLE %s RENAME CONSTRAINT ", table),
						 " TO ");
	if (MIG_CHANGED(to, DEFERRABLE))
		mig_action_alter(diff, to, "deferrable",
						 "ALTER TABLE %s ALTER CONSTRAINT %s %s", table,
						 quote_identifier(to->name),
						 to->values[DEFERRABLE] == NULL ? "NOT DEFERRABLE" :
						 to->values[DEFERRABLE]);
	if (MIG_CHANGED(to, ENFORCED))
		alter_enforced(diff, to);
	else if (MIG_CHANGED(to, VALIDATED))
		validate(diff, to, to->name);
	if (to->values[CLUSTERED] != NULL)
		mig_index_alter(diff, to, mig_index_values(from));
}

/* It has that name yet, for that of an inherited foreign key stays. */
static void
validate(MigDiff *diff, MigObject *constraint, const char *name)
{
	const char *table = constraint->parent->identity;
	MigAction  *action;

	action = mig_action_alter(diff, constraint, "validated",
							  "ALTER TABLE %s VALIDATE CONSTRAINT %s", table,
							  quote_identifier(name));
	action->last = mig_table_is_attached(constraint->parent);
	if (constraint->parent->made == NULL)
		mig_constraint_rows_warn(diff, action, constraint,
								 constraint->values[DEFINITION]);
}

/* Is a check or foreign key valid in a table, but not above it? */
static bool
is_validated_alone(const MigObject *constraint)
{
	const ListCell *lc;

	if (!MIG_IS_TRUE(constraint->values[VALIDATED]))
		return false;
	foreach(lc, mig_constraint_above(constraint))
	{
		const MigObject *above = lfirst(lc);

		if (MIG_IS_TRUE(above->values[VALIDATED]))
			return false;
	}
	return mig_constraint_above(constraint) != NIL;
}

/*
 * Have checks and foreign keys re-created that are to be not valid in some
 * tables below alone.  The server never makes one not valid again, and a new
 * table has a check as valid: only that of the parent table, added again,
 * makes it so.
 */
void
mig_constraint_unsettle(MigDiff *diff)
{
	const ListCell *lc;
	const ListCell *other;

	foreach(lc, diff->to->objects)
	{
		const MigObject *constraint = lfirst(lc);

		if (!is_unsettled(constraint))
			continue;
		foreach(other, mig_constraint_above(constraint))
		{
			MigObject  *above = lfirst(other);

			if (above->twin != NULL && !above->ignored &&
				!is_inherited(above) &&
				(above->renamed ||
				 !MIG_IS_TRUE(constraint->values[VALIDATED])))
				above->fate = above->twin->fate = MIG_RECREATE;
		}
	}
}

/*
 * That is so of a foreign key, too, which new partitions have under a name
 * that changes, and are to have valid.
 */
static bool
is_unsettled(const MigObject *constraint)
{
	if (constraint->ignored || constraint->fate == MIG_KEEP)
		return false;
	if (constraint->kind == &mig_foreign_key_kind)
		return MIG_IS_TRUE(constraint->values[VALIDATED]) ?
			constraint->fate != MIG_ALTER && is_validated_alone(constraint) :
			constraint->twin != NULL && is_inherited(constraint) &&
			is_inherited(constraint->twin) &&
			MIG_CHANGED(constraint, VALIDATED);
	return mig_constraint_is_check(constraint) && is_inherited(constraint) &&
		!MIG_IS_TRUE(constraint->values[VALIDATED]) &&
		(constraint->fate != MIG_ALTER || MIG_CHANGED(constraint, VALIDATED));
}

/* The checks or foreign keys of the name above, which it comes from. */
List *
mig_constraint_above(const MigObject *constraint)
{
	List	   *found = NIL;
	const ListCell *lc;

	if (constraint->kind == &mig_foreign_key_kind)
		return keys_above(constraint);
	if (!mig_constraint_is_check(constraint))
		return NIL;
	foreach(lc, mig_table_lasting_parents(constraint->parent))
	{
		MigObject  *above = mig_constraint_counterpart(lfirst(lc), constraint);

		if (above == NULL)
			continue;
		found = list_append_unique_ptr(found, above);
		found = list_concat_unique_ptr(found, mig_constraint_above(above));
	}
	return found;
}

/* The foreign keys above that an inherited one belongs to, MigObject *. */
static List *
keys_above(const MigObject *key)
{
	List	   *keys = NIL;
	const ListCell *lc;

	foreach(lc, is_inherited(key) ? key->depends : NIL)
	{
		MigObject  *above = ((MigDepend *) lfirst(lc))->object;

		if (above->kind != key->kind || above->parent == key->parent)
			continue;
		keys = list_append_unique_ptr(keys, above);
		keys = list_concat_unique_ptr(keys, keys_above(above));
	}
	return keys;
}

/* The primary key of a table, or the check of the same name; or NULL. */
MigObject *
mig_constraint_counterpart(const MigObject *table, const MigObject *constraint)
{
	const ListCell *lc;

	foreach(lc, table->children)
	{
		MigObject  *part = lfirst(lc);

		if (part->kind == constraint->kind &&
			part->values[SORT][0] == constraint->values[SORT][0] &&
			(is_primary_key(part) ||
			 strcmp(part->name, constraint->name) == 0))
			return part;
	}
	return NULL;
}

/*
 * Complete what has come with that of a parent table.  A check has a comment
 * of its own, and may be valid where that is not, which is then added behind
 * the tables.
 */
void
mig_constraint_follow(MigDiff *diff, MigObject *constraint)
{
	bool		is_added = false;
	const ListCell *lc;

	if (constraint->kind == &mig_foreign_key_kind)
		follow_key(diff, constraint);
	if (!mig_constraint_is_check(constraint))
		return;
	foreach(lc, mig_constraint_above(constraint))
	{
		const MigObject *above = lfirst(lc);

		if (!MIG_IS_TRUE(above->values[VALIDATED]) && mig_is_created(above))
			is_added = true;
	}
	if (is_added)
		constraint->made = NULL;
	if (constraint->made == NULL)
		mig_metadata_alter(diff, NULL, constraint);
	if (is_added && is_validated_alone(constraint))
		validate(diff, constraint, constraint->name);
}

/* A partition has it under the name, and as valid as, that above it. */
static void
follow_key(MigDiff *diff, MigObject *key)
{
	bool		alone = is_validated_alone(key);

	if (!alone)
		mig_constraint_rows_warn_attached(diff, key, key->values[DEFINITION]);
	mig_metadata_follow(diff, key);
	if (alone && MIG_IS_TRUE(key->values[ENFORCED]))
	{
		const MigObject *above = llast(mig_constraint_above(key));

		validate(diff, key, above->name);
	}
}

/* The server looks at all rows for one that is enforced from now on. */
static void
alter_enforced(MigDiff *diff, MigObject *to)
{
	bool		enforced = MIG_IS_TRUE(to->values[ENFORCED]);
	MigAction  *action;

	action = mig_action_alter(diff, to, "enforced",
							  "ALTER TABLE %s ALTER CONSTRAINT %s %s",
							  to->parent->identity,
							  quote_identifier(to->name),
							  enforced ? "ENFORCED" : "NOT ENFORCED");
	if (!enforced)
		return;
	if (mig_constraint_is_check(to))
		mig_action_warn(action, MIG_SCANS_TABLE,
						"nobody can write to it meanwhile")->table =
			to->parent->identity;
	else
		mig_constraint_rows_warn_scan(action, to);
	mig_constraint_rows_warn(diff, action, to, to->values[DEFINITION]);
}

/*
 * Does a foreign key refer to a column of a partition that changes with its
 * parent's?  The server does not see to such keys.
 */
static bool
refers_to_inherited(const MigObject *constraint, const MigObject *column)
{
	return column->parent != constraint->parent && !is_inherited(constraint) &&
		mig_column_is_inherited(column);
}

/*
 * The server builds keys and foreign keys again when the type of a column
 * changes.  A check needs to be written anew where a type is replaced, and the
 * two sides of a foreign key need to be comparable meanwhile; with PERIOD they
 * are of one type alone, as GiST compares them.
 */
static MigFate
follow(MigDiff *diff, MigObject *constraint, MigObject *on)
{
	char		sort = constraint->values[SORT][0];

	if (mig_goes(on))
		return mig_index_stays_behind(constraint, on) ||
			mig_partition_key_stays(constraint, on) ||
			mig_index_adopter(on) != NULL ? constraint->fate : MIG_RECREATE;
	if (!on->disrupts)
		return constraint->fate;
	if (sort == CONSTRAINT_CHECK && constraint->fate != MIG_KEEP)
		return MIG_RECREATE;
	if (sort == CONSTRAINT_FOREIGN && on->kind->id == MIG_COLUMN &&
		(!mig_column_stays_comparable(on, on->twin) ||
		 !mig_column_equal_may_refer(on, on->twin) ||
		 refers_to_inherited(constraint, on) ||
		 mig_temporal_is(constraint->values[DEFINITION])))
		return MIG_RECREATE;
	return constraint->fate;
}

/*
 * Does it come with one of a parent table?  A table that is attached must
 * have its checks before.
 */
static bool
is_inherited(const MigObject *constraint)
{
	return MIG_IS_TRUE(constraint->values[INHERITED]) &&
		!constraint->by_hand && !mig_constraint_is_said_twice(constraint) &&
		(!mig_constraint_is_check(constraint) ||
		 !mig_table_is_attached(constraint->parent) ||
		 mig_table_keeps_part(constraint));
}

/* Is it written into the CREATE of its table, too, or added and dropped? */
bool
mig_constraint_is_said_twice(const MigObject *constraint)
{
	return mig_constraint_is_check(constraint) &&
		MIG_IS_TRUE(constraint->values[LOCAL]) &&
		(constraint->parent->made != NULL ||
		 (constraint->fate != MIG_KEEP && constraint->fate != MIG_ALTER)) &&
		!mig_table_is_partition(constraint->parent);
}

/*
 * Does a check of a child table become one that comes from its parent alone?
 * If it stayed it would be both.
 */
bool
mig_constraint_goes_up(const MigObject *from, const MigObject *to)
{
	return mig_constraint_is_check(from) &&
		!MIG_IS_TRUE(from->values[INHERITED]) &&
		MIG_IS_TRUE(to->values[INHERITED]) &&
		!MIG_IS_TRUE(to->values[LOCAL]) &&
		!mig_table_is_partition(to->parent) &&
		!mig_table_is_attached(to->parent);
}

static bool
is_primary_key(const MigObject *constraint)
{
	return constraint->kind == &mig_constraint_kind &&
		constraint->values[SORT][0] == CONSTRAINT_PRIMARY;
}

/* Is it known to hold?  Foreign keys, too. */
bool
mig_constraint_is_validated(const MigObject *constraint)
{
	return MIG_IS_TRUE(constraint->values[VALIDATED]);
}

/*
 * CREATE TABLE cannot say NOT VALID, and makes one key of two that are the
 * same.
 */
static bool
fits_inline(const MigObject *constraint)
{
	char	  **values = constraint->values;
	const ListCell *lc;

	if (mig_index_is_alone(constraint))
		return false;
	foreach(lc, constraint->parent->children)
	{
		const MigObject *other = lfirst(lc);

		if (other == constraint)
			break;
		if (is_same_key(constraint, other))
			return false;
	}
	return MIG_IS_TRUE(values[VALIDATED]) &&
		!MIG_IS_TRUE(values[REPLICA_IDENTITY]) &&
		!MIG_IS_TRUE(values[CLUSTERED]) && values[INDEX_COMMENT] == NULL;
}

/* Differ two keys in nothing, or in that one of them is primary? */
static bool
is_same_key(const MigObject *constraint, const MigObject *other)
{
	const char *one = strchr(constraint->values[DEFINITION], '(');
	const char *two;

	if (!mig_constraint_is_unique(constraint) ||
		!mig_constraint_is_unique(other))
		return false;
	two = strchr(other->values[DEFINITION], '(');
	return one != NULL && two != NULL && strcmp(one, two) == 0 &&
		mig_same(constraint->values[DEFERRABLE], other->values[DEFERRABLE]);
}

/* A table that is new has no rows to look at. */
static void
warn(MigDiff *diff, MigAction *action)
{
	MigObject  *constraint = action->object;

	if (action->op != MIG_OP_CREATE || constraint->parent->made != NULL ||
		mig_index_is_alone(constraint))
		return;
	if (mig_index_adopted(constraint) != NULL)
	{
		constraint->adopts->unmade = action;
		mig_index_adopt_settings(diff, constraint->adopts, constraint);
		return;
	}
	if (constraint->values[SORT][0] == CONSTRAINT_CHECK ||
		constraint->values[SORT][0] == CONSTRAINT_FOREIGN)
		warn_check(diff, action);
	else
	{
		mig_constraint_rows_warn_build(action, constraint);
		mig_constraint_rows_warn(diff, action, constraint,
								 constraint->values[DEFINITION]);
	}
}

/* Checks and foreign keys can be added first and validated then. */
static void
warn_check(MigDiff *diff, MigAction *action)
{
	const MigObject *constraint = action->object;
	const MigObject *table = constraint->parent;
	StringInfoData buf;

	if (!MIG_IS_TRUE(constraint->values[VALIDATED]) ||
		!MIG_IS_TRUE(constraint->values[ENFORCED]))
		return;
	if (diff->safe_constraints && !mig_table_is_partitioned(table) &&
		mig_may_have_rows(table))
	{
		initStringInfo(&buf);
		append_added(&buf, constraint, false);
		appendStringInfo(&buf, "ALTER TABLE %s VALIDATE CONSTRAINT %s",
						 table->identity, quote_identifier(constraint->name));
		action->sql = buf.data;
	}
	else
		mig_constraint_rows_warn_scan(action, constraint);
	mig_constraint_rows_warn(diff, action, constraint,
							 constraint->values[DEFINITION]);
}

/* As it stands behind ADD: parsed, not run. */
static void
in_statement(StringInfo buf, const MigObject *constraint, int attribute,
			 const char *definition)
{
	appendStringInfo(buf, "ALTER TABLE %s ADD %s", constraint->parent->identity,
					 definition);
}
