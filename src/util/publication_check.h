/*-------------------------------------------------------------------------
 *
 * util/publication_check.h
 *	  Publications that hold the extension's tables.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_PUBLICATION_CHECK_H
#define MIG_PUBLICATION_CHECK_H

#include "nodes/pg_list.h"

extern void mig_publication_warn(Oid nsp, const List *tables);
extern void mig_publication_warn_once(Oid nsp, const List *tables);

#endif							/* MIG_PUBLICATION_CHECK_H */
