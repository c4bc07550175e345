/*-------------------------------------------------------------------------
 *
 * util/sql.h
 *	  Strings, lists of strings and arrays of text; pieces of SQL.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SQL_H
#define MIG_SQL_H

#include "lib/stringinfo.h"
#include "nodes/pg_list.h"

extern Datum mig_text_array(const List *strings);
extern Datum mig_text_array_nulls(const List *strings);
extern List *mig_text_array_list(Datum array);
extern bool mig_has_name(const List *names, const char *name);
extern bool mig_literal_has(const char *literal, const char *value);
extern bool mig_same_names(const List *a, const List *b);
extern int	mig_compare_names(const ListCell *a, const ListCell *b);
extern char *mig_join_names(const List *names, const char *separator,
							int most);
extern void mig_append_comment(StringInfo buf, const char *string);
extern int	mig_newlines(const char *string, int length);
extern char *mig_plain_lines(const char *string);
extern const char *mig_clip(const char *string);
extern char *mig_call_text(const char *function, const char *target,
						   const char *schema_name);
extern char *mig_call_with(const char *function, const char *target,
						   const char *schema_name, const char *more);
extern char *mig_quote_relation(Oid relid);
extern char *mig_quote_qualified(const char *input, char **last);
extern char *mig_names_path(const char *schema);
extern Datum mig_acl_of_owner(Datum acl, Oid owner);
extern bool mig_is_visible(Oid classid, Oid oid);
extern char *mig_dollar_tag(const char *body);
extern char *mig_format(const char *format, va_list args)
			pg_attribute_printf(1, 0);

#endif							/* MIG_SQL_H */
