/*-------------------------------------------------------------------------
 *
 * model/agree.h
 *	  Refuses where the database is not what the model says.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_AGREE_H
#define MIG_AGREE_H

#include "model/compare.h"

extern void mig_agree(MigComparison *comparison);

#endif							/* MIG_AGREE_H */
