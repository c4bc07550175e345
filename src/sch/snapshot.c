/*-------------------------------------------------------------------------
 *
 * sch/snapshot.c
 *	  Reads a schema from the catalogs.
 *
 * Each kind has one query for all of its objects, which is not asked if there
 * are none, and there are three more:
 * for what stands for an object in pg_depend (the row type of a table, the
 * index of a constraint, the rule of a view, a member of an extension), for
 * the edges, and for comments.  Their number does not depend on the size of
 * the schema.
 *
 * Where the schemas have little of what there is, as a part of a model or the
 * slice of a proof beside the live schemas, queries go by indexes to what they
 * have, instead of over the catalogs; a query for many would be slower so, and
 * to plan others costs something, too.
 *
 * Statements run as the caller, see mig_spi_begin_catalog(), so that nobody
 * sees more than the catalogs show to them.  A snapshot lives in a memory
 * context of its own, below the current one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/snapshot.h"

#include "catalog/dependency.h"
#include "catalog/pg_amop.h"
#include "catalog/pg_amproc.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "kind/kinds.h"
#include "kind/table_parents.h"
#include "miscadmin.h"
#include "sch/action.h"
#include "sch/dependent.h"
#include "sch/kinds_present.h"
#include "sch/narrow.h"
#include "sch/outside.h"
#include "sch/row_alias.h"
#include "sch/snapshot_query.h"
#include "sch/snapshot_same.h"
#include "util/spi.h"
#include "util/sql.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

/* columns of a kind's query before its attributes */
#define NFIXED	8

/* Entries of the hash tables. */
typedef struct AddressEntry
{
	MigAddress	address;		/* key */
	MigObject  *object;
} AddressEntry;

typedef struct IdentityKey
{
	MigKindId	kind;
	const char *identity;
} IdentityKey;

typedef struct IdentityEntry
{
	IdentityKey key;
	MigObject  *object;
} IdentityEntry;

/* A snapshot while it is read. */
typedef struct Reading
{
	MigSnapshot *snapshot;
	const MigKind *kind;		/* whose rows come */
	const char *unqualified;	/* see MigScope */
	HTAB	   *members;		/* addresses of members of extensions */
	bool		is_live;		/* nothing is set aside */
	const List *stubs;			/* see MigScope */
	MigPresent	present;
	bool		is_narrow;		/* what stands there is read by its OIDs */
	List	   *objects;		/* as they come */
	List	   *waiting;		/* MigAddress[2], as add_alias() has them */
} Reading;

static const char member_query[] =
"SELECT 0, classid, objid, 0 FROM pg_catalog.pg_depend"
" WHERE refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND deptype = 'e'";

static MigSnapshot *read_scope(const MigScope *scope, bool may_narrow);
static void read_kinds(Reading *reading, const MigScope *scope,
					   const MigSpi *spi, const MigParam *params);
static void read_links(Reading *reading, const MigSpi *spi,
					   const MigParam *params);
static void put_known(const MigSnapshot *snapshot, MigParam *params);
static void add_member(TupleTableSlot *slot, void *arg);
#ifdef USE_ASSERT_CHECKING
static void check_whole(const MigScope *scope, const MigSnapshot *snapshot,
						uint64 ended);
static void refuse_object(TupleTableSlot *slot, void *arg);
#endif
static void add_object(TupleTableSlot *slot, void *arg);
static const char *named_schema(const Reading *reading, const char *nspname);
static void link_objects(Reading *reading);
static bool link_object(MigSnapshot *snapshot, MigObject *object);
static void add_alias(TupleTableSlot *slot, void *arg);
static bool enter_alias(MigSnapshot *snapshot, const MigAddress *pair);
static void enter_waiting(Reading *reading);
static void add_depend(TupleTableSlot *slot, void *arg);
static void add_comment(TupleTableSlot *slot, void *arg);
static bool is_of_extension(const Reading *reading, const MigAddress *address);
static char sort_of(const MigAddress *from, const MigAddress *to,
					const MigObject *on, char deptype);
static bool has_partitions(const MigObject *table);
static bool is_indexed(const MigObject *object);
static bool is_ancestor(const MigObject *object, const MigObject *of);
static AddressEntry *enter_address(HTAB *table, const MigAddress *address,
								   bool *found);
static MigAddress address_of(TupleTableSlot *slot, int first);
static uint32 identity_hash(const void *key, Size keysize);
static int	identity_match(const void *a, const void *b, Size keysize);

/*
 * Read the objects of the managed schemas.
 *
 * Raises what the catalogs' functions raise.  The result lives in a context
 * below the current one, MigSnapshot.context.
 */
MigSnapshot *
mig_snapshot_read(const MigScope *scope)
{
#ifdef USE_ASSERT_CHECKING
	uint64		ended = GetLatestSnapshot()->snapXactCompletionCount;
#endif
	MigSnapshot *snapshot = read_scope(scope, true);

#ifdef USE_ASSERT_CHECKING
	check_whole(scope, snapshot, ended);
#endif
	return snapshot;
}

#ifdef USE_ASSERT_CHECKING
/*
 * Whatever was read by OIDs must be the same without them, if no transaction
 * has ended since so many had.
 */
static void
check_whole(const MigScope *scope, const MigSnapshot *snapshot, uint64 ended)
{
	MigSnapshot *whole = read_scope(scope, false);

	if (GetLatestSnapshot()->snapXactCompletionCount == ended)
		mig_snapshot_check_same(snapshot, whole);
	MemoryContextDelete(whole->context);
}
#endif

/* By OIDs, if it may be and is worth it. */
static MigSnapshot *
read_scope(const MigScope *scope, bool may_narrow)
{
	MigSnapshot *snapshot = mig_snapshot_empty();
	Reading		reading = {.snapshot = snapshot};
	MemoryContext old = MemoryContextSwitchTo(snapshot->context);
	MigParam	params[3];
	MigSpi		spi;
	HASHCTL		ctl = {0};

	params[0] = mig_oids_param(scope->namespaces);
	params[1] = mig_text_param(scope->hidden);
	params[2] = MIG_PARAM(OIDARRAYOID, PointerGetDatum(scope->only));
	ctl.keysize = sizeof(MigAddress);
	ctl.entrysize = sizeof(AddressEntry);
	ctl.hcxt = snapshot->context;
	reading.members = hash_create("pg_migrations members", 256, &ctl,
								  HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	reading.unqualified = scope->unqualified;
	reading.stubs = scope->stubs;
	reading.is_live = scope->hidden[0] == '\0';
	mig_spi_begin_catalog(&spi, mig_names_path(scope->unqualified));
	mig_spi_each(&spi, member_query, 0, NULL, add_member, &reading);
	mig_present_find(&reading.present, scope->namespaces);
	if (scope->only != NULL)
		reading.is_narrow = may_narrow && scope->only_few;
	else if (may_narrow && !scope->is_empty &&
			 mig_present_is_little(&reading.present))
	{
		reading.is_narrow = true;
		params[2] = mig_oids_param(reading.present.members);
	}
	read_kinds(&reading, scope, &spi, params);
	/* SPI switches to a context of its own with each statement */
	MemoryContextSwitchTo(snapshot->context);
	link_objects(&reading);
	if (reading.is_narrow && scope->only != NULL)
		params[2] = mig_link_members(snapshot);
	if (!scope->is_empty)
		read_links(&reading, &spi, params);
	else
		mig_spi_each(&spi, mig_comment_query, 0, NULL, add_comment, &reading);
	mig_spi_end(&spi);
	mig_row_alias_strip(snapshot);
	MemoryContextSwitchTo(old);
	return snapshot;
}

/* The object of a kind with an identity, or NULL. */
MigObject *
mig_snapshot_find(const MigSnapshot *snapshot, MigKindId kind,
				  const char *identity)
{
	IdentityKey key = {kind, identity};
	IdentityEntry *entry = hash_search(snapshot->by_identity, &key, HASH_FIND,
									   NULL);

	return entry == NULL ? NULL : entry->object;
}

/* The object that an address stands for, or NULL. */
MigObject *
mig_snapshot_at(const MigSnapshot *snapshot, Oid classid, Oid objid,
				int32 objsubid)
{
	MigAddress	address = {classid, objid, objsubid};
	AddressEntry *entry = hash_search(snapshot->by_address, &address,
									  HASH_FIND, NULL);

	return entry == NULL ? NULL : entry->object;
}

/*
 * Is it a partition of a table that has none in another snapshot, but perhaps
 * one for the rest?  There the rows decide over them.
 */
bool
mig_snapshot_is_stray(const MigObject *object, const MigSnapshot *other)
{
	const ListCell *lc;

	if (object->kind->id != MIG_TABLE || !mig_table_is_partition(object))
		return false;
	foreach(lc, mig_table_parents(object))
	{
		const MigObject *parent = lfirst(lc);
		const MigObject *twin = mig_snapshot_find(other, MIG_TABLE,
												  parent->identity);

		if (twin != NULL && mig_table_is_partitioned(twin) &&
			!has_partitions(twin))
			return true;
		if (twin == NULL && mig_snapshot_is_stray(parent, other))
			return true;
	}
	return false;
}

/* Has a table partitions other than for what fits no other? */
static bool
has_partitions(const MigObject *table)
{
	const ListCell *lc;

	foreach(lc, mig_table_descendants(table))
	{
		const MigObject *partition = lfirst(lc);

		if (!mig_same(partition->values[MIG_TABLE_BOUND], "DEFAULT"))
			return true;
	}
	return false;
}

/* Leave an object out of comparisons, with its children. */
void
mig_snapshot_ignore(MigObject *object)
{
	const ListCell *lc;

	object->ignored = true;
	foreach(lc, object->children)
		mig_snapshot_ignore(lfirst(lc));
}

/* "14 tables, 31 indexes, 2 views" */
char *
mig_snapshot_summary(const MigSnapshot *snapshot)
{
	static const struct
	{
		MigKindId	kind;
		const char *one;
		const char *many;
	}			counted[] = {
		{MIG_TABLE, "table", "tables"},
		{MIG_COLUMN, "column", "columns"},
		{MIG_CONSTRAINT, "constraint", "constraints"},
		{MIG_FOREIGN_KEY, "foreign key", "foreign keys"},
		{MIG_INDEX, "index", "indexes"},
		{MIG_SEQUENCE, "sequence", "sequences"},
		{MIG_ENUM, "enum", "enums"},
		{MIG_DOMAIN, "domain", "domains"},
		{MIG_VIEW, "view", "views"},
		{MIG_FUNCTION, "function", "functions"},
		{MIG_TRIGGER, "trigger", "triggers"},
		{MIG_POLICY, "policy", "policies"},
	};
	int			count[MIG_NKINDS] = {0};
	const ListCell *lc;
	StringInfoData buf;

	foreach(lc, snapshot->objects)
	{
		const MigObject *object = lfirst(lc);

		if (!object->ignored)
			count[object->kind->id]++;
	}
	initStringInfo(&buf);
	for (size_t i = 0; i < lengthof(counted); i++)
	{
		int			n = count[counted[i].kind];

		if (n > 0)
			appendStringInfo(&buf, "%s%d %s", buf.len > 0 ? ", " : "", n,
							 n == 1 ? counted[i].one : counted[i].many);
	}
	return buf.len > 0 ? buf.data : pstrdup("nothing");
}

/* A snapshot of nothing, with a context of its own. */
MigSnapshot *
mig_snapshot_empty(void)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "pg_migrations snapshot",
												  ALLOCSET_DEFAULT_SIZES);
	MigSnapshot *snapshot = MemoryContextAllocZero(context,
												   sizeof(MigSnapshot));
	HASHCTL		ctl = {0};

	snapshot->context = context;
	ctl.keysize = sizeof(MigAddress);
	ctl.entrysize = sizeof(AddressEntry);
	ctl.hcxt = context;
	snapshot->by_address = hash_create("pg_migrations addresses", 1024, &ctl,
									   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	ctl.entrysize = sizeof(MigAddress);
	snapshot->referred = hash_create("pg_migrations references", 64, &ctl,
									 HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	ctl.keysize = sizeof(IdentityKey);
	ctl.entrysize = sizeof(IdentityEntry);
	ctl.hash = identity_hash;
	ctl.match = identity_match;
	snapshot->by_identity = hash_create("pg_migrations identities", 1024, &ctl,
										HASH_ELEM | HASH_FUNCTION |
										HASH_COMPARE | HASH_CONTEXT);
	return snapshot;
}

/* In the order of kindlist.h, so that parents are there before their parts. */
static void
read_kinds(Reading *reading, const MigScope *scope, const MigSpi *spi,
		   const MigParam *params)
{
	bool		narrows = scope->only != NULL || reading->is_narrow;

	for (MigKindId id = 0; id < MIG_NKINDS; id++)
	{
		const MigKind *kind = mig_kind(id);
		const char *query = kind->query;
		const char *narrow;

		CHECK_FOR_INTERRUPTS();
		if ((kind->flags & MIG_KIND_DATABASE) != 0 && !scope->database)
			query = kind->managed;
		if (query == NULL)
			continue;
		if (scope->is_empty && id != MIG_SCHEMA && id != MIG_EXTENSION &&
			id != MIG_DEFAULT_PRIVILEGES)
			continue;
		if (id == MIG_MEMBER_GRANTS && !scope->privileges)
			continue;
		if ((kind->flags & MIG_KIND_SUPERUSER) != 0 && !superuser())
			continue;
		reading->kind = kind;
		narrow = narrows ? mig_narrow_query(kind) : NULL;
		if (mig_present_has(&reading->present, id))
			mig_spi_each(spi, narrow == NULL ? query : narrow,
						 narrow == NULL ? 2 : 3, params, add_object, reading);
#ifdef USE_ASSERT_CHECKING
		else
			mig_spi_each(spi, query, 2, params, refuse_object, reading);
#endif
	}
}

/* Members of extensions are left out, and what belongs to them with it. */
static void
add_member(TupleTableSlot *slot, void *arg)
{
	Reading    *reading = arg;
	MigAddress	address = address_of(slot, 2);
	bool		found;

	(void) enter_address(reading->members, &address, &found);
}

#ifdef USE_ASSERT_CHECKING
/* Of a kind that there is nothing of. */
static void
refuse_object(TupleTableSlot *slot, void *arg)
{
	elog(ERROR, "there is a %s that was not looked for",
		 ((const Reading *) arg)->kind->name);
}
#endif

/* In the memory of the snapshot, as all that is read here. */
static void
add_object(TupleTableSlot *slot, void *arg)
{
	Reading    *reading = arg;
	const MigKind *kind = reading->kind;
	MemoryContext old = MemoryContextSwitchTo(reading->snapshot->context);
	MigObject  *object;
	MigAddress	member = {kind->classid, InvalidOid, 0};

	slot_getallattrs(slot);
	if (slot->tts_tupleDescriptor->natts != NFIXED + kind->nattributes)
		elog(ERROR, "query for kind \"%s\" has %d columns instead of %d",
			 kind->name, slot->tts_tupleDescriptor->natts,
			 NFIXED + kind->nattributes);
	member.objid = DatumGetObjectId(slot->tts_values[0]);
	if (kind->id == MIG_EXTENSION ||
		hash_search(reading->members, &member, HASH_FIND, NULL) == NULL)
	{
		object = palloc0(sizeof(MigObject));
		object->kind = kind;
		object->address = member;
		object->address.objsubid = DatumGetInt32(slot->tts_values[1]);
		object->parent_address.classid = kind->parent_classid;
		object->parent_address.objid = DatumGetObjectId(slot->tts_values[2]);
		object->parent_address.objsubid = DatumGetInt32(slot->tts_values[3]);
		object->nspname = named_schema(reading, mig_slot_text(slot, 5));
		if (!mig_same(object->nspname, reading->unqualified) ||
			!mig_is_visible(kind->classid, member.objid))
			object->schema = object->nspname;
		object->name = mig_slot_text(slot, 6);
		object->owner = mig_slot_text(slot, 7);
		object->acl = mig_slot_text(slot, 8);
		object->values = palloc(sizeof(char *) * Max(kind->nattributes, 1));
		for (int i = 0; i < kind->nattributes; i++)
			object->values[i] = mig_slot_text(slot, NFIXED + 1 + i);
		if (kind->complete != NULL)
			kind->complete(object);
		reading->objects = lappend(reading->objects, object);
	}
	MemoryContextSwitchTo(old);
}

/* The name that a schema stands for. */
static const char *
named_schema(const Reading *reading, const char *nspname)
{
	const ListCell *lc;

	foreach(lc, reading->stubs)
	{
		const MigStub *stub = lfirst(lc);

		if (mig_same(nspname, stub->name))
			return pstrdup(stub->schema);
	}
	return nspname;
}

/* Tie children to their parents, and give every object its identity. */
static void
link_objects(Reading *reading)
{
	MigSnapshot *snapshot = reading->snapshot;
	const ListCell *lc;

	foreach(lc, reading->objects)
	{
		MigObject  *object = lfirst(lc);
		bool		found;

		enter_address(snapshot->by_address, &object->address,
					  &found)->object = object;
	}
	foreach(lc, reading->objects)
	{
		MigObject  *object = lfirst(lc);

		if (link_object(snapshot, object))
			snapshot->objects = lappend(snapshot->objects, object);
		else
			hash_search(snapshot->by_address, &object->address, HASH_REMOVE,
						NULL);
	}
}

/* Returns false for the child of an object that is not there. */
static bool
link_object(MigSnapshot *snapshot, MigObject *object)
{
	StringInfoData buf;

	if (object->identity != NULL)
		return true;
	if (OidIsValid(object->parent_address.objid))
	{
		MigAddress *up = &object->parent_address;
		MigObject  *parent = mig_snapshot_at(snapshot, up->classid,
											 up->objid, up->objsubid);

		if (parent == NULL || !link_object(snapshot, parent))
			return false;
		object->parent = parent;
		parent->children = lappend(parent->children, object);
	}
	initStringInfo(&buf);
	mig_kind_identify(&buf, object);
	object->identity = pstrdup(buf.data);
	pfree(buf.data);
	mig_snapshot_enter(snapshot, object);
	return true;
}

/* Let an object be found by its identity. */
void
mig_snapshot_enter(MigSnapshot *snapshot, MigObject *object)
{
	IdentityKey key = {object->kind->id, object->identity};
	IdentityEntry *entry = hash_search(snapshot->by_identity, &key,
									   HASH_ENTER, NULL);

	entry->object = object;
}

/* What stands for the objects, the edges among them, and their comments. */
static void
read_links(Reading *reading, const MigSpi *spi, const MigParam *params)
{
	bool		narrows = reading->is_narrow;
	MigParam	among[] = {params[0], params[2]};
	MigParam	known[2];

	mig_spi_each(spi, narrows ? mig_alias_query_narrow : mig_alias_query,
				 narrows ? 2 : 1, among, add_alias, reading);
	enter_waiting(reading);
	if (narrows)
		put_known(reading->snapshot, known);
	mig_spi_each(spi, narrows ? mig_depend_query_narrow : mig_depend_query,
				 narrows ? 2 : 0, known, add_depend, reading);
	mig_spi_each(spi, narrows ? mig_comment_query_narrow : mig_comment_query,
				 narrows ? 2 : 0, known, add_comment, reading);
}

/* The addresses by which objects are found, as two oid[] beside each other. */
static void
put_known(const MigSnapshot *snapshot, MigParam *params)
{
	List	   *classes = NIL;
	List	   *oids = NIL;
	HASH_SEQ_STATUS status;
	const AddressEntry *entry;

	hash_seq_init(&status, snapshot->by_address);
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		classes = lappend_oid(classes, entry->address.classid);
		oids = lappend_oid(oids, entry->address.objid);
	}
	params[0] = mig_oids_param(classes);
	params[1] = mig_oids_param(oids);
}

/* Some catalogs name a thing by another one, as the row type by its table. */
static void
add_alias(TupleTableSlot *slot, void *arg)
{
	Reading    *reading = arg;
	MigAddress	pair[] = {address_of(slot, 2), address_of(slot, 5)};
	MemoryContext old;
	bool		isnull;

	if (enter_alias(reading->snapshot, pair) ||
		DatumGetInt32(slot_getattr(slot, 1, &isnull)) != 5)
		return;
	old = MemoryContextSwitchTo(reading->snapshot->context);
	reading->waiting = lappend(reading->waiting,
							   memcpy(palloc(sizeof(pair)), pair,
									  sizeof(pair)));
	MemoryContextSwitchTo(old);
}

/* Returns false if the object, the second one, is not known. */
static bool
enter_alias(MigSnapshot *snapshot, const MigAddress *pair)
{
	MigObject  *object = mig_snapshot_at(snapshot, pair[1].classid,
										 pair[1].objid, pair[1].objsubid);
	AddressEntry *entry;
	bool		found;

	if (object == NULL)
		return false;
	entry = enter_address(snapshot->by_address, &pair[0], &found);
	if (!found)
		entry->object = object;
	return true;
}

/* What waits comes to be known with what it is part of, or never. */
static void
enter_waiting(Reading *reading)
{
	int			before;
	ListCell   *lc;

	do
	{
		before = list_length(reading->waiting);
		foreach(lc, reading->waiting)
		{
			if (enter_alias(reading->snapshot, lfirst(lc)))
				reading->waiting = foreach_delete_current(reading->waiting,
														  lc);
		}
	} while (list_length(reading->waiting) < before);
}

/*
 * Both ends must be in the snapshot: what depends on the server's own objects
 * depends on nothing.
 */
static void
add_depend(TupleTableSlot *slot, void *arg)
{
	Reading    *reading = arg;
	MigSnapshot *snapshot = reading->snapshot;
	MigAddress	from = address_of(slot, 2);
	MigAddress	to = address_of(slot, 5);
	MigObject  *object = mig_snapshot_at(snapshot, from.classid, from.objid,
										 from.objsubid);
	MigObject  *on = mig_snapshot_at(snapshot, to.classid, to.objid,
									 to.objsubid);
	MemoryContext old;
	MigDepend  *depend;
	char		deptype;
	bool		isnull;

	if (object != NULL && on == NULL)
	{
		old = MemoryContextSwitchTo(snapshot->context);
		mig_outside_note(object, &to);
		(void) hash_search(snapshot->referred, &to, HASH_ENTER, NULL);
		MemoryContextSwitchTo(old);
	}
	deptype = DatumGetChar(slot_getattr(slot, 8, &isnull));
	if (object == NULL && on != NULL && reading->is_live &&
		!is_of_extension(reading, &from))
	{
		old = MemoryContextSwitchTo(snapshot->context);
		mig_dependent_note(on, &from, deptype);
		MemoryContextSwitchTo(old);
	}
	if (object == NULL || on == NULL || object == on ||
		is_ancestor(object, on))
		return;
	if ((deptype == 'P' || deptype == 'S') && is_indexed(object) &&
		is_indexed(on) && !object->kind->is_inherited(object))
	{
		MigObject  *part = object;

		/* an index of its own that a partition has is attached later */
		object = on;
		on = part;
	}
	old = MemoryContextSwitchTo(snapshot->context);
	depend = palloc0(sizeof(MigDepend) * 2);
	depend[0].object = on;
	depend[1].object = object;
	depend[0].deptype = depend[1].deptype = sort_of(&from, &to, on, deptype);
	if (object->kind->id == MIG_SEQUENCE && on->kind->id == MIG_COLUMN &&
		depend->deptype == 'a')
		object->owner_column = on;
	else
	{
		object->depends = lappend(object->depends, &depend[0]);
		on->dependents = lappend(on->dependents, &depend[1]);
	}
	MemoryContextSwitchTo(old);
}

/* The address of a comment is the object's own: an alias has none. */
static void
add_comment(TupleTableSlot *slot, void *arg)
{
	Reading    *reading = arg;
	MigAddress	address = address_of(slot, 2);
	MigObject  *object = mig_snapshot_at(reading->snapshot, address.classid,
										 address.objid, address.objsubid);
	MemoryContext old;

	if (object == NULL ||
		memcmp(&object->address, &address, sizeof(address)) != 0)
		return;
	old = MemoryContextSwitchTo(reading->snapshot->context);
	object->comment = mig_slot_text(slot, 5);
	MemoryContextSwitchTo(old);
}

/* Is it a member of an extension, or a column of one? */
static bool
is_of_extension(const Reading *reading, const MigAddress *address)
{
	MigAddress	whole = *address;

	whole.objsubid = 0;
	return hash_search(reading->members, &whole, HASH_FIND, NULL) != NULL;
}

/* The entry of a class or family is no part; a row type is told. */
static char
sort_of(const MigAddress *from, const MigAddress *to, const MigObject *on,
		char deptype)
{
	if (from->classid == AccessMethodOperatorRelationId ||
		from->classid == AccessMethodProcedureRelationId)
		return DEPENDENCY_NORMAL;
	return to->classid == TypeRelationId && on->kind->id == MIG_TABLE &&
		deptype == DEPENDENCY_NORMAL ? MIG_DEPEND_ON_ROW : deptype;
}

/* Is it an index, or a constraint that may have one? */
static bool
is_indexed(const MigObject *object)
{
	return object->kind->id == MIG_INDEX || object->kind->id == MIG_CONSTRAINT;
}

/* Is an object among the parents of another? */
static bool
is_ancestor(const MigObject *object, const MigObject *of)
{
	while (of->parent != NULL)
	{
		of = of->parent;
		if (of == object)
			return true;
	}
	return false;
}

static AddressEntry *
enter_address(HTAB *table, const MigAddress *address, bool *found)
{
	return hash_search(table, address, HASH_ENTER, found);
}

/* The address in three columns, from a column counted from 1 on. */
static MigAddress
address_of(TupleTableSlot *slot, int first)
{
	MigAddress	address;
	bool		isnull;

	address.classid = DatumGetObjectId(slot_getattr(slot, first, &isnull));
	address.objid = DatumGetObjectId(slot_getattr(slot, first + 1, &isnull));
	address.objsubid = DatumGetInt32(slot_getattr(slot, first + 2, &isnull));
	return address;
}

/* By kind and name, since a type and a function may share a name. */
static uint32
identity_hash(const void *key, Size keysize)
{
	const IdentityKey *identity = key;

	return hash_bytes((const unsigned char *) identity->identity,
					  strlen(identity->identity)) ^ (uint32) identity->kind;
}

static int
identity_match(const void *a, const void *b, Size keysize)
{
	const IdentityKey *first = a;
	const IdentityKey *second = b;

	if (first->kind != second->kind)
		return 1;
	return strcmp(first->identity, second->identity);
}
