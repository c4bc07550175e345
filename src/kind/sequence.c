/*-------------------------------------------------------------------------
 *
 * kind/sequence.c
 *	  Sequences, and the options of those of identity columns.
 *
 * A sequence is never re-created, it keeps the place that it has reached.
 * One that is owned by a column is tied to it once both are there, and untied
 * where the column goes and the sequence stays.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/sequence.h"

#include "catalog/pg_class.h"
#include "kind/counter.h"
#include "kind/sequence_options.h"
#include "kind/table_parents.h"
#include "sch/action.h"
#include "utils/builtins.h"

enum
{
	TYPE = MIG_SEQUENCE_TYPE,
	OPTIONS = MIG_SEQUENCE_GIVEN,
	PERSISTENCE = MIG_SEQUENCE_PERSISTENCE,
	OWNED_BY,
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[TYPE] = {"type"},
	[OPTIONS] = {"options"},
	[PERSISTENCE] = {"persistence",.words = MIG_PERSISTENCE_WORDS},
	[OWNED_BY] = {"owning column"},
};

static const char query[] =
"SELECT c.oid, 0, 0::pg_catalog.oid, 0, nspname::pg_catalog.text, c.relname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(c.relowner)::pg_catalog.text, " MIG_ACL("c.relacl", "s", "c.relowner") ","
" pg_catalog.format_type(seqtypid, NULL), NULLIF(" MIG_SEQUENCE_OPTIONS ", ''),"
" c.relpersistence::pg_catalog.text,"
" (SELECT d.refobjid::pg_catalog.regclass || '.' || pg_catalog.quote_ident(attname)"
" FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute ON attrelid = d.refobjid AND attnum = d.refobjsubid"
" WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid"
" AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype = 'a' AND d.refobjsubid > 0)"
" FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
" JOIN pg_catalog.pg_sequence ON seqrelid = c.oid"
" WHERE c.relnamespace = ANY ($1) AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d"
" WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'i')"
" ORDER BY nspname COLLATE \"C\", c.relname COLLATE \"C\"";

static void create(StringInfo buf, const MigObject *sequence);
static bool is_unlogged(const MigObject *sequence);
static bool is_carried(const MigObject *sequence);
static const char *carried_persistence(const MigObject *sequence);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);
static void alter_options(MigDiff *diff, MigObject *from, MigObject *to);
static void own(MigDiff *diff, MigObject *sequence, const char *column);
static void warn(MigDiff *diff, MigAction *action);
static bool owner_goes(const MigObject *sequence);

const MigKind mig_sequence_kind = {
	.id = MIG_SEQUENCE,
	.name = "sequence",
	.noun = "SEQUENCE",
	.acl_noun = "SEQUENCE",
	.acl_type = "s",
	.classid = RelationRelationId,
	.flags = MIG_KIND_DATA | MIG_KIND_RELATION,
	.query = query,
	.whole = "c.oid",
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.create = create,
	.alter = alter,
	.warn = warn,
};

/*
 * See that sequences outlive columns that are dropped and created: such a
 * column must not own them meanwhile.  And a table that becomes logged or
 * unlogged carries along those that it owns.
 */
void
mig_sequence_follow_owner(MigObject *sequence)
{
	if (sequence->twin == NULL || sequence->ignored)
		return;
	if (owner_goes(sequence))
	{
		sequence->changed |= (uint32) 1 << OWNED_BY;
		sequence->twin->changed |= (uint32) 1 << OWNED_BY;
	}
	else if (!is_carried(sequence))
		return;
	sequence->fate = sequence->twin->fate = MIG_ALTER;
}

/*
 * Does the table that owns an old sequence become logged or unlogged, and the
 * sequence with it?  One that is to be nobody's is set free before that.
 */
static bool
is_carried(const MigObject *sequence)
{
	const MigObject *column = sequence->owner_column;

	return column != NULL && !owner_goes(sequence) &&
		sequence->twin->values[OWNED_BY] != NULL &&
		column->parent->fate == MIG_ALTER &&
		MIG_CHANGED(column->parent, MIG_TABLE_PERSISTENCE);
}

/* What the persistence of an old sequence is when it is its turn */
static const char *
carried_persistence(const MigObject *sequence)
{
	return is_carried(sequence) ?
		sequence->owner_column->parent->twin->values[MIG_TABLE_PERSISTENCE] :
		sequence->values[PERSISTENCE];
}

static void
create(StringInfo buf, const MigObject *sequence)
{
	appendStringInfo(buf, "CREATE %sSEQUENCE %s",
					 is_unlogged(sequence) ? "UNLOGGED " : "",
					 sequence->identity);
	if (strcmp(sequence->values[TYPE], "bigint") != 0)
		appendStringInfo(buf, " AS %s", sequence->values[TYPE]);
	mig_sequence_append_options(buf, sequence->values[OPTIONS]);
}

static bool
is_unlogged(const MigObject *sequence)
{
	return sequence->values[PERSISTENCE][0] == RELPERSISTENCE_UNLOGGED;
}

/*
 * OWNED BY NONE comes first where the owner goes, since the sequence would go
 * with it.
 */
static void
alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	if (MIG_CHANGED(to, OWNED_BY) && from->values[OWNED_BY] != NULL &&
		(to->values[OWNED_BY] == NULL || owner_goes(from)))
		own(diff, to, "NONE");
	if (MIG_CHANGED(to, TYPE) || MIG_CHANGED(to, OPTIONS))
		alter_options(diff, from, to);
	if (!mig_same(carried_persistence(from), to->values[PERSISTENCE]))
		mig_action_alter(diff, to, "persistence", "ALTER SEQUENCE %s SET %s",
						 to->identity,
						 is_unlogged(to) ? "UNLOGGED" : "LOGGED")->sets_logging = true;
	if (MIG_CHANGED(to, OWNED_BY) && to->values[OWNED_BY] != NULL)
		own(diff, to, to->values[OWNED_BY]);
}

/* A sequence that is within its new bounds stays where it is. */
static void
alter_options(MigDiff *diff, MigObject *from, MigObject *to)
{
	StringInfoData clauses;
	char	   *move;
	bool		restart;
	MigAction  *action;

	initStringInfo(&clauses);
	if (MIG_CHANGED(to, TYPE))
		appendStringInfo(&clauses, " AS %s", to->values[TYPE]);
	mig_sequence_alter_options(&clauses, from->values[OPTIONS],
							   to->values[OPTIONS], MIG_CHANGED(to, TYPE), "");
	move = mig_sequence_move(from->values[OPTIONS], to->values[OPTIONS],
							 to->identity, &restart);
	if (move != NULL)
		mig_action_add(diff, MIG_OP_ALTER, to, "value", move);
	if (restart)
		appendStringInfoString(&clauses, " RESTART");
	action = mig_action_alter(diff, to, "options", "ALTER SEQUENCE %s%s",
							  to->identity, clauses.data);
	if (restart)
		mig_action_warn(action, MIG_FORGETS_COUNTER,
						"the place that sequence %s has reached, for it is out of the new bounds",
						to->identity);
	else
		mig_counter_warn_bounds(action, from, to);
}

/* Nothing has to wait for it. */
static void
own(MigDiff *diff, MigObject *sequence, const char *column)
{
	MigAction  *action;

	action = mig_action_alter(diff, sequence, "owning column",
							  "ALTER SEQUENCE %s OWNED BY %s",
							  sequence->identity, column);
	action->satellite = true;
	action->first = strcmp(column, "NONE") == 0;
}

/*
 * A new sequence goes on from where another is that it takes the place of, and
 * is tied to its column when that is there.
 */
static void
warn(MigDiff *diff, MigAction *action)
{
	MigObject  *sequence = action->object;

	if (action->op == MIG_OP_DROP)
	{
		mig_counter_warn_lost(action, sequence);
		return;
	}
	mig_counter_warn(action, sequence);
	if (mig_counter_is_taken_over(sequence))
	{
		StringInfoData buf;

		initStringInfo(&buf);
		appendStringInfoString(&buf, mig_counter_before(sequence));
		create(&buf, sequence);
		appendStringInfo(&buf, ";\n%s", mig_counter_go_on(sequence));
		action->sql = buf.data;
	}
	if (sequence->values[OWNED_BY] != NULL)
		own(diff, sequence, sequence->values[OWNED_BY]);
	if (sequence->counterpart != NULL && !mig_counter_is_taken_over(sequence))
		mig_action_alter(diff, sequence, "value", "%s",
						 mig_counter_go_on(sequence))->satellite = true;
}

/* Is the column that owns an old sequence dropped? */
static bool
owner_goes(const MigObject *sequence)
{
	const MigObject *column = sequence->owner_column;

	return column != NULL && mig_goes(column);
}
