/*-------------------------------------------------------------------------
 *
 * kind/column_convert.h
 *	  How the values of a column change over to another type.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COLUMN_CONVERT_H
#define MIG_COLUMN_CONVERT_H

#include "sch/sch.h"

extern char *mig_column_convert_write(const MigObject *from,
									  const MigObject *to);
extern char *mig_column_convert_cast(const MigObject *from,
									 const MigObject *to);
extern char *mig_column_convert_text(const MigObject *from,
									 const MigObject *to, Oid source);
extern bool mig_column_convert_is_safe(const MigObject *from,
									   const MigObject *to, Oid source);
extern void mig_column_convert_frame(StringInfo statement,
									 const MigObject *from,
									 const MigObject *to);
extern bool mig_column_convert_warn(MigAction *action, const MigObject *from,
									const MigObject *to, bool of_base);

#endif							/* MIG_COLUMN_CONVERT_H */
