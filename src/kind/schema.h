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

extern const char *mig_extension_schema(const MigObject *extension);
extern void mig_extension_set_schema(MigObject *extension, const char *schema);
extern bool mig_extension_moves(const MigAction *action);
extern const char *mig_extension_comment(const MigObject *extension);

#endif							/* MIG_SCHEMA_KIND_H */
