/*-------------------------------------------------------------------------
 *
 * kind/column_users.h
 *	  What else the server does where a column's type changes.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COLUMN_USERS_H
#define MIG_COLUMN_USERS_H

#include "sch/sch.h"

extern const char *mig_column_users_collation(const char *name);
extern void mig_column_users_warn(MigAction *action, const MigObject *column,
								  bool rewrites, const char *collation);
extern void mig_column_users_warn_converted(MigAction *action,
											const MigObject *column,
											const char *value);

#endif							/* MIG_COLUMN_USERS_H */
