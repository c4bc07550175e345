/*-------------------------------------------------------------------------
 *
 * model/shadow_places.h
 *	  Where something was created in a shadow.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SHADOW_PLACES_H
#define MIG_SHADOW_PLACES_H

#include "nodes/pg_list.h"

extern void mig_places_check(const List *namespaces, bool for_revisions);

#endif							/* MIG_SHADOW_PLACES_H */
