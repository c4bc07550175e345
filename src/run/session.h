/*-------------------------------------------------------------------------
 *
 * run/session.h
 *	  Settings of the session that a non-transactional revision changes.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SESSION_H
#define MIG_SESSION_H

#include "nodes/pg_list.h"

/* The settings of a session as they were. */
typedef struct MigSession
{
	MemoryContext context;		/* that the list lives in */
	bool		is_saved;
	List	   *settings;		/* of what was set in the session */
} MigSession;

extern void mig_session_begin(MigSession *session);
extern void mig_session_save(MigSession *session);
extern void mig_session_set(const char *name, const char *value);
extern void mig_session_restore(MigSession *session);

#endif							/* MIG_SESSION_H */
