/*-------------------------------------------------------------------------
 *
 * run/status.h
 *	  What goes on in a target schema.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_STATUS_H
#define MIG_STATUS_H

#include "rev/tables.h"
#include "util/spi.h"

typedef struct MigStatus
{
	char	   *heads;			/* current revisions, with commas */
	int			pending;		/* revisions not applied */
	int			pid;			/* of the session that migrates; 0: none */
	int			step;			/* it is at step so many ... */
	int			steps;			/* ... of so many; 0: not known */
	char	   *revision;		/* of the step, or NULL */
	int			statement;		/* of a non-transactional revision; 0: none */
	TimestampTz since;			/* when its statement began */
	List	   *blockers;		/* of char *, pids that it waits for, and
								 * prepared transactions */
	char	   *action;			/* of the last result; NULL: none */
	char	   *last_revision;
	char	   *outcome;
	TimestampTz at;
	char	   *message;
} MigStatus;

extern void mig_status_read(MigTables *tables, MigStatus *status);

#endif							/* MIG_STATUS_H */
