/*-------------------------------------------------------------------------
 *
 * kind/publication.h
 *	  Publications, and what they publish.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_PUBLICATION_KIND_H
#define MIG_PUBLICATION_KIND_H

#include "sch/sch.h"

extern const MigKind mig_publication_kind;
extern const MigKind mig_publication_table_kind;
extern const MigKind mig_publication_schema_kind;

#endif							/* MIG_PUBLICATION_KIND_H */
