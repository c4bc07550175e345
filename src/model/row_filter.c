/*-------------------------------------------------------------------------
 *
 * model/row_filter.c
 *	  Leaves out rows of tables that will not be below the one that is asked.
 *
 * A probe asks a table with all its partitions and child tables.  Where some
 * of them leave it before what the probe is for, conditions are put into the
 * query where those of row security are, so that nothing is computed of their
 * rows.  They are for the next query that is planned, the probe itself: plans
 * of functions that it calls may live on.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "model/row_filter.h"
#include "util/spi.h"

#include "access/sysattr.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "parser/parsetree.h"
#include "utils/fmgroids.h"
#include "utils/typcache.h"

/* For the next query, of MigLeftOut * */
static const List *pending = NIL;

static bool add_conditions(Node *node, void *context);
static Node *condition_on(int index, const List *parts);

/* The tables that do not count as parts of another, OIDs. */
const List *
mig_row_filter_parts(const List *left_out, Oid relid)
{
	const ListCell *lc;

	foreach(lc, left_out)
	{
		const MigLeftOut *entry = lfirst(lc);

		if (entry->relid == relid)
			return entry->parts;
	}
	return NIL;
}

/* Say what is left out of the next query; NIL, on errors, too: nothing. */
void
mig_row_filter_next(const List *left_out)
{
	pending = left_out;
}

/* Give a query its conditions, in place, before it is planned. */
void
mig_row_filter_query(Query *query)
{
	const List *left_out = pending;

	pending = NIL;
	if (left_out != NIL)
		(void) add_conditions((Node *) query, unconstify(List *, left_out));
}

static bool
add_conditions(Node *node, void *context)
{
	Query	   *query = (Query *) node;

	if (node == NULL)
		return false;
	if (!IsA(node, Query))
		return expression_tree_walker(node, add_conditions, context);
	for (int i = 1; i <= list_length(query->rtable); i++)
	{
		RangeTblEntry *entry = rt_fetch(i, query->rtable);
		const List *parts = NIL;

		if (entry->rtekind == RTE_RELATION && entry->inh)
			parts = mig_row_filter_parts(context, entry->relid);
		if (parts != NIL)
			entry->securityQuals = lcons(condition_on(i, parts),
										 entry->securityQuals);
	}
	return query_tree_walker(query, add_conditions, context, 0);
}

/* NOT tableoid = ANY (parts) */
static Node *
condition_on(int index, const List *parts)
{
	ScalarArrayOpExpr *any = makeNode(ScalarArrayOpExpr);

	any->opno = lookup_type_cache(OIDOID, TYPECACHE_EQ_OPR)->eq_opr;
	any->opfuncid = F_OIDEQ;
	any->useOr = true;
	any->args = list_make2(makeVar(index, TableOidAttributeNumber, OIDOID, -1,
								   InvalidOid, 0),
						   makeConst(OIDARRAYOID, -1, InvalidOid, -1,
									 mig_oids_param(parts).value, false,
									 false));
	any->location = -1;
	return (Node *) makeBoolExpr(NOT_EXPR, list_make1(any), -1);
}
