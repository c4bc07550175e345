/*-------------------------------------------------------------------------
 *
 * kind/list.h
 *	  Attributes that are lists: options, parents, labels.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_LIST_H
#define MIG_LIST_H

#include "lib/stringinfo.h"
#include "nodes/pg_list.h"

extern List *mig_list_split(const char *value);
extern void mig_list_append_options(StringInfo buf, const char *options,
									const char *prefix);
extern void mig_list_alter_options(StringInfo set, StringInfo reset,
								   const char *from, const char *to,
								   const char *prefix);
extern void mig_list_append_generic(StringInfo buf, const char *options);
extern void mig_list_alter_generic(StringInfo buf, const char *from,
								   const char *to);

#endif							/* MIG_LIST_H */
