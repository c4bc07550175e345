/*-------------------------------------------------------------------------
 *
 * model/guard.c
 *	  Keeps a model away from what it has not created.
 *
 * While a model is built, all that it creates is noted.  Whatever would
 * change anything else is an error: by the names in DDL, before it locks
 * anything; by an object access hook, which also sees what code in DO blocks
 * does; by a hook on permission checks, which sees each table whose rows a
 * query changes; and, after DO blocks and uses of sequences, by the locks that
 * they have left.
 * The scripts of extensions are trusted.
 *
 * Nobody else can see what the model creates, and nothing of it stays, so
 * that locks on it protect nothing.  They are released every few statements,
 * lest they fill the server's lock table: the statements run under a resource
 * owner of their own, whose locks go all at once.  Sequences hold one lock
 * more, which belongs to the top transaction; since the server remembers that
 * it has locked them, they are locked anew before they are used again.  Never
 * do this where something may be committed.
 *
 * A foreign key to a table outside of the model locks that table against
 * writers, for the length of the statement.  So that nobody queues behind us,
 * the lock is not waited for, but tried again and again.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "model/guard.h"
#include "model/targets.h"
#include "util/error.h"

#include "access/relation.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/catalog.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/objectaccess.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_attrdef.h"
#include "catalog/pg_class.h"
#include "catalog/pg_foreign_table.h"
#include "catalog/pg_index.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_publication.h"
#include "catalog/pg_publication_namespace.h"
#include "catalog/pg_publication_rel.h"
#include "catalog/pg_subscription.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "storage/latch.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/resowner.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

/* how long to try to lock what a foreign key refers to, and the pauses */
#define REFERENCE_TIMEOUT	2000
#define REFERENCE_PAUSE		20

typedef struct CreatedKey
{
	Oid			class_id;
	Oid			object_id;
} CreatedKey;

/* Something that the model has created. */
typedef struct Created
{
	CreatedKey	key;
	Oid			author;			/* role whose script has; InvalidOid: code of
								 * others has created or altered it */
} Created;

/* A guard on duty; in a memory context of its own. */
typedef struct Guard
{
	MemoryContext context;
	ResourceOwner owner;		/* of the model's statements */
	ResourceOwner outer;		/* of ours, while armed */
	HTAB	   *created;
	List	   *relations;		/* OIDs created since locks were released */
	List	   *sequences;		/* OIDs whose locks have been released */
	bool		sequences_locked;	/* but have been taken again */
	List	   *locked;			/* OIDs locked before the model */
	Oid			role;			/* that the statement runs as */
	bool		used_sequences; /* the statement may have moved some */
	bool		ever_used;		/* ... or one before it */
	Oid			author;			/* role whose script it is */
	bool		is_replay;		/* scripts of revisions run, and no model */
	bool		armed;
} Guard;

static Guard *guard = NULL;

static object_access_hook_type previous_access_hook = NULL;
static ExecutorCheckPerms_hook_type previous_perms_hook = NULL;

static void see_access(ObjectAccessType access, Oid classId, Oid objectId,
					   int subId, void *arg);
static void whole_of(Oid *class_id, Oid *object_id);
static MIG_CHECK_PERMS(see_permissions);
static bool is_key_check(const MigPermission *permission, AclMode changes);
static bool is_created(Oid class_id, Oid object_id);
static Created *find_created(Oid class_id, Oid object_id);
static void note_author(Oid class_id, Oid object_id);
pg_noreturn static void refuse(Oid class_id, Oid object_id);
static void lock_sequences(const Node *stmt);
static void check_relation(const RangeVar *relation);
static bool check_reference(const RangeVar *relation);
static void lock_reference(Oid relid, const RangeVar *relation);
static void pause_shortly(void);
static void check_named(ObjectType type, Node *object);
static ObjectAddress address_of(ObjectType type, Node *object);
static void check_grant(const GrantStmt *stmt);
static ObjectAddress granted_on(const GrantStmt *stmt, Node *object);
static List *locked_relations(void);

/* Install the hooks; called once, when the module is loaded. */
void
mig_guard_install(void)
{
	previous_access_hook = object_access_hook;
	object_access_hook = see_access;
	previous_perms_hook = ExecutorCheckPerms_hook;
	ExecutorCheckPerms_hook = see_permissions;
}

/*
 * Go on duty, disarmed; in the subtransaction that is rolled back.
 *
 * mig_guard_end() must follow, on errors too.  What is noted meanwhile is in
 * a child of the current memory context.  is_replay tells that it is revisions
 * that run, for messages and for what their rows may reach.
 */
void
mig_guard_begin(bool is_replay)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "pg_migrations guard",
												  ALLOCSET_DEFAULT_SIZES);
	HASHCTL		ctl = {0};

	Assert(guard == NULL);
	ctl.keysize = sizeof(CreatedKey);
	ctl.entrysize = sizeof(Created);
	ctl.hcxt = context;
	guard = MemoryContextAllocZero(context, sizeof(Guard));
	guard->context = context;
	guard->created = hash_create("pg_migrations created", 1024, &ctl,
								 HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	guard->is_replay = is_replay;
}

/* Go off duty, if on; behind the subtransaction. */
void
mig_guard_end(void)
{
	if (guard == NULL)
		return;
	MemoryContextDelete(guard->context);
	guard = NULL;
}

/*
 * Arm, before the model or a script runs, whose author is the current role.
 * Locks belong to a resource owner of its own from here on, a child of the
 * current one, so that a subtransaction within the shadow may end it.
 */
void
mig_guard_arm(void)
{
	MemoryContext old = MemoryContextSwitchTo(guard->context);

	Assert(!guard->armed);
	guard->armed = true;
	guard->author = GetUserId();
	list_free(guard->locked);
	guard->locked = locked_relations();
	MemoryContextSwitchTo(old);
	guard->outer = CurrentResourceOwner;
	guard->owner = ResourceOwnerCreate(CurrentResourceOwner,
									   "pg_migrations model");
	CurrentResourceOwner = guard->owner;
}

/* Disarm, when it has run. */
void
mig_guard_disarm(void)
{
	Assert(guard->armed);
	guard->armed = false;
	mig_guard_release_locks();
	CurrentResourceOwner = guard->outer;
}

/* Armed as it is, see nothing: what happens is our own doing. */
void
mig_guard_look_away(bool away)
{
	guard->armed = !away;
}

/* Disarm behind a subtransaction that has failed, and its resources gone. */
void
mig_guard_stop(void)
{
	guard->armed = false;
}

/* Count something among what the model has created. */
void
mig_guard_adopt(Oid class_id, Oid object_id)
{
	CreatedKey	key = {class_id, object_id};
	Created    *created;
	bool		found;

	created = hash_search(guard->created, &key, HASH_ENTER, &found);
	if (!found)
		created->author = guard->author;
	if (class_id == RelationRelationId)
	{
		MemoryContext old = MemoryContextSwitchTo(guard->context);

		guard->relations = lappend_oid(guard->relations, object_id);
		MemoryContextSwitchTo(old);
	}
}

/*
 * What the model has created, as ObjectAddress in no order; some of it may
 * have been dropped again.
 */
List *
mig_guard_created(void)
{
	List	   *objects = NIL;
	HASH_SEQ_STATUS status;
	Created    *created;

	hash_seq_init(&status, guard->created);
	while ((created = hash_seq_search(&status)) != NULL)
	{
		ObjectAddress *object = palloc(sizeof(ObjectAddress));

		ObjectAddressSet(*object, created->key.class_id,
						 created->key.object_id);
		objects = lappend(objects, object);
	}
	return objects;
}

/*
 * Of pg_index and pg_foreign_table the hook gets the OID of the relation.  Of
 * pg_attrdef it gets the table's OID when a default is set, and its own when
 * it is dropped; of pg_inherits that of the child.  Both are seen as changes
 * of their tables anyway.
 */
static void
see_access(ObjectAccessType access, Oid classId, Oid objectId, int subId,
		   void *arg)
{
	if (previous_access_hook)
		previous_access_hook(access, classId, objectId, subId, arg);
	if (guard == NULL || !guard->armed)
		return;
	if (creating_extension)
	{
		if (access == OAT_POST_CREATE && subId == 0)
			mig_guard_adopt(classId, objectId);
		return;
	}
	if (classId == InheritsRelationId || classId == AttrDefaultRelationId)
		return;
	if (classId == IndexRelationId || classId == ForeignTableRelationId)
		classId = RelationRelationId;
	if (access == OAT_DROP)
		whole_of(&classId, &objectId);
	if (access != OAT_NAMESPACE_SEARCH && access != OAT_FUNCTION_EXECUTE &&
		IsSharedRelation(classId) && classId != SubscriptionRelationId)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_MODEL_REFUSED),
				 errmsg("a model cannot change what belongs to the server, not to a database")));
	switch (access)
	{
		case OAT_POST_CREATE:
			if (subId == 0)
				mig_guard_adopt(classId, objectId);
			else if (!is_created(classId, objectId))
				refuse(classId, objectId);
			note_author(classId, objectId);
			break;
		case OAT_DROP:
		case OAT_POST_ALTER:
		case OAT_TRUNCATE:
			if (!is_created(classId, objectId))
				refuse(classId, objectId);
			note_author(classId, objectId);
			break;
		case OAT_NAMESPACE_SEARCH:
		case OAT_FUNCTION_EXECUTE:
			break;
	}
}

/*
 * Of the parts of a publication that it is created with the hook is not told:
 * when they go, it is the publication that changes.
 */
static void
whole_of(Oid *class_id, Oid *object_id)
{
	bool		is_table = *class_id == PublicationRelRelationId;
	HeapTuple	tuple;

	if (!is_table && *class_id != PublicationNamespaceRelationId)
		return;
	tuple = SearchSysCache1(is_table ? PUBLICATIONREL : PUBLICATIONNAMESPACE,
							ObjectIdGetDatum(*object_id));
	if (!HeapTupleIsValid(tuple))
		return;
	*class_id = PublicationRelationId;
	*object_id = is_table ?
		((Form_pg_publication_rel) GETSTRUCT(tuple))->prpubid :
		((Form_pg_publication_namespace) GETSTRUCT(tuple))->pnpubid;
	ReleaseSysCache(tuple);
}

/* Sees the tables that a query is about to read or change. */
static MIG_CHECK_PERMS(see_permissions)
{
	AclMode		changes;
	ListCell   *lc;

	changes = ACL_INSERT | ACL_UPDATE | ACL_DELETE | ACL_TRUNCATE;
	if (previous_perms_hook &&
		!MIG_CHECK_PERMS_CALL(previous_perms_hook))
		return false;
	if (guard == NULL || !guard->armed || creating_extension)
		return true;
	foreach(lc, permissions)
	{
		const MigPermission *permission = lfirst(lc);

		if ((permission->requiredPerms & changes) != 0 &&
			OidIsValid(permission->relid) &&
			!is_created(RelationRelationId, permission->relid) &&
			!is_key_check(permission, changes))
			refuse(RelationRelationId, permission->relid);
	}
	return true;
}

/*
 * Does a foreign key of a revision's table look for the row that it refers to?
 * It locks that row as long as the replay takes, against no more than its
 * removal.
 */
static bool
is_key_check(const MigPermission *permission, AclMode changes)
{
	return guard->is_replay && InNoForceRLSOperation() &&
		(permission->requiredPerms & changes) == ACL_UPDATE &&
		bms_is_empty(permission->updatedCols);
}

/* By this model, so that it goes with the shadow. */
static bool
is_created(Oid class_id, Oid object_id)
{
	return find_created(class_id, object_id) != NULL;
}

static Created *
find_created(Oid class_id, Oid object_id)
{
	CreatedKey	key = {class_id, object_id};

	return hash_search(guard->created, &key, HASH_FIND, NULL);
}

/*
 * Functions that the model reaches may run as their owners, who perhaps may
 * create, replace and alter things in the schemas, too.  That is not the text
 * of the model; nor is what one role's script makes the text of another's,
 * which alters it.
 */
static void
note_author(Oid class_id, Oid object_id)
{
	Created    *created = find_created(class_id, object_id);

	if (GetUserId() != guard->role || created->author != guard->author)
		created->author = InvalidOid;
}

/* What is outside the shadow would stay changed. */
static void
refuse(Oid class_id, Oid object_id)
{
	ObjectAddress address;
	Oid			nsp;

	ObjectAddressSet(address, class_id, object_id);
	nsp = get_object_namespace(&address);
	if (class_id == RelationRelationId && IsCatalogRelationOid(object_id))
		ereport(ERROR,
				(errcode(ERRCODE_MIG_MODEL_INCOMPLETE),
				 errmsg("system catalog %s would be changed",
						getObjectIdentity(&address, false)),
				 errhint("It is that of the live schemas, too. CREATE, ALTER and DROP change its rows for one object.")));
	if (guard->is_replay)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_MODEL_INCOMPLETE),
				 errmsg("%s %s is not made by any revision before",
						getObjectTypeDescription(&address, false),
						getObjectIdentity(&address, false)),
				 errhint("What revisions change, revisions must make; what stands in other schemas is seen as it is, and stays so.")));
	ereport(ERROR,
			(errcode(ERRCODE_MIG_MODEL_INCOMPLETE),
			 errmsg("the model touches %s %s, which it does not define",
					getObjectTypeDescription(&address, false),
					getObjectIdentity(&address, false)),
			 OidIsValid(nsp) &&
			 !mig_guard_has_created(NamespaceRelationId, nsp) ?
			 errhint("Schema \"%s\" is not compared: name it in include, or leave this out of the model.",
					 get_namespace_name(nsp)) :
			 errhint("Define it in the model, or do this in a revision.")));
}

/*
 * Check a statement that is about to run, by the names in it.
 *
 * True is returned if it holds strong locks outside of the model when it has
 * run, so that these should be released at once.
 */
bool
mig_guard_check(const Node *stmt)
{
	bool		locks = false;
	ListCell   *lc;

	foreach(lc, mig_statement_targets(stmt))
		check_relation(lfirst(lc));
	foreach(lc, mig_statement_references(stmt))
		locks |= check_reference(lfirst(lc));
	lock_sequences(stmt);
	if (IsA(stmt, CommentStmt))
		check_named(((const CommentStmt *) stmt)->objtype,
					((const CommentStmt *) stmt)->object);
	else if (IsA(stmt, SecLabelStmt))
		check_named(((const SecLabelStmt *) stmt)->objtype,
					((const SecLabelStmt *) stmt)->object);
	else if (IsA(stmt, GrantStmt))
		check_grant((const GrantStmt *) stmt);
	guard->used_sequences = false;
	guard->role = GetUserId();
	return locks;
}

/*
 * Check what a statement has left behind.
 *
 * The server locks a sequence that is only looked at, as pg_sequences does, as
 * one that is moved.
 */
void
mig_guard_check_after(const Node *stmt)
{
	ListCell   *lc;
	bool		runs_code = IsA(stmt, DoStmt);

	if (guard->is_replay)
		runs_code |= IsA(stmt, CallStmt) || IsA(stmt, SelectStmt);
	if (!runs_code && !guard->used_sequences)
		return;
	foreach(lc, locked_relations())
	{
		Oid			relid = lfirst_oid(lc);

		if (!list_member_oid(guard->locked, relid) &&
			(get_rel_relkind(relid) == RELKIND_SEQUENCE ?
			 guard->ever_used : runs_code))
			refuse(RelationRelationId, relid);
	}
}

/* The statement may move sequences that it does not name. */
void
mig_guard_note_sequences(void)
{
	if (guard != NULL)
		guard->used_sequences = guard->ever_used = true;
}

/* Is a guard on duty, and has the model created this? */
bool
mig_guard_has_created(Oid class_id, Oid object_id)
{
	return guard != NULL && is_created(class_id, object_id);
}

/* Does a script of a revision run, whatever runs in it? */
bool
mig_guard_in_replay(void)
{
	return guard != NULL && guard->armed && guard->is_replay;
}

/* Is it the text of scripts of one role alone, whoever owns it? */
bool
mig_guard_has_written(Oid class_id, Oid object_id, Oid role)
{
	const Created *created;

	if (guard == NULL)
		return false;
	created = find_created(class_id, object_id);
	return created != NULL && created->author == role;
}

/* Lock again the sequences that a statement might use. */
static void
lock_sequences(const Node *stmt)
{
	ListCell   *lc;

	if (guard->sequences_locked || !mig_statement_uses_sequences(stmt))
		return;
	if (IsA(stmt, AlterSeqStmt))
	{
		(void) RangeVarGetRelid(((const AlterSeqStmt *) stmt)->sequence,
								AccessShareLock, true);
		return;
	}
	foreach(lc, guard->sequences)
		LockRelationOid(lfirst_oid(lc), AccessShareLock);
	guard->sequences_locked = true;
}

static void
check_relation(const RangeVar *relation)
{
	Oid			relid = RangeVarGetRelid(relation, NoLock, true);

	if (OidIsValid(relid) && !is_created(RelationRelationId, relid))
		refuse(RelationRelationId, relid);
}

/* True if the relation is not the model's. */
static bool
check_reference(const RangeVar *relation)
{
	Oid			relid = RangeVarGetRelid(relation, NoLock, true);

	if (!OidIsValid(relid) || is_created(RelationRelationId, relid))
		return false;
	lock_reference(relid, relation);
	return true;
}

/*
 * Lock a table as a foreign key to it does, without queueing for the lock.
 */
static void
lock_reference(Oid relid, const RangeVar *relation)
{
	TimestampTz start = GetCurrentTimestamp();

	while (!ConditionalLockRelationOid(relid, ShareRowExclusiveLock))
	{
		if (TimestampDifferenceExceeds(start, GetCurrentTimestamp(),
									   REFERENCE_TIMEOUT))
			ereport(ERROR,
					(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
					 errmsg("could not lock table \"%s\", which a foreign key of the model refers to",
							relation->relname),
					 errdetail("The table is not managed, and others are writing to it."),
					 errhint("Try again when their transactions have ended.")));
		pause_shortly();
	}
}

/* Ends early for whatever wakes us; the caller looks again. */
static void
pause_shortly(void)
{
	(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
					 REFERENCE_PAUSE, PG_WAIT_EXTENSION);
	ResetLatch(MyLatch);
	CHECK_FOR_INTERRUPTS();
}

/* COMMENT and SECURITY LABEL are seen by no hook. */
static void
check_named(ObjectType type, Node *object)
{
	ObjectAddress address = address_of(type, object);

	if (OidIsValid(address.objectId) &&
		!is_created(address.classId, address.objectId))
		refuse(address.classId, address.objectId);
}

/* what a statement names; its OID is invalid if there is no such object */
static ObjectAddress
address_of(ObjectType type, Node *object)
{
	Relation	rel = NULL;
	ObjectAddress address;

	address = get_object_address(type, object, &rel, AccessShareLock, true);
	if (rel != NULL)
		relation_close(rel, NoLock);
	return address;
}

/*
 * Nor is GRANT.  What pg_dump writes about objects of the server itself is
 * harmless here, and so is what it writes about members of extensions.
 */
static void
check_grant(const GrantStmt *stmt)
{
	const ListCell *lc;

	foreach(lc, stmt->objects)
	{
		ObjectAddress address = granted_on(stmt, lfirst(lc));

		if (address.objectId >= FirstNormalObjectId &&
			!is_created(address.classId, address.objectId) &&
			!OidIsValid(getExtensionOfObject(address.classId,
											 address.objectId)))
			refuse(address.classId, address.objectId);
	}
}

/* Is a statement a GRANT or REVOKE on members of extensions alone? */
bool
mig_guard_grants_on_members(const Node *stmt)
{
	const GrantStmt *grant = (const GrantStmt *) stmt;
	const ListCell *lc;

	if (!IsA(stmt, GrantStmt) || grant->targtype != ACL_TARGET_OBJECT)
		return false;
	foreach(lc, grant->objects)
	{
		ObjectAddress address = granted_on(grant, lfirst(lc));

		if (!OidIsValid(address.objectId) ||
			is_created(address.classId, address.objectId) ||
			!OidIsValid(getExtensionOfObject(address.classId,
											 address.objectId)))
			return false;
	}
	return true;
}

/* What an element of a GRANT names. */
static ObjectAddress
granted_on(const GrantStmt *stmt, Node *object)
{
	ObjectType	type = stmt->objtype;
	ObjectAddress address;

	if (stmt->targtype == ACL_TARGET_ALL_IN_SCHEMA)
		type = OBJECT_SCHEMA;
	else if (IsA(object, List))
		object = (Node *) makeTypeNameFromNameList((List *) object);
	if (!IsA(object, RangeVar))
		return address_of(type, object);
	ObjectAddressSet(address, RelationRelationId,
					 RangeVarGetRelid((RangeVar *) object, NoLock, true));
	return address;
}

/*
 * The OIDs of relations that are not the model's, but that we have locked
 * more strongly than for reading.
 */
static List *
locked_relations(void)
{
	LockData   *data = GetLockStatusData();
	List	   *relids = NIL;

	for (int i = 0; i < data->nelements; i++)
	{
		const LockInstanceData *lock = &data->locks[i];
		Oid			relid = lock->locktag.locktag_field2;

		if (lock->pid != MyProcPid ||
			lock->locktag.locktag_type != LOCKTAG_RELATION ||
			lock->locktag.locktag_field1 != MyDatabaseId ||
			relid < FirstNormalObjectId ||
			(lock->holdMask & ~(LOCKBIT_ON(AccessShareLock) |
								LOCKBIT_ON(RowShareLock))) == 0)
			continue;
		if (!is_created(RelationRelationId, relid))
			relids = lappend_oid(relids, relid);
	}
	return relids;
}

/* Release the locks that the model's statements have left so far. */
void
mig_guard_release_locks(void)
{
	ResourceOwner current = CurrentResourceOwner;
	MemoryContext old = MemoryContextSwitchTo(guard->context);
	ListCell   *lc;

	Assert(current == guard->owner);
	LockReleaseCurrentOwner(NULL, 0);
	CurrentResourceOwner = TopTransactionResourceOwner;
	foreach(lc, guard->relations)
	{
		LOCKTAG		tag;

		SET_LOCKTAG_RELATION(tag, MyDatabaseId, lfirst_oid(lc));
		if (!mig_lock_held(&tag, RowExclusiveLock) ||
			get_rel_relkind(lfirst_oid(lc)) != RELKIND_SEQUENCE)
			continue;
		LockRelease(&tag, RowExclusiveLock, false);
		guard->sequences = lappend_oid(guard->sequences, lfirst_oid(lc));
	}
	CurrentResourceOwner = current;
	MemoryContextSwitchTo(old);
	guard->sequences_locked = false;
	list_free(guard->relations);
	guard->relations = NIL;
}
