/*-------------------------------------------------------------------------
 *
 * model/kept_key.h
 *	  What the snapshot of a model depends on.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_KEPT_KEY_H
#define MIG_KEPT_KEY_H

#include "model/parse.h"
#include "sch/snapshot.h"

/* A model, and how it is built. */
typedef struct MigRecipe
{
	Oid			nsp;			/* schema of the extension */
	const MigModel *model;
	const char *text;			/* of the model */
	List	   *schemas;		/* char *: those that stand */
	List	   *managed;		/* char *: those that are read */
	const List *described;		/* char *: those that it creates or comments
								 * on */
	const char *unqualified;	/* see MigScope */
	bool		database;		/* these three as in migrate.compare */
	bool		privileges;
	bool		owners;
	bool		names_role;		/* these two see keepable.h */
	bool		is_keepable;
} MigRecipe;

extern char *mig_key_of(const MigRecipe *built);
extern char *mig_key_digest(const char *source);
extern char *mig_key_difference(const char *key, const char *other);
extern List *mig_key_references(const MigSnapshot *snapshot);
extern char *mig_key_outside(const MigRecipe *built, List *addresses);
extern List *mig_key_addresses(const char *outside);

#endif							/* MIG_KEPT_KEY_H */
