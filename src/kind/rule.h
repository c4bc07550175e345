/*-------------------------------------------------------------------------
 *
 * kind/rule.h
 *	  Rules of tables and views.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_RULE_KIND_H
#define MIG_RULE_KIND_H

#include "sch/sch.h"

extern const MigKind mig_rule_kind;

#endif							/* MIG_RULE_KIND_H */
