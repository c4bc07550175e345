/*-------------------------------------------------------------------------
 *
 * run/restriction.h
 *	  What lesser roles stored, run in a superuser's session.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_RESTRICTION_H
#define MIG_RESTRICTION_H

/* The role and its restrictions, as they were. */
typedef struct MigRestriction
{
	bool		active;			/* something was restricted */
	Oid			user;
	int			context;
} MigRestriction;

extern bool mig_restriction_needed(const char *stored_by);
extern void mig_restriction_begin(MigRestriction *restriction,
								  const char *stored_by);
extern void mig_restriction_set(MigRestriction *restriction);
extern void mig_restriction_end(const MigRestriction *restriction);

#endif							/* MIG_RESTRICTION_H */
