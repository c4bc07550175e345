/*-------------------------------------------------------------------------
 *
 * sch/surroundings.h
 *	  What stands in the catalogs besides some schemas.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SURROUNDINGS_H
#define MIG_SURROUNDINGS_H

#include "nodes/pg_list.h"

extern char *mig_surroundings(const List *schemas);

#endif							/* MIG_SURROUNDINGS_H */
