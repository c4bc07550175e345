/*-------------------------------------------------------------------------
 *
 * sch/expression.h
 *	  What is known of an expression without asking rows.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_EXPRESSION_H
#define MIG_EXPRESSION_H

#include "sch/sch.h"

/* May an expression be NULL that sees no rows? */
typedef enum MigNullness
{
	MIG_NEVER_NULL,
	MIG_NULL_AS_IT_IS,			/* wherever it is evaluated, or never */
	MIG_NULL_AT_TIMES			/* and at others not */
} MigNullness;

extern bool mig_expression_may_fail(const char *tree);
extern char mig_expression_volatility(const char *tree);
extern MigNullness mig_expression_nullness(const char *tree);
extern bool mig_expression_stays(const MigObject *object);

#endif							/* MIG_EXPRESSION_H */
