/*-------------------------------------------------------------------------
 *
 * kind/index.c
 *	  Indexes, and the indexes of constraints.
 *
 * The index of a partition that belongs to one of its parent comes and goes
 * with that.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/index.h"

#include "catalog/dependency.h"
#include "catalog/pg_class.h"
#include "common/string.h"
#include "kind/column.h"
#include "kind/constraint_rows.h"
#include "kind/index_parts.h"
#include "kind/list.h"
#include "kind/metadata.h"
#include "kind/table_parents.h"
#include "sch/action.h"
#include "sch/alike.h"
#include "util/sql.h"
#include "utils/builtins.h"

enum
{
	TABLE,
	UNIQUE = MIG_INDEX_UNIQUE,
	DEFINITION = MIG_INDEX_DEFINITION,
	FILTER = MIG_INDEX_FILTER,
	VALID = MIG_INDEX_FIRST,	/* from here on as in kind/index.h */
	OPTIONS,
	TABLESPACE,
	REPLICA_IDENTITY,
	CLUSTERED,
	NAMES,
	STATISTICS,
	INHERITED,
	COLUMNS,					/* of a unique index on columns alone */
	KEYS,						/* of one that is unique or on expressions, as
								 * SQL */
	TREES = MIG_INDEX_TREES,	/* of expressions and filter, as pg_index has
								 * them */
	BUILT = MIG_INDEX_BUILT,	/* not one that failed CONCURRENTLY */
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[TABLE] = {"table", MIG_FIXED},
	[UNIQUE] = {"unique", MIG_FIXED},
	[DEFINITION] = {"definition", MIG_FIXED, true},
	[FILTER] = {"filter", MIG_FIXED, true},
	[VALID] = {"valid"},
	[OPTIONS] = {"options"},
	[TABLESPACE] = {"tablespace"},
	[REPLICA_IDENTITY] = {"replica identity"},
	[CLUSTERED] = {"clustered"},
	[NAMES] = {"names", MIG_NOT_COMPARED},
	[STATISTICS] = {"statistics targets"},
	[INHERITED] = {"inherited", MIG_NOT_COMPARED},
	[COLUMNS] = {"columns", MIG_NOT_COMPARED},
	[KEYS] = {"keys", MIG_NOT_COMPARED},
	[TREES] = {"trees of its expressions", MIG_NOT_COMPARED},
	[BUILT] = {"built", MIG_MENDED},
};

#define WITHOUT_FILTER \
"pg_catalog.substr(d.def, 1, pg_catalog.length(d.def) - pg_catalog.length(COALESCE(' WHERE ' || w.filter, '')))"

/*
 * The definition is what pg_get_indexdef() prints from USING on; options and
 * tablespace, which it prints before WHERE, are taken out of it.
 */
static const char query[] =
"SELECT i.oid, 0, indrelid, 0, n.nspname::pg_catalog.text, i.relname::pg_catalog.text, NULL::pg_catalog.text, NULL::pg_catalog.text,"
" indrelid::pg_catalog.regclass::pg_catalog.text, indisunique::pg_catalog.text,"
" CASE WHEN i.reloptions IS NULL AND i.reltablespace = 0 THEN " WITHOUT_FILTER
" ELSE pg_catalog.regexp_replace(" WITHOUT_FILTER ","
" '( WITH \\([^()]*\\))?( TABLESPACE (\\S+|\".*\"))?$', '') END, w.filter,"
" (indisvalid OR i.relkind = 'i')::pg_catalog.text, " MIG_LIST("i.reloptions") ","
" CASE WHEN i.reltablespace <> 0 THEN"
" (SELECT spcname::pg_catalog.text FROM pg_catalog.pg_tablespace s WHERE s.oid = i.reltablespace) END,"
" indisreplident::pg_catalog.text, indisclustered::pg_catalog.text,"
" " MIG_INDEX_NAMES_QUERY("i") ","
" CASE WHEN indexprs IS NOT NULL THEN"
" (SELECT pg_catalog.string_agg(attnum || '=' || attstattarget, E'\\x01' ORDER BY attnum)"
" FROM pg_catalog.pg_attribute WHERE attrelid = i.oid AND attstattarget >= 0) END,"
" i.relispartition::pg_catalog.text,"
" CASE WHEN indisunique AND indexprs IS NULL THEN"
" (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(attname), ', ' ORDER BY attnum)"
" FROM pg_catalog.pg_attribute WHERE attrelid = i.oid AND attnum <= indnkeyatts) END,"
" CASE WHEN indisunique OR indexprs IS NOT NULL THEN"
" (SELECT pg_catalog.string_agg(pg_catalog.pg_get_indexdef(i.oid, n, false), ', ' ORDER BY n)"
" FROM pg_catalog.generate_series(1, indnkeyatts) n) END,"
" NULLIF(pg_catalog.concat(indexprs::pg_catalog.text, indpred::pg_catalog.text), ''),"
" (indisvalid OR i.relkind = 'I')::pg_catalog.text"
" FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = indexrelid"
" JOIN pg_catalog.pg_class t ON t.oid = indrelid"
" JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace"
" CROSS JOIN LATERAL (SELECT pg_catalog.pg_get_indexdef(indexrelid) AS full_def OFFSET 0) f"
" CROSS JOIN LATERAL (SELECT pg_catalog.substr(full_def, 1 + pg_catalog.length("
"'CREATE ' || CASE WHEN indisunique THEN 'UNIQUE ' ELSE '' END || 'INDEX ' || pg_catalog.quote_ident(i.relname)"
" || ' ON ' || CASE WHEN i.relkind = 'I' THEN 'ONLY ' ELSE '' END || pg_catalog.quote_ident(n.nspname)"
" || '.' || pg_catalog.quote_ident(t.relname) || ' USING ')) AS def) d"
" CROSS JOIN LATERAL (SELECT CASE WHEN indpred IS NOT NULL"
" THEN pg_catalog.pg_get_expr(indpred, indrelid) END AS filter OFFSET 0) w"
" WHERE t.relkind IN ('r', 'p', 'm') AND n.oid = ANY ($1)"
" AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint"
" WHERE conrelid = indrelid AND conindid = indexrelid AND contype IN ('p', 'u', 'x'))"
" ORDER BY x.indrelid, i.relname COLLATE \"C\"";

static void create(StringInfo buf, const MigObject *index);

static void drop(StringInfo buf, const MigObject *index);
static void append_statistics(StringInfo buf, const MigObject *index,
							  const char *statistics);
static void append_target(StringInfo buf, const MigObject *index,
						  const char *target);
static void move(MigDiff *diff, MigObject *index, const char *tablespace);
static bool is_on_new_type(const MigObject *index);
static void alter_statistics(MigDiff *diff, MigObject *index,
							 const char *before);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);
static void build(MigDiff *diff, MigObject *index);
static MigFate judge(MigDiff *diff, MigObject *from, MigObject *to);
static MigFate follow(MigDiff *diff, MigObject *index, MigObject *on);
static bool holds_any(const MigObject *index);
static bool is_inherited(const MigObject *index);
static void warn(MigDiff *diff, MigAction *action);
static void in_statement(StringInfo buf, const MigObject *index,
						 int attribute, const char *definition);

const MigKind mig_index_kind = {
	.id = MIG_INDEX,
	.name = "index",
	.noun = "INDEX",
	.classid = RelationRelationId,
	.parent_classid = RelationRelationId,
	.flags = MIG_KIND_RELATION,
	.query = query,
	.whole = "t.oid",
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.create = create,
	.drop = drop,
	.judge = judge,
	.alter = alter,
	.follow = follow,
	.warn = warn,
	.is_inherited = is_inherited,
	.in_statement = in_statement,
};

/* Append the statements that make an index the one of something. */
void
mig_index_append_settings(StringInfo buf, const char *table,
						  const char *name, bool replica_identity,
						  bool clustered)
{
	if (replica_identity)
		appendStringInfo(buf,
						 "ALTER TABLE %s REPLICA IDENTITY USING INDEX %s;\n",
						 table, quote_identifier(name));
	if (clustered)
		appendStringInfo(buf, "ALTER TABLE %s CLUSTER ON %s;\n", table,
						 quote_identifier(name));
}

/*
 * Give an index that comes with a new partition what it has more than the
 * server gives.
 */
void
mig_index_follow(MigDiff *diff, MigObject *part)
{
	char	  **theirs;
	char	   *usual;
	const MigObject *above = NULL;

	if (mig_index_is_any(part))
		above = mig_index_above(part);
	if (above == NULL || part->parent->made == NULL || above->made != NULL ||
		!mig_index_is_special(diff, part))
		return;
	part->made = NULL;			/* by actions of its own, comments, too */
	usual = diff->any_names ? NULL : mig_index_usual_name(part);
	if (usual != NULL)
		mig_action_alter(diff, part, "name", "ALTER INDEX %s RENAME TO %s",
						 part->parent->schema == NULL ?
						 quote_identifier(usual) :
						 quote_qualified_identifier(part->parent->nspname,
													usual),
						 quote_identifier(part->name));
	theirs = palloc0(sizeof(char *) * MIG_INDEX_NVALUES);
	theirs[MIG_INDEX_OPTIONS] = mig_index_values(above)[MIG_INDEX_OPTIONS];
	theirs[MIG_INDEX_TABLESPACE] =
		mig_index_values(above)[MIG_INDEX_TABLESPACE];
	mig_index_alter(diff, part, theirs);
	mig_metadata_alter(diff, NULL, part);
}

/*
 * Alter what an index has besides its definition, also that of a constraint.
 *
 * "before" are the values of kind/index.h that it has.
 */
void
mig_index_alter(MigDiff *diff, MigObject *to, char **before)
{
	const char *table = to->parent->identity;
	char	   *index = mig_index_sql_name(to);
	char	  **after = mig_index_values(to);

	mig_list_alter_options(diff, to, psprintf("ALTER INDEX %s", index),
						   before[MIG_INDEX_OPTIONS],
						   after[MIG_INDEX_OPTIONS], NULL, NULL);
	if (!mig_same(before[MIG_INDEX_TABLESPACE], after[MIG_INDEX_TABLESPACE]))
		move(diff, to, after[MIG_INDEX_TABLESPACE]);
	if (!MIG_IS_TRUE(before[MIG_INDEX_REPLICA_IDENTITY]) &&
		MIG_IS_TRUE(after[MIG_INDEX_REPLICA_IDENTITY]))
		mig_action_alter(diff, to, "replica identity",
						 "ALTER TABLE %s REPLICA IDENTITY USING INDEX %s",
						 table, quote_identifier(to->name));
	if (!MIG_IS_TRUE(before[MIG_INDEX_CLUSTERED]) &&
		MIG_IS_TRUE(after[MIG_INDEX_CLUSTERED]))
		mig_action_alter(diff, to, "clustered", "ALTER TABLE %s CLUSTER ON %s",
						 table, quote_identifier(to->name));
	mig_index_attach_parts(diff, to);
	if (to->kind == &mig_index_kind)
		alter_statistics(diff, to, is_on_new_type(to) ? NULL :
						 before[MIG_INDEX_REST]);
	else if (!mig_same(before[MIG_INDEX_REST], after[MIG_INDEX_REST]))
		mig_action_alter(diff, to, "comment on the index",
						 "COMMENT ON INDEX %s IS %s", index,
						 after[MIG_INDEX_REST] == NULL ? "NULL" :
						 quote_literal_cstr(after[MIG_INDEX_REST]));
}

/* Its files are copied; the index of a partitioned table has none. */
static void
move(MigDiff *diff, MigObject *index, const char *tablespace)
{
	MigAction  *action;

	action = mig_action_alter(diff, index, "tablespace",
							  "ALTER INDEX %s SET TABLESPACE %s",
							  mig_index_sql_name(index), tablespace == NULL ?
							  "pg_default" : quote_identifier(tablespace));
	if (!mig_table_is_partitioned(index->parent))
		mig_action_warn(action, MIG_BLOCKS_WRITES,
						"no session can read or write table %s while the files of index \"%s\" are copied",
						index->parent->identity,
						index->name)->table = index->parent->identity;
}

/* What is to be has a target for each column that has one, "1=100". */
static void
alter_statistics(MigDiff *diff, MigObject *index, const char *before)
{
	List	   *old = mig_list_split(before);
	List	   *new = mig_list_split(index->values[STATISTICS]);
	StringInfoData buf;
	const ListCell *lc;

	if (mig_same(before, index->values[STATISTICS]))
		return;
	initStringInfo(&buf);
	foreach(lc, old)
	{
		int			length = strcspn(lfirst(lc), "=");
		char	   *column = pnstrdup(lfirst(lc), length);

		if (mig_list_value(new, column) == NULL)
			append_target(&buf, index, psprintf("%s=-1", column));
	}
	foreach(lc, new)
	{
		if (!mig_has_name(old, lfirst(lc)))
			append_target(&buf, index, lfirst(lc));
	}
	mig_action_add(diff, MIG_OP_ALTER, index, "statistics targets", buf.data);
}

/*
 * Have the statistics targets of indexes set that stay as they are, where the
 * type of a column changes: the server makes them anew, and forgets those.
 */
void
mig_index_keep_targets(MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->to->objects)
	{
		MigObject  *index = lfirst(lc);

		if (index->kind == &mig_index_kind && !index->ignored &&
			index->twin != NULL && index->fate == MIG_KEEP &&
			index->values[STATISTICS] != NULL && is_on_new_type(index))
			index->fate = index->twin->fate = MIG_ALTER;
	}
}

/* Does a column of an index change its type? */
static bool
is_on_new_type(const MigObject *index)
{
	const ListCell *lc;

	foreach(lc, index->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind->id == MIG_COLUMN && on->twin != NULL &&
			!mig_is_created(on) && mig_column_differs_in_type(on))
			return true;
	}
	return false;
}

/*
 * Clauses in the order of CREATE INDEX; the definition begins with the
 * method.
 */
static void
create(StringInfo buf, const MigObject *index)
{
	char	  **values = index->values;

	appendStringInfo(buf, "CREATE %sINDEX %s ON %s%s USING %s",
					 MIG_IS_TRUE(values[UNIQUE]) ? "UNIQUE " : "",
					 quote_identifier(index->name),
					 mig_index_is_alone(index) ? "ONLY " : "",
					 index->parent->identity, values[DEFINITION]);
	if (values[OPTIONS] != NULL)
	{
		StringInfoData with;

		initStringInfo(&with);
		mig_list_append_options(&with, values[OPTIONS], "");
		appendStringInfo(buf, " WITH (%s)", with.data);
	}
	if (values[TABLESPACE] != NULL)
		appendStringInfo(buf, " TABLESPACE %s",
						 quote_identifier(values[TABLESPACE]));
	if (values[FILTER] != NULL)
		appendStringInfo(buf, " WHERE %s", values[FILTER]);
	appendStringInfoString(buf, ";\n");
	mig_index_append_settings(buf, index->parent->identity, index->name,
							  MIG_IS_TRUE(values[REPLICA_IDENTITY]),
							  MIG_IS_TRUE(values[CLUSTERED]));
	append_statistics(buf, index, values[STATISTICS]);
	mig_index_append_parts(buf, index);
}

bool
mig_index_is_unique(const MigObject *index)
{
	return index->kind == &mig_index_kind &&
		MIG_IS_TRUE(index->values[UNIQUE]);
}

/* Keys of partitions that belong to it go with it. */
static void
drop(StringInfo buf, const MigObject *index)
{
	const ListCell *lc;

	appendStringInfo(buf, "DROP INDEX %s", index->identity);
	foreach(lc, index->depends)
	{
		const MigObject *key = ((MigDepend *) lfirst(lc))->object;

		if (key->kind->id == MIG_CONSTRAINT && key->unmade != NULL &&
			key->unmade == index->unmade)
		{
			appendStringInfoString(buf, " CASCADE");
			break;
		}
	}
}

static void
append_statistics(StringInfo buf, const MigObject *index,
				  const char *statistics)
{
	const ListCell *lc;

	foreach(lc, mig_list_split(statistics))
		append_target(buf, index, lfirst(lc));
}

static void
append_target(StringInfo buf, const MigObject *index, const char *target)
{
	appendStringInfo(buf, "ALTER INDEX %s ALTER COLUMN %.*s SET STATISTICS %s;\n",
					 index->identity, (int) strcspn(target, "="), target,
					 strchr(target, '=') + 1);
}

static void
alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	if (to->renamed)
		mig_alike_rename(diff, from, to, from->schema == NULL ?
						 "ALTER INDEX " :
						 psprintf("ALTER INDEX %s.",
								  quote_identifier(from->nspname)),
						 " RENAME TO ");
	if (MIG_CHANGED(to, BUILT))
		build(diff, to);
	mig_index_alter(diff, to, mig_index_values(from));
}

/* Let an index that was left half built be what it is to be. */
static void
build(MigDiff *diff, MigObject *index)
{
	MigAction  *action;

	action = mig_action_alter(diff, index, "built", "REINDEX INDEX %s",
							  mig_index_sql_name(index));
	mig_action_warn(action, MIG_BLOCKS_WRITES,
					"until the index is built; REINDEX INDEX CONCURRENTLY, in a revision of its own, does not")->table =
		index->parent->identity;
	mig_index_warn_rows(diff, action, index);
}

/* The server alters no options of one of a partitioned table. */
static MigFate
judge(MigDiff *diff, MigObject *from, MigObject *to)
{
	return MIG_CHANGED(to, OPTIONS) && mig_table_is_partitioned(to->parent) ?
		MIG_RECREATE : MIG_ALTER;
}

/*
 * The server builds it again when the type of a column changes, but cannot do
 * so where it holds the key of a partition; those of partitions it makes anew.
 */
static MigFate
follow(MigDiff *diff, MigObject *index, MigObject *on)
{
	if (on->disrupts &&
		(holds_any(index) || mig_index_has_special_parts(index)))
		return MIG_RECREATE;
	return mig_goes(on) && !mig_index_stays_behind(index, on) ? MIG_RECREATE :
		index->fate;
}

static bool
holds_any(const MigObject *index)
{
	const ListCell *lc;

	foreach(lc, index->depends)
	{
		if (mig_index_holds(index, ((MigDepend *) lfirst(lc))->object))
			return true;
	}
	return false;
}

/* Does it come with one of a parent, and go with it? */
static bool
is_inherited(const MigObject *index)
{
	return MIG_IS_TRUE(index->values[INHERITED]) && !index->by_hand;
}

/*
 * A table that is new has no rows to read; a materialized view has, but nobody
 * uses it yet.
 */
static void
warn(MigDiff *diff, MigAction *action)
{
	const MigObject *index = action->object;
	const MigObject *table = index->parent;
	MigHazard  *hazard;

	if (action->op != MIG_OP_CREATE || table->made != NULL ||
		mig_index_is_alone(index))
		return;
	if (!mig_is_created(table))
	{
		hazard = mig_table_is_partitioned(table) ?
			mig_action_warn(action, MIG_UNIQUE_ON_PARTITIONS,
							"nobody can write to any of them until the last index is built; ON ONLY, and CONCURRENTLY on each partition, lets them write") :
			mig_action_warn(action, MIG_BLOCKS_WRITES,
							"until the index is built; CREATE INDEX CONCURRENTLY, in a revision of its own, does not");
		hazard->table = table->identity;
	}
	mig_index_warn_rows(diff, action, index);
}

/* Warn of rows that a new index cannot have. */
void
mig_index_warn_rows(const MigDiff *diff, MigAction *action,
					const MigObject *index)
{
	MigUniqueIndex unique = {0};

	mig_constraint_rows_warn_index(diff, action, index, index->values[KEYS],
								   index->values[FILTER]);
	if (strncmp(index->values[DEFINITION], "btree", strlen("btree")) == 0)
		mig_constraint_rows_warn_long(diff, action, index,
									  index->values[COLUMNS] == NULL ?
									  index->values[KEYS] : NULL,
									  index->values[FILTER]);
	if (!mig_index_is_unique(index))
		return;
	unique.columns = index->values[COLUMNS];
	unique.keys = index->values[KEYS];
	unique.filter = index->values[FILTER];
	unique.nulls_not_distinct = pg_str_endswith(index->values[DEFINITION],
												") NULLS NOT DISTINCT");
	mig_constraint_rows_warn_unique(diff, action, index, &unique);
}

/* With its access method, which says what operator classes there are. */
static void
in_statement(StringInfo buf, const MigObject *index, int attribute,
			 const char *definition)
{
	if (attribute == FILTER)
		appendStringInfo(buf, "SELECT (%s) FROM %s", definition,
						 index->parent->identity);
	else
		appendStringInfo(buf, "CREATE INDEX ON %s USING %s",
						 index->parent->identity, definition);
}
