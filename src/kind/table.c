/*-------------------------------------------------------------------------
 *
 * kind/table.c
 *	  Tables: plain, partitioned and foreign ones, and partitions.
 *
 * A table is created with its columns, defaults and constraints, but for
 * foreign keys.  A new partition is created as such; a table that exists is
 * attached and detached, so that no row is lost.  What a partition or child
 * inherits is left to its parents.  A table whose sort changes (plain,
 * partitioned, foreign) or whose partition key does is dropped and created.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/sch.h"

#include "access/tableam.h"
#include "catalog/pg_class.h"
#include "kind/column.h"
#include "kind/column_generated.h"
#include "kind/column_not_null.h"
#include "kind/column_setting.h"
#include "kind/counter.h"
#include "kind/list.h"
#include "kind/partition_rows.h"
#include "kind/table_inherit.h"
#include "kind/table_parents.h"
#include "kind/type.h"
#include "sch/action.h"
#include "util/sql.h"
#include "utils/builtins.h"

/* Shorter names for what this file is about. */
#define OF(table, attribute)		((table)->values[MIG_TABLE_##attribute])
#define CHANGED(table, attribute)	MIG_CHANGED(table, MIG_TABLE_##attribute)

static const MigAttribute attributes[MIG_TABLE_NATTRIBUTES] = {
	[MIG_TABLE_RELKIND] = {"kind of table", MIG_FIXED,
	.words = "r table,p partitioned table,f foreign table"},
	[MIG_TABLE_PARTITION_KEY] = {"partition key", MIG_FIXED, true},
	[MIG_TABLE_PERSISTENCE] = {"persistence",.words = MIG_PERSISTENCE_WORDS},
	[MIG_TABLE_ACCESS_METHOD] = {"access method"},
	[MIG_TABLE_TABLESPACE] = {"tablespace"},
	[MIG_TABLE_OF_TYPE] = {"type"},
	[MIG_TABLE_OPTIONS] = {"options"},
	[MIG_TABLE_TOAST_OPTIONS] = {"options of its TOAST table"},
	[MIG_TABLE_PARENTS] = {"parents"},
	[MIG_TABLE_BOUND] = {"partition bound"},
	[MIG_TABLE_ROW_SECURITY] = {"row security"},
	[MIG_TABLE_FORCE_ROW_SECURITY] = {"row security of its owner"},
	[MIG_TABLE_REPLICA_IDENTITY] = {"replica identity",
	.words = "d DEFAULT,n NOTHING,f FULL,i INDEX"},
	[MIG_TABLE_CLUSTERED] = {"cluster index"},
	[MIG_TABLE_SERVER] = {"server", MIG_FIXED},
	[MIG_TABLE_FOREIGN_OPTIONS] = {"options"},
	[MIG_TABLE_BOUND_CHECK] = {"condition of the bound", MIG_NOT_COMPARED},
};

static const char query[] =
"SELECT c.oid, 0, 0::pg_catalog.oid, 0, nspname::pg_catalog.text, relname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(relowner)::pg_catalog.text, " MIG_ACL("relacl", "r", "relowner") ","
" relkind::pg_catalog.text,"
" CASE relkind WHEN 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END,"
" relpersistence::pg_catalog.text,"
" CASE WHEN relkind IN ('r', 'p') THEN amname::pg_catalog.text END,"
" CASE WHEN reltablespace <> 0 THEN"
" (SELECT spcname::pg_catalog.text FROM pg_catalog.pg_tablespace t WHERE t.oid = reltablespace) END,"
" CASE WHEN reloftype <> 0 THEN pg_catalog.format_type(reloftype, NULL) END,"
" " MIG_LIST("reloptions") ","
" (SELECT " MIG_LIST("t.reloptions") " FROM pg_catalog.pg_class t WHERE t.oid = c.reltoastrelid),"
" i.parents, pg_catalog.pg_get_expr(relpartbound, c.oid),"
" relrowsecurity::pg_catalog.text, relforcerowsecurity::pg_catalog.text,"
" CASE relkind WHEN 'f' THEN 'd' ELSE relreplident END::pg_catalog.text,"
" EXISTS (SELECT FROM pg_catalog.pg_index x WHERE x.indrelid = c.oid AND x.indisclustered)::pg_catalog.text,"
" s.srvname::pg_catalog.text, " MIG_LIST("f.ftoptions") ","
" CASE WHEN relispartition THEN pg_catalog.pg_get_partition_constraintdef(c.oid) END"
" FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace"
" LEFT JOIN pg_catalog.pg_am a ON a.oid = relam"
" LEFT JOIN (SELECT inhrelid, pg_catalog.string_agg(inhparent::pg_catalog.regclass::pg_catalog.text,"
" E'\\x01' ORDER BY inhseqno) AS parents FROM pg_catalog.pg_inherits GROUP BY 1) i ON inhrelid = c.oid"
" LEFT JOIN pg_catalog.pg_foreign_table f ON ftrelid = c.oid"
" LEFT JOIN pg_catalog.pg_foreign_server s ON s.oid = ftserver"
" WHERE relkind IN ('r', 'p', 'f') AND relnamespace = ANY ($1)"
" ORDER BY nspname COLLATE \"C\", relname COLLATE \"C\"";

static const char *noun_of(const MigObject *table);
static void create(StringInfo buf, const MigObject *table);
static void append_parts(StringInfo buf, const MigObject *table);
static StringInfo begin_part(StringInfo buf, bool *any);
static bool is_part(const MigObject *table, const MigObject *child);
static void append_clauses(StringInfo buf, const MigObject *table);
static bool names_access_method(const MigObject *table);
static void append_with(StringInfo buf, const MigObject *table);
static void append_settings(StringInfo buf, const MigObject *table);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);
static void alter_storage(MigDiff *diff, MigObject *from, MigObject *to);
static bool columns_keep_order(const MigObject *from, const MigObject *to);
static void alter_options(MigDiff *diff, MigObject *from, MigObject *to);
static void alter_partition(MigDiff *diff, MigObject *from, MigObject *to);
static bool needs_parts_again(const MigObject *table);
static void append_attach(StringInfo buf, const MigObject *table, bool parts);
static void alter_settings(MigDiff *diff, MigObject *to);
static const char *replica_identity(const MigObject *table);
static MigFate follow(MigDiff *diff, MigObject *table, MigObject *on);
static void warn(MigDiff *diff, MigAction *action);
static void warn_of_rows(MigDiff *diff, MigAction *action,
						 const MigObject *table);
static bool keeps_partitions(const MigObject *table);
static const char *renames_hint(const MigDiff *diff, const MigObject *table);
static bool has_same_columns(const MigObject *one, const MigObject *other);
static void in_statement(StringInfo buf, const MigObject *table,
						 int attribute, const char *definition);

const MigKind mig_table_kind = {
	.id = MIG_TABLE,
	.name = "table",
	.noun = "TABLE",
	.acl_noun = "TABLE",
	.acl_type = "r",
	.classid = RelationRelationId,
	.flags = MIG_KIND_DATA | MIG_KIND_RELATION | MIG_KIND_LATE_DROP,
	.query = query,
	.whole = "c.oid",
	.nattributes = MIG_TABLE_NATTRIBUTES,
	.attributes = attributes,
	.noun_of = noun_of,
	.create = create,
	.alter = alter,
	.follow = follow,
	.warn = warn,
	.in_statement = in_statement,
};

static const char *
noun_of(const MigObject *table)
{
	return mig_table_is_foreign(table) ? "FOREIGN TABLE" : "TABLE";
}

static void
create(StringInfo buf, const MigObject *table)
{
	appendStringInfo(buf, "CREATE %s%s %s",
					 OF(table, PERSISTENCE)[0] == RELPERSISTENCE_UNLOGGED ?
					 "UNLOGGED " : "", noun_of(table), table->identity);
	if (mig_table_is_typed(table))
		appendStringInfo(buf, " OF %s", OF(table, OF_TYPE));
	if (mig_table_is_partition(table))
		appendStringInfo(buf, " PARTITION OF %s", OF(table, PARENTS));
	append_parts(buf, table);
	append_clauses(buf, table);
	appendStringInfoString(buf, ";\n");
	append_settings(buf, table);
}

/* Columns and constraints, each on its line. */
static void
append_parts(StringInfo buf, const MigObject *table)
{
	const ListCell *lc;
	bool		any = false;

	foreach(lc, table->children)
	{
		const MigObject *child = lfirst(lc);

		if (is_part(table, child))
			child->kind->part(begin_part(buf, &any), child);
		else if (child->kind->id == MIG_COLUMN && !child->ignored)
		{
			if (mig_column_generated_differs(child))
				mig_column_generated_part_inherited(begin_part(buf, &any),
													child);
			if (mig_column_not_null_renames(child))
				mig_column_not_null_append(begin_part(buf, &any), child);
		}
	}
	if (any)
		appendStringInfoString(buf, "\n)");
	else if (!mig_table_is_partition(table) && !mig_table_is_typed(table))
		appendStringInfoString(buf, " (\n)");
}

/* What precedes a part; says from then on that there is one. */
static StringInfo
begin_part(StringInfo buf, bool *any)
{
	appendStringInfoString(buf, *any ? ",\n    " : " (\n    ");
	*any = true;
	return buf;
}

/* Is a child written into CREATE TABLE, and not with its column? */
static bool
is_part(const MigObject *table, const MigObject *child)
{
	if (child->made != table->made && table->made != NULL)
		return false;
	if (child->kind->part == NULL || child->ignored || child->apart)
		return false;
	if (child->kind->is_inherited != NULL && child->kind->is_inherited(child))
		return false;
	return child->kind->id != MIG_COLUMN || !mig_table_is_typed(table) ||
		mig_column_adds_to_type(child);
}

/* What comes behind the list of columns. */
static void
append_clauses(StringInfo buf, const MigObject *table)
{
	const ListCell *lc;

	if (mig_table_is_partition(table))
		appendStringInfo(buf, " %s", OF(table, BOUND));
	else if (OF(table, PARENTS) != NULL)
	{
		appendStringInfoString(buf, " INHERITS (");
		foreach(lc, mig_list_split(OF(table, PARENTS)))
			appendStringInfo(buf, "%s%s",
							 foreach_current_index(lc) > 0 ? ", " : "",
							 (char *) lfirst(lc));
		appendStringInfoChar(buf, ')');
	}
	if (OF(table, PARTITION_KEY) != NULL)
		appendStringInfo(buf, " PARTITION BY %s", OF(table, PARTITION_KEY));
	if (OF(table, SERVER) != NULL)
		appendStringInfo(buf, " SERVER %s",
						 quote_identifier(OF(table, SERVER)));
	if (OF(table, FOREIGN_OPTIONS) != NULL)
	{
		appendStringInfoString(buf, " OPTIONS (");
		mig_list_append_generic(buf, OF(table, FOREIGN_OPTIONS));
		appendStringInfoChar(buf, ')');
	}
	if (names_access_method(table))
		appendStringInfo(buf, " USING %s",
						 quote_identifier(OF(table, ACCESS_METHOD)));
	append_with(buf, table);
	if (OF(table, TABLESPACE) != NULL)
		appendStringInfo(buf, " TABLESPACE %s",
						 quote_identifier(OF(table, TABLESPACE)));
}

/*
 * Is its access method another than it would have?  Tables have the default,
 * partitioned ones none, and partitions that of the table above.
 */
static bool
names_access_method(const MigObject *table)
{
	const char *method = OF(table, ACCESS_METHOD);
	const char *usual = NULL;
	const ListCell *lc;

	if (!mig_table_is_partitioned(table))
		usual = default_table_access_method;
	foreach(lc, mig_table_is_partition(table) ? mig_table_parents(table) : NIL)
	{
		if (OF((MigObject *) lfirst(lc), ACCESS_METHOD) != NULL)
			usual = OF((MigObject *) lfirst(lc), ACCESS_METHOD);
	}
	return method != NULL && !mig_same(method, usual);
}

/* Options of the TOAST table stand among those of the table. */
static void
append_with(StringInfo buf, const MigObject *table)
{
	if (OF(table, OPTIONS) == NULL && OF(table, TOAST_OPTIONS) == NULL)
		return;
	appendStringInfoString(buf, " WITH (");
	mig_list_append_options(buf, OF(table, OPTIONS), "");
	mig_list_append_options(buf, OF(table, TOAST_OPTIONS), "toast.");
	appendStringInfoChar(buf, ')');
}

/* What CREATE TABLE cannot say. */
static void
append_settings(StringInfo buf, const MigObject *table)
{
	const ListCell *lc;
	const char *identity = replica_identity(table);

	if (MIG_IS_TRUE(OF(table, ROW_SECURITY)))
		appendStringInfo(buf, "ALTER TABLE %s ENABLE ROW LEVEL SECURITY;\n",
						 table->identity);
	if (MIG_IS_TRUE(OF(table, FORCE_ROW_SECURITY)))
		appendStringInfo(buf, "ALTER TABLE %s FORCE ROW LEVEL SECURITY;\n",
						 table->identity);
	if (identity != NULL && OF(table, REPLICA_IDENTITY)[0] != 'd')
		appendStringInfo(buf, "ALTER TABLE %s REPLICA IDENTITY %s;\n",
						 table->identity, identity);
	foreach(lc, table->children)
	{
		const MigObject *child = lfirst(lc);

		if (child->kind->id == MIG_COLUMN && !child->ignored)
			mig_column_setting_append(buf, child);
	}
}

static void
alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	alter_storage(diff, from, to);
	alter_options(diff, from, to);
	if (mig_table_is_partition(from) || mig_table_is_partition(to))
		alter_partition(diff, from, to);
	else if (CHANGED(to, PARENTS))
		mig_table_inherit_alter(diff, from, to);
	alter_settings(diff, to);
}

/*
 * Whether it is logged, how and where it is stored, and the type that it is
 * of.
 */
static void
alter_storage(MigDiff *diff, MigObject *from, MigObject *to)
{
	MigAction  *action;

	if (CHANGED(to, PERSISTENCE))
	{
		action = mig_action_alter(diff, to, "persistence",
								  "ALTER TABLE %s SET %s", to->identity,
								  OF(to, PERSISTENCE)[0] ==
								  RELPERSISTENCE_UNLOGGED ?
								  "UNLOGGED" : "LOGGED");
		action->sets_logging = true;
		mig_action_warn(action, MIG_REWRITES_TABLE,
						"no session can use it meanwhile")->table = to->identity;
	}
	if (CHANGED(to, ACCESS_METHOD))
	{
		action = mig_action_alter(diff, to, "access method",
								  "ALTER TABLE %s SET ACCESS METHOD %s",
								  to->identity,
								  OF(to, ACCESS_METHOD) == NULL ? "DEFAULT" :
								  quote_identifier(OF(to, ACCESS_METHOD)));
		if (!mig_table_is_partitioned(to))
			mig_action_warn(action, MIG_REWRITES_TABLE,
							"no session can use it meanwhile")->table = to->identity;
	}
	if (CHANGED(to, TABLESPACE))
	{
		action = mig_action_alter(diff, to, "tablespace",
								  "ALTER TABLE %s SET TABLESPACE %s",
								  to->identity,
								  OF(to, TABLESPACE) == NULL ? "pg_default" :
								  quote_identifier(OF(to, TABLESPACE)));
		if (!mig_table_is_partitioned(to))
			mig_action_warn(action, MIG_REWRITES_TABLE,
							"its files are copied, and no session can use it meanwhile")->table = to->identity;
	}
	if (CHANGED(to, OF_TYPE) && OF(from, OF_TYPE) != NULL)
		mig_action_alter(diff, to, "type", "ALTER TABLE %s NOT OF",
						 to->identity)->first = true;
	if (CHANGED(to, OF_TYPE) && OF(to, OF_TYPE) != NULL)
	{
		action = mig_action_alter(diff, to, "type", "ALTER TABLE %s OF %s",
								  to->identity, OF(to, OF_TYPE));
		action->last = true;
		if (!columns_keep_order(from, to))
			mig_action_warn(action, MIG_NEEDS_ATTENTION,
							"the columns of table %s stand in another order than the attributes of type %s, and the server refuses this; make those anew that are to come later, or the table",
							to->identity, OF(to, OF_TYPE));
	}
}

/*
 * Do the columns of a table that stay come in the order that they are to have,
 * with those that are new behind them?
 */
static bool
columns_keep_order(const MigObject *from, const MigObject *to)
{
	List	   *columns = NIL;
	const ListCell *lc;

	foreach(lc, to->children)
	{
		if (((const MigObject *) lfirst(lc))->kind->id == MIG_COLUMN)
			columns = lappend(columns, lfirst(lc));
	}
	foreach(lc, from->children)
	{
		const MigObject *column = lfirst(lc);

		if (column->kind->id != MIG_COLUMN || column->twin == NULL ||
			column->fate == MIG_RECREATE)
			continue;
		if (columns == NIL || linitial(columns) != column->twin)
			return false;
		columns = list_delete_first(columns);
	}
	return true;
}

/* Storage parameters, and what a foreign-data wrapper reads. */
static void
alter_options(MigDiff *diff, MigObject *from, MigObject *to)
{
	StringInfoData set;

	mig_list_alter_options(diff, to, psprintf("ALTER TABLE %s", to->identity),
						   OF(from, OPTIONS), OF(to, OPTIONS),
						   OF(from, TOAST_OPTIONS), OF(to, TOAST_OPTIONS));
	if (CHANGED(to, FOREIGN_OPTIONS))
	{
		initStringInfo(&set);
		mig_list_alter_generic(&set, OF(from, FOREIGN_OPTIONS),
							   OF(to, FOREIGN_OPTIONS));
		if (set.len > 0)
			mig_action_alter(diff, to, "options",
							 "ALTER FOREIGN TABLE %s OPTIONS (%s)",
							 to->identity, set.data);
	}
}

/* Detach from what it was a partition of, attach to what it is to be one of */
static void
alter_partition(MigDiff *diff, MigObject *from, MigObject *to)
{
	MigAction  *action;

	if (!CHANGED(to, PARENTS) && !CHANGED(to, BOUND))
		return;
	if (OF(from, BOUND) != NULL)
	{
		action = mig_action_alter(diff, to, "partition",
								  "ALTER TABLE %s DETACH PARTITION %s",
								  OF(from, PARENTS), to->identity);
		action->first = true;
		mig_partition_rows_warn_detached(action, from);
	}
	else
		mig_table_inherit_leave(diff, to);
	if (OF(to, BOUND) == NULL)
		mig_table_inherit_join(diff, to);
	else
	{
		StringInfoData buf;

		initStringInfo(&buf);
		append_attach(&buf, to, needs_parts_again(to));
		action = mig_action_add(diff, MIG_OP_ALTER, to, "partition", buf.data);
		action->last = true;
		mig_partition_rows_warn_attached(diff, action, to);
	}
}

/*
 * Does an attached table need its partitions attached again?  The server, from
 * 17 on, gives it the identity columns of its new parent, and does not give
 * them on to its partitions; afterwards it lets none of them go.
 */
static bool
needs_parts_again(const MigObject *table)
{
	const ListCell *lc;
	const ListCell *child;

	if (!MIG_PARTITIONS_HAVE_IDENTITY || !mig_table_is_partitioned(table))
		return false;
	foreach(lc, mig_table_ancestors(table))
	{
		foreach(child, ((const MigObject *) lfirst(lc))->children)
		{
			const MigObject *part = lfirst(child);

			if (part->kind->id == MIG_COLUMN &&
				mig_column_sequence(part) != NULL)
				return true;
		}
	}
	return false;
}

/* Append what attaches it; those of its partitions that stay, if so. */
static void
append_attach(StringInfo buf, const MigObject *table, bool parts)
{
	List	   *staying = NIL;
	const ListCell *lc;

	foreach(lc, parts && mig_table_is_partitioned(table) ?
			mig_table_heirs(table) : NIL)
	{
		MigObject  *heir = lfirst(lc);

		if (heir->twin != NULL && heir->fate != MIG_RECREATE &&
			!CHANGED(heir, PARENTS) && !CHANGED(heir, BOUND))
			staying = lappend(staying, heir);
	}
	foreach(lc, staying)
		appendStringInfo(buf, "ALTER TABLE %s DETACH PARTITION %s;\n",
						 table->identity,
						 ((MigObject *) lfirst(lc))->identity);
	appendStringInfo(buf, "ALTER TABLE %s ATTACH PARTITION %s %s",
					 OF(table, PARENTS), table->identity, OF(table, BOUND));
	foreach(lc, staying)
	{
		appendStringInfoString(buf, ";\n");
		append_attach(buf, lfirst(lc), parts);
	}
}

/* Row security, replica identity, and the index that it is clustered by. */
static void
alter_settings(MigDiff *diff, MigObject *to)
{
	bool		enabled = MIG_IS_TRUE(OF(to, ROW_SECURITY));
	bool		forced = MIG_IS_TRUE(OF(to, FORCE_ROW_SECURITY));
	MigAction  *action;

	if (CHANGED(to, ROW_SECURITY))
	{
		action = mig_action_alter(diff, to, "row security",
								  "ALTER TABLE %s %s ROW LEVEL SECURITY",
								  to->identity,
								  enabled ? "ENABLE" : "DISABLE");
		if (!enabled)
			mig_action_warn(action, MIG_WEAKENS_SECURITY,
							"policies do not hold any more, each row of table %s is seen",
							to->identity);
	}
	if (CHANGED(to, FORCE_ROW_SECURITY))
	{
		action = mig_action_alter(diff, to, "row security of its owner",
								  "ALTER TABLE %s %s ROW LEVEL SECURITY",
								  to->identity, forced ? "FORCE" : "NO FORCE");
		if (!forced)
			mig_action_warn(action, MIG_WEAKENS_SECURITY,
							"policies do not hold for the owner of table %s any more",
							to->identity);
	}
	if (CHANGED(to, REPLICA_IDENTITY) && replica_identity(to) != NULL)
		mig_action_alter(diff, to, "replica identity",
						 "ALTER TABLE %s REPLICA IDENTITY %s", to->identity,
						 replica_identity(to));
	if (CHANGED(to, CLUSTERED) && !MIG_IS_TRUE(OF(to, CLUSTERED)))
		mig_action_alter(diff, to, "cluster index",
						 "ALTER TABLE %s SET WITHOUT CLUSTER", to->identity);
}

/* The clause, or NULL where an index sees to it. */
static const char *
replica_identity(const MigObject *table)
{
	switch (OF(table, REPLICA_IDENTITY)[0])
	{
		case REPLICA_IDENTITY_NOTHING:
			return "NOTHING";
		case REPLICA_IDENTITY_FULL:
			return "FULL";
		case REPLICA_IDENTITY_DEFAULT:
			return "DEFAULT";
		default:
			return NULL;
	}
}

/*
 * A foreign table goes with its server, and a partitioned one with what its
 * key is made of: operator classes, collations, functions.  Other tables stay
 * whatever happens to what they depend on, their columns see to it.
 */
static MigFate
follow(MigDiff *diff, MigObject *table, MigObject *on)
{
	if (on->kind->id == MIG_SERVER && mig_table_is_foreign(table))
		return MIG_RECREATE;
	if (on->kind->id == MIG_COMPOSITE && mig_table_is_typed(table) &&
		mig_action_replace(diff, on))
	{
		table->changed |= (uint32) 1 << MIG_TABLE_OF_TYPE;
		table->twin->changed |= (uint32) 1 << MIG_TABLE_OF_TYPE;
		return MIG_ALTER;
	}
	if (on->kind == &mig_table_kind && on->fate == MIG_RECREATE &&
		OF(table, PARENTS) != NULL)
	{
		/* it is detached from the old parent and attached to the new one */
		mig_table_change_parents(table);
		return MIG_ALTER;
	}
	if (mig_table_is_partitioned(table) && on->kind != &mig_table_kind &&
		on->parent == NULL && mig_goes(on))
		return MIG_RECREATE;
	return table->fate;
}

/* What is dropped for good, and what has to be kept meanwhile */
static void
warn(MigDiff *diff, MigAction *action)
{
	MigObject  *table = action->object;

	if (action->op == MIG_OP_CREATE && mig_table_is_partition(table))
		mig_partition_rows_warn_new(action, table);
	if (action->op != MIG_OP_DROP)
		return;
	if (mig_table_is_partition(table) && table->fate == MIG_DROP)
		mig_partition_rows_drop(action, table);
	if (table->fate == MIG_RECREATE)
		mig_counter_keep(diff, action);
	warn_of_rows(diff, action, table);
}

/*
 * What is lost with a table.  A partitioned one has its rows in the
 * partitions: where it comes again, or some of them stay, it is told of those
 * that go along.
 */
static void
warn_of_rows(MigDiff *diff, MigAction *action, const MigObject *table)
{
	MigHazard  *hazard;
	const ListCell *lc;

	if (mig_table_is_foreign(table))
		return;
	if (mig_table_is_partitioned(table) &&
		(table->fate == MIG_RECREATE || keeps_partitions(table)))
	{
		foreach(lc, mig_table_heirs(table))
		{
			const MigObject *partition = lfirst(lc);

			if (mig_goes(partition) && !partition->apart)
				warn_of_rows(diff, action, partition);
		}
		return;
	}
	hazard = mig_action_warn(action, MIG_LOSES_DATA, "table %s and its rows%s",
							 table->identity, renames_hint(diff, table));
	hazard->table = table->identity;
	hazard->probe = psprintf("SELECT pg_catalog.count(*) FROM %s%s",
							 mig_table_is_partitioned(table) ? "" : "ONLY ",
							 table->identity);
}

/* Does any stay of the partitions of an old table, at whatever depth? */
static bool
keeps_partitions(const MigObject *table)
{
	const ListCell *lc;

	foreach(lc, mig_table_descendants(table))
	{
		const MigObject *partition = lfirst(lc);

		if (!partition->ignored && !mig_goes(partition))
			return true;
	}
	return false;
}

/*
 * What to say where a new table has the columns of one that goes: it may be
 * the same under another name.  All partitions of a table have the same.
 */
static const char *
renames_hint(const MigDiff *diff, const MigObject *table)
{
	const ListCell *lc;

	foreach(lc, diff->reverse ? NIL : diff->to->objects)
	{
		const MigObject *other = lfirst(lc);

		if (other->kind == &mig_table_kind && other->fate == MIG_CREATE &&
			mig_same(other->nspname, table->nspname) &&
			mig_same(OF(other, RELKIND), OF(table, RELKIND)) &&
			(OF(other, BOUND) == NULL || OF(table, BOUND) == NULL) &&
			has_same_columns(table, other))
			return psprintf("; renames => '{\"%s\": \"%s\"}' keeps them if it is %s now",
							table->identity, other->name, other->identity);
	}
	return "";
}

/* Have two tables the same columns, in any order, and any at all? */
static bool
has_same_columns(const MigObject *one, const MigObject *other)
{
	int			n = 0;
	const ListCell *lc;

	foreach(lc, one->children)
	{
		const MigObject *column = lfirst(lc);
		const MigObject *theirs;

		if (column->kind->id != MIG_COLUMN)
			continue;
		theirs = mig_table_column(other, column->name);
		if (theirs == NULL ||
			!mig_same(MIG_TYPE_NAME(column), MIG_TYPE_NAME(theirs)))
			return false;
		n++;
	}
	foreach(lc, other->children)
		n -= ((const MigObject *) lfirst(lc))->kind->id == MIG_COLUMN;
	return n == 0 && one->children != NIL;
}

/* A partition key, which is parsed with the table. */
static void
in_statement(StringInfo buf, const MigObject *table, int attribute,
			 const char *definition)
{
	appendStringInfo(buf, "CREATE TABLE %s () PARTITION BY %s",
					 table->identity, definition);
}
