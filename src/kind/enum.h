/*-------------------------------------------------------------------------
 *
 * kind/enum.h
 *	  Enumerated types.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_ENUM_KIND_H
#define MIG_ENUM_KIND_H

#include "sch/sch.h"

extern const char *mig_enum_labels(const MigObject *type);
extern List *mig_enum_lost_labels(const MigObject *from, const MigObject *to);

#endif							/* MIG_ENUM_KIND_H */
