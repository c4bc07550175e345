/*-------------------------------------------------------------------------
 *
 * model/shadow.h
 *	  Builds a model in a shadow that is always rolled back.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SHADOW_H
#define MIG_SHADOW_H

#include "model/parse.h"
#include "model/shadow_members.h"

typedef struct MigShadow
{
	List	   *schemas;		/* MigShadowSchema */
	const char *hidden;			/* what names that are set aside begin with,
								 * followed by the object's OID */
	List	   *stubs;			/* MigStub: for others' tables */
	struct MigShadowBuilding *building; /* for mig_shadow_play() */
} MigShadow;

typedef struct MigShadowOptions
{
	const char *function;		/* that the user called, for messages */
	const char *reason;			/* why a shadow is needed, a sentence; NULL:
								 * it always is */
	List	   *schemas;		/* char *: managed schemas */
	bool		database;		/* the model stands for what belongs to no
								 * schema, too */
	bool		privileges;		/* ... and for privileges: the shadow's
								 * schemas begin without any grant */
	const char *stored_by;		/* role that stored the model; NULL: it is the
								 * caller's own text */
	bool		for_scripts;	/* there is no model, but scripts are played:
								 * errors stay as they are, and no schema
								 * stands but */
	List	   *standing;		/* char *: these */
	List	   *made;			/* char *: schemas that they create */
	List	   *lasting;		/* char *: that stand for more than members of
								 * extensions */
	bool		for_revisions;	/* these scripts are of revisions */
	bool		keeps_extensions;	/* what they do with extensions that are
									 * there, and their schemas, is not run */
	bool		defaults;		/* default privileges that are bound to no
								 * schema are set aside */
	Oid			run_as;			/* role that runs all of it, restricted;
								 * InvalidOid: the current one */

	/* called before anything is hidden; may be NULL */
	void		(*before) (void *arg);

	/* called while the model stands */
	void		(*within) (const MigShadow *shadow, void *arg);
	void	   *arg;			/* of both; they run in the caller's memory
								 * context */
} MigShadowOptions;

extern void mig_shadow_run(const MigModel *model,
						   const MigShadowOptions *options);
extern void mig_shadow_play(const MigShadow *shadow, MigScript *script,
							bool is_ours, int commits_from);
extern void mig_shadow_replay(const MigShadow *shadow, MigScript *script,
							  Oid role, bool is_restricted, int commits_from);
extern void mig_shadow_check_places(const MigShadow *shadow);
extern ErrorData *mig_shadow_try(const MigShadow *shadow,
								 void (*function) (void *arg), void *arg);

#endif							/* MIG_SHADOW_H */
