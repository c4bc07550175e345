/*-------------------------------------------------------------------------
 *
 * kind/trigger.h
 *	  Triggers.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_TRIGGER_KIND_H
#define MIG_TRIGGER_KIND_H

#include "sch/sch.h"

extern const MigKind mig_trigger_kind;

#endif							/* MIG_TRIGGER_KIND_H */
