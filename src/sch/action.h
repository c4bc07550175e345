/*-------------------------------------------------------------------------
 *
 * sch/action.h
 *	  Makes actions and their hazards; for the kinds.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_ACTION_H
#define MIG_ACTION_H

#include "compat.h"
#include "sch/sch.h"

/* How a table is locked that a statement is not about */
#define MIG_LOCKS_ALL		"which no session can use until the transaction ends"
#define MIG_LOCKS_WRITERS	"to which nobody can write until the transaction ends"

extern MigAction *mig_action_add(MigDiff *diff, MigOperation op,
								 MigObject *object, const char *detail,
								 const char *sql);
extern MigAction *mig_action_alter(MigDiff *diff, MigObject *object,
								   const char *detail, const char *format,...)
			pg_attribute_printf(4, 5);
extern MigHazard *mig_action_warn(MigAction *action, MigHazardCode code,
								  const char *format,...)
			pg_attribute_printf(3, 4);
extern void mig_action_warn_lock(MigAction *action, const MigObject *other,
								 const char *what);
extern bool mig_action_any_warns(const List *actions, MigHazardCode code);
extern void mig_action_take_along(MigAction *action, const MigObject *other);
extern void mig_action_prefer(MigAction *first, MigAction *second);
extern void mig_action_force(MigDiff *diff, MigObject *object);
extern bool mig_action_replace(const MigDiff *diff, MigObject *type);
extern bool mig_action_is_left(const MigObject *type);
extern const char *mig_action_verb(const MigAction *action);
extern char *mig_action_describe(const MigAction *action);
extern char *mig_action_list(const List *actions);
pg_noreturn extern void mig_action_refuse(const MigObject *type);
extern void mig_action_shell(MigDiff *diff, MigObject *type);
extern bool mig_depends_on(const MigObject *object, const MigObject *on);
extern bool mig_needs_shell(const MigObject *type, const MigObject *function);
extern char *mig_replaced_name(const MigObject *type);
extern const char *mig_kind_name(const MigObject *object);
extern const char *mig_kind_noun(const MigObject *object);
extern bool mig_same(const char *a, const char *b);
extern const MigObject *mig_table_of(const MigObject *object);
extern bool mig_is_created(const MigObject *object);
extern bool mig_goes(const MigObject *object);
extern bool mig_may_have_rows(const MigObject *table);

#endif							/* MIG_ACTION_H */
