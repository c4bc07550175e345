/*-------------------------------------------------------------------------
 *
 * model/rename_catalog.h
 *	  Gives live objects other names for a moment.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_RENAME_CATALOG_H
#define MIG_RENAME_CATALOG_H

#include "catalog/objectaddress.h"

extern bool mig_rename_catalog_is_free(const ObjectAddress *object,
									   const char *name);
extern bool mig_rename_catalog(const ObjectAddress *object, const char *old,
							   const char *name, bool may_wait);
extern Oid	mig_rename_catalog_table(const ObjectAddress *object);
extern Oid	mig_rename_catalog_domain(const ObjectAddress *constraint);
extern List *mig_rename_catalog_tables(Oid relid);

#endif							/* MIG_RENAME_CATALOG_H */
