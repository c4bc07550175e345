/*-------------------------------------------------------------------------
 *
 * kind/index_parts.c
 *	  Indexes of partitions that belong to one of the partitioned table.
 *
 * The server makes them along with the index of the partitioned table, or with
 * the partition, and gives them names; one that fits is taken where there is
 * one.  Where that would not be what is wanted, the index of the partitioned
 * table is made alone (ONLY) and is not valid, each partition gets its own by
 * a statement, and these are attached: when none misses it is valid.  So is
 * one completed that has been left like that.  None is ever detached from
 * another, except with its table.
 *
 * "Index" is that of a key, too.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/index_parts.h"

#include "catalog/dependency.h"
#include "catalog/pg_constraint.h"
#include "commands/defrem.h"
#include "kind/table_parents.h"
#include "sch/action.h"
#include "utils/builtins.h"

static bool is_valid(const MigObject *object);
static bool is_above(const MigObject *index, const MigObject *part);
static List *parts_of(const MigObject *index);
static bool is_attached_to(const MigObject *part, const MigObject *index);
static bool stays_partition(const MigObject *table);
static const MigObject *part_on(const MigObject *index,
								const MigObject *table);
static bool gains_new_key(const MigObject *index);
static bool is_completed(const MigObject *from, const MigObject *to);
static void plan(const MigDiff *diff, MigObject *index);
static bool is_made_before(const MigDiff *diff, const MigObject *index,
						   const MigObject *part);
static bool leaves_any_alone(const MigObject *table);
static bool has_special(const MigDiff *diff, const MigObject *index);
static bool has_rival(const MigObject *part);
static bool is_alike(const MigObject *one, const MigObject *other);
static const char *key_definition(const MigObject *key);
static bool is_usual(const char *name, const char *usual);
static List *add_alters(List *actions, const MigObject *object);

/*
 * Is it, or what it has, not an index of a partitioned table that misses some
 * of the partitions'?
 */
static bool
is_valid(const MigObject *object)
{
	return MIG_IS_TRUE(mig_index_values(object)[MIG_INDEX_VALID]);
}

/* Is it an index, or a constraint that has one? */
bool
mig_index_is_any(const MigObject *object)
{
	return object->kind->id == MIG_INDEX ||
		(object->kind->id == MIG_CONSTRAINT &&
		 mig_index_values(object)[MIG_INDEX_CLUSTERED] != NULL);
}

/* What is told above of an index, or a constraint. */
char **
mig_index_values(const MigObject *object)
{
	return object->values + (object->kind->id == MIG_INDEX ?
							 MIG_INDEX_FIRST : MIG_CONSTRAINT_FIRST);
}

/* Its name as SQL has it, or that of the index of a constraint. */
char *
mig_index_sql_name(const MigObject *object)
{
	if (object->parent->schema == NULL)
		return pstrdup(quote_identifier(object->name));
	return quote_qualified_identifier(object->nspname, object->name);
}

/*
 * Is a constraint of a partition attached to an index of the partitioned
 * table?  The server lets neither go without the other.
 */
bool
mig_index_holds(const MigObject *index, const MigObject *key)
{
	const ListCell *lc;

	if (index->kind->id != MIG_INDEX || key->kind->id != MIG_CONSTRAINT)
		return false;
	foreach(lc, index->depends)
	{
		const MigDepend *depend = lfirst(lc);

		if (depend->object == key &&
			(depend->deptype == DEPENDENCY_PARTITION_PRI ||
			 depend->deptype == DEPENDENCY_PARTITION_SEC))
			return true;
	}
	return false;
}

/* The index of the partitioned table that one belongs to, or NULL. */
const MigObject *
mig_index_above(const MigObject *part)
{
	const ListCell *lc;

	foreach(lc, part->depends)
	{
		const MigDepend *depend = lfirst(lc);

		if (depend->deptype == DEPENDENCY_PARTITION_PRI &&
			is_above(depend->object, part))
			return depend->object;
	}
	foreach(lc, part->dependents)
	{
		const MigDepend *depend = lfirst(lc);

		if (depend->deptype == DEPENDENCY_PARTITION_PRI &&
			mig_index_holds(depend->object, part))
			return depend->object;
	}
	return NULL;
}

/*
 * Does an old index, or foreign key, of a partition stay though what it
 * depends on goes, since that is the one above, and the partition is detached
 * before the table of that is dropped?
 */
bool
mig_index_stays_behind(const MigObject *part, const MigObject *on)
{
	if (part->twin == NULL || on->parent == NULL ||
		on->parent == part->parent || !mig_table_is_detached(part->parent) ||
		(on->parent->fate != MIG_DROP && on->parent->fate != MIG_RECREATE))
		return false;
	if (part->kind->id == MIG_FOREIGN_KEY)
		return on->kind == part->kind;
	return mig_index_is_any(on) && mig_index_above(part) == on;
}

/* What an old object depends on that does not stay behind it, MigDepend *. */
List *
mig_index_needs(const MigObject *part)
{
	List	   *needs = NIL;
	const ListCell *lc;

	if (part->kind->id != MIG_FOREIGN_KEY && !mig_index_is_any(part))
		return part->depends;
	foreach(lc, part->depends)
	{
		MigDepend  *depend = lfirst(lc);

		if (!mig_index_stays_behind(part, depend->object))
			needs = lappend(needs, depend);
	}
	return needs;
}

/* Of two that are bound, one of which depends on the other. */
static bool
is_above(const MigObject *index, const MigObject *part)
{
	return mig_index_is_any(index) && mig_index_is_any(part) &&
		index->parent != part->parent && !mig_index_holds(part, index);
}

/* Those that belong to it, but for what is left alone, MigObject *. */
static List *
parts_of(const MigObject *index)
{
	List	   *parts = NIL;
	const ListCell *lc;

	foreach(lc, index->dependents)
	{
		const MigDepend *depend = lfirst(lc);

		if (depend->deptype == DEPENDENCY_PARTITION_PRI &&
			!depend->object->ignored && is_above(index, depend->object))
			parts = list_append_unique_ptr(parts, depend->object);
	}
	foreach(lc, index->depends)
	{
		const MigDepend *depend = lfirst(lc);

		if (depend->deptype == DEPENDENCY_PARTITION_PRI &&
			!depend->object->ignored && mig_index_holds(index, depend->object))
			parts = list_append_unique_ptr(parts, depend->object);
	}
	return parts;
}

/* NULL belongs to nothing. */
static bool
is_attached_to(const MigObject *part, const MigObject *index)
{
	return part != NULL && index != NULL && mig_index_above(part) == index;
}

/* Is a table, of either snapshot, there all the time as a partition? */
static bool
stays_partition(const MigObject *table)
{
	return table->ignored ||
		(table->twin != NULL &&
		 (table->fate == MIG_KEEP || table->fate == MIG_ALTER) &&
		 !mig_table_is_attached(table));
}

/* The one of a partition that belongs to an index, or NULL. */
static const MigObject *
part_on(const MigObject *index, const MigObject *table)
{
	const ListCell *lc;

	foreach(lc, table->children)
	{
		const MigObject *part = lfirst(lc);

		if (!part->ignored && is_attached_to(part, index))
			return part;
	}
	return NULL;
}

/*
 * Can an index not stay, since what belongs to it differs in another way than
 * that something is attached?
 */
bool
mig_index_part_ways(const MigObject *from, const MigObject *to)
{
	const ListCell *lc;

	if (from == NULL || to == NULL || !mig_index_is_any(from) ||
		!mig_table_is_partitioned(from->parent))
		return false;
	foreach(lc, parts_of(from))
	{
		const MigObject *part = lfirst(lc);

		if (!stays_partition(part->parent))
			continue;
		if (!is_attached_to(part->twin, to) ||
			mig_index_part_ways(part, part->twin))
			return true;
	}
	if (gains_new_key(to))
		return true;
	if (is_valid(to))
		return !is_valid(from) && !is_completed(from, to);
	foreach(lc, mig_table_heirs(to->parent))
	{
		const MigObject *table = lfirst(lc);

		/* the server would give it one */
		if (!stays_partition(table) && part_on(to, table) == NULL)
			return true;
	}
	return is_valid(from);
}

/*
 * Has a new partition a key of its own that belongs to an index?  The server
 * gives the partition another index first, if that is there.
 */
static bool
gains_new_key(const MigObject *index)
{
	const ListCell *lc;

	foreach(lc, parts_of(index))
	{
		const MigObject *part = lfirst(lc);

		if (!stays_partition(part->parent) &&
			!mig_table_is_attached(part->parent) &&
			(mig_index_holds(index, part) || gains_new_key(part)))
			return true;
	}
	return false;
}

/*
 * Is an index that is not valid valid when all has been attached that is to
 * be?  The server looks at that when it attaches one, and then at the indexes
 * above.
 */
static bool
is_completed(const MigObject *from, const MigObject *to)
{
	bool		any = mig_index_gains_part(from, to);
	const ListCell *lc;

	foreach(lc, mig_table_heirs(from->parent))
	{
		const MigObject *table = lfirst(lc);
		const MigObject *part = NULL;

		if (!stays_partition(table))
			continue;
		if (table->twin != NULL)
			part = part_on(to, table->twin);
		if (part == NULL)
			return false;
		if (is_attached_to(part->twin, from) &&
			!is_valid(part->twin))
			any = any || is_completed(part->twin, part);
	}
	return any;
}

/* Is something attached to an index that stays? */
bool
mig_index_gains_part(const MigObject *from, const MigObject *to)
{
	const ListCell *lc;

	foreach(lc, mig_index_is_any(to) ? parts_of(to) : NIL)
	{
		const MigObject *part = lfirst(lc);

		if (stays_partition(part->parent) && !is_attached_to(part->twin, from))
			return true;
	}
	return false;
}

/*
 * Would the server take an index of a table that is attached for another, of
 * the same definition?  Then it must come behind.
 */
bool
mig_index_is_in_the_way(const MigObject *from, const MigObject *to)
{
	const MigObject *above;
	const ListCell *lc;

	if (from == NULL || to == NULL || !mig_index_is_any(from) ||
		!mig_table_is_attached(to->parent) ||
		mig_index_above(from) != NULL || mig_index_above(to) != NULL)
		return false;
	foreach(lc, to->parent->children)
	{
		const MigObject *other = lfirst(lc);

		above = mig_index_above(other);
		if (other != to && other->kind == to->kind && above != NULL &&
			above->twin != NULL && is_alike(other, to))
			return true;
	}
	return false;
}

/* Say which indexes of partitions are made by themselves; fates are known. */
void
mig_index_plan_parts(MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->to->objects)
	{
		MigObject  *index = lfirst(lc);

		if (!index->ignored && mig_index_is_any(index) &&
			mig_table_is_partitioned(index->parent) &&
			mig_index_above(index) == NULL)
			plan(diff, index);
	}
}

/* And those below. */
static void
plan(const MigDiff *diff, MigObject *index)
{
	bool		alone;
	const ListCell *lc;

	alone = mig_is_created(index) &&
		(index->by_hand || mig_index_above(index) == NULL) &&
		(!is_valid(index) ||
		 (has_special(diff, index) && !leaves_any_alone(index->parent->twin)));
	foreach(lc, parts_of(index))
	{
		MigObject  *part = lfirst(lc);

		if (mig_is_created(index))
			part->by_hand = alone || is_made_before(diff, index, part);
		else if (stays_partition(part->parent))
			part->by_hand = !is_attached_to(part->twin, index->twin);
		else if (part->parent->twin != NULL && !mig_is_created(part->parent))
			part->by_hand = part->twin == NULL &&
				mig_index_is_special(diff, part);
		plan(diff, part);
	}
}

/*
 * Is one made before its table is attached to a new one, since the server
 * would make it otherwise?
 */
static bool
is_made_before(const MigDiff *diff, const MigObject *index,
			   const MigObject *part)
{
	return mig_index_above(index) != NULL && !index->by_hand &&
		index->made == NULL && mig_is_created(index->parent) &&
		!mig_is_created(part->parent) && mig_is_created(part) &&
		mig_index_is_special(diff, part);
}

/*
 * Has a table, which may be NULL, partitions that are left alone?  These get
 * their indexes from the server, or not at all.
 */
static bool
leaves_any_alone(const MigObject *table)
{
	const ListCell *lc;

	foreach(lc, table == NULL ? NIL : mig_table_descendants(table))
	{
		if (((const MigObject *) lfirst(lc))->ignored)
			return true;
	}
	return false;
}

/* Is one below not as the server would make it? */
static bool
has_special(const MigDiff *diff, const MigObject *index)
{
	const ListCell *lc;

	foreach(lc, parts_of(index))
	{
		const MigObject *part = lfirst(lc);

		if (mig_index_is_special(diff, part) || has_special(diff, part))
			return true;
	}
	return false;
}

/* Is one not as the server would make it? */
bool
mig_index_is_special(const MigDiff *diff, const MigObject *part)
{
	const MigObject *above = mig_index_above(part);
	char	  **values = mig_index_values(part);
	char	  **theirs = mig_index_values(above);

	if (has_rival(part))
		return true;
	if ((part->twin != NULL && !mig_is_created(part)) ||
		mig_index_holds(above, part))
		return false;			/* the server takes it as it is */
	return (!diff->any_names && mig_index_usual_name(part) != NULL) ||
		!mig_same(values[MIG_INDEX_OPTIONS], theirs[MIG_INDEX_OPTIONS]) ||
		!mig_same(values[MIG_INDEX_TABLESPACE],
				  theirs[MIG_INDEX_TABLESPACE]) ||
		MIG_IS_TRUE(values[MIG_INDEX_REPLICA_IDENTITY]) ||
		MIG_IS_TRUE(values[MIG_INDEX_CLUSTERED]) ||
		values[MIG_INDEX_REST] != NULL || part->comment != NULL;
}

/* Is there another one that the server would take for it? */
static bool
has_rival(const MigObject *part)
{
	const MigObject *table = part->parent->twin;
	const ListCell *lc;

	foreach(lc, table == NULL ? NIL : table->children)
	{
		const MigObject *other = lfirst(lc);

		if (other->kind == part->kind && other != part->twin &&
			other->fate != MIG_DROP && !mig_is_created(other) &&
			mig_index_above(other) == NULL && is_alike(other, part))
			return true;
	}
	return false;
}

/*
 * Have two indexes of a table the same definition?  Whether a key is primary
 * the server does not ask.
 */
static bool
is_alike(const MigObject *one, const MigObject *other)
{
	if (one->kind->id == MIG_CONSTRAINT)
		return mig_same(key_definition(one), key_definition(other));
	for (int i = 0; i < one->kind->nattributes; i++)
	{
		if (one->kind->attributes[i].compare == MIG_FIXED &&
			!mig_same(one->values[i], other->values[i]))
			return false;
	}
	return true;
}

/* That of a key without its sort, or of an exclusion constraint. */
static const char *
key_definition(const MigObject *key)
{
	static const char primary[] = "PRIMARY KEY ";
	static const char unique[] = "UNIQUE ";
	const char *definition = key->values[MIG_CONSTRAINT_DEFINITION];

	if (strncmp(definition, primary, strlen(primary)) == 0)
		return definition + strlen(primary);
	if (strncmp(definition, unique, strlen(unique)) == 0)
		return definition + strlen(unique);
	return definition;
}

/*
 * The name that the server would choose where that is another, else NULL; as
 * ChooseIndexName() in the server does.
 */
char *
mig_index_usual_name(const MigObject *part)
{
	const char *columns = mig_index_values(part)[MIG_INDEX_NAMES];
	const char *label = "idx";
	char	   *usual;

	if (part->kind->id == MIG_CONSTRAINT)
	{
		switch (part->values[MIG_CONSTRAINT_SORT][0])
		{
			case CONSTRAINT_PRIMARY:
				columns = NULL;
				label = "pkey";
				break;
			case CONSTRAINT_UNIQUE:
				label = "key";
				break;
			default:
				label = "excl";
		}
	}
	usual = makeObjectName(part->parent->name, columns, label);
	return is_usual(part->name, usual) ? NULL : usual;
}

/*
 * Has an index one of a partition that the server would not make as it is?  It
 * does where it builds the index of the table again for a column's new type:
 * name, comment and options of that one are lost.
 */
bool
mig_index_has_special_parts(const MigObject *index)
{
	const ListCell *lc;

	if (!mig_index_is_any(index) || !mig_table_is_partitioned(index->parent))
		return false;
	foreach(lc, parts_of(index))
	{
		const MigObject *part = lfirst(lc);

		if (mig_index_usual_name(part) != NULL || part->comment != NULL ||
			!mig_same(mig_index_values(part)[MIG_INDEX_OPTIONS],
					  mig_index_values(index)[MIG_INDEX_OPTIONS]) ||
			mig_index_has_special_parts(part))
			return true;
	}
	return false;
}

/* The server puts a number behind a name that is taken. */
static bool
is_usual(const char *name, const char *usual)
{
	size_t		length = strlen(usual);

	if (strcmp(name, usual) == 0)
		return true;
	return length < NAMEDATALEN - 4 && strncmp(name, usual, length) == 0 &&
		strspn(name + length, "0123456789") == strlen(name + length);
}

/* Is it made, or to be made, without those of partitions? */
bool
mig_index_is_alone(const MigObject *index)
{
	const ListCell *lc;

	if (!mig_index_is_any(index) || !mig_table_is_partitioned(index->parent))
		return false;
	foreach(lc, parts_of(index))
	{
		if (((const MigObject *) lfirst(lc))->by_hand)
			return true;
	}
	return !is_valid(index);
}

/*
 * What comes before indexes are attached, MigAction *: these, and all
 * partitions, which the server would give one, and so it is where it attaches
 * keys of new partitions; before one that is in the way of another its table
 * is attached.
 */
List *
mig_index_awaits(const MigObject *index)
{
	List	   *awaited = NIL;
	const ListCell *lc;

	if (mig_index_is_any(index) && index->twin != NULL &&
		mig_index_is_in_the_way(index->twin, index))
		return add_alters(NIL, index->parent);
	if (!mig_index_is_alone(index) &&
		!(mig_is_created(index) && mig_index_is_any(index) &&
		  gains_new_key(index)))
		return NIL;
	foreach(lc, mig_table_descendants(index->parent))
	{
		awaited = lappend(awaited, ((const MigObject *) lfirst(lc))->made);
		awaited = add_alters(awaited, lfirst(lc));
	}
	if (index->parent->twin != NULL)
	{
		foreach(lc, mig_table_descendants(index->parent->twin))
		{
			const MigObject *old = lfirst(lc);

			awaited = lappend(awaited, old->unmade);
			if (old->twin != NULL)
				awaited = add_alters(awaited, old->twin);
		}
	}
	foreach(lc, parts_of(index))
	{
		awaited = lappend(awaited, ((const MigObject *) lfirst(lc))->made);
		awaited = add_alters(awaited, lfirst(lc));
	}
	return awaited;
}

static List *
add_alters(List *actions, const MigObject *object)
{
	const ListCell *lc;

	foreach(lc, object->alters)
	{
		if (!((MigAction *) lfirst(lc))->satellite)
			actions = lappend(actions, lfirst(lc));
	}
	return actions;
}

/* Append the statements that attach those that are made by themselves. */
void
mig_index_append_parts(StringInfo buf, const MigObject *index)
{
	char	   *name = mig_index_sql_name(index);
	const ListCell *lc;

	foreach(lc, parts_of(index))
	{
		const MigObject *part = lfirst(lc);

		if (part->by_hand &&
			(mig_is_created(index) || stays_partition(part->parent)))
			appendStringInfo(buf, "ALTER INDEX %s ATTACH PARTITION %s;\n",
							 name, mig_index_sql_name(part));
	}
}

/* Attach what an index that stays has not. */
void
mig_index_attach_parts(MigDiff *diff, MigObject *index)
{
	StringInfoData buf;

	initStringInfo(&buf);
	mig_index_append_parts(&buf, index);
	if (buf.len > 0)
		mig_action_add(diff, MIG_OP_ALTER, index, "partitions",
					   buf.data)->attaches = true;
}
