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
#include "kind/list.h"
#include "kind/table_parents.h"
#include "sch/action.h"
#include "utils/builtins.h"

enum
{
	TYPE,
	OPTIONS,
	PERSISTENCE,
	OWNED_BY,
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[TYPE] = {"type"},
	[OPTIONS] = {"options"},
	[PERSISTENCE] = {"persistence"},
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

/* How an option is written, and how its default is. */
static const struct
{
	const char *name;			/* with the equals sign */
	const char *clause;
	const char *otherwise;		/* NULL: see start_of() */
}			options[] = {
	{"increment=", "INCREMENT BY ", "INCREMENT BY 1"},
	{"minvalue=", "MINVALUE ", "NO MINVALUE"},
	{"maxvalue=", "MAXVALUE ", "NO MAXVALUE"},
	{"start=", "START WITH ", NULL},
	{"cache=", "CACHE ", "CACHE 1"},
	{"cycle=", "CYCLE", "NO CYCLE"},
};

static void create(StringInfo buf, const MigObject *sequence);
static bool is_unlogged(const MigObject *sequence);
static bool is_carried(const MigObject *sequence);
static const char *carried_persistence(const MigObject *sequence);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);
static void alter_options(MigDiff *diff, MigObject *from, MigObject *to);
static bool move(MigDiff *diff, MigObject *from, MigObject *to);
static void own(MigDiff *diff, MigObject *sequence, const char *column);
static void warn(MigDiff *diff, MigAction *action);
static void catch_up(MigDiff *diff, MigObject *sequence);
static bool owner_goes(const MigObject *sequence);
static const char *option_of(const List *list, const char *name);
static bool runs_down(const List *list);
static int64 start_of(const List *list);
static int64 bound_of(const List *list, bool upper);
static int64 number(const char *digits);

const MigKind mig_sequence_kind = {
	.id = MIG_SEQUENCE,
	.name = "sequence",
	.noun = "SEQUENCE",
	.acl_noun = "SEQUENCE",
	.acl_type = "s",
	.classid = RelationRelationId,
	.flags = MIG_KIND_DATA | MIG_KIND_RELATION,
	.query = query,
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

/* Append the options as CREATE SEQUENCE has them, each after a blank. */
void
mig_sequence_append_options(StringInfo buf, const char *given)
{
	List	   *list = mig_list_split(given);

	for (size_t i = 0; i < lengthof(options); i++)
	{
		const char *value = option_of(list, options[i].name);

		if (value != NULL)
			appendStringInfo(buf, " %s%s", options[i].clause, value);
	}
}

/* Append the options that differ, each after a blank and a prefix ("SET "). */
void
mig_sequence_alter_options(StringInfo buf, const char *from, const char *to,
						   const char *prefix)
{
	List	   *before = mig_list_split(from);
	List	   *after = mig_list_split(to);
	bool		turned = runs_down(before) != runs_down(after);

	for (size_t i = 0; i < lengthof(options); i++)
	{
		const char *old = option_of(before, options[i].name);
		const char *value = option_of(after, options[i].name);

		if (options[i].otherwise == NULL)
		{
			if (start_of(before) != start_of(after))
				appendStringInfo(buf, " %sSTART WITH " INT64_FORMAT, prefix,
								 start_of(after));
		}
		else if (mig_same(old, value) &&
				 (value != NULL || !turned || i == 0 || i > 2))
			continue;
		else if (value != NULL)
			appendStringInfo(buf, " %s%s%s", prefix, options[i].clause, value);
		else
			appendStringInfo(buf, " %s%s", prefix, options[i].otherwise);
	}
}

/*
 * Where a sequence has to go before its bounds change, in case it is outside
 * of the new ones: false, nowhere.  Where nothing is within both the old and
 * the new bounds, it has to start anew: *restart.
 */
bool
mig_sequence_moves(const char *from, const char *to, int64 *where,
				   bool *restart)
{
	List	   *before = mig_list_split(from);
	List	   *after = mig_list_split(to);
	int64		start = start_of(before);
	int64		least = bound_of(after, false);
	int64		most = bound_of(after, true);

	*restart = false;
	if (start >= least && start <= most)
		return false;
	*where = start < least ? least : most;
	*restart = *where < bound_of(before, false) ||
		*where > bound_of(before, true);
	return true;
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

static void
alter_options(MigDiff *diff, MigObject *from, MigObject *to)
{
	StringInfoData clauses;
	bool		restart;
	MigAction  *action;

	initStringInfo(&clauses);
	if (MIG_CHANGED(to, TYPE))
		appendStringInfo(&clauses, " AS %s", to->values[TYPE]);
	mig_sequence_alter_options(&clauses, from->values[OPTIONS],
							   to->values[OPTIONS], "");
	restart = move(diff, from, to);
	if (restart)
		appendStringInfoString(&clauses, " RESTART");
	action = mig_action_alter(diff, to, "options", "ALTER SEQUENCE %s%s",
							  to->identity, clauses.data);
	if (restart)
		mig_action_warn(action, MIG_FORGETS_COUNTER,
						"the place that sequence %s has reached, for it is out of the new bounds",
						to->identity);
}

/*
 * Let a sequence that has not come as far as the new bounds go there.  Returns
 * true if it has to start anew.
 */
static bool
move(MigDiff *diff, MigObject *from, MigObject *to)
{
	int64		where;
	bool		restart;
	bool		up;

	if (!mig_sequence_moves(from->values[OPTIONS], to->values[OPTIONS],
							&where, &restart) || restart)
		return restart;
	up = where > start_of(mig_list_split(from->values[OPTIONS]));
	mig_action_alter(diff, to, "value",
					 "SELECT pg_catalog.setval(%s, " INT64_FORMAT
					 ", false) FROM %s WHERE last_value %c " INT64_FORMAT,
					 quote_literal_cstr(to->identity), where, to->identity,
					 up ? '<' : '>', where);
	return false;
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

/* A new sequence is tied to its column when that is there. */
static void
warn(MigDiff *diff, MigAction *action)
{
	MigObject  *sequence = action->object;

	if (action->op == MIG_OP_DROP)
		mig_action_warn(action, MIG_FORGETS_COUNTER,
						"sequence %s and the place that it has reached",
						sequence->identity);
	if (action->op != MIG_OP_CREATE || sequence->values[OWNED_BY] == NULL)
		return;
	own(diff, sequence, sequence->values[OWNED_BY]);
	catch_up(diff, sequence);
}

/* A column that is there already may have values. */
static void
catch_up(MigDiff *diff, MigObject *sequence)
{
	const MigObject *column = sequence->owner_column;
	List	   *given = mig_list_split(sequence->values[OPTIONS]);
	const char *name;

	if (column == NULL || column->twin == NULL || runs_down(given) ||
		column->fate == MIG_RECREATE ||
		!mig_may_have_rows(column->parent))
		return;
	name = quote_identifier(column->name);
	mig_action_alter(diff, sequence, "value",
					 "SELECT pg_catalog.setval(%s, pg_catalog.max(%s)) FROM %s"
					 " HAVING pg_catalog.max(%s) >= " INT64_FORMAT,
					 quote_literal_cstr(sequence->identity), name,
					 column->parent->identity, name,
					 bound_of(given, false))->satellite = true;
}

/* Is the column that owns an old sequence dropped? */
static bool
owner_goes(const MigObject *sequence)
{
	const MigObject *column = sequence->owner_column;

	return column != NULL &&
		(column->fate == MIG_DROP || column->fate == MIG_RECREATE);
}

static const char *
option_of(const List *list, const char *name)
{
	const ListCell *lc;

	foreach(lc, list)
	{
		const char *option = lfirst(lc);

		if (strncmp(option, name, strlen(name)) == 0)
			return option + strlen(name);
	}
	return NULL;
}

/* Its minimum and maximum are then others by default. */
static bool
runs_down(const List *list)
{
	const char *increment = option_of(list, "increment=");

	return increment != NULL && increment[0] == '-';
}

/* Where a sequence starts */
static int64
start_of(const List *list)
{
	const char *start = option_of(list, "start=");

	return start != NULL ? number(start) : bound_of(list, runs_down(list));
}

/* A bound, as far as it is known without the type */
static int64
bound_of(const List *list, bool upper)
{
	const char *bound = option_of(list, upper ? "maxvalue=" : "minvalue=");
	bool		down = runs_down(list);

	if (bound != NULL)
		return number(bound);
	if (upper)
		return down ? -1 : PG_INT64_MAX;
	return down ? PG_INT64_MIN : 1;
}

static int64
number(const char *digits)
{
	return strtoi64(digits, NULL, 10);
}
