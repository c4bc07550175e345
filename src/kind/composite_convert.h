/*-------------------------------------------------------------------------
 *
 * kind/composite_convert.h
 *	  Carries rows within other values over to another type of row.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COMPOSITE_CONVERT_H
#define MIG_COMPOSITE_CONVERT_H

#include "sch/sch.h"

extern bool mig_composite_goes_by_position(const MigObject *type);
extern bool mig_composite_has_names(const MigObject *type);
extern char *mig_composite_holder(const MigObject *type, const char *wanted);
extern char *mig_composite_convert(const MigObject *type, const char *wanted,
								   const char *value);

extern char *mig_composite_unwrap(const char *json, const char *holder,
								  const char *attribute, const char *value);
extern char *mig_composite_frame(const char *holder, const char *attribute,
								 const char *type, const char *statement);

#endif							/* MIG_COMPOSITE_CONVERT_H */
