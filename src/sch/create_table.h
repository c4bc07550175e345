/*-------------------------------------------------------------------------
 *
 * sch/create_table.h
 *	  Writes into CREATE TABLE what the order lets stand there.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_CREATE_TABLE_H
#define MIG_CREATE_TABLE_H

#include "sch/sch.h"

extern void mig_fold_tie(const MigDiff *diff);
extern void mig_fold_parts(MigDiff *diff);

#endif							/* MIG_CREATE_TABLE_H */
