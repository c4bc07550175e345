/*-------------------------------------------------------------------------
 *
 * kind/constraint_parse.h
 *	  What the definition of a constraint says.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_CONSTRAINT_PARSE_H
#define MIG_CONSTRAINT_PARSE_H

#include "nodes/parsenodes.h"

extern Constraint *mig_constraint_parse(const char *definition);
extern char *mig_check_probe(const char *rows, const char *definition);

#endif							/* MIG_CONSTRAINT_PARSE_H */
