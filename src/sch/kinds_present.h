/*-------------------------------------------------------------------------
 *
 * sch/kinds_present.h
 *	  Which kinds of objects there are in some schemas.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_KINDS_PRESENT_H
#define MIG_KINDS_PRESENT_H

#include "sch/sch.h"

/* Letters of the catalogs that occur, and catalogs that have rows. */
typedef struct MigPresent
{
	bool		relkinds[128];
	bool		typtypes[128];
	bool		prokinds[128];
	bool		rules;
	bool		triggers;
	List	   *catalogs;		/* of Oid; only what stands in schemas */
	List	   *members;		/* of Oid: what stands in the schemas, but for
								 * types of arrays */
	int			nothers;		/* relations elsewhere */
} MigPresent;

extern void mig_present_find(MigPresent *present, const List *namespaces);
extern bool mig_present_is_little(const MigPresent *present);
extern bool mig_present_has(const MigPresent *present, MigKindId kind);

#endif							/* MIG_KINDS_PRESENT_H */
