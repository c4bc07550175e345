/*-------------------------------------------------------------------------
 *
 * sch/normal.c
 *	  Finds out whether definitions that differ in their text are the same.
 *
 * What the server prints of an expression does not always come back the same
 * when it is parsed and printed again: "v IN ('a', 'b')" on a varchar column
 * is printed as an array cast as a whole, and that with a cast per element.
 * A database whose schema came from a script has the second form, a model the
 * first.
 *
 * So where the texts of an attribute differ, both are parsed, by the names of
 * the model, which stands in the shadow; every expression and query in them is
 * analysed and printed, until it does not change any more; and the results
 * are compared; aliases that are the names of their tables do not count.
 * Defaults that come to the same constant are the same, too:
 * of a varchar column, ''::text and ''::character varying.
 *
 * Nothing is planned, and nothing of users is executed but what the analysis
 * itself calls, as the checks of a domain for a literal, which is watched with
 * the shadow.  Only a function is made, for that is how its body is analysed.
 *
 * Each pair whose texts differ costs a subtransaction, which is rolled back;
 * all others cost nothing.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "sch/normal.h"

#include "access/transam.h"
#include "access/xact.h"
#include "commands/defrem.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "parser/analyze.h"
#include "parser/parse_coerce.h"
#include "parser/parse_collate.h"
#include "parser/parse_node.h"
#include "parser/parse_type.h"
#include "parser/parse_utilcmd.h"
#include "parser/parser.h"
#include "sch/action.h"
#include "sch/alike.h"
#include "sch/sql_body.h"
#include "util/settings.h"
#include "util/sql.h"
#include "util/subxact.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/ruleutils.h"

/* How often a query is parsed and printed until it stays the same. */
#define MAX_ROUNDS	4

/* The texts of an attribute, and whether they mean the same. */
typedef struct Texts
{
	const MigObject *from;
	const MigObject *to;
	int			attribute;
	bool		same;
} Texts;

static bool is_in_doubt(const MigObject *from, const MigObject *to,
						int attribute);
static void set_names(const MigScope *scope);
static bool mean_the_same(const MigObject *from, const MigObject *to,
						  int attribute);
static void compare_forms(void *arg);
static Node *normal_form(const MigObject *object, int attribute);
static RawStmt *parse_attribute(StringInfo buf, const MigObject *object,
								int attribute);
static Node *form_of_query(RawStmt *raw, const char *source);
static char *print_query(Query *query);
static bool drop_aliases(Node *node, void *context);
static Node *form_of_function(CreateFunctionStmt *stmt, const char *source);
static Node *form_of_rule(RuleStmt *stmt, const char *source);
static void normalise_statement(Node *stmt);
static int	compare_elements(const ListCell *a, const ListCell *b);
static void normalise_index(IndexStmt *stmt);
static void normalise_constraint(AlterTableStmt *stmt);
static void normalise_elements(List *elements, RangeVar *table);
static void normalise(Node **expression, List *tables);
static List *old_and_new(RangeVar *table);
static bool same_constant(const Texts *texts);
static Node *constant_of(const MigObject *object, int attribute);
static Node *assigned(Node *expression, const char *type);
static bool calls_users(Node *node, void *context);
static bool is_users(Oid function, void *context);

/* Texts that meant the same in one comparison may not do so in another. */
void
mig_normal_forget(const MigSnapshot *snapshot)
{
	const ListCell *lc;

	foreach(lc, snapshot->objects)
		((MigObject *) lfirst(lc))->same = 0;
}

/*
 * Mark the attributes of pairs whose texts differ but mean the same.
 *
 * Both texts are kept: where the object is dropped and created all the same,
 * because something else changes, each script needs the one of its side.
 *
 * The snapshots have been paired, and the new one's objects stand under their
 * names.
 */
void
mig_normal_equalise(MigDiff *diff, const MigScope *scope)
{
	int			level = NewGUCNestLevel();
	const ListCell *lc;

	set_names(scope);
	foreach(lc, diff->from->objects)
	{
		MigObject  *from = lfirst(lc);
		MigObject  *to = from->twin;

		CHECK_FOR_INTERRUPTS();
		if (from->ignored || to == NULL)
			continue;
		for (int i = 0; i < to->kind->nattributes; i++)
		{
			if (is_in_doubt(from, to, i) && mean_the_same(from, to, i))
			{
				from->same |= (uint32) 1 << i;
				to->same |= (uint32) 1 << i;
			}
		}
	}
	AtEOXact_GUC(true, level);
}

/* An object whose texts differ and may mean the same, or NULL. */
const MigObject *
mig_normal_doubt(const MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->from->objects)
	{
		const MigObject *from = lfirst(lc);

		if (!from->ignored && from->twin != NULL &&
			mig_normal_doubts(from, from->twin))
			return from->twin;
	}
	return NULL;
}

/* Do texts of two objects differ that may mean the same? */
bool
mig_normal_doubts(const MigObject *from, const MigObject *to)
{
	for (int i = 0; i < to->kind->nattributes; i++)
	{
		if (is_in_doubt(from, to, i))
			return true;
	}
	return false;
}

static bool
is_in_doubt(const MigObject *from, const MigObject *to, int attribute)
{
	return to->kind->in_statement != NULL &&
		to->kind->attributes[attribute].deparsed &&
		from->values[attribute] != NULL && to->values[attribute] != NULL &&
		mig_alike_differs_in(from, to, attribute);
}

/* The settings under which the texts were printed. */
static void
set_names(const MigScope *scope)
{
	mig_settings_set("search_path", mig_names_path(scope->unqualified));
	mig_settings_set("check_function_bodies", "off");
}

/*
 * Do the texts of an attribute mean the same?
 *
 * What cannot be parsed, because it names something that the model does not
 * have, means something else.
 */
static bool
mean_the_same(const MigObject *from, const MigObject *to, int attribute)
{
	Texts		texts = {from, to, attribute, false};
	MemoryContext scratch;
	MemoryContext old;
	ErrorData  *error;

	scratch = AllocSetContextCreate(CurrentMemoryContext,
									"pg_migrations normal form",
									ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(scratch);
	error = mig_subxact_try(compare_forms, &texts);
	if (error != NULL)
		mig_subxact_raise_outer(error);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	return error == NULL && texts.same;
}

/*
 * In a subtransaction: what the parser says against a text means that they are
 * not the same.
 */
static void
compare_forms(void *arg)
{
	Texts	   *texts = arg;

	texts->same = equal(normal_form(texts->from, texts->attribute),
						normal_form(texts->to, texts->attribute)) ||
		same_constant(texts);
}

/* A tree that does not depend on how the text was printed. */
static Node *
normal_form(const MigObject *object, int attribute)
{
	StringInfoData buf;
	RawStmt    *raw = parse_attribute(&buf, object, attribute);

	switch (nodeTag(raw->stmt))
	{
		case T_SelectStmt:
			return form_of_query(raw, buf.data);
		case T_CreateFunctionStmt:
			return form_of_function(castNode(CreateFunctionStmt, raw->stmt),
									buf.data);
		case T_RuleStmt:
			return form_of_rule(castNode(RuleStmt, raw->stmt), buf.data);
		default:
			normalise_statement(raw->stmt);
			return raw->stmt;
	}
}

/* The statement in which an attribute stands; its text is left in a buffer. */
static RawStmt *
parse_attribute(StringInfo buf, const MigObject *object, int attribute)
{
	initStringInfo(buf);
	object->kind->in_statement(buf, object, attribute,
							   object->values[attribute]);
	return linitial_node(RawStmt, raw_parser(buf->data, RAW_PARSE_DEFAULT));
}

/*
 * What is printed may differ from what is read until it has been printed and
 * read again; a few rounds reach a text that stays.
 */
static Node *
form_of_query(RawStmt *raw, const char *source)
{
	for (int round = 0; round < MAX_ROUNDS; round++)
	{
		Query	   *query;
		char	   *printed;

		query = parse_analyze_fixedparams(raw, source, NULL, 0, NULL);
		printed = print_query(query);
		if (strcmp(printed, source) == 0)
			break;
		source = printed;
		raw = linitial_node(RawStmt, raw_parser(source, RAW_PARSE_DEFAULT));
	}
	return (Node *) makeString(pstrdup(source));
}

static char *
print_query(Query *query)
{
	(void) drop_aliases((Node *) query, NULL);
	return pg_get_querydef(query, false);
}

/*
 * An alias that is the name of its table says nothing.  The server has one
 * where columns have got other names and their old ones again.
 */
static bool
drop_aliases(Node *node, void *context)
{
	RangeTblEntry *table = (RangeTblEntry *) node;

	if (node == NULL)
		return false;
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, drop_aliases, context,
								 QTW_EXAMINE_RTES_BEFORE);
	if (!IsA(node, RangeTblEntry))
		return expression_tree_walker(node, drop_aliases, context);
	if (table->rtekind == RTE_RELATION && table->alias != NULL &&
		table->alias->colnames == NIL &&
		mig_same(table->alias->aliasname, get_rel_name(table->relid)))
		table->alias = NULL;
	return false;
}

/* The function stands; it is replaced until the subtransaction ends. */
static Node *
form_of_function(CreateFunctionStmt *stmt, const char *source)
{
	ParseState *pstate = make_parsestate(NULL);
	ObjectAddress address;
	Datum		definition;
	char	   *printed;

	pstate->p_sourcetext = source;
	address = CreateFunction(pstate, stmt);
	free_parsestate(pstate);
	CommandCounterIncrement();
	definition = DirectFunctionCall1(pg_get_functiondef,
									 ObjectIdGetDatum(address.objectId));
	printed = mig_sql_body_print(TextDatumGetCString(definition),
								 address.objectId, print_query);
	return (Node *) makeString(printed);
}

/* OLD and NEW are names that nothing but a rule has. */
static Node *
form_of_rule(RuleStmt *stmt, const char *source)
{
	Node	   *condition = copyObject(stmt->whereClause);
	List	   *actions;
	Node	   *analysed;
	List	   *printed = NIL;
	const ListCell *lc;

	transformRuleStmt(stmt, source, &actions, &analysed);
	foreach(lc, actions)
		printed = lappend(printed,
						  makeString(print_query(lfirst_node(Query, lc))));
	normalise(&condition, old_and_new(stmt->relation));
	stmt->actions = printed;
	stmt->whereClause = condition;
	return (Node *) stmt;
}

/* Replace the expressions in a statement by their printed forms. */
static void
normalise_statement(Node *stmt)
{
	const ListCell *lc;

	if (IsA(stmt, IndexStmt))
		normalise_index((IndexStmt *) stmt);
	else if (IsA(stmt, AlterTableStmt))
		normalise_constraint((AlterTableStmt *) stmt);
	else if (IsA(stmt, CreateTrigStmt))
	{
		CreateTrigStmt *trigger = (CreateTrigStmt *) stmt;

		normalise(&trigger->whenClause, old_and_new(trigger->relation));
	}
	else if (IsA(stmt, CreateStatsStmt))
	{
		CreateStatsStmt *statistics = (CreateStatsStmt *) stmt;

		foreach(lc, statistics->exprs)
			normalise(&lfirst_node(StatsElem, lc)->expr,
					  statistics->relations);
		list_sort(statistics->exprs, compare_elements);
	}
	else if (IsA(stmt, CreateStmt))
	{
		CreateStmt *table = (CreateStmt *) stmt;

		foreach(lc, table->partspec->partParams)
			normalise(&lfirst_node(PartitionElem, lc)->expr,
					  list_make1(table->relation));
	}
}

/* Columns by their names, in front of the expressions by their texts. */
static int
compare_elements(const ListCell *a, const ListCell *b)
{
	const StatsElem *one = lfirst_node(StatsElem, a);
	const StatsElem *two = lfirst_node(StatsElem, b);

	if (one->name != NULL && two->name != NULL)
		return strcmp(one->name, two->name);
	if (one->name != NULL || two->name != NULL)
		return one->name != NULL ? -1 : 1;
	return strcmp(strVal(one->expr), strVal(two->expr));
}

/* In place, as all that normalise: the tree is ours. */
static void
normalise_index(IndexStmt *stmt)
{
	normalise_elements(stmt->indexParams, stmt->relation);
	normalise(&stmt->whereClause, list_make1(stmt->relation));
}

/* ADD CONSTRAINT */
static void
normalise_constraint(AlterTableStmt *stmt)
{
	const AlterTableCmd *command = linitial_node(AlterTableCmd, stmt->cmds);
	Constraint *constraint = castNode(Constraint, command->def);
	const ListCell *lc;

	normalise(&constraint->raw_expr, list_make1(stmt->relation));
	foreach(lc, constraint->exclusions)
		normalise_elements(list_make1(linitial(lfirst(lc))), stmt->relation);
	normalise(&constraint->where_clause, list_make1(stmt->relation));
}

static void
normalise_elements(List *elements, RangeVar *table)
{
	const ListCell *lc;

	foreach(lc, elements)
		normalise(&lfirst_node(IndexElem, lc)->expr, list_make1(table));
}

/* Replace an expression, if there is one, by how it is printed as a query. */
static void
normalise(Node **expression, List *tables)
{
	SelectStmt *select = makeNode(SelectStmt);
	ResTarget  *target = makeNode(ResTarget);
	RawStmt    *raw = makeNode(RawStmt);

	if (*expression == NULL)
		return;
	target->name = pstrdup("x");
	target->val = *expression;
	select->targetList = list_make1(target);
	select->fromClause = copyObject(tables);
	raw->stmt = (Node *) select;
	*expression = form_of_query(raw, "");
}

/* A table as the two rows that a trigger or rule knows it by. */
static List *
old_and_new(RangeVar *table)
{
	RangeVar   *old_row = copyObject(table);
	RangeVar   *new_row = copyObject(table);

	old_row->alias = makeAlias("old", NIL);
	new_row->alias = makeAlias("new", NIL);
	return list_make2(old_row, new_row);
}

/* Do both come to the same constant of one type? */
static bool
same_constant(const Texts *texts)
{
	const MigKind *kind = texts->to->kind;
	Node	   *from;

	if (kind->assigned_to == NULL ||
		!mig_same(kind->assigned_to(texts->from, texts->attribute),
				  kind->assigned_to(texts->to, texts->attribute)))
		return false;
	from = constant_of(texts->from, texts->attribute);
	return from != NULL &&
		equal(from, constant_of(texts->to, texts->attribute));
}

/*
 * The constant that an attribute comes to when it is assigned, or NULL if it
 * is none.  What a domain says against it is asked when a row gets it, and no
 * collation is stored with a value.
 */
static Node *
constant_of(const MigObject *object, int attribute)
{
	const char *type = object->kind->assigned_to(object, attribute);
	StringInfoData buf;
	RawStmt    *raw;
	Query	   *query;
	Node	   *value;

	if (type == NULL)
		return NULL;
	raw = parse_attribute(&buf, object, attribute);
	query = parse_analyze_fixedparams(raw, buf.data, NULL, 0, NULL);
	value = (Node *) linitial_node(TargetEntry, query->targetList)->expr;
	value = assigned(value, type);
	if (value == NULL || calls_users(value, NULL))
		return NULL;
	value = eval_const_expressions(NULL, value);
	if (IsA(value, CoerceToDomain))
		value = (Node *) castNode(CoerceToDomain, value)->arg;
	if (!IsA(value, Const))
		return NULL;
	castNode(Const, value)->constcollid = InvalidOid;
	return value;
}

/* An expression as a value of a type, or NULL if it cannot be one. */
static Node *
assigned(Node *expression, const char *type)
{
	const TypeName *name;
	Oid			oid;
	int32		typmod;

	name = linitial_node(TypeName, raw_parser(type, RAW_PARSE_TYPE_NAME));
	typenameTypeIdAndMod(NULL, name, &oid, &typmod);
	expression = coerce_to_target_type(NULL, expression, exprType(expression),
									   oid, typmod, COERCION_ASSIGNMENT,
									   COERCE_IMPLICIT_CAST, -1);
	if (expression != NULL)
		assign_expr_collations(NULL, expression);
	return expression;
}

/* Does an expression call what is not the server's? */
static bool
calls_users(Node *node, void *context)
{
	if (node == NULL)
		return false;
	return check_functions_in_node(node, is_users, context) ||
		expression_tree_walker(node, calls_users, context);
}

static bool
is_users(Oid function, void *context)
{
	return function >= FirstNormalObjectId;
}
