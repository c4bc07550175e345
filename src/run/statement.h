/*-------------------------------------------------------------------------
 *
 * run/statement.h
 *	  What a kind of statement means for a script.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_STATEMENT_H
#define MIG_STATEMENT_H

#include "nodes/parsenodes.h"

extern const char *mig_statement_fault(const Node *stmt, const char **hint);
extern bool mig_statement_nontransactional(const Node *stmt);
extern bool mig_statement_likes_top_level(const Node *stmt);
extern bool mig_statement_sets(const Node *stmt);
extern bool mig_statement_adds_label(const Node *stmt);
extern bool mig_statement_is_ddl(const Node *stmt);
extern bool mig_option_is(List *options, const char *name,
						  bool otherwise);

#endif							/* MIG_STATEMENT_H */
