/*-------------------------------------------------------------------------
 *
 * kind/enum.c
 *	  Enumerated types.
 *
 * New labels are added in place, each behind one that is there by then.  A
 * type that loses labels or whose order changes is replaced.
 *
 * The server does not accept a label in the transaction that has added it.  An
 * upgrade that makes use of one is to be committed between its statements.  A
 * downgrade replaces the type then, so that its revision need not be.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/enum.h"

#include "catalog/pg_type.h"
#include "kind/list.h"
#include "kind/type.h"
#include "sch/action.h"
#include "util/sql.h"
#include "util/token.h"
#include "utils/builtins.h"

/* Longest list of labels that is written on one line. */
#define MAX_LINE	60

enum
{
	LABELS,
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[LABELS] = {"labels"},
};

static const char query[] =
"SELECT t.oid, 0, 0::pg_catalog.oid, 0, nspname::pg_catalog.text, typname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(typowner)::pg_catalog.text, " MIG_ACL("typacl", "T", "typowner") ","
" l.labels"
" FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = typnamespace"
" LEFT JOIN (SELECT enumtypid, pg_catalog.string_agg(enumlabel, E'\\x01' ORDER BY enumsortorder) AS labels"
" FROM pg_catalog.pg_enum GROUP BY 1) l ON enumtypid = t.oid"
" WHERE typtype = 'e' AND typnamespace = ANY ($1)"
" ORDER BY nspname COLLATE \"C\", typname COLLATE \"C\"";

static void create(StringInfo buf, const MigObject *type);
static MigFate judge(MigDiff *diff, MigObject *from, MigObject *to);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);
static bool uses_new(const MigDiff *diff, const MigObject *from,
					 const MigObject *to);
static bool keeps_order(const List *before, const List *after);
static bool is_used(const MigDiff *diff, const MigObject *type,
					const char *label);
static bool mentions(const MigObject *object, const char *label,
					 const List *types);
static const char *end_of_types(const MigObject *object, const char *value);
static bool has_label(const char *expression, const char *end,
					  const char *label, const List *types);
static bool is_cast_elsewhere(const char *behind, const List *types);
static bool takes_values(const MigObject *column);
static bool is_filled_with(const MigDiff *diff, const MigObject *column,
						   const char *label, const List *types);

const MigKind mig_enum_kind = {
	.id = MIG_ENUM,
	.name = "enumerated type",
	.noun = "TYPE",
	.acl_noun = "TYPE",
	.acl_type = "T",
	.classid = TypeRelationId,
	.flags = MIG_KIND_TYPE | MIG_KIND_RELATION,
	.query = query,
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.create = create,
	.judge = judge,
	.alter = alter,
};

/* The labels of a type, a list. */
const char *
mig_enum_labels(const MigObject *type)
{
	return type->values[LABELS];
}

/* The labels of an old type that the new one has not, of char *. */
List *
mig_enum_lost_labels(const MigObject *from, const MigObject *to)
{
	List	   *after = mig_list_split(to->values[LABELS]);
	List	   *lost = NIL;
	const ListCell *lc;

	foreach(lc, mig_list_split(from->values[LABELS]))
	{
		if (!mig_has_name(after, lfirst(lc)))
			lost = lappend(lost, lfirst(lc));
	}
	return lost;
}

/* Short ones are written on one line. */
static void
create(StringInfo buf, const MigObject *type)
{
	List	   *labels = mig_list_split(type->values[LABELS]);
	const char *value = type->values[LABELS];
	bool		one_line;
	const ListCell *lc;

	one_line = value == NULL ||
		strlen(value) + 3 * list_length(labels) <= MAX_LINE;
	appendStringInfo(buf, "CREATE TYPE %s AS ENUM (", type->identity);
	foreach(lc, labels)
		appendStringInfo(buf, "%s%s%s",
						 foreach_current_index(lc) > 0 ? "," : "",
						 !one_line ? "\n    " :
						 foreach_current_index(lc) > 0 ? " " : "",
						 quote_literal_cstr(lfirst(lc)));
	appendStringInfoString(buf, one_line ? ")" : "\n)");
}

/*
 * Labels are added and renamed in place; without one, or in another order, it
 * is another type.
 */
static MigFate
judge(MigDiff *diff, MigObject *from, MigObject *to)
{
	if (!keeps_order(mig_list_split(from->values[LABELS]),
					 mig_list_split(to->values[LABELS])) ||
		(diff->reverse && uses_new(diff, from, to)))
		return MIG_RECREATE;
	return MIG_ALTER;
}

/* Does the script make use of a new label? */
static bool
uses_new(const MigDiff *diff, const MigObject *from, const MigObject *to)
{
	List	   *before = mig_list_split(from->values[LABELS]);
	const ListCell *lc;

	foreach(lc, mig_list_split(to->values[LABELS]))
	{
		if (!mig_has_name(before, lfirst(lc)) && is_used(diff, to, lfirst(lc)))
			return true;
	}
	return false;
}

/* Each new label goes behind the one before it, which is there by then. */
static void
alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	List	   *before = mig_list_split(from->values[LABELS]);
	const char *previous = NULL;
	int			left = list_length(before);
	const ListCell *lc;

	foreach(lc, mig_list_split(to->values[LABELS]))
	{
		const char *label = lfirst(lc);
		const char *where = "";
		const char *anchor = "";
		MigAction  *action;

		if (mig_has_name(before, label))
			left--;
		else
		{
			if (left > 0)
			{
				where = previous == NULL ? " BEFORE " : " AFTER ";
				anchor = quote_literal_cstr(previous == NULL ?
											linitial(before) : previous);
			}
			action = mig_action_alter(diff, to, "labels",
									  "ALTER TYPE %s ADD VALUE %s%s%s",
									  to->identity, quote_literal_cstr(label),
									  where, anchor);
			action->label = label;
			if (is_used(diff, to, label))
				mig_action_warn(action, MIG_ENUM_USED_AT_ONCE,
								"value %s is used below, and has to be committed before: migrate_deploy() does that, migrate_upgrade() needs tables that have the type to be empty or new",
								quote_literal_cstr(label));
		}
		previous = label;
	}
}

/* Are all labels still there, in the same order? */
static bool
keeps_order(const List *before, const List *after)
{
	const ListCell *next = list_head(before);
	const ListCell *lc;

	foreach(lc, after)
	{
		if (next != NULL && strcmp(lfirst(lc), lfirst(next)) == 0)
			next = lnext(before, next);
	}
	return next == NULL;
}

/*
 * Does the script make use of a label that is new?
 *
 * What mentions it and is the same as before means something else by it.
 */
static bool
is_used(const MigDiff *diff, const MigObject *type, const char *label)
{
	List	   *types = mig_type_built_on(type);
	const ListCell *lc;

	foreach(lc, mig_type_users(type))
	{
		const MigObject *user = lfirst(lc);

		if (mentions(user, label, types))
			return true;
		if (user->kind->id != MIG_COLUMN)
			continue;
		if (mentions(user->parent, label, types) || takes_values(user) ||
			is_filled_with(diff, user, label, types))
			return true;
	}
	return false;
}

/* Has a new or changed object a literal of the types that has the label? */
static bool
mentions(const MigObject *object, const char *label, const List *types)
{
	for (int i = 0; i < object->kind->nattributes; i++)
	{
		const char *value = object->values[i];

		if (value != NULL && !object->ignored &&
			(object->twin == NULL ||
			 !mig_same(value, object->twin->values[i])) &&
			has_label(value, end_of_types(object, value), label, types))
			return true;
	}
	return false;
}

/*
 * Where the part of an attribute ends in which literals have types: before the
 * text of a routine and the arguments of a trigger.
 */
static const char *
end_of_types(const MigObject *object, const char *value)
{
	const char *end = NULL;

	if (object->kind->body != NULL && value == object->kind->body(object))
		return value;
	if (object->kind->id == MIG_FUNCTION)
		end = mig_token_find(value, "\nAS ");
	else if (object->kind->id == MIG_TRIGGER)
		end = mig_token_find(value, " EXECUTE FUNCTION ");
	return end != NULL ? end : value + strlen(value);
}

/*
 * Has an expression, up to its end, a literal of the types that is or contains
 * the label?  One that is not cast may be of any type.
 */
static bool
has_label(const char *expression, const char *end, const char *label,
		  const List *types)
{
	StringInfoData literal;
	bool		inside = false;

	initStringInfo(&literal);
	for (const char *at = expression; at < end; at++)
	{
		if (*at != '\'')
		{
			if (inside)
				appendStringInfoChar(&literal, *at);
		}
		else if (inside && at[1] == '\'')
			appendStringInfoChar(&literal, *at++);
		else
		{
			if (inside && mig_literal_has(literal.data, label) &&
				!is_cast_elsewhere(at + 1, types))
				return true;
			inside = !inside;
			resetStringInfo(&literal);
		}
	}
	return false;
}

/* Is a literal, by what is behind it, cast to none of the types? */
static bool
is_cast_elsewhere(const char *behind, const List *types)
{
	const ListCell *lc;

	if (strncmp(behind, "::", 2) != 0)
		return false;
	foreach(lc, types)
	{
		const char *name = ((const MigObject *) lfirst(lc))->identity;
		size_t		length = strlen(name);
		char		next = behind[2 + length];

		if (strncmp(behind + 2, name, length) == 0 && next != '_' &&
			!isalnum((unsigned char) next) && !IS_HIGHBIT_SET(next))
			return false;
	}
	return true;
}

/* Does a column with rows get the type only now? */
static bool
takes_values(const MigObject *column)
{
	return column->twin != NULL &&
		!mig_same(MIG_TYPE_NAME(column), MIG_TYPE_NAME(column->twin)) &&
		mig_may_have_rows(column->parent);
}

static bool
is_filled_with(const MigDiff *diff, const MigObject *column,
			   const char *label, const List *types)
{
	const ListCell *lc;

	foreach(lc, diff->fills)
	{
		const MigFill *fill = lfirst(lc);

		if (strcmp(fill->column, column->identity) == 0 &&
			has_label(fill->value, fill->value + strlen(fill->value), label,
					  types))
			return true;
	}
	return false;
}
