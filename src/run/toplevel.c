/*-------------------------------------------------------------------------
 *
 * run/toplevel.c
 *	  One statement at top level, outside any transaction block.
 *
 * The statement gets a portal of its own, made and run as the server does for
 * a client's statement.  CREATE INDEX CONCURRENTLY and its like commit inside.
 * The caller has passed the gate of transaction.c, has just begun a
 * transaction, and holds no snapshot; parse tree and current memory context
 * survive transactions.
 *
 * No security context can hold across the commits.  None is needed: what such
 * statements run of others' code, for example in the expressions of an index,
 * the server itself runs as the table's owner and restricted.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "run/toplevel.h"
#include "compat.h"

#include "tcop/cmdtag.h"
#include "tcop/dest.h"
#include "tcop/pquery.h"
#include "tcop/utility.h"
#include "utils/memutils.h"
#include "utils/portal.h"
#include "utils/snapmgr.h"

/* Run a utility statement; the transaction stays open behind it. */
void
mig_toplevel_run(RawStmt *raw, const char *source)
{
	List	   *planned;
	Portal		portal;
	QueryCompletion qc;

	Assert(!ActiveSnapshotSet());
	planned = pg_analyze_and_rewrite_fixedparams(raw, source, NULL, 0, NULL);
	planned = pg_plan_queries(planned, source, 0, NULL);
	portal = CreateNewPortal();
	portal->visible = false;
	PortalDefineQuery(portal, NULL, source, CreateCommandTag(raw->stmt),
					  planned, NULL);
	PortalStart(portal, NULL, 0, InvalidSnapshot);
	(void) mig_portal_run(portal, &qc);
	PortalDrop(portal, false);
}

/* The same for a statement of our own. */
void
mig_toplevel_run_text(const char *sql)
{
	mig_toplevel_run(linitial_node(RawStmt, pg_parse_query(sql)), sql);
}

/*
 * A hint for an error of such a statement where the statement is not to blame;
 * else NULL.
 */
char *
mig_toplevel_hint(const ErrorData *edata)
{
	if (strstr(edata->message, "pgaudit stack is not empty") == NULL)
		return NULL;
	return pstrdup("pgaudit 1.7.0, 16.0 and 17.0 refuse every statement at top level within a CALL. Install pgaudit 1.7.1, 16.1, 17.1 or later, and restart the server.");
}
