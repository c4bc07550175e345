/*-------------------------------------------------------------------------
 *
 * compat.h
 *	  Every difference between the PostgreSQL versions that we support.
 *
 * Older servers are given the newest name, so that no other file looks at
 * PG_VERSION_NUM.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COMPAT_H
#define MIG_COMPAT_H

/* 19's headers no longer bring what these declare. */
#include <limits.h>

#include "access/htup_details.h"
#include "catalog/pg_database.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "nodes/parsenodes.h"
#include "parser/parse_type.h"
#include "storage/lock.h"
#include "tcop/tcopprot.h"
#include "utils/guc_tables.h"
#include "utils/lsyscache.h"
#include "utils/queryenvironment.h"

/* Before 16 these headers declare functions without their arguments. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "optimizer/planner.h"
#pragma GCC diagnostic pop

/* 15 renamed pg_analyze_and_rewrite() */
#if PG_VERSION_NUM < 150000
#define pg_analyze_and_rewrite_fixedparams(parsetree, query, types, n, env) \
	pg_analyze_and_rewrite(parsetree, query, types, n, env)
#endif

/* 16 has a word for results that must be looked at */
#if PG_VERSION_NUM < 160000
#ifdef __GNUC__
#define pg_nodiscard __attribute__((warn_unused_result))
#else
#define pg_nodiscard
#endif
#endif

/* 16 says by a context of errors that a type need not be there */
#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"

#define mig_parse_type(name, oid, typmod) \
	parseTypeString(name, oid, typmod, \
					(Node *) &(ErrorSaveContext) {.type = T_ErrorSaveContext})
#else
#define mig_parse_type(name, oid, typmod) \
	(parseTypeString(name, oid, typmod, true), OidIsValid(*(oid)))
#endif

/* 18 puts its word for functions that do not return before them */
#if PG_VERSION_NUM < 180000
#define pg_noreturn __attribute__((noreturn))
#endif

/* 18 dropped an argument of ExecutorRun() and of PortalRun() */
#if PG_VERSION_NUM >= 180000
#define mig_executor_run(desc) \
	ExecutorRun(desc, ForwardScanDirection, 0)
#define mig_portal_run(portal, qc) \
	PortalRun(portal, FETCH_ALL, true, None_Receiver, None_Receiver, qc)
#else
#define mig_executor_run(desc) \
	ExecutorRun(desc, ForwardScanDirection, 0, true)
#define mig_portal_run(portal, qc) \
	PortalRun(portal, FETCH_ALL, true, true, None_Receiver, None_Receiver, qc)
#endif

/* 15 gave ICU locales a column, 16 their rules, 17 a name for all providers */
#if PG_VERSION_NUM >= 170000
#define MIG_COLLATION_LOCALE "colllocale"
#elif PG_VERSION_NUM >= 150000
#define MIG_COLLATION_LOCALE "colliculocale"
#else
#define MIG_COLLATION_LOCALE "NULL"
#endif
#if PG_VERSION_NUM >= 160000
#define MIG_COLLATION_RULES "collicurules"
#else
#define MIG_COLLATION_RULES "NULL::pg_catalog.text"
#endif


/* 16 unified the privilege checks; we check schemas and the database only */
#if PG_VERSION_NUM < 160000
#define object_aclcheck(classid, objid, roleid, mode) \
	((classid) == DatabaseRelationId ? \
	 pg_database_aclcheck(objid, roleid, mode) : \
	 pg_namespace_aclcheck(objid, roleid, mode))
#define object_ownercheck(classid, objid, roleid) \
	((classid) == RelationRelationId ? \
	 pg_class_ownercheck(objid, roleid) : \
	 pg_namespace_ownercheck(objid, roleid))
#endif

/* 16 took the permissions that a query asks for out of the range table */
#if PG_VERSION_NUM < 160000
typedef RangeTblEntry MigPermission;
#define MIG_CHECK_PERMS(name) \
	bool name(List *permissions, bool ereport_on_violation)
#define MIG_CHECK_PERMS_CALL(hook) \
	hook(permissions, ereport_on_violation)
#define MIG_PERMISSIONS(query) ((query)->rtable)
#else
typedef RTEPermissionInfo MigPermission;
#define MIG_CHECK_PERMS(name) \
	bool name(List *range_table, List *permissions, bool ereport_on_violation)
#define MIG_CHECK_PERMS_CALL(hook) \
	hook(range_table, permissions, ereport_on_violation)
#define MIG_PERMISSIONS(query) ((query)->rteperminfos)
#endif

/*
 * Minor releases of late 2024 on lock rows of pg_class against updates in
 * place.
 */
#ifdef InplaceUpdateTupleLock
#define mig_lock_class_row(relid) \
	SearchSysCacheLockedCopy1(RELOID, ObjectIdGetDatum(relid))
#define mig_unlock_class_row(rel, place) \
	UnlockTuple(rel, place, InplaceUpdateTupleLock)
#else
#define mig_lock_class_row(relid) \
	SearchSysCacheCopy1(RELOID, ObjectIdGetDatum(relid))
#define mig_unlock_class_row(rel, place) ((void) 0)
#endif

/* 17 moves dependents of types by an argument */
#if PG_VERSION_NUM < 170000
#define mig_move_type(typid, nsp, moved) \
	AlterTypeNamespaceInternal(typid, nsp, false, false, moved)
#else
#define mig_move_type(typid, nsp, moved) \
	AlterTypeNamespaceInternal(typid, nsp, false, false, false, moved)
#endif

/* 17 has a setting that keeps event triggers from firing */
#if PG_VERSION_NUM < 170000
#define MIG_EVENT_TRIGGERS_OFF "session_replication_role", "replica"
#else
#define MIG_EVENT_TRIGGERS_OFF "event_triggers", "off"
#endif

/* 16 counts the settings in the same call */
#if PG_VERSION_NUM < 160000
#define mig_guc_variables(n) \
	(*(n) = GetNumConfigOptions(), get_guc_variables())
#else
#define mig_guc_variables(n) get_guc_variables(n)
#endif

/* 16 has details of errors in times */
#if PG_VERSION_NUM < 160000
#define mig_decode_time(field, type, n, sort, fields, fraction, zone) \
	DecodeDateTime(field, type, n, sort, fields, fraction, zone)
#else
#define mig_decode_time(field, type, n, sort, fields, fraction, zone) \
	DecodeDateTime(field, type, n, sort, fields, fraction, zone, \
				   &(DateTimeErrorExtra) {0})
#endif

/* 16 renamed the look-up of backend status entries */
#if PG_VERSION_NUM < 160000
#define pgstat_get_local_beentry_by_index(i) pgstat_fetch_stat_local_beentry(i)
#endif

/* 17 renamed backend ids to process numbers, and lets ask for any lock */
#if PG_VERSION_NUM < 170000
#include "storage/sinvaladt.h"
#define ProcNumberGetProc(n) BackendIdGetProc(n)
#define mig_vxid_proc(vxid) ((vxid).backendId)
#define mig_lock_held(tag, mode) LockHeldByMe(tag, mode)
#else
#define mig_vxid_proc(vxid) ((vxid).procNumber)
#define mig_lock_held(tag, mode) LockHeldByMe(tag, mode, false)
#endif

/* 17 has the privilege MAINTAIN on tables */
#if PG_VERSION_NUM < 170000
#define MIG_MAINTAIN ""
#else
#define MIG_MAINTAIN "MAINTAIN, "
#endif

/* 18 has constraints that are not enforced; 19 enforces checks in place */
#if PG_VERSION_NUM < 180000
#define MIG_CONSTRAINT_ENFORCED "true"
#else
#define MIG_CONSTRAINT_ENFORCED "conenforced"
#endif
#if PG_VERSION_NUM < 190000
#define MIG_ALTERS_CHECK_ENFORCED false
#else
#define MIG_ALTERS_CHECK_ENFORCED true
#endif

/* 18 wants one collation at both ends of a key if one is not deterministic */
#if PG_VERSION_NUM < 180000
#define MIG_KEYS_SHARE_COLLATION false
#else
#define MIG_KEYS_SHARE_COLLATION true
#endif

/* What ALTER TABLE can do besides: 17 an expression, 18 to enforce */
#if PG_VERSION_NUM < 170000
#define mig_sets_expression(cmd) false
#else
#define mig_sets_expression(cmd) ((cmd)->subtype == AT_SetExpression)
#endif
#if PG_VERSION_NUM < 180000
#define mig_enforces_constraint(cmd) false
#else
#define mig_enforces_constraint(cmd) \
	((cmd)->subtype == AT_AlterConstraint && \
	 castNode(ATAlterConstraint, (cmd)->def)->alterEnforceability && \
	 castNode(ATAlterConstraint, (cmd)->def)->is_enforced)
#endif

/* 18 lets publications include generated columns */
#if PG_VERSION_NUM < 180000
#define MIG_PUBLISH_GENERATED "NULL"
#else
#define MIG_PUBLISH_GENERATED \
	"'publish_generated_columns=' || CASE pubgencols WHEN 's' THEN 'stored' ELSE 'none' END"
#endif

/* 19 lets them leave tables out, and include sequences */
#if PG_VERSION_NUM < 190000
#define MIG_PUBLISHES_ALL "CASE WHEN puballtables THEN 'ALL TABLES' END"
#define MIG_PUBLISHED ""
#else
#define MIG_PUBLISHES_ALL \
	"NULLIF(pg_catalog.concat_ws(', ', CASE WHEN puballtables THEN 'ALL TABLES' || COALESCE(" \
	"(SELECT ' EXCEPT (TABLE ' || pg_catalog.string_agg(t.name, ', ' ORDER BY t.name COLLATE \"C\") || ')'" \
	" FROM (SELECT prrelid::pg_catalog.regclass::pg_catalog.text AS name FROM pg_catalog.pg_publication_rel" \
	" WHERE prpubid = p.oid AND prexcept) t), '') END, CASE WHEN puballsequences THEN 'ALL SEQUENCES' END), '')"
#define MIG_PUBLISHED " WHERE NOT prexcept"
#endif

/* 16 and 17 have more options of subscriptions, and 18 another default */
#if PG_VERSION_NUM < 160000
#define MIG_SUBSCRIPTION_OPTIONS ""
#else
#define MIG_SUBSCRIPTION_OPTIONS \
	", 'password_required=' || subpasswordrequired," \
	" 'run_as_owner=' || subrunasowner, 'origin=' || suborigin"
#endif
#if PG_VERSION_NUM < 170000
#define MIG_SUBSCRIPTION_LASTING_OPTIONS ""
#else
#define MIG_SUBSCRIPTION_LASTING_OPTIONS ", 'failover=' || subfailover"
#endif
/* 19 has more of them, and subscriptions to foreign servers */
#if PG_VERSION_NUM < 190000
#define MIG_FDW_CONNECTION "0::pg_catalog.oid"
#define MIG_SUBSCRIPTION_SERVER "NULL::pg_catalog.text"
#define MIG_SUBSCRIPTION_MORE_OPTIONS ""
#define MIG_SUBSCRIPTION_MORE_LASTING_OPTIONS ""
#else
#define MIG_FDW_CONNECTION "fdwconnection"
#define MIG_SUBSCRIPTION_SERVER \
	"(SELECT pg_catalog.quote_ident(srvname) FROM pg_catalog.pg_foreign_server s WHERE s.oid = subserver)"
#define MIG_SUBSCRIPTION_MORE_OPTIONS \
	", 'max_retention_duration=' || submaxretention, 'wal_receiver_timeout=' || subwalrcvtimeout"
#define MIG_SUBSCRIPTION_MORE_LASTING_OPTIONS \
	", 'retain_dead_tuples=' || subretaindeadtuples"
#endif
#if PG_VERSION_NUM < 180000
#define MIG_SUBSCRIPTION_STREAMING "off"
#else
#define MIG_SUBSCRIPTION_STREAMING "parallel"
#endif

/* From 17 on partitions share the identity of their parent's columns. */
#if PG_VERSION_NUM >= 170000
#define MIG_PARTITIONS_HAVE_IDENTITY true
#define MIG_IDENTITY \
	"CASE WHEN NOT relispartition THEN NULLIF(attidentity::pg_catalog.text, '') END"
#else
#define MIG_PARTITIONS_HAVE_IDENTITY false
#define MIG_IDENTITY "NULLIF(attidentity::pg_catalog.text, '')"
#endif

/* From 17 on a stored column gets another generation expression in place. */
#if PG_VERSION_NUM >= 170000
#define MIG_SET_EXPRESSION true
#else
#define MIG_SET_EXPRESSION false
#endif

/* 17 tells of the statement */
#if PG_VERSION_NUM < 170000
#define mig_reindex_index(index, persistence, params) \
	reindex_index(index, false, persistence, params)
#else
#define mig_reindex_index(index, persistence, params) \
	reindex_index(NULL, index, false, persistence, params)
#endif

/* 19 gives scans of tables options */
#if PG_VERSION_NUM < 190000
#define mig_table_beginscan(rel, snapshot) \
	table_beginscan(rel, snapshot, 0, NULL)
#else
#define mig_table_beginscan(rel, snapshot) \
	table_beginscan(rel, snapshot, 0, NULL, SO_NONE)
#endif

/* 19 tells the planner about EXPLAIN */
#if PG_VERSION_NUM < 190000
#define MIG_PLANNER(name) \
	PlannedStmt *name(Query *query, const char *source, int options, \
					  ParamListInfo params)
#define MIG_PLANNER_CALL(hook) \
	hook(query, source, options, params)
#define mig_plan_query(query, source, options) \
	pg_plan_query(query, source, options, NULL)
#else
#define MIG_PLANNER(name) \
	PlannedStmt *name(Query *query, const char *source, int options, \
					  ParamListInfo params, ExplainState *explain)
#define MIG_PLANNER_CALL(hook) \
	hook(query, source, options, params, explain)
#define mig_plan_query(query, source, options) \
	pg_plan_query(query, source, options, NULL, NULL)
#endif

/* 19 reads strings as the standard says, always */
#if PG_VERSION_NUM < 190000
#define MIG_STANDARD_STRINGS standard_conforming_strings
#else
#define MIG_STANDARD_STRINGS true
#endif

/* 18 declares it in a header */
#if PG_VERSION_NUM < 180000
extern PGDLLIMPORT char *default_tablespace;
#endif

/* 19 made CLUSTER a form of REPACK, and has WAIT FOR */
#if PG_VERSION_NUM < 190000
#define RepackStmt ClusterStmt
#define T_RepackStmt T_ClusterStmt
#define mig_repack_table(stmt) ((stmt)->relation)
#define mig_is_wait(stmt) false
#else
#define mig_repack_table(stmt) \
	((stmt)->relation == NULL ? NULL : (stmt)->relation->relation)
#define mig_is_wait(stmt) IsA(stmt, WaitStmt)
#endif

/* 19 has another thing of subscriptions to refresh */
#if PG_VERSION_NUM < 190000
#define ALTER_SUBSCRIPTION_REFRESH_PUBLICATION ALTER_SUBSCRIPTION_REFRESH
#endif

/* 19 lets publications leave tables out */
#if PG_VERSION_NUM < 190000
#define GetRelationIncludedPublications(relid) GetRelationPublications(relid)
#endif

/* The server that we are built for, to tell users */
#define MIG_SERVER_MAJOR PG_MAJORVERSION

#endif							/* MIG_COMPAT_H */
