/*-------------------------------------------------------------------------
 *
 * kind/server.h
 *	  Foreign-data wrappers, servers and user mappings.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SERVER_KIND_H
#define MIG_SERVER_KIND_H

#include "sch/sch.h"

extern const MigKind mig_fdw_kind;
extern const MigKind mig_server_kind;
extern const MigKind mig_user_mapping_kind;

#endif							/* MIG_SERVER_KIND_H */
