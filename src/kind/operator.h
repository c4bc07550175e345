/*-------------------------------------------------------------------------
 *
 * kind/operator.h
 *	  Operators, their families and classes.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_OPERATOR_KIND_H
#define MIG_OPERATOR_KIND_H

#include "sch/sch.h"

extern const MigKind mig_operator_kind;
extern const MigKind mig_opfamily_kind;
extern const MigKind mig_opclass_kind;

#endif							/* MIG_OPERATOR_KIND_H */
