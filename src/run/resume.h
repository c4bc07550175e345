/*-------------------------------------------------------------------------
 *
 * run/resume.h
 *	  What a statement that was broken off has left behind.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_RESUME_H
#define MIG_RESUME_H

#include "nodes/parsenodes.h"

/* What is to be done before a statement is run again. */
typedef struct MigResume
{
	bool		is_done;		/* it was completed: do not run it */
	List	   *repairs;		/* of char *, statements to run at top level */
	bool		replaces;		/* the repairs complete it: do not run it */
} MigResume;

extern MigResume mig_resume_look(const Node *stmt, bool check_locks);

#endif							/* MIG_RESUME_H */
