/*-------------------------------------------------------------------------
 *
 * sch/imprint.h
 *	  Whether schemas stand in the catalogs as they stood.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_IMPRINT_H
#define MIG_IMPRINT_H

#include "postgres.h"

#include "nodes/pg_list.h"

extern char *mig_imprint(const List *schemas, const List *described);

#endif							/* MIG_IMPRINT_H */
