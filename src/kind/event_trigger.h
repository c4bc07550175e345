/*-------------------------------------------------------------------------
 *
 * kind/event_trigger.h
 *	  Event triggers.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_EVENT_TRIGGER_KIND_H
#define MIG_EVENT_TRIGGER_KIND_H

#include "sch/sch.h"

extern const MigKind mig_event_trigger_kind;

#endif							/* MIG_EVENT_TRIGGER_KIND_H */
