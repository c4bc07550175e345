/*-------------------------------------------------------------------------
 *
 * kind/column.h
 *	  Columns of tables.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COLUMN_KIND_H
#define MIG_COLUMN_KIND_H

#include "kind/type.h"

extern const char *mig_column_sequence(const MigObject *column);
extern MigAction *mig_column_identity_action(const MigObject *column);
extern const char *mig_column_generation(const MigObject *column);
extern bool mig_column_is_computed(const MigObject *column);
extern bool mig_column_rewrites(const MigObject *column);
extern bool mig_column_is_inherited(const MigObject *column);
extern bool mig_column_adds_to_type(const MigObject *column);
extern bool mig_column_differs_in_type(const MigObject *column);
extern void mig_column_warn_type(MigAction *action, const MigObject *from,
								 const MigObject *to, const char *conversion);
extern bool mig_column_stays_comparable(const MigObject *from,
										const MigObject *to);

#endif							/* MIG_COLUMN_KIND_H */
