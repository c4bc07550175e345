/*-------------------------------------------------------------------------
 *
 * util/catalog_plan.c
 *	  Plans of our queries of the catalogs, kept for the session.
 *
 * The server forgets the plans of a session whenever a schema gets another
 * name, which a shadow does twice, and to make those of a comparison anew
 * takes a third of it.  What looks at nothing but catalogs and functions of
 * the server itself stays right, whatever the schemas are called: its plan is
 * kept here, out of the server's reach.  It is made again where a catalog was
 * changed, analyzed or has grown, and not used while queries are given other
 * conditions (mig_catalog_plans_off()).
 *
 * The plans are in a child of CacheMemoryContext.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "util/catalog_plan.h"
#include "util/settings.h"

#include "access/table.h"
#include "access/transam.h"
#include "access/xact.h"
#include "executor/executor.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "tcop/tcopprot.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* so many pages more than a plan was made for are no growth */
#define FEW_PAGES	32

/* A plan, or what is known instead. */
typedef struct CatalogPlan
{
	const char *query;			/* hash key: a constant of ours */
	PlannedStmt *planned;		/* NULL: not made, or not to be kept */
	MemoryContext context;		/* that it is in */
	int			uses;			/* runs under way, or ended by an error */
	bool		is_foreign;		/* looks at more than catalogs */
	uint64		made_at;		/* value of "changes" */
	BlockNumber pages;			/* of its catalogs, when it was made */
} CatalogPlan;

static HTAB *plans = NULL;

/* how often a catalog was changed */
static uint64 changes = 0;

static bool is_off = false;

static CatalogPlan *find_plan(const char *query);
static void note_change(Datum arg, Oid relid);
static bool is_ready(CatalogPlan *plan, ParamListInfo params);
static void forget(CatalogPlan *plan);
static PlannedStmt *make_plan(const char *query, ParamListInfo params);
static bool is_of_catalogs(const PlannedStmt *planned);
static BlockNumber lock_catalogs(const PlannedStmt *planned);
static void keep(CatalogPlan *plan, const PlannedStmt *planned);

/*
 * Run a query, which is a constant of ours, by a plan that is kept; false if
 * there is none.  Rows are fetched under names_path, if there is one; see
 * mig_spi_begin_catalog().
 */
bool
mig_catalog_plan_run(const char *query, ParamListInfo params,
					 const char *names_path, DestReceiver *dest)
{
	CatalogPlan *plan = is_off ? NULL : find_plan(query);
	QueryDesc  *desc;
	int			level;

	if (plan == NULL || !is_ready(plan, params))
		return false;
	plan->uses++;
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	desc = CreateQueryDesc(plan->planned, query, GetActiveSnapshot(),
						   InvalidSnapshot, dest, params, NULL, 0);
	ExecutorStart(desc, 0);
	level = NewGUCNestLevel();
	if (names_path != NULL)
		mig_settings_set("search_path", names_path);
	mig_executor_run(desc);
	AtEOXact_GUC(true, level);
	ExecutorFinish(desc);
	ExecutorEnd(desc);
	FreeQueryDesc(desc);
	PopActiveSnapshot();
	plan->uses--;
	return true;
}

/* Has a query a plan, and are the catalogs locked that it reads? */
static bool
is_ready(CatalogPlan *plan, ParamListInfo params)
{
	MemoryContext context;
	MemoryContext old;
	PlannedStmt *planned;

	if (plan->planned != NULL)
	{
		BlockNumber pages = lock_catalogs(plan->planned);

		if (plan->made_at == changes && pages / 2 <= plan->pages + FEW_PAGES)
			return true;
		forget(plan);
	}
	if (plan->is_foreign)
		return false;
	plan->made_at = changes;
	context = AllocSetContextCreate(CurrentMemoryContext,
									"pg_migrations planning",
									ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	planned = make_plan(plan->query, params);
	plan->is_foreign = planned == NULL || !is_of_catalogs(planned);
	if (!plan->is_foreign)
		keep(plan, planned);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	return !plan->is_foreign;
}

/* A plan that is being run is left where it is. */
static void
forget(CatalogPlan *plan)
{
	if (plan->uses == 0)
		MemoryContextDelete(plan->context);
	plan->planned = NULL;
	plan->uses = 0;
}

/* From now on queries are given other conditions, or no more. */
void
mig_catalog_plans_off(bool off)
{
	is_off = off;
}

static CatalogPlan *
find_plan(const char *query)
{
	CatalogPlan *plan;
	bool		found;

	if (plans == NULL)
	{
		HASHCTL		ctl = {0};

		ctl.keysize = sizeof(const char *);
		ctl.entrysize = sizeof(CatalogPlan);
		plans = hash_create("pg_migrations catalog plans", 64, &ctl,
							HASH_ELEM | HASH_BLOBS);
		CacheRegisterRelcacheCallback(note_change, (Datum) 0);
	}
	plan = hash_search(plans, &query, HASH_ENTER, &found);
	if (!found)
		memset((char *) plan + sizeof(plan->query), 0,
			   sizeof(CatalogPlan) - sizeof(plan->query));
	return plan;
}

/* Some catalog was changed or analyzed; or we are not told what was. */
static void
note_change(Datum arg, Oid relid)
{
	if (relid < FirstNormalObjectId)
		changes++;
}

/* A plan for all values of the parameters; NULL if it is no plain query. */
static PlannedStmt *
make_plan(const char *query, ParamListInfo params)
{
	int			nparams = params->numParams;
	Oid		   *types = palloc(sizeof(Oid) * Max(nparams, 1));
	List	   *raw = pg_parse_query(query);
	RawStmt    *only = linitial_node(RawStmt, raw);
	List	   *rewritten;
	PlannedStmt *planned = NULL;

	for (int i = 0; i < nparams; i++)
		types[i] = params->params[i].ptype;
	PushActiveSnapshot(GetTransactionSnapshot());
	rewritten = pg_analyze_and_rewrite_fixedparams(only, query, types,
												   nparams, NULL);
	if (list_length(rewritten) == 1 &&
		linitial_node(Query, rewritten)->commandType == CMD_SELECT)
		planned = mig_plan_query(linitial_node(Query, rewritten), query,
								 CURSOR_OPT_GENERIC_PLAN);
	PopActiveSnapshot();
	return planned;
}

/*
 * Does a plan stay right as long as the server's own catalogs do?  It lists
 * any OID that is in it among the relations.
 */
static bool
is_of_catalogs(const PlannedStmt *planned)
{
	const ListCell *lc;

	foreach(lc, planned->rtable)
	{
		const RangeTblEntry *rte = lfirst_node(RangeTblEntry, lc);

		if (rte->rtekind == RTE_RELATION && rte->relid >= FirstNormalObjectId)
			return false;
	}
	return planned->invalItems == NIL && !planned->transientPlan &&
		!planned->dependsOnRole;
}

/* Lock what a plan reads, as the server does with a plan that was kept. */
static BlockNumber
lock_catalogs(const PlannedStmt *planned)
{
	BlockNumber pages = 0;
	const ListCell *lc;

	foreach(lc, planned->rtable)
	{
		const RangeTblEntry *rte = lfirst_node(RangeTblEntry, lc);
		Relation	rel;

		if (rte->rtekind != RTE_RELATION)
			continue;
		LockRelationOid(rte->relid, rte->rellockmode);
		rel = table_open(rte->relid, NoLock);
		if (RELKIND_HAS_STORAGE(rel->rd_rel->relkind))
			pages += RelationGetNumberOfBlocks(rel);
		table_close(rel, NoLock);
	}
	return pages;
}

static void
keep(CatalogPlan *plan, const PlannedStmt *planned)
{
	BlockNumber pages = lock_catalogs(planned);
	MemoryContext old;

	plan->context = AllocSetContextCreate(CurrentMemoryContext,
										  "pg_migrations catalog plan",
										  ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(plan->context);
	plan->planned = copyObjectImpl(planned);
	MemoryContextSwitchTo(old);
	MemoryContextSetParent(plan->context, CacheMemoryContext);
	plan->pages = pages;
}
