/*-------------------------------------------------------------------------
 *
 * model/targets.h
 *	  Which relations a statement changes or refers to.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_TARGETS_H
#define MIG_TARGETS_H

#include "nodes/parsenodes.h"

extern List *mig_statement_targets(const Node *stmt);
extern bool mig_statement_uses_sequences(const Node *stmt);
extern List *mig_statement_references(const Node *stmt);

#endif							/* MIG_TARGETS_H */
