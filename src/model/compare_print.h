/*-------------------------------------------------------------------------
 *
 * model/compare_print.h
 *	  The database as a script that builds it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COMPARE_PRINT_H
#define MIG_COMPARE_PRINT_H

#include "model/compare.h"

extern char *mig_compare_print_live(MigComparison *comparison);

#endif							/* MIG_COMPARE_PRINT_H */
