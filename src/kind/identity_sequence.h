/*-------------------------------------------------------------------------
 *
 * kind/identity_sequence.h
 *	  Sequences of identity columns, as far as they are objects.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_IDENTITY_SEQUENCE_H
#define MIG_IDENTITY_SEQUENCE_H

#include "sch/sch.h"

extern char *mig_identity_sequence_name(const MigDiff *diff,
										const MigObject *sequence);

#endif							/* MIG_IDENTITY_SEQUENCE_H */
