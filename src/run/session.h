/*-------------------------------------------------------------------------
 *
 * run/session.h
 *	  Settings of the session that a non-transactional revision changes.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SESSION_H
#define MIG_SESSION_H

#include "nodes/parsenodes.h"

/* Settings as they were before. */
typedef struct MigSession
{
	MemoryContext context;		/* that the list lives in */
	List	   *saved;			/* of saved settings */
} MigSession;

extern void mig_session_begin(MigSession *session);
extern void mig_session_set(MigSession *session, const char *name,
							const char *value);
extern void mig_session_note(MigSession *session, const Node *stmt);
extern void mig_session_restore(MigSession *session);

#endif							/* MIG_SESSION_H */
