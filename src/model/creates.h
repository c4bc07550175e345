/*-------------------------------------------------------------------------
 *
 * model/creates.h
 *	  What a statement creates, and where.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_CREATES_H
#define MIG_CREATES_H

#include "nodes/parsenodes.h"

/* Something that a statement creates. */
typedef struct MigModelObject
{
	int			statement;		/* of the model, from 0 */
	ObjectType	type;
	bool		in_schema;		/* it stands in a schema by itself */
	char	   *schema;			/* NULL: not said, or it belongs to none */
	char	   *name;			/* of it, or of the table that it is on; NULL:
								 * not said */
	char	   *member;			/* trigger, rule or policy, or NULL */
} MigModelObject;

extern bool mig_statement_creates(const Node *stmt, MigModelObject *object);
extern bool mig_model_object_is_at(const MigModelObject *object,
								   const char *schema, const char *name);

#endif							/* MIG_CREATES_H */
