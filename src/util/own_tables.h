/*-------------------------------------------------------------------------
 *
 * util/own_tables.h
 *	  The extension's tables: which they are, whose, and what others put on
 *	  them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_OWN_TABLES_H
#define MIG_OWN_TABLES_H

#include "nodes/pg_list.h"

extern void mig_own_tables_check(Oid nsp);
extern Oid	mig_own_tables_owner(Oid nsp);
extern List *mig_own_tables(Oid nsp);

#endif							/* MIG_OWN_TABLES_H */
