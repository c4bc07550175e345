/*-------------------------------------------------------------------------
 *
 * util/guc.h
 *	  The extension's settings.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_GUC_H
#define MIG_GUC_H

extern void mig_guc_define(void);
extern const char *mig_guc_file_template(void);
extern int	mig_guc_lock_timeout(int otherwise);
extern int	mig_guc_lock_retries(void);
extern bool mig_guc_superuser_runs_any(void);

#endif							/* MIG_GUC_H */
