/*-------------------------------------------------------------------------
 *
 * util/extension.h
 *	  Extensions: their rows, and the statement that creates them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_EXTENSION_H
#define MIG_EXTENSION_H

#include "access/htup.h"
#include "nodes/parsenodes.h"

extern HeapTuple mig_extension_row(Oid extension);
extern char *mig_extension_version(const char *name);
extern char *mig_extension_option(const CreateExtensionStmt *create,
								  const char *name);

#endif							/* MIG_EXTENSION_H */
