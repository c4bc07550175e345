/*-------------------------------------------------------------------------
 *
 * model/absent_role.h
 *	  What a model says about roles that are not there.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_ABSENT_ROLE_H
#define MIG_ABSENT_ROLE_H

#include "nodes/pg_list.h"

extern bool mig_absent_role_skips(Node *stmt, List **absent);
extern void mig_absent_role_report(const List *absent);

#endif							/* MIG_ABSENT_ROLE_H */
