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

extern bool mig_expression_may_fail(const char *tree);
extern bool mig_expression_stays(const MigObject *object);

#endif							/* MIG_EXPRESSION_H */
