/*-------------------------------------------------------------------------
 *
 * model/fill_marks.h
 *	  Marks of a model for the values of rows that are there.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_FILL_MARKS_H
#define MIG_FILL_MARKS_H

#include "sch/sch.h"

extern List *mig_fill_marks_take(const List *marks, const char *unqualified);
extern void mig_fill_marks_tell_vain(const MigDiff *diff);

#endif							/* MIG_FILL_MARKS_H */
