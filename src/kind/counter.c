/*-------------------------------------------------------------------------
 *
 * kind/counter.c
 *	  Where a sequence or identity column that is new goes on.
 *
 * A counter is a sequence, or an identity column, which has one.  One that
 * gives a column its numbers in the place of another goes on from where that
 * is, called or not; the other is renamed where its name is needed, and
 * dropped when it has been read.  One for a column that had none goes on
 * behind the values that are there, whether there are any when the script is
 * written or not.  One that serves several columns goes on from the farthest.
 * What is out of its bounds is brought to their edge, and said.  Of a table
 * that is dropped and created another sequence keeps the place meanwhile; if
 * it is partitioned, it has its values again when its partitions are back.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/counter.h"

#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "kind/column_values.h"
#include "kind/kinds.h"
#include "kind/sequence_options.h"
#include "kind/table_parents.h"
#include "sch/action.h"
#include "utils/builtins.h"

static MigHazard *warn_of_place(MigAction *action, MigHazardCode code,
								const MigObject *counter, const char *format)
			pg_attribute_printf(4, 0);
static void begin_again(MigDiff *diff, StringInfo buf, MigObject *old,
						MigObject *new);
static void keep(MigDiff *diff, StringInfo buf, MigObject *old,
				 MigObject *new);
static MigSequenceBounds options_alone(const MigObject *from,
									   const MigObject *to);
static void warn_of_change(MigAction *action, const MigObject *from,
						   MigSequenceBounds known, MigSequenceBounds bounds);
static void warn_of_bounds(MigAction *action, const MigObject *from,
						   MigSequenceBounds known, MigSequenceBounds bounds,
						   bool below, bool above);
static bool has_index(const MigObject *column);
static void warn_of_source(MigAction *action, const MigObject *counter,
						   const MigObject *old);
static void pair_column(MigObject *column);
static bool has_values(const MigObject *column);
static void join(MigObject *new, MigObject *old);
static bool covers(const MigObject *source, const MigObject *column);
static MigObject *old_counter(MigObject *column);
static MigObject *new_counter(MigObject *column);
static MigObject *sequence_of(const MigObject *column);
static bool is_plain(const MigObject *object);
static bool frees(const MigObject *counter, const MigObject *old);
static char *old_name(const MigObject *counter, const MigObject *old);
static char *replaced_name(const MigObject *old);
static char *sequence_name(const MigObject *counter);
static char *name_as_value(const MigObject *counter);
static const char *options_of(const MigObject *counter);
static MigSequenceBounds bounds_of(const MigObject *counter);
static bool has_higher_least(const MigObject *counter, const MigObject *old);
static bool has_lower_most(const MigObject *counter, const MigObject *old);
static bool may_be_beyond(const MigObject *counter, const MigObject *column);
static int64 most_of(const MigObject *column);
static char *go_on_from(const MigObject *counter, const char *old);
static char *farthest(const MigObject *counter);
static char *go_on_behind(const MigObject *counter);
static char *last_values(const MigObject *counter);
static char *last_value(const MigObject *counter, const MigObject *column);

/* Find out which counters take the place of others. */
void
mig_counter_pair(MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->to->objects)
	{
		MigObject  *object = lfirst(lc);

		if (object->kind->id == MIG_COLUMN && !object->ignored &&
			object->twin != NULL && (object->fate != MIG_RECREATE ||
									 mig_goes(object->parent)))
			pair_column(object);
	}
}

static void
pair_column(MigObject *column)
{
	MigObject  *new = new_counter(column);
	MigObject  *old = old_counter(column->twin);

	if (new == NULL)
		return;
	if (old == NULL)
	{
		if (has_values(column->twin) &&
			mig_counter_is_number(new == column ? column : column->twin))
			join(new, column->twin);
		return;
	}
	join(new, old);
	if (old->counterpart == NULL)
		old->counterpart = new;
	if (new == column && old->kind->id == MIG_SEQUENCE &&
		old->fate == MIG_DROP && old->successor == NULL &&
		!mig_goes(column->parent) &&
		mig_same(old->nspname, column->parent->nspname) &&
		mig_same(old->name, mig_counter_name(column)))
		old->successor = new;
}

/*
 * Are the values of an old column there when its table is?  If that is dropped
 * and created they are in its partitions.
 */
static bool
has_values(const MigObject *column)
{
	return !mig_goes(column->parent) ||
		(mig_table_is_partitioned(column->parent) &&
		 mig_table_is_partitioned(column->parent->twin));
}

/*
 * Let a new counter go on from an old one, or from a column that has had none,
 * besides what it goes on from already.
 */
static void
join(MigObject *new, MigObject *old)
{
	List	   *sources = NIL;
	const ListCell *lc;

	foreach(lc, mig_counter_sources(new))
	{
		MigObject  *other = lfirst(lc);

		if (other == old || covers(other, old))
			return;
		if (!covers(old, other))
			sources = lappend(sources, other);
	}
	if (sources != NIL && (is_plain(old) || !is_plain(linitial(sources))))
		sources = lappend(sources, old);
	else
		sources = lcons(old, sources);
	new->counterpart = linitial(sources);
	new->joined = list_delete_first(sources);
}

/*
 * Is what a column without a counter has among the values of another's, or
 * given by that, since its table is part of the other one?
 */
static bool
covers(const MigObject *source, const MigObject *column)
{
	return source->kind->id == MIG_COLUMN && is_plain(column) &&
		mig_same(source->name, column->name) &&
		(is_plain(source) || mig_table_is_partition(column->parent)) &&
		list_member_ptr(mig_table_ancestors(column->parent), source->parent);
}

/* What a new counter goes on from, MigObject *. */
List *
mig_counter_sources(const MigObject *counter)
{
	if (counter->counterpart == NULL)
		return NIL;
	return lcons(counter->counterpart, list_copy(counter->joined));
}

/* What counts for an old column, and may not do so any more; or NULL. */
static MigObject *
old_counter(MigObject *column)
{
	return column->values[IDENTITY] != NULL ? column : sequence_of(column);
}

/* What is to count for a column and is new; or NULL. */
static MigObject *
new_counter(MigObject *column)
{
	MigObject  *sequence = sequence_of(column);

	if (column->values[IDENTITY] != NULL)
		return column->twin->values[IDENTITY] == NULL ? column : NULL;
	return sequence != NULL && sequence->twin == NULL ? sequence : NULL;
}

/* The one sequence that a column's default calls, or NULL. */
static MigObject *
sequence_of(const MigObject *column)
{
	const MigObject *value = mig_column_default(column);
	MigObject  *sequence = NULL;
	const ListCell *lc;

	foreach(lc, value == NULL ? NIL : value->depends)
	{
		MigObject  *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind->id != MIG_SEQUENCE || on->ignored)
			continue;
		if (sequence != NULL)
			return NULL;
		sequence = on;
	}
	return sequence;
}

/* The sequence of an identity column, as SQL has it. */
char *
mig_counter_sequence(const MigObject *column)
{
	return quote_qualified_identifier(column->parent->schema,
									  mig_counter_name(column));
}

/* Does a new counter go on from where another is? */
bool
mig_counter_is_taken_over(const MigObject *counter)
{
	return counter->counterpart != NULL && !is_plain(counter->counterpart);
}

/*
 * The statements that have to come before a new counter is made: the old one
 * gives up its name, and the column that owns it.  "" if there are none.
 */
char *
mig_counter_before(const MigObject *counter)
{
	StringInfoData buf;
	const ListCell *lc;

	initStringInfo(&buf);
	foreach(lc, mig_counter_sources(counter))
	{
		const MigObject *old = lfirst(lc);

		if (is_plain(old))
			continue;
		if (old->owner_column != NULL && old->fate == MIG_DROP &&
			frees(counter, old))
			appendStringInfo(&buf, "ALTER SEQUENCE %s OWNED BY NONE;\n",
							 old->identity);
		if (mig_counter_takes_name(counter, old))
			appendStringInfo(&buf, "ALTER SEQUENCE %s RENAME TO %s;\n",
							 sequence_name(old),
							 quote_identifier(replaced_name(old)));
	}
	return buf.data;
}

/*
 * Is it this new counter that lets an old one be owned by no column?  That is
 * left to the one which the column of the old one gets, if it goes on as well.
 */
static bool
frees(const MigObject *counter, const MigObject *old)
{
	const MigObject *owner = old->owner_column->twin;

	return mig_counter_takes_name(counter, old) ||
		(counter->kind->id == MIG_COLUMN &&
		 (owner == NULL || owner == counter ||
		  !list_member_ptr(mig_counter_sources(owner), old)));
}

/* The statement that lets a new counter go on, without semicolon; or NULL. */
char *
mig_counter_go_on(const MigObject *counter)
{
	if (counter->counterpart == NULL)
		return NULL;
	if (is_plain(counter->counterpart))
		return go_on_behind(counter);
	return go_on_from(counter, counter->joined == NIL ?
					  old_name(counter, counter->counterpart) :
					  farthest(counter));
}

/*
 * A table that is dropped to come again takes the sequences of its identity
 * columns along, which cannot be owned by anything else: other sequences keep
 * their places meanwhile.
 */
void
mig_counter_keep(MigDiff *diff, MigAction *drop)
{
	StringInfoData buf;
	const ListCell *lc;

	initStringInfo(&buf);
	foreach(lc, drop->object->children)
	{
		MigObject  *column = lfirst(lc);
		MigObject  *old;

		if (column->kind->id != MIG_COLUMN)
			continue;
		old = old_counter(column);
		if (column->twin != NULL && column->twin->values[IDENTITY] != NULL)
			begin_again(diff, &buf, old, column->twin);
		else if (old == column)
			mig_counter_warn_lost(drop, column);
	}
	if (buf.len == 0)
		return;
	mig_kind_drop(&buf, drop->object);
	drop->sql = buf.data;
}

/*
 * See that the identity column of a table that comes again goes on: where the
 * old counter is, if there is one, or behind the values of its partitions.
 */
static void
begin_again(MigDiff *diff, StringInfo buf, MigObject *old, MigObject *new)
{
	MigAction  *action;

	if (old != NULL)
	{
		keep(diff, buf, old, new);
		return;
	}
	if (new->counterpart == NULL)
		return;
	action = mig_action_alter(diff, new, "identity", "%s", go_on_behind(new));
	action->satellite = true;
	action->late = true;
	mig_counter_warn(action, new);
}

/* Append what keeps a counter's place, and see that the new one gets it. */
static void
keep(MigDiff *diff, StringInfo buf, MigObject *old, MigObject *new)
{
	const char *keeper = quote_qualified_identifier(new->parent->schema,
													replaced_name(old));
	MigAction  *action;

	appendStringInfo(buf, "CREATE SEQUENCE %s", keeper);
	mig_sequence_append_options(buf, options_of(old));
	appendStringInfo(buf, ";\nSELECT pg_catalog.setval(%s, last_value, is_called) FROM %s;\n",
					 quote_literal_cstr(keeper), sequence_name(old));
	new->counterpart = old;
	action = mig_action_alter(diff, new, "identity", "%s;\nDROP SEQUENCE %s",
							  go_on_from(new, keeper), keeper);
	action->satellite = true;
	mig_counter_warn(action, new);
}

/* Say what is out of the bounds of a new counter. */
void
mig_counter_warn(MigAction *action, const MigObject *counter)
{
	const ListCell *lc;

	foreach(lc, mig_counter_sources(counter))
		warn_of_source(action, counter, lfirst(lc));
}

/* The same of one that it goes on from */
static void
warn_of_source(MigAction *action, const MigObject *counter,
			   const MigObject *old)
{
	MigSequenceBounds bounds = bounds_of(counter);
	bool		higher;
	bool		lower;
	MigHazard  *hazard;
	const char *name;

	if (!is_plain(old))
	{
		higher = has_higher_least(counter, old);
		lower = has_lower_most(counter, old);
		if (higher || lower)
			mig_action_warn(action, MIG_LOSES_DATA,
							"the place that %s%s has reached, if it is out of the new bounds",
							old->kind->id == MIG_COLUMN ?
							"the sequence of column " : "sequence ",
							old->identity);
		warn_of_bounds(action, old, bounds_of(old), bounds, higher, lower);
		return;
	}
	if (counter->kind->id == MIG_COLUMN && !has_index(old))
		mig_action_warn(action, MIG_SCANS_TABLE,
						"no session can use it while its last value is searched")->table =
			old->parent->identity;
	if (!may_be_beyond(counter, old))
		return;
	name = quote_identifier(old->name);
	hazard = mig_action_warn(action, MIG_MAY_FAIL,
							 "column \"%s\" has values beyond the last one of its sequence, which gives no more then",
							 old->name);
	hazard->table = old->parent->identity;
	hazard->probe = psprintf("SELECT pg_catalog.count(*) FROM %s WHERE %s %c " INT64_FORMAT,
							 old->parent->identity, name,
							 bounds.runs_down ? '<' : '>',
							 bounds.runs_down ? bounds.least : bounds.most);
}

/* Is a column in an index, which finds its last value without a search? */
static bool
has_index(const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, column->dependents)
	{
		const MigObject *user = ((MigDepend *) lfirst(lc))->object;

		if (user->kind->id == MIG_INDEX ||
			(user->kind->id == MIG_CONSTRAINT &&
			 !mig_constraint_is_check(user)))
			return true;
	}
	return false;
}

/*
 * Warn of a counter that stays and may be out of its new bounds, which the
 * server refuses.  One that has not come as far is moved before.
 */
void
mig_counter_warn_bounds(MigAction *action, const MigObject *from,
						const MigObject *to)
{
	warn_of_change(action, from, bounds_of(from), bounds_of(to));
}

/* The same of an identity column's options; see also what its type does. */
void
mig_counter_warn_options(MigAction *action, const MigObject *from,
						 const MigObject *to)
{
	warn_of_change(action, from, bounds_of(from), options_alone(from, to));
}

/* And of its type: what its options refuse they say themselves. */
void
mig_counter_warn_type(MigAction *action, const MigObject *from,
					  const MigObject *to)
{
	warn_of_change(action, from, options_alone(from, to), bounds_of(to));
}

/* The new bounds of an identity column, under the wider of its two types */
static MigSequenceBounds
options_alone(const MigObject *from, const MigObject *to)
{
	MigSequenceBounds bounds = bounds_of(to);
	MigSequenceBounds before;

	before = mig_sequence_bounds(from->values[TYPE], to->values[SEQUENCE]);
	bounds.least = Min(bounds.least, before.least);
	bounds.most = Max(bounds.most, before.most);
	return bounds;
}

static void
warn_of_change(MigAction *action, const MigObject *from,
			   MigSequenceBounds known, MigSequenceBounds bounds)
{
	warn_of_bounds(action, from, known, bounds, known.start < bounds.least,
				   known.start > bounds.most);
}

/*
 * Warn of bounds that do not hold the place of an old counter.  Below them, or
 * above, it is brought to their edge.
 */
static void
warn_of_bounds(MigAction *action, const MigObject *from,
			   MigSequenceBounds known, MigSequenceBounds bounds, bool below,
			   bool above)
{
	MigHazard  *hazard;

	above |= known.most <= bounds.most;
	below |= known.least >= bounds.least;
	if (above && below)
		return;
	hazard = warn_of_place(action, MIG_MAY_FAIL, from,
						   from->kind->id == MIG_SEQUENCE ?
						   "the place that sequence %s has reached, if it is out of the new bounds" :
						   "the place that the sequence of column %s has reached, if it is out of the new bounds");
	hazard->least = below ? PG_INT64_MIN : bounds.least;
	hazard->most = above ? PG_INT64_MAX : bounds.most;
}

/* Say that a counter goes, and no other goes on from its place. */
void
mig_counter_warn_lost(MigAction *action, const MigObject *counter)
{
	if (counter->counterpart != NULL)
		return;
	warn_of_place(action, MIG_FORGETS_COUNTER, counter,
				  counter->kind->id == MIG_SEQUENCE ?
				  "sequence %s and the place that it has reached" :
				  "the identity of column %s and the place that it has reached");
}

/* A hazard that tells where a counter is; the format is for its name. */
static MigHazard *
warn_of_place(MigAction *action, MigHazardCode code, const MigObject *counter,
			  const char *format)
{
	bool		is_sequence = counter->kind->id == MIG_SEQUENCE;
	MigHazard  *hazard;

	hazard = mig_action_warn(action, code, format, counter->identity);
	hazard->counts = true;
	hazard->table = is_sequence ? counter->identity :
		counter->parent->identity;
	hazard->probe = psprintf("SELECT last_value FROM %s",
							 sequence_name(counter));
	return hazard;
}

/* A column of the old snapshot that has had no counter */
static bool
is_plain(const MigObject *object)
{
	return object->kind->id == MIG_COLUMN && object->values[IDENTITY] == NULL;
}

/* Has it values that a sequence can go on behind? */
bool
mig_counter_is_number(const MigObject *column)
{
	switch (atooid(column->values[CAST_TYPE]))
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return true;
		default:
			return false;
	}
}

/*
 * Does a new counter need the name of the old one?  Which name the sequence of
 * an identity column gets, the server decides.
 */
bool
mig_counter_takes_name(const MigObject *counter, const MigObject *old)
{
	if (old->kind->id == MIG_SEQUENCE)
		return old->successor == counter;
	return mig_same(counter->nspname, old->parent->nspname) &&
		mig_same(counter->name, mig_counter_name(old));
}

/* The sequence of an identity column is in the schema of its table. */
const char *
mig_counter_name(const MigObject *column)
{
	return column->values[SEQUENCE_NAME] + strlen(column->parent->nspname) + 1;
}

/* The old counter of a new one, as it is called when that is there. */
static char *
old_name(const MigObject *counter, const MigObject *old)
{
	if (old->kind->id == MIG_SEQUENCE)
		return quote_qualified_identifier(old->schema, old->successor == NULL ?
										  old->name : replaced_name(old));
	if (!mig_counter_takes_name(counter, old))
		return mig_counter_sequence(old);
	return quote_qualified_identifier(old->parent->schema,
									  replaced_name(old));
}

/* The name that an old counter gets while a new one takes its own. */
static char *
replaced_name(const MigObject *old)
{
	return old->kind->id == MIG_SEQUENCE ? mig_replaced_name(old) :
		makeObjectName(mig_counter_name(old), NULL, "replaced");
}

/* The sequence of an old counter, as SQL has it */
static char *
sequence_name(const MigObject *counter)
{
	return counter->kind->id == MIG_COLUMN ? mig_counter_sequence(counter) :
		pstrdup(counter->identity);
}

/* What setval() takes */
static char *
name_as_value(const MigObject *counter)
{
	if (counter->kind->id == MIG_SEQUENCE)
		return quote_literal_cstr(counter->identity);
	return psprintf("pg_catalog.pg_get_serial_sequence(%s, %s)",
					quote_literal_cstr(counter->parent->identity),
					quote_literal_cstr(counter->name));
}

static const char *
options_of(const MigObject *counter)
{
	return counter->values[counter->kind->id == MIG_COLUMN ? SEQUENCE :
						   MIG_SEQUENCE_GIVEN];
}

static MigSequenceBounds
bounds_of(const MigObject *counter)
{
	StaticAssertStmt((int) TYPE == (int) MIG_SEQUENCE_TYPE, "where the type is");
	return mig_sequence_bounds(counter->values[TYPE], options_of(counter));
}

/*
 * May the old counter be below what a new one may give?  Not where that is for
 * the type's sake: then the column, too, has no room for it.
 */
static bool
has_higher_least(const MigObject *counter, const MigObject *old)
{
	MigSequenceBounds bounds = bounds_of(counter);
	MigSequenceBounds known = bounds_of(old);

	return known.least < bounds.least &&
		(bounds.is_least_given || !bounds.runs_down);
}

static bool
has_lower_most(const MigObject *counter, const MigObject *old)
{
	MigSequenceBounds bounds = bounds_of(counter);
	MigSequenceBounds known = bounds_of(old);

	return known.most > bounds.most &&
		(bounds.is_most_given || bounds.runs_down);
}

/* May a column that has had no counter have values beyond a new one's? */
static bool
may_be_beyond(const MigObject *counter, const MigObject *column)
{
	MigSequenceBounds bounds = bounds_of(counter);

	return bounds.runs_down || bounds.is_most_given ||
		bounds.most < most_of(column->twin);
}

/* The last value that a column has room for, as it is to be */
static int64
most_of(const MigObject *column)
{
	switch (atooid(column->values[CAST_TYPE]))
	{
		case INT2OID:
			return PG_INT16_MAX;
		case INT4OID:
			return PG_INT32_MAX;
		default:
			return PG_INT64_MAX;
	}
}

/* From where the old counter, of that name, is, within the new bounds */
static char *
go_on_from(const MigObject *counter, const char *old)
{
	MigSequenceBounds bounds = bounds_of(counter);
	bool		higher = false;
	bool		lower = false;
	const char *value = "last_value";
	const char *called = "is_called";
	const ListCell *lc;

	foreach(lc, mig_counter_sources(counter))
	{
		higher |= has_higher_least(counter, lfirst(lc));
		lower |= has_lower_most(counter, lfirst(lc));
	}
	if (higher)
	{
		value = psprintf("GREATEST(last_value, " INT64_FORMAT ")", bounds.least);
		called = psprintf("is_called AND last_value >= " INT64_FORMAT,
						  bounds.least);
	}
	if (lower)
		value = psprintf("LEAST(%s, " INT64_FORMAT ")", value, bounds.most);
	return psprintf("SELECT pg_catalog.setval(%s, %s, %s) FROM %s",
					name_as_value(counter), value, called, old);
}

/* Of several the one that has come farthest the new one's way */
static char *
farthest(const MigObject *counter)
{
	MigSequenceBounds bounds = bounds_of(counter);
	StringInfoData buf;
	const ListCell *lc;

	initStringInfo(&buf);
	foreach(lc, mig_counter_sources(counter))
	{
		const MigObject *old = lfirst(lc);

		appendStringInfoString(&buf, buf.len == 0 ? "(\n    " :
							   "\n    UNION ALL ");
		if (is_plain(old))
			appendStringInfo(&buf, "SELECT %s, true FROM %s HAVING %s IS NOT NULL",
							 last_value(counter, old), old->parent->identity,
							 last_value(counter, old));
		else
			appendStringInfo(&buf, "SELECT last_value, is_called FROM %s",
							 old_name(counter, old));
	}
	appendStringInfo(&buf, "\n    ORDER BY 1%s, 2 DESC LIMIT 1) AS old",
					 bounds.runs_down ? "" : " DESC");
	return buf.data;
}

/*
 * Behind the values of columns.  A sequence that starts behind them all does
 * so.
 */
static char *
go_on_behind(const MigObject *counter)
{
	const MigObject *column = counter->counterpart;
	MigSequenceBounds bounds = bounds_of(counter);
	const char *table = column->parent->identity;
	const char *last = last_value(counter, column);
	const char *value;
	bool		beyond = false;
	const ListCell *lc;

	if (counter->joined != NIL)
	{
		table = last_values(counter);
		last = psprintf("pg_catalog.%s(value)",
						bounds.runs_down ? "min" : "max");
	}
	foreach(lc, mig_counter_sources(counter))
		beyond |= may_be_beyond(counter, lfirst(lc));
	value = last;
	if (bounds.runs_down)
		value = psprintf("GREATEST(%s, " INT64_FORMAT ")", last, bounds.least);
	else if (beyond)
		value = psprintf("LEAST(%s, " INT64_FORMAT ")", last, bounds.most);
	return psprintf("SELECT pg_catalog.setval(%s, %s)%sFROM %s%sHAVING %s %s "
					INT64_FORMAT, name_as_value(counter), value,
					counter->joined == NIL ? "\n    " : " ", table,
					counter->joined == NIL ? " " : "\n    ", last,
					bounds.runs_down ? "<=" : ">=", bounds.start);
}

/* The last value of each column that a new counter goes on behind */
static char *
last_values(const MigObject *counter)
{
	StringInfoData buf;
	const ListCell *lc;

	initStringInfo(&buf);
	foreach(lc, mig_counter_sources(counter))
	{
		const MigObject *column = lfirst(lc);

		appendStringInfo(&buf, "%sSELECT %s%s FROM %s",
						 buf.len == 0 ? "(\n    " : "\n    UNION ALL ",
						 last_value(counter, column),
						 buf.len == 0 ? " AS value" : "",
						 column->parent->identity);
	}
	appendStringInfoString(&buf, ") AS old");
	return buf.data;
}

/* The value of a column that its new counter has to go on behind */
static char *
last_value(const MigObject *counter, const MigObject *column)
{
	return psprintf("pg_catalog.%s(%s)",
					bounds_of(counter).runs_down ? "min" : "max",
					quote_identifier(column->name));
}
