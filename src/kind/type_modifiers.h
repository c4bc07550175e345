/*-------------------------------------------------------------------------
 *
 * kind/type_modifiers.h
 *	  What is written of a type behind its name: lengths, digits, fields.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_TYPE_MODIFIERS_H
#define MIG_TYPE_MODIFIERS_H

/* What is written in parentheses behind a type; -1: not said. */
typedef struct MigModifiers
{
	int			first;
	int			second;
} MigModifiers;

extern MigModifiers mig_modifiers_of(const char *type);
extern bool mig_modifiers_have_less_fields(const char *from, const char *to);
extern bool mig_modifiers_have_seconds(const char *type);

#endif							/* MIG_TYPE_MODIFIERS_H */
