/*-------------------------------------------------------------------------
 *
 * sch/code.h
 *	  Whose code is in a script.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_CODE_H
#define MIG_CODE_H

#include "sch/sch.h"

/* Code of a role that is no superuser. */
typedef struct MigCode
{
	const char *role;
	const char *object;			/* "view public.v" */
} MigCode;

extern List *mig_code_carried(const MigDiff *diff, bool live);
extern List *mig_code_in(const MigSnapshot *live);

#endif							/* MIG_CODE_H */
