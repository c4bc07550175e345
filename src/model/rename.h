/*-------------------------------------------------------------------------
 *
 * model/rename.h
 *	  Lets live objects have the names that the model has for them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_RENAME_H
#define MIG_RENAME_H

#include "catalog/objectaddress.h"
#include "model/parse.h"

/* A name that is to be another: "schema.table" or "schema.table.column" */
typedef struct MigNameChange
{
	const char *old;
	const char *name;			/* the last part, without schema or table */
} MigNameChange;

/* A wish that something is renamed, see model/rename.c. */
typedef struct MigRenameWish
{
	ObjectType	type;			/* OBJECT_... of the object or member */
	bool		any_type;		/* type is not known */
	bool		by_new_name;	/* of a member: its object is called by the
								 * name that it is to have */
	char	   *schema;			/* or NULL */
	char	   *object;			/* of a member, else the name to be changed */
	char	   *member;			/* the name to be changed, or NULL */
	char	   *name;			/* that it is to have */
	bool		derived;		/* it follows from another */
	bool		done;
} MigRenameWish;

/* Something that is to be renamed. */
typedef struct MigRename
{
	MigRenameWish *wish;
	ObjectAddress address;		/* of a value of an enum: of the type, with
								 * the class of the values */
	const char *old;			/* its name in the database */
	const char *name;
	const char *upgrade;		/* statement, without semicolon */
	const char *downgrade;
} MigRename;

typedef struct MigRenames
{
	const MigModel *model;
	const List *schemas;		/* char *: managed */
	const char *first_schema;	/* of names that say none; or NULL */
	const char *unqualified;	/* schema that is not written, or NULL */
	List	   *wishes;			/* MigRenameWish */
	List	   *found;			/* MigRename, in the order of the statements */
	List	   *refused;		/* MigRename: nothing comes of them */
} MigRenames;

extern void mig_rename_begin(MigRenames *aliases, const List *changes);
extern void mig_rename_run(MigRenames *aliases, void (*within) (void *arg),
						   void *arg);
extern void mig_rename_refuse(MigRenames *aliases, List *useless);
extern bool mig_rename_again(const MigRenames *aliases);

#endif							/* MIG_RENAME_H */
