/*-------------------------------------------------------------------------
 *
 * kind/trigger.c
 *	  Triggers.
 *
 * The trigger that a partition has because its parent has it comes and goes
 * with that; only where its state differs from the parent's is it altered.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/sch.h"

#include "catalog/pg_class.h"
#include "catalog/pg_trigger.h"
#include "kind/kinds.h"
#include "kind/metadata.h"
#include "kind/table_parents.h"
#include "sch/action.h"
#include "utils/builtins.h"

enum
{
	CONSTRAINT,
	EVENTS,						/* BEFORE UPDATE OF ... */
	DEFINITION,					/* what comes behind the table */
	INHERITED,
	ENABLED,
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[CONSTRAINT] = {"constraint"},
	[EVENTS] = {"events"},
	[DEFINITION] = {"definition", MIG_ALTERABLE, true},
	[INHERITED] = {"inherited", MIG_FIXED},
	[ENABLED] = {"enabled"},
};

static const char query[] =
"SELECT t.oid, 0, tgrelid, 0, NULL::pg_catalog.text, tgname::pg_catalog.text, NULL::pg_catalog.text, NULL::pg_catalog.text,"
" (tgconstraint <> 0)::pg_catalog.text,"
" pg_catalog.substr(d.def, 1, d.at - 1), pg_catalog.substr(d.def, d.at + pg_catalog.length(d.on_table)),"
" (tgparentid <> 0)::pg_catalog.text, " MIG_ENABLED("tgenabled")
" FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = tgrelid"
" JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace"
" CROSS JOIN LATERAL (SELECT def, on_table, pg_catalog.strpos(def, on_table) AS at FROM (SELECT"
" pg_catalog.substr(pg_catalog.pg_get_triggerdef(t.oid), 1 + pg_catalog.length('CREATE '"
" || CASE WHEN tgconstraint <> 0 THEN 'CONSTRAINT ' ELSE '' END"
" || 'TRIGGER ' || pg_catalog.quote_ident(tgname) || ' ')) AS def,"
" ' ON ' || pg_catalog.quote_ident(nspname) || '.' || pg_catalog.quote_ident(relname) || ' ' AS on_table) s) d"
" WHERE (NOT tgisinternal OR tgparentid <> 0 AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k"
" WHERE k.oid = tgconstraint AND contype = 'f')) AND relnamespace = ANY ($1)"
" ORDER BY tgrelid, tgname COLLATE \"C\"";

static void create(StringInfo buf, const MigObject *trigger);
static void append_definition(StringInfo buf, const MigObject *trigger);
static bool has_own_state(const MigObject *trigger);
static void append_enabled(StringInfo buf, const MigObject *trigger);
static MigFate judge(MigDiff *diff, MigObject *from, MigObject *to);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);
static void set_enabled(MigDiff *diff, MigObject *trigger);
static void alter_inherited(MigDiff *diff, MigObject *from, MigObject *to);
static const MigObject *trigger_above(const MigObject *trigger);
static void alter_clones(MigDiff *diff, const MigObject *trigger);
static MigObject *trigger_of(const MigObject *table, const char *name);
static bool is_inherited(const MigObject *trigger);
static void in_statement(StringInfo buf, const MigObject *trigger,
						 int attribute, const char *definition);

const MigKind mig_trigger_kind = {
	.id = MIG_TRIGGER,
	.name = "trigger",
	.noun = "TRIGGER",
	.classid = TriggerRelationId,
	.parent_classid = RelationRelationId,
	.flags = MIG_KIND_HOLDS_TYPE | MIG_KIND_CLONED,
	.query = query,
	.whole = "tgrelid",
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.identify = mig_kind_identify_on_parent,
	.create = create,
	.judge = judge,
	.alter = alter,
	.is_inherited = is_inherited,
	.in_statement = in_statement,
};

/* State comes afterwards, since CREATE has no word for it. */
static void
create(StringInfo buf, const MigObject *trigger)
{
	appendStringInfo(buf, "CREATE %s",
					 MIG_IS_TRUE(trigger->values[CONSTRAINT]) ?
					 "CONSTRAINT " : "");
	append_definition(buf, trigger);
	if (has_own_state(trigger))
	{
		appendStringInfoString(buf, ";\n");
		append_enabled(buf, trigger);
	}
}

static void
append_definition(StringInfo buf, const MigObject *trigger)
{
	appendStringInfo(buf, "TRIGGER %s %s ON %s %s",
					 quote_identifier(trigger->name), trigger->values[EVENTS],
					 trigger->parent->identity, trigger->values[DEFINITION]);
}

/* Is its state another than that of a new trigger? */
static bool
has_own_state(const MigObject *trigger)
{
	return !MIG_IS_ENABLED(trigger->values[ENABLED]);
}

/* The trigger of a partition is altered without those of partitions below. */
static void
append_enabled(StringInfo buf, const MigObject *trigger)
{
	appendStringInfo(buf, "ALTER TABLE %s%s %s TRIGGER %s",
					 is_inherited(trigger) &&
					 mig_table_is_partitioned(trigger->parent) ? "ONLY " : "",
					 trigger->parent->identity, trigger->values[ENABLED],
					 quote_identifier(trigger->name));
}

/* CREATE OR REPLACE TRIGGER does not take constraint triggers. */
static MigFate
judge(MigDiff *diff, MigObject *from, MigObject *to)
{
	if (to->changed == (uint32) 1 << ENABLED || is_inherited(to))
		return MIG_ALTER;
	return MIG_IS_TRUE(from->values[CONSTRAINT]) ||
		MIG_IS_TRUE(to->values[CONSTRAINT]) ? MIG_RECREATE : MIG_ALTER;
}

/* A trigger that is replaced is enabled again, and its copies are, too. */
static void
alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	bool		replaced;
	StringInfoData buf;

	replaced = MIG_CHANGED(to, EVENTS) ||
		MIG_CHANGED(to, DEFINITION);
	if (is_inherited(to))
	{
		alter_inherited(diff, from, to);
		return;
	}
	initStringInfo(&buf);
	if (replaced)
	{
		appendStringInfoString(&buf, "CREATE OR REPLACE ");
		append_definition(&buf, to);
		mig_action_add(diff, MIG_OP_ALTER, to, "definition", buf.data);
	}
	if (replaced ? has_own_state(to) : MIG_CHANGED(to, ENABLED))
		set_enabled(diff, to);
	if (mig_table_is_partitioned(to->parent))
		alter_clones(diff, to);
}

/* For partitions last: the parent's statement reaches them, too. */
static void
set_enabled(MigDiff *diff, MigObject *trigger)
{
	StringInfoData buf;

	initStringInfo(&buf);
	append_enabled(&buf, trigger);
	mig_action_add(diff, MIG_OP_ALTER, trigger, "enabled",
				   buf.data)->last = is_inherited(trigger);
}

/*
 * Alter the trigger of a partition.  Where "from" is NULL it comes with the
 * trigger at the top or, as the partition is attached, with the state of the
 * one above.  If the one at the top is altered it is seen to there.
 */
static void
alter_inherited(MigDiff *diff, MigObject *from, MigObject *to)
{
	const MigObject *above = trigger_above(to);
	const MigObject *top = NULL;

	if (from == NULL)
		mig_metadata_follow(diff, to);
	if (above == NULL)
		return;
	for (const MigObject *up = above; up != NULL; up = trigger_above(up))
		top = up;
	if (top->made != NULL)
		above = top;
	if (from == NULL ? !mig_same(above->values[ENABLED], to->values[ENABLED]) :
		top->fate == MIG_KEEP && MIG_CHANGED(to, ENABLED))
		set_enabled(diff, to);
}

/* The trigger that another one is a copy of, or NULL. */
static const MigObject *
trigger_above(const MigObject *trigger)
{
	List	   *tables;

	if (!is_inherited(trigger))
		return NULL;
	tables = mig_table_parents(trigger->parent);
	return tables == NIL ? NULL : trigger_of(linitial(tables), trigger->name);
}

/* Give the triggers of partitions back a state of their own. */
static void
alter_clones(MigDiff *diff, const MigObject *trigger)
{
	const ListCell *lc;

	foreach(lc, mig_table_descendants(trigger->parent))
	{
		MigObject  *clone = trigger_of(lfirst(lc), trigger->name);

		if (clone != NULL && clone->twin != NULL && is_inherited(clone) &&
			clone->fate != MIG_RECREATE &&
			!mig_same(clone->values[ENABLED], trigger->values[ENABLED]))
			set_enabled(diff, clone);
	}
}

/* The trigger of a name, or NULL. */
static MigObject *
trigger_of(const MigObject *table, const char *name)
{
	const ListCell *lc;

	foreach(lc, table->children)
	{
		MigObject  *child = lfirst(lc);

		if (child->kind == &mig_trigger_kind && !child->ignored &&
			strcmp(child->name, name) == 0)
			return child;
	}
	return NULL;
}

/* It came with a trigger of a parent, and goes with it. */
static bool
is_inherited(const MigObject *trigger)
{
	return MIG_IS_TRUE(trigger->values[INHERITED]);
}

/* Another name is no harm: the statement is parsed, not run. */
static void
in_statement(StringInfo buf, const MigObject *trigger, int attribute,
			 const char *definition)
{
	appendStringInfo(buf, "CREATE %sTRIGGER t %s ON %s %s",
					 MIG_IS_TRUE(trigger->values[CONSTRAINT]) ?
					 "CONSTRAINT " : "", trigger->values[EVENTS],
					 trigger->parent->identity, definition);
}
