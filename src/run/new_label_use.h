/*-------------------------------------------------------------------------
 *
 * run/new_label_use.h
 *	  Where a script uses a value that it adds to an enumerated type.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_NEW_LABEL_USE_H
#define MIG_NEW_LABEL_USE_H

#include "run/script.h"

extern int	mig_new_label_first_use(const MigScript *script, int last);

#endif							/* MIG_NEW_LABEL_USE_H */
