/*-------------------------------------------------------------------------
 *
 * sch/logging.h
 *	  In which order tables become logged or unlogged.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_LOGGING_H
#define MIG_LOGGING_H

#include "sch/name.h"

extern void mig_logging_tie(MigDiff *diff, MigPrecede precede);

#endif							/* MIG_LOGGING_H */
