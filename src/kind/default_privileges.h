/*-------------------------------------------------------------------------
 *
 * kind/default_privileges.h
 *	  Default privileges.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_DEFAULT_PRIVILEGES_H
#define MIG_DEFAULT_PRIVILEGES_H

#include "sch/sch.h"

extern char *mig_default_privileges_identity(const char *role,
											 const char *nspname,
											 const char *type);
extern List *mig_default_privileges_grants(const MigObject *object);

#endif							/* MIG_DEFAULT_PRIVILEGES_H */
