/*-------------------------------------------------------------------------
 *
 * kind/base_type.h
 *	  Base types and shell types.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_BASE_TYPE_KIND_H
#define MIG_BASE_TYPE_KIND_H

#include "sch/sch.h"

extern const MigKind mig_base_type_kind;

#endif							/* MIG_BASE_TYPE_KIND_H */
