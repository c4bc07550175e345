/*-------------------------------------------------------------------------
 *
 * kind/cast.h
 *	  Casts, conversions and transforms.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_CAST_KIND_H
#define MIG_CAST_KIND_H

#include "sch/sch.h"

extern const MigKind mig_cast_kind;
extern const MigKind mig_column_convert_kind;
extern const MigKind mig_transform_kind;

#endif							/* MIG_CAST_KIND_H */
