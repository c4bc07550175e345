/*-------------------------------------------------------------------------
 *
 * kind/column_equal.h
 *	  Which values of a column are equal, before and after a change of it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COLUMN_EQUAL_H
#define MIG_COLUMN_EQUAL_H

#include "sch/sch.h"

extern bool mig_column_equal_more(const MigObject *from, const MigObject *to);
extern bool mig_column_equal_less(const MigObject *from, const MigObject *to);
extern bool mig_column_equal_sorts_anew(const MigObject *from,
										const MigObject *to);
extern bool mig_column_equal_may_refer(const MigObject *from,
									   const MigObject *to);
extern bool mig_column_equal_is_key(const MigObject *user,
									const MigObject *column);
extern const char *mig_column_equal_by(const MigObject *column);
extern char *mig_column_equal_probe(const MigObject *user,
									const MigObject *column,
									const char *value);

#endif							/* MIG_COLUMN_EQUAL_H */
