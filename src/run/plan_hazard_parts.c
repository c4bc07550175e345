/*-------------------------------------------------------------------------
 *
 * run/plan_hazard_parts.c
 *	  The statements within a statement.
 *
 * WITH holds statements that write, whatever stands behind it; EXPLAIN ANALYZE
 * and COPY run one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "run/plan_hazard_parts.h"

#include "nodes/nodeFuncs.h"
#include "run/statement.h"

static bool is_query(const Node *node);
static bool gather(Node *node, void *context);

/* A statement, and those within it that write rows, const Node *. */
List *
mig_plan_hazard_parts(const Node *stmt)
{
	List	   *parts = list_make1(unconstify(Node *, stmt));
	const Node *query = stmt;

	if (IsA(stmt, ExplainStmt) &&
		mig_option_is(((const ExplainStmt *) stmt)->options, "analyze", false))
		query = ((const ExplainStmt *) stmt)->query;
	else if (IsA(stmt, CopyStmt))
		query = ((const CopyStmt *) stmt)->query;
	if (query == NULL || !is_query(query))
		return parts;
	if (query != stmt)
		gather(unconstify(Node *, query), &parts);
	else
		raw_expression_tree_walker(unconstify(Node *, query), gather, &parts);
	return parts;
}

static bool
is_query(const Node *node)
{
	return IsA(node, SelectStmt) || IsA(node, InsertStmt) ||
		IsA(node, UpdateStmt) || IsA(node, DeleteStmt) ||
		IsA(node, MergeStmt);
}

static bool
gather(Node *node, void *context)
{
	List	  **parts = context;

	if (node == NULL)
		return false;
	if (is_query(node) && !IsA(node, SelectStmt))
		*parts = lappend(*parts, node);
	return raw_expression_tree_walker(node, gather, context);
}

/* The table that a statement makes, or NULL; SELECT INTO does as well. */
const RangeVar *
mig_plan_hazard_made(const Node *stmt)
{
	const SelectStmt *query;

	if (IsA(stmt, CreateStmt))
		return ((const CreateStmt *) stmt)->relation;
	if (IsA(stmt, CreateTableAsStmt))
		return ((const CreateTableAsStmt *) stmt)->into->rel;
	if (!IsA(stmt, SelectStmt))
		return NULL;
	query = (const SelectStmt *) stmt;
	while (query->larg != NULL)
		query = query->larg;
	return query->intoClause == NULL ? NULL : query->intoClause->rel;
}
