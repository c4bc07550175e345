/*-------------------------------------------------------------------------
 *
 * run/renaming.h
 *	  Writes the statement that renames an object.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_RENAMING_H
#define MIG_RENAMING_H

#include "catalog/objectaddress.h"

extern char *mig_renaming_sql(const ObjectAddress *object, const char *from,
							  const char *to, const char *unqualified);
extern char *mig_renaming_type_name(Oid type);

#endif							/* MIG_RENAMING_H */
