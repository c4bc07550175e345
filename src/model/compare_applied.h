/*-------------------------------------------------------------------------
 *
 * model/compare_applied.h
 *	  Holds the database against what the revisions applied there build.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COMPARE_APPLIED_H
#define MIG_COMPARE_APPLIED_H

#include "model/compare.h"

extern void mig_compare_applied(MigComparison *comparison);
extern char *mig_compare_capture_downgrade(MigComparison *comparison);
extern char *mig_compare_capture_upgrade(MigComparison *comparison);

#endif							/* MIG_COMPARE_APPLIED_H */
