/*-------------------------------------------------------------------------
 *
 * run/new_label.h
 *	  Values that a script adds to an enumerated type, for use at once.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_NEW_LABEL_H
#define MIG_NEW_LABEL_H

#include "nodes/parsenodes.h"

extern void mig_new_label_admit(const AlterEnumStmt *stmt);

#endif							/* MIG_NEW_LABEL_H */
