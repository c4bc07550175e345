/*-------------------------------------------------------------------------
 *
 * model/rename.h
 *	  Lets live objects have the names that the model has for them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_RENAME_H
#define MIG_RENAME_H

#include "model/rename_find.h"

/* A name that is to be another: "schema.table" or "schema.table.column" */
typedef struct MigNameChange
{
	const char *old;
	const char *name;			/* the last part, without schema or table */
} MigNameChange;

extern List *mig_rename_schemas_left(const MigModel *model,
									 const List *changes);
extern void mig_rename_begin(MigRenames *aliases, const List *changes);
extern void mig_rename_run(MigRenames *aliases, void (*within) (void *arg),
						   void *arg);
extern void mig_rename_refuse(MigRenames *aliases, List *useless);
extern bool mig_rename_restart(MigRenames *aliases);
extern void mig_rename_tell_vain(const MigRenames *aliases);
extern bool mig_rename_again(const MigRenames *aliases);

#endif							/* MIG_RENAME_H */
