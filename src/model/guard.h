/*-------------------------------------------------------------------------
 *
 * model/guard.h
 *	  Keeps a model away from what it has not created.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_GUARD_H
#define MIG_GUARD_H

#include "nodes/parsenodes.h"

extern void mig_guard_install(void);
extern void mig_guard_begin(bool is_replay);
extern void mig_guard_end(void);
extern void mig_guard_arm(void);
extern void mig_guard_disarm(void);
extern void mig_guard_look_away(bool away);
extern void mig_guard_stop(void);
extern void mig_guard_adopt(Oid class_id, Oid object_id);
extern bool mig_guard_check(const Node *stmt);
extern void mig_guard_check_after(const Node *stmt);
extern void mig_guard_note_sequences(void);
extern bool mig_guard_has_created(Oid class_id, Oid object_id);
extern bool mig_guard_in_replay(void);
extern bool mig_guard_has_written(Oid class_id, Oid object_id, Oid role);
extern bool mig_guard_grants_on_members(const Node *stmt);
extern List *mig_guard_created(void);
extern void mig_guard_release_locks(void);

#endif							/* MIG_GUARD_H */
