/*-------------------------------------------------------------------------
 *
 * rev/trust.c
 *	  Whose scripts they are.
 *
 * A script is code that runs as whoever runs it, so a superuser runs only
 * what is a superuser's: migrate_revision.stored_by names one.  Here alone is
 * decided who that is, for all functions that write scripts: the role that
 * calls them, unless that is a superuser and some of what is stored comes from
 * a lesser role.  Then it is that role's, and nobody has vouched for it.
 *
 * Roles are known by their names, which mean the same after a dump is
 * restored; a role that is gone is a lesser one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/trust.h"

#include "miscadmin.h"
#include "utils/acl.h"

/* Is the role of this name a superuser? */
bool
mig_trust_role(const char *name)
{
	Oid			role = get_role_oid(name, true);

	return OidIsValid(role) && superuser_arg(role);
}

/*
 * The one who has stored what the current role, by name, stores together with
 * text that comes from others; list of char *.
 */
char *
mig_trust_author(const char *role, const List *others)
{
	const ListCell *lc;

	foreach(lc, superuser() ? others : NIL)
	{
		if (!mig_trust_role(lfirst(lc)))
			return pstrdup(lfirst(lc));
	}
	return pstrdup(role);
}

/*
 * The one who has stored a revision after the current role has given some of
 * its scripts anew and removed some, MIG_GIVES_ bits; in what is given may be
 * text of others.
 */
char *
mig_trust_change(const char *role, const MigRevision *old, int given,
				 int removed, const List *others)
{
	int			stay = 0;

	if (given == 0)
		return old->stored_by;
	if (old->counts.upgrade > 0)
		stay |= MIG_GIVES_UPGRADE;
	if (old->counts.downgrade > 0)
		stay |= MIG_GIVES_DOWNGRADE;
	if (old->counts.verify > 0)
		stay |= MIG_GIVES_VERIFY;
	if ((stay & ~given & ~removed) != 0)
		others = lappend(list_copy(others), old->stored_by);
	return mig_trust_author(role, others);
}
