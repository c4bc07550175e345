/*-------------------------------------------------------------------------
 *
 * model/relocate.h
 *	  Extensions that a model has in another schema.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_RELOCATE_H
#define MIG_RELOCATE_H

#include "model/parse.h"
#include "sch/sch.h"

/* An extension that is to be in another schema than it is. */
typedef struct MigRelocation
{
	const char *extension;
	const char *schema;			/* where it is to be */
	const char *from;			/* where it is */
} MigRelocation;

extern List *mig_relocations(const MigModel *model);
extern List *mig_relocations_between(const MigSnapshot *live,
									 const MigSnapshot *wanted);
extern List *mig_relocate_live(const List *relocations,
							   const List *schemas);
extern void mig_relocate_note(const List *relocations, MigSnapshot *live);
extern List *mig_relocate_back(const List *relocations);
extern void mig_relocate_forth(const List *moved);
extern bool mig_relocate_run(const Node *stmt, bool in_model);

#endif							/* MIG_RELOCATE_H */
