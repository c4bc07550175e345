/*-------------------------------------------------------------------------
 *
 * kind/subscription.h
 *	  Subscriptions.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SUBSCRIPTION_KIND_H
#define MIG_SUBSCRIPTION_KIND_H

#include "sch/sch.h"

extern const MigKind mig_subscription_kind;

#endif							/* MIG_SUBSCRIPTION_KIND_H */
