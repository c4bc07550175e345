/*-------------------------------------------------------------------------
 *
 * io/pair.h
 *	  Files that come in pairs: NUMBER_name.up.sql, NUMBER_name.down.sql.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_PAIR_H
#define MIG_PAIR_H

#include "io/revfile.h"

/* What the name of such a file says. */
typedef struct MigPairName
{
	bool		is_down;
	const char *dialect;		/* of SQL, or NULL: any */
	bool		for_postgres;	/* that, or any */
	bool		autocommit;		/* not in a transaction */
	size_t		rest;			/* length of the name without all this */
} MigPairName;

extern bool mig_pair_name(const char *name, MigPairName *pair);
extern List *mig_pair_select(const List *sources);

#endif							/* MIG_PAIR_H */
