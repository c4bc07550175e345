/*-------------------------------------------------------------------------
 *
 * model/extension_version.h
 *	  Versions of extensions that a model asks for.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_EXTENSION_VERSION_H
#define MIG_EXTENSION_VERSION_H

#include "model/parse.h"

extern void mig_extension_versions_tell(const MigModel *model);

#endif							/* MIG_EXTENSION_VERSION_H */
