/*-------------------------------------------------------------------------
 *
 * util/version.h
 *	  The version of this module and that of the extension's objects.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_VERSION_H
#define MIG_VERSION_H

#include "compat.h"

extern const char *mig_version_check(Oid nsp, bool read_only);
extern void mig_version_find(char **version, Oid *nsp);
pg_noreturn extern void mig_refuse_missing(int sqlstate, const char *what,
										   Oid nsp);

#endif							/* MIG_VERSION_H */
