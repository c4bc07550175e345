/*-------------------------------------------------------------------------
 *
 * model/hide.h
 *	  Sets live objects aside, so that a model finds their names free.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_HIDE_H
#define MIG_HIDE_H

#include "catalog/dependency.h"
#include "nodes/parsenodes.h"
#include "utils/rel.h"

extern char *mig_hide_schema(Oid nsp, const char *prefix);
extern void mig_hide_change_name(Relation rel, HeapTuple tuple,
								 AttrNumber attribute, const char *name);
extern Oid	mig_hide_stand_in(const char *name, Oid live, Oid owner,
							  bool granted);
extern void mig_hide_grant_by_default(Oid nsp);
extern void mig_hide_move_members(Oid live, Oid shadow, Oid role);
extern void mig_hide_reset_grants(Oid nsp, Oid role);
extern void mig_hide_move_extension(Oid extension, Oid to);
extern void mig_hide_move_relation(Oid relid, Oid live, Oid shadow,
								   ObjectAddresses *moved);
extern Oid	mig_hide_extension_schema(Oid extension);
extern bool mig_hide_holds_members(const char *schema);
extern bool mig_hide_has_members(Oid nsp);
extern void mig_hide_globals(const char *prefix, ObjectType type, bool all,
							 const List *names);
extern void mig_hide_default_privileges(void);
extern void mig_hide_event_triggers(void);
extern void mig_hide_temporary(const char *prefix);

#endif							/* MIG_HIDE_H */
