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

/* A class of objects that have names of their own on a table. */
typedef struct MigTablePart
{
	Oid			class_id;
	ObjectType	type;
	const char *noun;			/* what ALTER calls it */
	Oid			(*find) (Oid relid, const char *name, bool missing_ok);
	AttrNumber	table;			/* where the table stands in its row */
} MigTablePart;

#define MIG_TABLE_PARTS	4

extern const MigTablePart mig_rename_parts[MIG_TABLE_PARTS];

extern const MigTablePart *mig_rename_part(Oid class_id);
extern bool mig_rename_catalog_is_free(const ObjectAddress *object,
									   const char *name, const char *schema);
extern bool mig_rename_catalog(const ObjectAddress *object, const char *old,
							   const char *name, bool may_wait);
extern bool mig_rename_catalog_can_move(const ObjectAddress *object);
extern bool mig_rename_catalog_move(const ObjectAddress *object,
									const char *schema, bool may_wait);
extern Oid	mig_rename_catalog_add_schema(const char *name);
extern Oid	mig_rename_catalog_table(const ObjectAddress *object);
extern Oid	mig_rename_catalog_domain(const ObjectAddress *constraint);
extern char *mig_rename_catalog_name(const ObjectAddress *object);
extern List *mig_rename_catalog_constructors(Oid type);
extern List *mig_rename_catalog_tables(Oid relid);

#endif							/* MIG_RENAME_CATALOG_H */
