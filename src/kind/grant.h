/*-------------------------------------------------------------------------
 *
 * kind/grant.h
 *	  Privileges, and the statements that lead from some to others.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_GRANT_H
#define MIG_GRANT_H

#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "sch/sch.h"

/* A privilege that a role has from another on an object, or on a column. */
typedef struct MigGrant
{
	const char *grantee;		/* as SQL has it, "*" is the owner */
	const char *privilege;
	const char *column;			/* quoted, or NULL: the object */
	bool		grantable;
	const char *grantor;		/* quoted, or NULL: the owner */
} MigGrant;

/* What the statements are about. */
typedef struct MigGrantTarget
{
	const char *prefix;			/* stands before GRANT and REVOKE */
	const char *on;				/* stands behind ON */
	const char *owner;			/* quoted */
	const char *type;			/* as in acldefault() */
} MigGrantTarget;

extern List *mig_grants_parse(List *grants, const char *acl,
							  const char *column);
extern List *mig_grants_default(const char *type);
extern List *mig_grants_of_type(const char *acl, const char *type);
extern List *mig_grants_add(const List *grants, const List *more);
extern List *mig_grants_without(const List *grants, const List *less);
extern void mig_grants_warn(MigAction *action, const List *from,
							const List *to, const char *on);
extern List *mig_grants_owned(const List *grants, const char *owner);
extern void mig_grants_change(StringInfo buf, const MigGrantTarget *target,
							  const List *from, const List *to);

#endif							/* MIG_GRANT_H */
