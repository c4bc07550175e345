/*-------------------------------------------------------------------------
 *
 * model/rename_sql.h
 *	  Writes the statement that renames an object.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_RENAME_SQL_H
#define MIG_RENAME_SQL_H

#include "catalog/objectaddress.h"

extern char *mig_rename_sql(const ObjectAddress *object, const char *from,
							const char *to, const char *unqualified);
extern char *mig_move_sql(const ObjectAddress *object, const char *schema,
						  const char *unqualified);

#endif							/* MIG_RENAME_SQL_H */
