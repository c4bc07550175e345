/*-------------------------------------------------------------------------
 *
 * model/ddl_guard.h
 *	  Sets event triggers that see DDL which no migration makes.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_DDL_GUARD_H
#define MIG_DDL_GUARD_H

#include "nodes/pg_list.h"

extern void mig_ddl_guard_set(Oid nsp, const char *mode, const List *schemas);
extern void mig_ddl_guard_bind(Oid function);

#endif							/* MIG_DDL_GUARD_H */
