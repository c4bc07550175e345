/*-------------------------------------------------------------------------
 *
 * model/jobs.h
 *	  Partitions that jobs make and drop.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_JOBS_H
#define MIG_JOBS_H

#include "model/parse.h"
#include "sch/sch.h"

/* What pg_partman is told to see to; lists of Oid. */
typedef struct MigJobs
{
	List	   *parents;
	List	   *templates;
} MigJobs;

extern MigJobs mig_jobs_read(void);
extern void mig_jobs_ignore(const MigJobs *jobs, const MigModel *model,
							MigSnapshot *live, MigSnapshot *wanted);
extern void mig_jobs_tell_vain(const MigModel *model,
							   const MigSnapshot *wanted);
extern void mig_jobs_tell_strays(const MigJobs *jobs, const MigModel *model,
								 const MigSnapshot *live,
								 const MigSnapshot *wanted);

#endif							/* MIG_JOBS_H */
