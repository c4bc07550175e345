/*-------------------------------------------------------------------------
 *
 * sch/emit.h
 *	  Writes the script of a comparison.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_EMIT_H
#define MIG_EMIT_H

#include "sch/sch.h"

extern char *mig_emit_script(MigDiff *diff);
extern char *mig_emit_action(const MigDiff *diff, const MigAction *action);
extern char *mig_emit_hazards(const MigAction *action);
extern char *mig_emit_hazard(const MigHazard *hazard);

#endif							/* MIG_EMIT_H */
