/*-------------------------------------------------------------------------
 *
 * model/generate.h
 *	  Makes a revision of what differs between database and model, or of what
 *	  there is in the database.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_GENERATE_H
#define MIG_GENERATE_H

#include "model/compare.h"
#include "rev/author.h"

extern char *mig_generate(MigComparison *comparison, MigDraft *draft,
						  bool amend);
extern char *mig_generate_capture(MigComparison *comparison, MigDraft *draft);
extern char *mig_generate_baseline(MigComparison *comparison,
								   MigDraft *draft);

#endif							/* MIG_GENERATE_H */
