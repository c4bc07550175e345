/*-------------------------------------------------------------------------
 *
 * model/compare.h
 *	  Holds the database against a model.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COMPARE_H
#define MIG_COMPARE_H

#include "model/comparison.h"

extern void mig_compare(MigComparison *comparison);
extern char *mig_compare_upgrade(MigComparison *comparison);
extern char *mig_compare_downgrade(MigComparison *comparison);
extern void mig_compare_probe(MigComparison *comparison);
extern MigScope mig_compare_scope(const MigComparison *comparison,
								  const MigShadow *shadow);

/* for model/compare_applied.c, model/compare_part.c, model/compare_print.c */
extern void mig_compare_take_history(MigComparing *building);
extern void mig_compare_begin_names(MigComparing *building,
									const MigModel *model);
extern void mig_compare_pair(MigComparing *building);
extern bool mig_compare_refuse_useless(MigComparing *building);
extern void mig_compare_prepare(MigComparing *building, MigDiff *diff,
								MigSnapshot *from, MigSnapshot *to);

#endif							/* MIG_COMPARE_H */
