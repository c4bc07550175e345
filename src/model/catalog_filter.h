/*-------------------------------------------------------------------------
 *
 * model/catalog_filter.h
 *	  Hides what is set aside from the queries of a model.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_CATALOG_FILTER_H
#define MIG_CATALOG_FILTER_H

#include "nodes/parsenodes.h"

extern void mig_veil_begin(const List *namespaces, const char *prefix);
extern void mig_veil_end(void);
extern bool mig_veil_needs_call(Oid function);
extern void mig_veil_query(Query *query);

#endif							/* MIG_CATALOG_FILTER_H */
