/*-------------------------------------------------------------------------
 *
 * kind/schema.h
 *	  Schemas and extensions.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SCHEMA_KIND_H
#define MIG_SCHEMA_KIND_H

#include "sch/sch.h"

extern const char *mig_extension_comment(const MigObject *extension);

#endif							/* MIG_SCHEMA_KIND_H */
