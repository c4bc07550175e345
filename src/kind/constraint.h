/*-------------------------------------------------------------------------
 *
 * kind/constraint.h
 *	  Constraints of tables.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_CONSTRAINT_KIND_H
#define MIG_CONSTRAINT_KIND_H

#include "sch/sch.h"

extern bool mig_constraint_is_check(const MigObject *constraint);

#endif							/* MIG_CONSTRAINT_KIND_H */
