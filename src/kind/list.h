/*-------------------------------------------------------------------------
 *
 * kind/list.h
 *	  Attributes that are lists: options, parents, labels.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_LIST_H
#define MIG_LIST_H

#include "sch/sch.h"

extern List *mig_list_split(const char *value);
extern const char *mig_list_value(const List *options, const char *name);
extern void mig_list_append_options(StringInfo buf, const char *options,
									const char *prefix);
extern void mig_list_alter_options(MigDiff *diff, MigObject *object,
								   const char *alter, const char *from,
								   const char *to, const char *from_toast,
								   const char *to_toast);
extern void mig_list_append_generic(StringInfo buf, const char *options);
extern void mig_list_alter_generic(StringInfo buf, const char *from,
								   const char *to);

#endif							/* MIG_LIST_H */
