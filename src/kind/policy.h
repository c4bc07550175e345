/*-------------------------------------------------------------------------
 *
 * kind/policy.h
 *	  Policies of row security.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_POLICY_KIND_H
#define MIG_POLICY_KIND_H

#include "sch/sch.h"

extern const MigKind mig_policy_kind;

#endif							/* MIG_POLICY_KIND_H */
