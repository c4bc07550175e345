/*-------------------------------------------------------------------------
 *
 * model/accept.h
 *	  What a kind of statement means for a model.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_ACCEPT_H
#define MIG_ACCEPT_H

#include "nodes/parsenodes.h"

/* Why a statement cannot be in a model. */
typedef struct MigModelFault
{
	int			code;			/* SQLSTATE */
	const char *detail;
	const char *hint;			/* or NULL */
} MigModelFault;

extern bool mig_model_fault(const Node *stmt, MigModelFault *fault);
extern bool mig_model_fault_in_code(const Node *stmt, MigModelFault *fault);
extern bool mig_model_skips(const Node *stmt);
extern bool mig_model_needs_no_run(const Node *stmt);
extern bool mig_model_places_extension(const Node *stmt,
									   const char **extension,
									   const char **schema);
extern const char *mig_replay_fault(const Node *stmt);
extern bool mig_replay_owns_extension(const Node *stmt);
extern bool mig_replay_skips(const Node *stmt, bool *is_named);
extern Node *mig_model_adapt(Node *stmt);
extern void mig_model_in_transaction(Node *stmt);
extern bool mig_model_fold_value(CreateEnumStmt *create,
								 const AlterEnumStmt *alter);

#endif							/* MIG_ACCEPT_H */
