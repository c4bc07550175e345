/*-------------------------------------------------------------------------
 *
 * model/catalog_filter.c
 *	  Hides what is set aside from the queries of a model.
 *
 * Models ask the catalogs: "IF NOT EXISTS (SELECT FROM pg_class ...) THEN
 * CREATE ...", and are to find what they would in an empty database.  What is
 * set aside has another name meanwhile, which is enough for names that the
 * server looks up, but its rows are still there.  So each query is given
 * conditions before it is planned: catalogs have no rows of what stands in a
 * hidden schema, of what has a name that begins like those of hidden things,
 * and of what belongs to either.  They are put where those of row security
 * are; views, those of information_schema among them, are catalogs by then.
 *
 * Functions in SQL that return sets would be inlined into a query when we
 * have seen it: they are not, so that theirs are queries of their own.  Plans
 * made before are of no use, nor are ours afterwards.
 *
 * Conditions are SQL, since that is short; the operators in it have a schema,
 * since the search_path is the model's.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "model/catalog_filter.h"
#include "util/catalog_plan.h"

#include "access/genam.h"
#include "access/table.h"
#include "catalog/catalog.h"
#include "catalog/namespace.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_class.h"
#include "catalog/pg_language.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_shdepend.h"
#include "catalog/pg_shdescription.h"
#include "catalog/pg_shseclabel.h"
#include "catalog/pg_subscription.h"
#include "miscadmin.h"
#include "parser/analyze.h"
#include "parser/parse_node.h"
#include "parser/parser.h"
#include "parser/parsetree.h"
#include "rewrite/rewriteManip.h"
#include "utils/builtins.h"
#include "utils/plancache.h"
#include "utils/syscache.h"

/* Rows of a catalog belong to what one of their columns refers to. */
typedef struct Owned
{
	const char *catalog;
	const char *column;
	const char *owner;
} Owned;

static const Owned owned[] = {
	{"pg_aggregate", "aggfnoid", "pg_proc"},
	{"pg_amop", "amopfamily", "pg_opfamily"},
	{"pg_amproc", "amprocfamily", "pg_opfamily"},
	{"pg_attrdef", "adrelid", "pg_class"},
	{"pg_attribute", "attrelid", "pg_class"},
	{"pg_cast", "castsource", "pg_type"},
	{"pg_cast", "casttarget", "pg_type"},
	{"pg_constraint", "conrelid", "pg_class"},
	{"pg_constraint", "contypid", "pg_type"},
	{"pg_default_acl", "defaclnamespace", "pg_namespace"},
	{"pg_enum", "enumtypid", "pg_type"},
	{"pg_foreign_table", "ftrelid", "pg_class"},
	{"pg_index", "indrelid", "pg_class"},
	{"pg_inherits", "inhrelid", "pg_class"},
	{"pg_partitioned_table", "partrelid", "pg_class"},
	{"pg_policy", "polrelid", "pg_class"},
	{"pg_publication_namespace", "pnnspid", "pg_namespace"},
	{"pg_publication_namespace", "pnpubid", "pg_publication"},
	{"pg_publication_rel", "prpubid", "pg_publication"},
	{"pg_publication_rel", "prrelid", "pg_class"},
	{"pg_range", "rngtypid", "pg_type"},
	{"pg_rewrite", "ev_class", "pg_class"},
	{"pg_sequence", "seqrelid", "pg_class"},
	{"pg_statistic", "starelid", "pg_class"},
	{"pg_statistic_ext_data", "stxoid", "pg_statistic_ext"},
	{"pg_subscription_rel", "srrelid", "pg_class"},
	{"pg_subscription_rel", "srsubid", "pg_subscription"},
	{"pg_transform", "trftype", "pg_type"},
	{"pg_trigger", "tgconstrrelid", "pg_class"},
	{"pg_trigger", "tgrelid", "pg_class"},
	{"pg_ts_config_map", "mapcfg", "pg_ts_config"},
	{"pg_user_mapping", "umserver", "pg_foreign_server"},
};

/* Rows of a catalog belong to what an address in them names. */
typedef struct Addressed
{
	const char *catalog;
	const char *class_column;
	const char *object_column;
	const char *database_column;	/* NULL: there is none */
} Addressed;

static const Addressed addressed[] = {
	{"pg_depend", "classid", "objid", NULL},
	{"pg_description", "classoid", "objoid", NULL},
	{"pg_init_privs", "classoid", "objoid", NULL},
	{"pg_seclabel", "classoid", "objoid", NULL},
	{"pg_shdepend", "classid", "objid", "dbid"},
	{"pg_shdescription", "classoid", "objoid", NULL},
	{"pg_shseclabel", "classoid", "objoid", NULL},
};

/* The catalogs of what addresses name, but for what has no hidden rows. */
static const char *const classes[] = {
	"pg_amop", "pg_amproc", "pg_attrdef", "pg_cast", "pg_class",
	"pg_collation", "pg_constraint", "pg_conversion", "pg_default_acl",
	"pg_event_trigger", "pg_foreign_data_wrapper", "pg_foreign_server",
	"pg_language", "pg_namespace", "pg_opclass", "pg_operator", "pg_opfamily",
	"pg_policy", "pg_proc", "pg_publication", "pg_publication_namespace",
	"pg_publication_rel", "pg_rewrite", "pg_statistic_ext", "pg_subscription",
	"pg_transform", "pg_trigger", "pg_ts_config", "pg_ts_dict",
	"pg_ts_parser", "pg_ts_template", "pg_type", "pg_user_mapping",
};

/* What is hidden, as SQL; NULL: nothing. */
static const char *hidden_namespaces = NULL;
static const char *hidden_names = NULL;

static List *others_temporary(void);
static bool add_conditions(Node *node, void *context);
static void add_condition(Query *query, int index, const char *source);
static Node *parse_condition(const char *source);
static bool has_hidden_rows(Oid catalog);
static bool need_no_permission(Node *node, void *context);
static char *query_with_condition(Oid catalog);
static char *query_on_toast(void);
static void append_own(StringInfo buf, Oid catalog, const char *row);
static void append_owners(StringInfo buf, const char *catalog);
static void append_addresses(StringInfo buf, const char *catalog);
static void append_exists(StringInfo buf, const char *catalog,
						  const char *column);

/*
 * Hide what stands in schemas (OIDs), temporary objects of other sessions, and
 * what has a name with a prefix, until mig_veil_end(), which must follow on
 * errors, too.  What is hidden is noted in the current memory context.
 */
void
mig_veil_begin(const List *namespaces, const char *prefix)
{
	List	   *hidden = list_concat_copy(namespaces, others_temporary());
	StringInfoData buf;
	const ListCell *lc;

	initStringInfo(&buf);
	appendStringInfoString(&buf, "'{");
	foreach(lc, hidden)
		appendStringInfo(&buf, "%s%u", lc == list_head(hidden) ? "" : ",",
						 lfirst_oid(lc));
	appendStringInfoString(&buf, "}'::pg_catalog.oid[]");
	hidden_namespaces = buf.data;
	hidden_names = quote_literal_cstr(prefix);
	mig_catalog_plans_off(true);
	ResetPlanCache();
}

/* The schemas of temporary objects of other sessions. */
static List *
others_temporary(void)
{
	Relation	rel = table_open(NamespaceRelationId, AccessShareLock);
	SysScanDesc scan = systable_beginscan(rel, InvalidOid, false, NULL, 0,
										  NULL);
	List	   *namespaces = NIL;
	HeapTuple	tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Oid			nsp = ((Form_pg_namespace) GETSTRUCT(tuple))->oid;

		if (isAnyTempNamespace(nsp) && !isTempOrTempToastNamespace(nsp))
			namespaces = lappend_oid(namespaces, nsp);
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return namespaces;
}

/* Plans that were made behind the veil have it in them. */
void
mig_veil_end(void)
{
	if (hidden_names == NULL)
		return;
	hidden_namespaces = hidden_names = NULL;
	mig_catalog_plans_off(false);
	ResetPlanCache();
}

/* Must a function be called, since we see its queries only then? */
bool
mig_veil_needs_call(Oid function)
{
	HeapTuple	tuple;
	Form_pg_proc form;
	bool		needs;

	if (hidden_names == NULL)
		return false;
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_proc) GETSTRUCT(tuple);
	needs = form->prolang == SQLlanguageId && form->proretset;
	ReleaseSysCache(tuple);
	return needs;
}

/* Give a query its conditions, in place, before it is planned. */
void
mig_veil_query(Query *query)
{
	if (hidden_names != NULL)
		(void) add_conditions((Node *) query, NULL);
}

/*
 * Conditions are queries, too: they are met as those of the range table, but
 * for what asks pg_class about rows of its own, which is complete.
 */
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
		const RangeTblEntry *entry = rt_fetch(i, query->rtable);

		if (entry->rtekind == RTE_RELATION && has_hidden_rows(entry->relid))
			add_condition(query, i, query_with_condition(entry->relid));
	}
	(void) query_tree_walker(query, add_conditions, context, 0);
	for (int i = 1; i <= list_length(query->rtable); i++)
	{
		const RangeTblEntry *entry = rt_fetch(i, query->rtable);

		if (entry->rtekind == RTE_RELATION &&
			entry->relid == RelationRelationId)
			add_condition(query, i, query_on_toast());
	}
	return false;
}

/* Of shared catalogs these alone have rows of what is in a database. */
static bool
has_hidden_rows(Oid catalog)
{
	switch (catalog)
	{
		case SharedDependRelationId:
		case SharedDescriptionRelationId:
		case SharedSecLabelRelationId:
		case SubscriptionRelationId:
			return true;
		default:
			return IsCatalogRelationOid(catalog) && !IsSharedRelation(catalog);
	}
}

/* Add the condition of a query on one table to that on a table of a query. */
static void
add_condition(Query *query, int index, const char *source)
{
	RangeTblEntry *entry = rt_fetch(index, query->rtable);
	Node	   *condition;

	if (source == NULL)
		return;
	condition = parse_condition(source);
	ChangeVarNodes(condition, 1, index, 0);
	entry->securityQuals = lcons(condition, entry->securityQuals);
	query->hasSubLinks |= checkExprHasSubLink(condition);
}

static Node *
parse_condition(const char *source)
{
	ParseState *pstate = make_parsestate(NULL);
	RawStmt    *statement;
	Query	   *query;

	statement = linitial_node(RawStmt, raw_parser(source, RAW_PARSE_DEFAULT));
	pstate->p_sourcetext = source;
	query = transformTopLevelStmt(pstate, statement);
	free_parsestate(pstate);
	(void) need_no_permission((Node *) query, NULL);
	return query->jointree->quals;
}

/* Conditions ask catalogs that the current role perhaps may not read. */
static bool
need_no_permission(Node *node, void *context)
{
	ListCell   *lc;

	if (node == NULL)
		return false;
	if (!IsA(node, Query))
		return expression_tree_walker(node, need_no_permission, context);
	foreach(lc, MIG_PERMISSIONS((Query *) node))
		((MigPermission *) lfirst(lc))->requiredPerms = 0;
	return query_tree_walker((Query *) node, need_no_permission, context, 0);
}

/* A query that has it, or NULL. */
static char *
query_with_condition(Oid catalog)
{
	const char *name = get_rel_name(catalog);
	StringInfoData buf;
	int			start;

	initStringInfo(&buf);
	appendStringInfo(&buf, "SELECT FROM pg_catalog.%s AS it WHERE true",
					 quote_identifier(name));
	start = buf.len;
	append_own(&buf, catalog, "it");
	append_owners(&buf, name);
	append_addresses(&buf, name);
	return buf.len > start ? buf.data : NULL;
}

/*
 * A toast table and its index are of the table whose OID is in their names:
 * the server sees to that whenever it makes one or exchanges two.
 */
static char *
query_on_toast(void)
{
	Oid			temporary;
	Oid			temporary_toast;
	StringInfoData buf;

	GetTempNamespaceState(&temporary, &temporary_toast);
	initStringInfo(&buf);
	appendStringInfo(&buf, "SELECT FROM pg_catalog.pg_class AS it WHERE"
					 " CASE WHEN it.relnamespace OPERATOR(pg_catalog.=) ANY ('{%u,%u}'::pg_catalog.oid[]) THEN"
					 " EXISTS (SELECT FROM pg_catalog.pg_class AS o WHERE o.oid OPERATOR(pg_catalog.=)"
					 " pg_catalog.substring(it.relname::pg_catalog.text, '[0-9]+')::pg_catalog.oid",
					 PG_TOAST_NAMESPACE, temporary_toast);
	append_own(&buf, RelationRelationId, "o");
	appendStringInfoString(&buf, ") ELSE true END");
	return buf.data;
}

/* of what has a schema, or a name */
static void
append_own(StringInfo buf, Oid catalog, const char *row)
{
	AttrNumber	nsp;
	AttrNumber	name;

	if (!is_objectclass_supported(catalog))
		return;
	nsp = catalog == NamespaceRelationId ? Anum_pg_namespace_oid :
		get_object_attnum_namespace(catalog);
	name = get_object_attnum_name(catalog);
	if (nsp != InvalidAttrNumber)
		appendStringInfo(buf, " AND %s.%s OPERATOR(pg_catalog.<>) ALL (%s)",
						 row, get_attname(catalog, nsp, false),
						 hidden_namespaces);
	if (name != InvalidAttrNumber)
		appendStringInfo(buf, " AND NOT pg_catalog.starts_with(%s.%s::pg_catalog.text, %s)",
						 row, get_attname(catalog, name, false), hidden_names);
}

static void
append_owners(StringInfo buf, const char *catalog)
{
	for (size_t i = 0; i < lengthof(owned); i++)
	{
		if (strcmp(owned[i].catalog, catalog) != 0)
			continue;
		appendStringInfo(buf, " AND (it.%s OPERATOR(pg_catalog.=) '0'::pg_catalog.oid OR ",
						 owned[i].column);
		append_exists(buf, owned[i].owner, owned[i].column);
		appendStringInfoChar(buf, ')');
	}
}

static void
append_addresses(StringInfo buf, const char *catalog)
{
	for (size_t i = 0; i < lengthof(addressed); i++)
	{
		const Addressed *address = &addressed[i];

		if (strcmp(address->catalog, catalog) != 0)
			continue;
		appendStringInfoString(buf, " AND CASE");
		if (address->database_column != NULL)
			appendStringInfo(buf, " WHEN it.%s OPERATOR(pg_catalog.<>) ALL ('{0,%u}'::pg_catalog.oid[]) THEN true",
							 address->database_column, MyDatabaseId);
		for (size_t k = 0; k < lengthof(classes); k++)
		{
			appendStringInfo(buf, " WHEN it.%s OPERATOR(pg_catalog.=) '%u'::pg_catalog.oid THEN ",
							 address->class_column,
							 get_relname_relid(classes[k],
											   PG_CATALOG_NAMESPACE));
			append_exists(buf, classes[k], address->object_column);
		}
		appendStringInfoString(buf, " ELSE true END");
	}
}

/* Is there a row of a catalog that a column refers to? */
static void
append_exists(StringInfo buf, const char *catalog, const char *column)
{
	appendStringInfo(buf, "EXISTS (SELECT FROM pg_catalog.%s AS o WHERE o.oid OPERATOR(pg_catalog.=) it.%s)",
					 catalog, column);
}
