/*-------------------------------------------------------------------------
 *
 * run/intake.h
 *	  Takes revisions from files into the tables.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_INTAKE_H
#define MIG_INTAKE_H

#include "rev/incoming.h"

extern char *mig_intake(Oid nsp, const char *function, List *incoming);

#endif							/* MIG_INTAKE_H */
