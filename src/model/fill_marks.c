/*-------------------------------------------------------------------------
 *
 * model/fill_marks.c
 *	  Marks of a model for the values of rows that are there.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/fill_marks.h"

#include "kind/column_fill.h"
#include "model/marks.h"
#include "sch/snapshot.h"
#include "utils/builtins.h"

/*
 * What marks say, MigFill *, of the MigFillMark * of a model.  "unqualified"
 * is the schema whose objects have names without it, or NULL.
 */
List *
mig_fill_marks_take(const List *marks, const char *unqualified)
{
	List	   *fills = NIL;
	const ListCell *lc;

	foreach(lc, marks)
	{
		const MigFillMark *mark = lfirst(lc);
		MigFill    *fill = palloc(sizeof(MigFill));
		const char *schema = mark->schema;

		if (schema != NULL && unqualified != NULL &&
			strcmp(schema, unqualified) == 0)
			schema = NULL;
		fill->column = psprintf("%s.%s",
								quote_qualified_identifier(schema,
														   mark->table),
								quote_identifier(mark->column));
		fill->value = mark->value;
		fills = lappend(fills, fill);
	}
	return fills;
}

/* Say which marks are on columns whose values come from elsewhere. */
void
mig_fill_marks_tell_vain(const MigDiff *diff)
{
	StringInfoData buf;
	int			n = 0;
	const ListCell *lc;

	initStringInfo(&buf);
	foreach(lc, diff->fills)
	{
		const MigFill *fill = lfirst(lc);
		const MigObject *column = mig_snapshot_find(diff->to, MIG_COLUMN,
													fill->column);
		const char *source;

		source = column == NULL ? NULL : mig_column_fill_source(column);
		if (source == NULL)
			continue;
		appendStringInfo(&buf, "%scolumn %s is %s", n > 0 ? "\n" : "",
						 fill->column, source);
		n++;
	}
	if (n > 0)
		ereport(NOTICE,
				(errmsg_plural("%d mark of the model fills nothing",
							   "%d marks of the model fill nothing", n, n),
				 errdetail_internal("%s", buf.data),
				 errhint("The server gives each row a value. Take the mark out.")));
}
