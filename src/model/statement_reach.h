/*-------------------------------------------------------------------------
 *
 * model/statement_reach.h
 *	  What a statement can reach of what is there.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_STATEMENT_REACH_H
#define MIG_STATEMENT_REACH_H

#include "nodes/parsenodes.h"

typedef enum MigReach
{
	MIG_REACH_ANYTHING,			/* who knows */
	MIG_REACH_NAMED,			/* all that it names */
	MIG_REACH_RELATION,			/* a relation, and those of its parts that it
								 * names */
	MIG_REACH_PARTITION,		/* nothing but the tables that it is to be a
								 * partition of; it makes something */
	MIG_REACH_NOTE,				/* what it names, but nothing behind that */
	MIG_REACH_NEW				/* nothing; it makes something */
} MigReach;

extern MigReach mig_reach_of(const Node *stmt);
extern List *mig_reach_relations(const Node *stmt);

#endif							/* MIG_STATEMENT_REACH_H */
