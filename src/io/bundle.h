/*-------------------------------------------------------------------------
 *
 * io/bundle.h
 *	  Several files, one behind the other in a text or each for itself.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_BUNDLE_H
#define MIG_BUNDLE_H

#include "io/revfile.h"

extern List *mig_bundle_split(const char *input);
extern List *mig_bundle_parse(const List *sources);
extern char *mig_bundle_normalize(const char *input);

#endif							/* MIG_BUNDLE_H */
