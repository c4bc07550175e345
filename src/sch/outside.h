/*-------------------------------------------------------------------------
 *
 * sch/outside.h
 *	  What objects need of the database that is not compared.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_OUTSIDE_H
#define MIG_OUTSIDE_H

#include "sch/sch.h"

/* Something of the database that an object needs. */
typedef struct MigOutside
{
	Oid			classid;
	const char *name;
	const char *description;	/* "server s" */
} MigOutside;

extern void mig_outside_note(MigObject *object, const MigAddress *address);
extern void mig_outside_warn(MigDiff *diff);

#endif							/* MIG_OUTSIDE_H */
