/*-------------------------------------------------------------------------
 *
 * model/shadow_members.h
 *	  Where members of extensions are while a shadow stands.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SHADOW_MEMBERS_H
#define MIG_SHADOW_MEMBERS_H

#include "nodes/pg_list.h"

/* A managed schema, while the model stands. */
typedef struct MigShadowSchema
{
	const char *name;			/* the shadow has it */
	Oid			live;			/* InvalidOid: there is none in the database */
	Oid			shadow;			/* InvalidOid: the model does not make it */
	bool		for_members;	/* it stands for members of extensions alone */
	bool		comes_later;	/* a statement creates it */
	List	   *extensions;		/* OIDs: then those that are in the live one */
	const char *hidden;			/* name of the live one meanwhile, or NULL */
} MigShadowSchema;

extern void mig_shadow_members_note(const List *schemas);
extern void mig_shadow_members_enter(const List *schemas, Oid role,
									 bool database);
extern void mig_shadow_members_leave(const List *schemas, const Node *stmt);
extern void mig_shadow_members_follow(const List *schemas, const Node *stmt,
									  Oid role);
extern void mig_shadow_members_skip(const List *schemas, const Node *stmt);
extern List *mig_shadow_members_made(void);
extern void mig_shadow_members_made_again(List *before);
extern void mig_shadow_members_move(Oid extension, Oid to);

#endif							/* MIG_SHADOW_MEMBERS_H */
