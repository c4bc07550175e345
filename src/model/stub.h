/*-------------------------------------------------------------------------
 *
 * model/stub.h
 *	  Stands in for tables of schemas that are not managed.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_STUB_H
#define MIG_STUB_H

#include "nodes/parsenodes.h"
#include "sch/snapshot.h"

extern void mig_stub_redirect(List **stubs, const char *prefix, Node *stmt);

extern void mig_stub_read(MigScope *scope, const List *stubs);

#endif							/* MIG_STUB_H */
