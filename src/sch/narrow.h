/*-------------------------------------------------------------------------
 *
 * sch/narrow.h
 *	  Reads the part of schemas that a transaction has changed.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_NARROW_H
#define MIG_NARROW_H

#include "sch/sch.h"

#include "access/xlogdefs.h"
#include "utils/array.h"
#include "utils/hsearch.h"

/* A point of a subtransaction. */
typedef struct MigPoint
{
	XLogRecPtr	position;		/* nothing later was written before it */
	TransactionId xid;			/* ... or by an earlier one */
} MigPoint;

extern MigPoint mig_narrow_begin(void);
extern HTAB *mig_narrow_objects(void);
extern void mig_narrow_written(HTAB *objects, const MigPoint *since);
extern void mig_narrow_reach(HTAB *objects, HTAB *written);
extern bool mig_narrow_has_all(HTAB *objects, HTAB *others);
extern ArrayType *mig_narrow_array(HTAB *objects, HTAB *others);
extern const char *mig_narrow_query(const MigKind *kind);

#endif							/* MIG_NARROW_H */
