/*-------------------------------------------------------------------------
 *
 * kind/serial.c
 *	  Columns that bring a sequence along: serial and its like.
 *
 * That a column was written so is not in the catalogs.  It is written so again
 * where nothing about column and sequence would come out otherwise.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/serial.h"

#include "commands/defrem.h"
#include "kind/column_not_null.h"
#include "kind/column_values.h"
#include "kind/sequence_options.h"
#include "kind/table_parents.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "sch/action.h"

static const char *type_for(const char *type);
static bool is_plain(const MigObject *column);
static bool takes_next(const MigObject *value, const MigObject *sequence);

/*
 * Is a new sequence, which a column owns, the one that its column would get,
 * and has the column all that makes it a serial one?
 */
bool
mig_serial_fits(const MigObject *sequence)
{
	const MigObject *column = sequence->owner_column;
	const MigObject *table = column->parent;
	const MigObject *value = mig_column_default(column);

	return table->kind->id == MIG_TABLE && is_plain(column) &&
		value != NULL && value->made == column->made && !value->apart &&
		takes_next(value, sequence) &&
		strcmp(sequence->name,
			   makeObjectName(table->name, column->name, "seq")) == 0 &&
		mig_same(sequence->nspname, table->nspname) &&
		mig_same(sequence->values[MIG_SEQUENCE_TYPE], MIG_TYPE_NAME(column)) &&
		type_for(MIG_TYPE_NAME(column)) != NULL &&
		sequence->values[MIG_SEQUENCE_GIVEN] == NULL &&
		mig_same(sequence->values[MIG_SEQUENCE_PERSISTENCE],
				 table->values[MIG_TABLE_PERSISTENCE]) &&
		sequence->counterpart == NULL;
}

/* The type of a new column that brings its sequence along, or NULL. */
const char *
mig_serial_type(const MigObject *column)
{
	const MigObject *value = mig_column_default(column);
	const ListCell *lc;

	foreach(lc, value == NULL ? NIL : value->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind->id == MIG_SEQUENCE && on->owner_column == column &&
			on->made != NULL && on->made == column->made)
			return type_for(MIG_TYPE_NAME(column));
	}
	return NULL;
}

static const char *
type_for(const char *type)
{
	if (strcmp(type, "integer") == 0)
		return "serial";
	if (strcmp(type, "bigint") == 0)
		return "bigserial";
	return strcmp(type, "smallint") == 0 ? "smallserial" : NULL;
}

/* Is it NOT NULL under the name that the server chooses, and all its own? */
static bool
is_plain(const MigObject *column)
{
	return mig_column_not_null_is_plain(column) &&
		!MIG_IS_TRUE(column->values[INHERITED]) &&
		!mig_table_is_typed(column->parent) &&
		!mig_table_is_foreign(column->parent);
}

/* Is a default the next value of a sequence, and nothing else? */
static bool
takes_next(const MigObject *value, const MigObject *sequence)
{
	const char *expression = value->values[MIG_DEFAULT_EXPRESSION];
	List	   *parsed = raw_parser(expression, RAW_PARSE_PLPGSQL_EXPR);
	const SelectStmt *select;
	const Node *node;

	select = castNode(SelectStmt, linitial_node(RawStmt, parsed)->stmt);
	node = linitial_node(ResTarget, select->targetList)->val;
	if (!IsA(node, FuncCall) || list_length(((FuncCall *) node)->args) != 1 ||
		strcmp(strVal(llast(((FuncCall *) node)->funcname)), "nextval") != 0)
		return false;
	node = linitial(((FuncCall *) node)->args);
	if (!IsA(node, TypeCast) || !IsA(((TypeCast *) node)->arg, A_Const))
		return false;
	return mig_depends_on(value, sequence);
}
