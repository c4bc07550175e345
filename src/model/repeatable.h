/*-------------------------------------------------------------------------
 *
 * model/repeatable.h
 *	  Whether revisions would build the same once more.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_REPEATABLE_H
#define MIG_REPEATABLE_H

#include "nodes/nodes.h"

extern void mig_repeatable_install(void);
extern void mig_repeatable_begin(void);
extern void mig_repeatable_begin_statement(const Node *stmt);
extern const char *mig_repeatable_doubt(void);
extern bool mig_repeatable_has_time(const char *snapshot);

#endif							/* MIG_REPEATABLE_H */
