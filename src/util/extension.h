/*-------------------------------------------------------------------------
 *
 * util/extension.h
 *	  Rows of pg_extension, for which older servers have no cache.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_EXTENSION_H
#define MIG_EXTENSION_H

#include "access/htup.h"

extern HeapTuple mig_extension_row(Oid extension);
extern char *mig_extension_version(const char *name);

#endif							/* MIG_EXTENSION_H */
