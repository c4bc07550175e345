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

#include "executor/executor.h"
#include "nodes/parsenodes.h"
#include "tcop/tcopprot.h"
#include "utils/guc_tables.h"
#include "utils/queryenvironment.h"

/* 15 renamed pg_analyze_and_rewrite() */
#if PG_VERSION_NUM < 150000
#define pg_analyze_and_rewrite_fixedparams(parsetree, query, types, n, env) \
	pg_analyze_and_rewrite(parsetree, query, types, n, env)
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

/* 16 unified the privilege checks; we check schemas only */
#if PG_VERSION_NUM < 160000
#define object_aclcheck(classid, objid, roleid, mode) \
	pg_namespace_aclcheck(objid, roleid, mode)
#endif

/* 16 counts the settings in the same call */
#if PG_VERSION_NUM < 160000
#define mig_guc_variables(n) \
	(*(n) = GetNumConfigOptions(), get_guc_variables())
#else
#define mig_guc_variables(n) get_guc_variables(n)
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

#endif							/* MIG_COMPAT_H */
