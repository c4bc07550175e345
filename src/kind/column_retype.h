/*-------------------------------------------------------------------------
 *
 * kind/column_retype.h
 *	  What a column's change of type does to the values that there are.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COLUMN_RETYPE_H
#define MIG_COLUMN_RETYPE_H

#include "sch/sch.h"

/* A change of a column's type. */
typedef struct MigColumnRetype
{
	const MigObject *column;	/* new side */
	Oid			source;			/* type of the server; 0: any other */
	Oid			target;
	const char *source_type;	/* as SQL has it */
	const char *target_type;
	const char *conversion;		/* of USING, or NULL */
	bool		by_element;		/* elements are or were of a domain */
} MigColumnRetype;

extern bool mig_column_retype_is_comparable(Oid source, Oid target);
extern bool mig_column_retype_is_safe(const MigColumnRetype *change);
extern bool mig_column_retype_loses(const MigColumnRetype *change);
extern bool mig_column_retype_rewrites(const MigColumnRetype *change);
extern bool mig_column_retype_turns_on_zone(const MigColumnRetype *change);
extern bool mig_column_retype_reads_array(Oid type);
extern void mig_column_retype_warn(MigAction *action,
								   const MigColumnRetype *change);
extern void mig_column_retype_warn_lost(MigAction *action,
										const MigColumnRetype *change);

#endif							/* MIG_COLUMN_RETYPE_H */
