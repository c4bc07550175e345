/*-------------------------------------------------------------------------
 *
 * model/keepable.h
 *	  What a model depends on besides its text, by its statements.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_KEEPABLE_H
#define MIG_KEEPABLE_H

#include "model/parse.h"

extern bool mig_model_is_keepable(const MigModel *model);
extern bool mig_statement_defines(const Node *stmt);
extern bool mig_statement_sets_config(const Node *stmt);
extern bool mig_model_names_role(const MigModel *model);
extern List *mig_model_describes_schemas(const MigModel *model);

#endif							/* MIG_KEEPABLE_H */
