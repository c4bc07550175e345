/*-------------------------------------------------------------------------
 *
 * model/rename_along.h
 *	  Wishes that follow from others.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_RENAME_ALONG_H
#define MIG_RENAME_ALONG_H

#include "model/rename_find.h"

extern List *mig_rename_along(const MigRename *alias);
extern List *mig_rename_make_way(const MigRenameWish *wish,
								 const ObjectAddress *object);

#endif							/* MIG_RENAME_ALONG_H */
