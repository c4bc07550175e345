/*-------------------------------------------------------------------------
 *
 * model/rename_find.h
 *	  Finds what is to be renamed, while others have their new names already.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_RENAME_FIND_H
#define MIG_RENAME_FIND_H

#include "catalog/objectaddress.h"
#include "model/parse.h"

/* When wishes are granted: those before others whose names they change. */
typedef enum MigRenameLevel
{
	MIG_RENAME_SCHEMAS,
	MIG_RENAME_OBJECTS,
	MIG_RENAME_MEMBERS,
	MIG_RENAME_LEVELS
} MigRenameLevel;

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
	char	   *to_schema;		/* where it is to be, or NULL: where it is */
	bool		derived;		/* it follows from another */
	bool		in_swap;		/* it is a part of changing places */
	bool		makes_way;		/* of what goes along with what moves */
	bool		marked;			/* by a comment of the model */
	bool		behind;			/* see MigRenameMark */
	bool		done;
} MigRenameWish;

/*
 * Something that is to be renamed, or moved to another schema; a step of it,
 * where it is both.
 */
typedef struct MigRename
{
	MigRenameWish *wish;
	ObjectAddress address;		/* of a value of an enum: of the type, with
								 * the class of the values */
	const char *identity;		/* see mig_rename_identity(); before that */
	const char *old;			/* its name in the database; NULL: a schema
								 * that is made for what moves there */
	const char *name;
	const char *to_schema;		/* that it moves to, or NULL */
	const char *upgrade;		/* statement, without semicolon */
	const char *downgrade;
} MigRename;

/* Whether objects change places; see model/rename_swap.c. */
typedef enum MigSwapState
{
	MIG_SWAP_OPEN,				/* not decided */
	MIG_SWAP_DONE,				/* they have */
	MIG_SWAP_UNKNOWN,			/* nothing tells: they do not */
	MIG_SWAP_WANTED				/* they do */
} MigSwapState;

typedef struct MigSwap
{
	List	   *wishes;			/* MigRenameWish: each for a name that the
								 * next one is about */
	MigSwapState state;
} MigSwap;

typedef struct MigRenames
{
	const MigModel *model;
	const List *schemas;		/* char *: managed */
	const char *first_schema;	/* of names that say none; or NULL */
	const char *unqualified;	/* schema that is not written, or NULL */
	List	   *wishes;			/* MigRenameWish */
	List	   *found;			/* MigRename, in the order of the statements */
	List	   *refused;		/* MigRename: nothing comes of them */
	List	   *vain;			/* char *: marks of which nothing can come */
	List	   *swaps;			/* MigSwap */
} MigRenames;

extern bool mig_rename_find(const MigRenames *aliases,
							const MigRenameWish *wish, ObjectAddress *object);
extern bool mig_rename_find_occupant(const MigRenames *aliases,
									 const MigRenameWish *wish,
									 ObjectAddress *object);
extern MigRenameLevel mig_rename_level(const MigRenameWish *wish);
extern bool mig_rename_is_routine(const MigRenameWish *wish);
extern char *mig_rename_old_name(const MigRenameWish *wish);
extern bool mig_rename_same(const ObjectAddress *a, const ObjectAddress *b);
extern char *mig_rename_identity(const ObjectAddress *object);
extern bool mig_rename_is_refused(const MigRenames *aliases,
								  const ObjectAddress *object,
								  const char *name);

#endif							/* MIG_RENAME_FIND_H */
