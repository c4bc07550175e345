/*-------------------------------------------------------------------------
 *
 * kind/conversion.h
 *	  How the values of a column change over to another type.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_CONVERSION_H
#define MIG_CONVERSION_H

#include "sch/sch.h"

extern char *mig_conversion_write(const MigObject *from, const MigObject *to);
extern bool mig_conversion_warn(MigAction *action, const MigObject *from,
								const MigObject *to);

#endif							/* MIG_CONVERSION_H */
