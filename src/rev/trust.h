/*-------------------------------------------------------------------------
 *
 * rev/trust.h
 *	  Whose scripts they are.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_TRUST_H
#define MIG_TRUST_H

#include "rev/rev.h"

/* Scripts of a stored revision that somebody gives anew; bits. */
#define MIG_GIVES_UPGRADE		0x01
#define MIG_GIVES_DOWNGRADE		0x02
#define MIG_GIVES_VERIFY		0x04

extern bool mig_trust_role(const char *name);
extern char *mig_trust_author(const char *role, const List *others);
extern char *mig_trust_change(const char *role, const MigRevision *old,
							  int given, int removed, const List *others);

#endif							/* MIG_TRUST_H */
