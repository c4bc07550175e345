/*-------------------------------------------------------------------------
 *
 * run/script_check.h
 *	  The scripts of a revision that is to be stored.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SCRIPT_CHECK_H
#define MIG_SCRIPT_CHECK_H

#include "rev/rev.h"

/* What the scripts of a revision say. */
typedef struct MigCheckedScripts
{
	char	   *checksum;		/* of the upgrade script */
	MigCounts	counts;
	bool		transactional;	/* all fit into a transaction block; if not: */
	const char *script;			/* name of the first script that cannot, */
	int			statement;		/* and number of its statement */
} MigCheckedScripts;

extern char *mig_script_check(const char *source, const char *title,
							  int *statements, int *nontransactional);
extern MigCheckedScripts mig_check_scripts(const char *revision,
										   const char *upgrade,
										   const char *downgrade,
										   const char *verify);
extern bool mig_scripts_wait_for_labels(const char *revision,
										const char *upgrade,
										const char *downgrade,
										const char *verify);
extern void mig_script_check_under_way(Oid nsp, const char *revision,
									   MigDirection direction,
									   const char *before,
									   const char *after);

#endif							/* MIG_SCRIPT_CHECK_H */
