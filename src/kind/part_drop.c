/*-------------------------------------------------------------------------
 *
 * kind/part_drop.c
 *	  Columns and checks that go, and those of child tables that stay.
 *
 * A column or check of a child table goes with that of its parent unless the
 * table has it by itself as well, or it is dropped from the parent ONLY.  With
 * a column that they keep child tables would keep checks, and from 18 on NOT
 * NULL, as inherited, which nobody could drop or rename any more: those go
 * from the parent before.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/part_drop.h"

#include "kind/column_generated.h"
#include "kind/column_values.h"
#include "kind/counter.h"
#include "kind/table_parents.h"
#include "sch/action.h"
#include "util/sql.h"
#include "utils/builtins.h"

/* Tables that a hazard names */
#define TABLES_SHOWN	5

static List *append_lost(StringInfo buf, const MigObject *column);
static bool comes_from_another(const MigObject *below,
							   const MigObject *part);

/* The statements that drop a column */
void
mig_column_drop(StringInfo buf, const MigObject *column)
{
	const char *table = column->parent->identity;
	const char *not_null = column->values[NOT_NULL_CONSTRAINT];

	if (not_null != NULL &&
		!MIG_IS_TRUE(column->values[NOT_NULL_NO_INHERIT]) &&
		mig_part_stays_below(column))
		appendStringInfo(buf, "ALTER TABLE %s ALTER CONSTRAINT %s NO INHERIT;\n",
						 table, quote_identifier(not_null));
	appendStringInfo(buf, "ALTER TABLE %s%s DROP COLUMN %s",
					 mig_part_drop_only(column) ? "ONLY " : "", table,
					 quote_identifier(column->name));
}

/* What is lost with an old column: not what child tables keep. */
void
mig_column_drop_warn(MigAction *action)
{
	const MigObject *column = action->object;
	StringInfoData rows;
	List	   *kept;
	MigHazard  *hazard;

	if (mig_column_is_generated(column) &&
		(column->twin == NULL || mig_column_is_generated(column->twin)))
		return;
	if (column->values[IDENTITY] != NULL)
		mig_counter_warn_lost(action, column);
	initStringInfo(&rows);
	kept = append_lost(&rows, column);
	hazard = mig_action_warn(action, MIG_LOSES_DATA,
							 "column %s and its values%s%s", column->identity,
							 kept == NIL ? "" : ", but not those in ",
							 mig_join_names(kept, ", ", TABLES_SHOWN));
	hazard->table = column->parent->identity;
	hazard->probe = kept != NIL ?
		psprintf("SELECT pg_catalog.count(*) FROM (%s) q", rows.data) :
		psprintf("SELECT pg_catalog.count(%s) FROM %s",
				 quote_identifier(column->name), column->parent->identity);
}

/*
 * Append the rows of a table, and of those below, which lose the values of a
 * column, as a query; returns the names of tables that keep it.  Tables that
 * go, and columns that do so by themselves, are told of there.
 */
static List *
append_lost(StringInfo buf, const MigObject *column)
{
	List	   *columns = list_make1(unconstify(MigObject *, column));
	List	   *kept = NIL;

	for (int i = 0; i < list_length(columns); i++)
	{
		const MigObject *one = list_nth(columns, i);
		const char *table = one->parent->identity;

		if (!mig_goes(one))
			kept = lappend(kept, pstrdup(table));
		else if (!mig_goes(one->parent) &&
				 (one == column || !mig_part_stays_behind(one)))
			appendStringInfo(buf, "%sSELECT FROM ONLY %s WHERE %s IS NOT NULL",
							 buf->len > 0 ? " UNION ALL " : "", table,
							 quote_identifier(one->name));
		columns = list_concat_unique_ptr(columns,
										 mig_table_parts_below(one));
	}
	return kept;
}

/* Do tables below keep a column or check that goes, in whatever way? */
bool
mig_part_stays_below(const MigObject *part)
{
	const ListCell *lc;

	foreach(lc, mig_table_parts_below(part))
	{
		const MigObject *below = lfirst(lc);

		if (!mig_goes(below) || comes_from_another(below, part) ||
			mig_part_stays_below(below))
			return true;
	}
	return false;
}

/*
 * Must a column or check be dropped from its table alone, since a child table
 * keeps it that would lose it, too, or one below that?  One that has it by
 * itself as well, or from another parent, keeps it anyway; ONLY would make it
 * its own.
 */
bool
mig_part_drop_only(const MigObject *part)
{
	const ListCell *lc;

	foreach(lc, mig_is_bound_by_name(part) ?
			mig_table_parts_below(part) : NIL)
	{
		const MigObject *below = lfirst(lc);

		if (mig_part_inherits(below) && !mig_part_is_local(below) &&
			(!mig_goes(below) || mig_part_drop_only(below)) &&
			!(below->twin != NULL && below->twin->held) &&
			!comes_from_another(below, part))
			return true;
	}
	return false;
}

/* Has another parent, which it keeps, the column or check, and keeps it? */
static bool
comes_from_another(const MigObject *below, const MigObject *part)
{
	const ListCell *lc;

	foreach(lc, mig_table_lasting_parents(below->parent))
	{
		const MigObject *above = mig_table_part_like(lfirst(lc), below);

		if (above != NULL && above != part && !mig_goes(above))
			return true;
	}
	return false;
}

/*
 * Does a column or check stay when that is dropped with which it came?  So it
 * does if its table has it by itself as well, or if others of its like stay.
 */
bool
mig_part_stays_behind(const MigObject *part)
{
	const ListCell *lc;

	if (!mig_is_bound_by_name(part) || !mig_part_inherits(part))
		return false;
	if (mig_part_is_local(part))
		return true;
	foreach(lc, mig_table_lasting_parents(part->parent))
	{
		const MigObject *above = mig_table_part_like(lfirst(lc), part);

		if (above != NULL && mig_part_drop_only(above))
			return true;
	}
	return false;
}
