/*-------------------------------------------------------------------------
 *
 * kind/sequence.h
 *	  Sequences, and the sequences of identity columns.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SEQUENCE_KIND_H
#define MIG_SEQUENCE_KIND_H

#include "sch/sch.h"

extern void mig_sequence_follow_owner(MigObject *sequence);

#endif							/* MIG_SEQUENCE_KIND_H */
