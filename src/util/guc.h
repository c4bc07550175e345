/*-------------------------------------------------------------------------
 *
 * util/guc.h
 *	  The extension's settings.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_GUC_H
#define MIG_GUC_H

#include "nodes/pg_list.h"

/* What generated scripts are to stand. */
typedef enum MigProve
{
	MIG_PROVE_OFF,
	MIG_PROVE_ON,
	MIG_PROVE_REQUIRE
} MigProve;

extern void mig_guc_define(void);
extern bool mig_guc_compares(const char *what);
extern List *mig_guc_exclude(void);
extern int64 mig_guc_probe_size(void);
extern int	mig_guc_shadow_timeout(void);
extern const char *mig_guc_plant(void);
extern bool mig_guc_checks_slices(void);
extern MigProve mig_guc_prove(void);
extern bool mig_guc_safe_constraints(void);
extern const char *mig_guc_file_template(void);
extern int	mig_guc_lock_timeout(int otherwise);
extern int	mig_guc_lock_retries(void);
extern bool mig_guc_superuser_runs_any(void);

#endif							/* MIG_GUC_H */
