/*-------------------------------------------------------------------------
 *
 * sch/snapshot_text.c
 *	  Snapshots as text, to be kept.
 *
 * What is written is what was read of the objects, and nothing of a
 * comparison.  A number is followed by a space, a string preceded by its
 * length and a colon; objects that others refer to are numbers in the order of
 * the snapshot.  In front are the format and a checksum: what was changed by
 * hand or cut off is not read.
 *
 * OIDs are not written, for they are a shadow's, and soon those of something
 * else.  What belongs to the role that built the model belongs to the one that
 * reads it.
 *
 * The format follows from the kinds, their queries and attributes; a new field
 * of MigObject that is read from the catalogs must be written here, which an
 * assertion reminds of.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/snapshot_text.h"

#include "common/hashfn.h"
#include "kind/kinds.h"
#include "miscadmin.h"
#include "port/pg_crc32c.h"
#include "sch/diff.h"
#include "sch/outside.h"
#include "sch/snapshot.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

/* to be raised when something is written otherwise */
#define FORMAT	2

/* The strings of an object that are written as they are. */
static const size_t strings[] = {
	offsetof(MigObject, nspname),
	offsetof(MigObject, schema),
	offsetof(MigObject, name),
	offsetof(MigObject, identity),
	offsetof(MigObject, acl),
	offsetof(MigObject, comment),
};

#define STRING(object, i) \
	((const char **) ((char *) (object) + strings[i]))

/*
 * The fields of MigObject that are written or need not be.  Is one missing?
 * Then write it, and add it here.
 */
typedef struct Written
{
	const MigKind *kind;
	MigAddress	address;		/* objsubid alone */
	MigAddress	parent_address; /* not written: it is the parent's */
	MigObject  *parent;
	MigObject  *owner_column;
	const char *owner;
	const char *strings[lengthof(strings)];
	char	  **values;
	List	   *lists[4];		/* children, depends, dependents, outside */
	bool		ignored;		/* of the comparison, as what follows */
} Written;

StaticAssertDecl(offsetof(Written, ignored) == offsetof(MigObject, ignored),
				 "a field of MigObject is not written");
StaticAssertDecl(sizeof(MigSnapshot) == 5 * sizeof(void *),
				 "a field of MigSnapshot is not written");

/* Numbers of objects while a snapshot is written. */
typedef struct NumberEntry
{
	const MigObject *object;	/* key */
	int			number;
} NumberEntry;

typedef struct Freezing
{
	StringInfo	buf;
	HTAB	   *numbers;
	const char *self;
} Freezing;

/* A text while it is read. */
typedef struct Thawing
{
	char	   *at;
	const char *end;
	char	   *behind;			/* the last string, to be ended; NULL: none */
	const char *self;
	MigObject  *objects;		/* all of them */
	int			nobjects;
	bool		failed;			/* nothing more is read */
} Thawing;

static HTAB *number_objects(const MigSnapshot *snapshot);
static void put_object(Freezing *freezing, const MigObject *object);
static void put_owner(Freezing *freezing, const char *owner);
static void put_number(Freezing *freezing, int number);
static void put_digits(Freezing *freezing, int number, char end);
static void put_string(Freezing *freezing, const char *string);
static void put_reference(Freezing *freezing, const MigObject *object);
static void put_edges(Freezing *freezing, const List *edges);
static uint32 checksum_of(const char *body, size_t length);
#ifdef USE_ASSERT_CHECKING
static void check_frozen(MigSnapshot *snapshot, const char *frozen,
						 const char *self);
#endif
static bool begin_thawing(Thawing *thawing, const char *frozen);
static void take_object(Thawing *thawing, MigObject *object);
static const char *take_owner(Thawing *thawing);
static int	take_number(Thawing *thawing);
static int	take_digits(Thawing *thawing, char behind);
static int	take_count(Thawing *thawing);
static char *take_string(Thawing *thawing);
static MigObject *take_reference(Thawing *thawing);
static List *take_children(Thawing *thawing);
static List *take_edges(Thawing *thawing);
static List *take_outside(Thawing *thawing);

/*
 * What the meaning of a text depends on, as a word: the format, and the kinds
 * as they are read.
 */
char *
mig_freeze_format(void)
{
	static uint64 kinds = 0;

	if (kinds == 0)
	{
		StringInfoData buf;

		initStringInfo(&buf);
		for (MigKindId id = 0; id < MIG_NKINDS; id++)
		{
			const MigKind *kind = mig_kind(id);

			appendStringInfo(&buf, "%s\n%s\n%s\n", kind->name,
							 kind->query == NULL ? "" : kind->query,
							 kind->managed == NULL ? "" : kind->managed);
			for (int i = 0; i < kind->nattributes; i++)
				appendStringInfo(&buf, "%s\n", kind->attributes[i].name);
		}
		kinds = hash_bytes_extended((const unsigned char *) buf.data, buf.len,
									0);
		pfree(buf.data);
	}
	return psprintf("%d " UINT64_FORMAT, FORMAT, kinds);
}

/*
 * Write a snapshot that was read from the catalogs by the role "self", before
 * it is compared.  The result is in the current memory context.
 */
char *
mig_freeze(MigSnapshot *snapshot, const char *self)
{
	StringInfoData body;
	Freezing	freezing = {&body, number_objects(snapshot), self};
	const ListCell *lc;
	char	   *frozen;

	initStringInfo(&body);
	put_number(&freezing, list_length(snapshot->objects));
	foreach(lc, snapshot->objects)
		put_object(&freezing, lfirst(lc));
	hash_destroy(freezing.numbers);
	frozen = psprintf("%s %u\n%s", mig_freeze_format(),
					  checksum_of(body.data, body.len), body.data);
	pfree(body.data);
#ifdef USE_ASSERT_CHECKING
	check_frozen(snapshot, frozen, self);
#endif
	return frozen;
}

/* References are numbers: places in the list of objects. */
static HTAB *
number_objects(const MigSnapshot *snapshot)
{
	HASHCTL		ctl = {0};
	HTAB	   *numbers;
	const ListCell *lc;

	ctl.keysize = sizeof(const MigObject *);
	ctl.entrysize = sizeof(NumberEntry);
	ctl.hcxt = CurrentMemoryContext;
	numbers = hash_create("pg_migrations numbers", 1024, &ctl,
						  HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	foreach(lc, snapshot->objects)
	{
		const MigObject *object = lfirst(lc);
		NumberEntry *entry = hash_search(numbers, &object, HASH_ENTER, NULL);

		entry->number = foreach_current_index(lc);
	}
	return numbers;
}

/* In the order in which take_object() reads it. */
static void
put_object(Freezing *freezing, const MigObject *object)
{
	const ListCell *lc;

	put_number(freezing, object->kind->id);
	put_number(freezing, object->address.objsubid);
	put_reference(freezing, object->parent);
	put_reference(freezing, object->owner_column);
	put_owner(freezing, object->owner);
	for (size_t i = 0; i < lengthof(strings); i++)
		put_string(freezing, *STRING(object, i));
	for (int i = 0; i < object->kind->nattributes; i++)
		put_string(freezing, object->values[i]);
	put_number(freezing, list_length(object->children));
	foreach(lc, object->children)
		put_reference(freezing, lfirst(lc));
	put_edges(freezing, object->depends);
	put_edges(freezing, object->dependents);
	put_number(freezing, list_length(object->outside));
	foreach(lc, object->outside)
	{
		const MigOutside *outside = lfirst(lc);

		put_number(freezing, outside->classid);
		put_string(freezing, outside->name);
		put_string(freezing, outside->description);
	}
}

/* A number in front tells whether it is who has built the model. */
static void
put_owner(Freezing *freezing, const char *owner)
{
	bool		is_self = owner != NULL && strcmp(owner, freezing->self) == 0;

	put_number(freezing, is_self);
	if (!is_self)
		put_string(freezing, owner);
}

static void
put_number(Freezing *freezing, int number)
{
	put_digits(freezing, number, ' ');
}

/* Hundreds of thousands of them are written. */
static void
put_digits(Freezing *freezing, int number, char end)
{
	char		digits[MAXINT8LEN + 1];

	appendBinaryStringInfo(freezing->buf, digits, pg_ltoa(number, digits));
	appendStringInfoChar(freezing->buf, end);
}

/* NULL has the length -1 */
static void
put_string(Freezing *freezing, const char *string)
{
	int			length = string == NULL ? -1 : (int) strlen(string);

	put_digits(freezing, length, ':');
	if (string != NULL)
		appendBinaryStringInfo(freezing->buf, string, length);
}

/* NULL is -1 */
static void
put_reference(Freezing *freezing, const MigObject *object)
{
	NumberEntry *entry;

	if (object == NULL)
	{
		put_number(freezing, -1);
		return;
	}
	entry = hash_search(freezing->numbers, &object, HASH_FIND, NULL);
	if (entry == NULL)
		elog(ERROR, "%s %s is not among the objects of its snapshot",
			 object->kind->name, object->identity);
	put_number(freezing, entry->number);
}

static void
put_edges(Freezing *freezing, const List *edges)
{
	const ListCell *lc;

	put_number(freezing, list_length(edges));
	foreach(lc, edges)
	{
		const MigDepend *depend = lfirst(lc);

		put_reference(freezing, depend->object);
		put_number(freezing, depend->deptype);
	}
}

static uint32
checksum_of(const char *body, size_t length)
{
	pg_crc32c	crc;

	INIT_CRC32C(crc);
	COMP_CRC32C(crc, body, length);
	FIN_CRC32C(crc);
	return crc;
}

#ifdef USE_ASSERT_CHECKING
/* What is read again is written the same, and does not differ. */
static void
check_frozen(MigSnapshot *snapshot, const char *frozen, const char *self)
{
	static bool checking = false;
	MigSnapshot *again;
	char	   *written;

	if (checking)
		return;
	checking = true;
	again = mig_thaw(frozen, self);
	Assert(again != NULL);
	written = mig_freeze(again, self);
	Assert(strcmp(frozen, written) == 0);
	checking = false;
	for (int reverse = 0; reverse < 2; reverse++)
	{
		MigDiff		diff = {.from = reverse ? again : snapshot,
			.to = reverse ? snapshot : again,
		.privileges = true,.owners = true,.role = self};

		mig_diff_pair(&diff);
		mig_diff_run(&diff);
		Assert(diff.actions == NIL);
	}
	pfree(written);
	MemoryContextDelete(again->context);
}
#endif

/*
 * Read a snapshot as of the role "self".  NULL: it is of another format, or
 * broken.  It has a context of its own, below the current one.
 */
MigSnapshot *
mig_thaw(const char *frozen, const char *self)
{
	MigSnapshot *snapshot;
	Thawing		thawing = {.self = self};
	MemoryContext old;

	if (!begin_thawing(&thawing, frozen))
		return NULL;
	snapshot = mig_snapshot_empty();
	old = MemoryContextSwitchTo(snapshot->context);
	thawing.at = pstrdup(thawing.at);
	thawing.end = thawing.at + strlen(thawing.at);
	thawing.nobjects = take_count(&thawing);
	thawing.objects = palloc0(sizeof(MigObject) * (thawing.nobjects + 1));
	for (int i = 0; i < thawing.nobjects && !thawing.failed; i++)
	{
		MigObject  *object = &thawing.objects[i];

		CHECK_FOR_INTERRUPTS();
		take_object(&thawing, object);
		if (thawing.failed)
			break;
		snapshot->objects = lappend(snapshot->objects, object);
		mig_snapshot_enter(snapshot, object);
	}
	MemoryContextSwitchTo(old);
	if (!thawing.failed && thawing.at == thawing.end)
		return snapshot;
	MemoryContextDelete(snapshot->context);
	return NULL;
}

/* Look at what stands in front. */
static bool
begin_thawing(Thawing *thawing, const char *frozen)
{
	char	   *format = psprintf("%s ", mig_freeze_format());
	size_t		length = strlen(format);
	char	   *body;
	uint32		checksum;

	if (strncmp(frozen, format, length) != 0)
		return false;
	checksum = strtoul(frozen + length, &body, 10);
	if (*body != '\n')
		return false;
	thawing->at = body + 1;
	thawing->end = thawing->at + strlen(thawing->at);
	return checksum_of(thawing->at, thawing->end - thawing->at) == checksum;
}

static void
take_object(Thawing *thawing, MigObject *object)
{
	int			id = take_number(thawing);

	if (id < 0 || id >= MIG_NKINDS)
		thawing->failed = true;
	if (thawing->failed)
		return;
	object->kind = mig_kind(id);
	object->address.classid = object->kind->classid;
	object->address.objsubid = take_number(thawing);
	object->parent = take_reference(thawing);
	object->owner_column = take_reference(thawing);
	object->owner = take_owner(thawing);
	for (size_t i = 0; i < lengthof(strings); i++)
		*STRING(object, i) = take_string(thawing);
	object->values = palloc0(sizeof(char *) *
							 Max(object->kind->nattributes, 1));
	for (int i = 0; i < object->kind->nattributes; i++)
		object->values[i] = take_string(thawing);
	object->children = take_children(thawing);
	object->depends = take_edges(thawing);
	object->dependents = take_edges(thawing);
	object->outside = take_outside(thawing);
	if (object->identity == NULL)
		thawing->failed = true;
}

static const char *
take_owner(Thawing *thawing)
{
	return take_number(thawing) == 1 ? pstrdup(thawing->self) :
		take_string(thawing);
}

/* 0 if there is none */
static int
take_number(Thawing *thawing)
{
	return take_digits(thawing, ' ');
}

/*
 * A number with a letter behind it, and that; strtol() would take a quarter of
 * the time that a snapshot takes.
 */
static int
take_digits(Thawing *thawing, char behind)
{
	char	   *at;
	bool		is_negative = *thawing->at == '-';
	char	   *first = thawing->at + is_negative;
	int64		number = 0;

	if (thawing->failed)
		return 0;
	for (at = first; *at >= '0' && *at <= '9' && number <= PG_INT32_MAX; at++)
		number = number * 10 + (*at - '0');
	if (at == first || *at != behind || number > PG_INT32_MAX)
	{
		thawing->failed = true;
		return 0;
	}
	thawing->at = at + 1;
	if (thawing->behind != NULL)
		*thawing->behind = '\0';
	thawing->behind = NULL;
	return (int) (is_negative ? -number : number);
}

/* A number of things that follow, each of which takes a byte at least. */
static int
take_count(Thawing *thawing)
{
	int			count = take_number(thawing);

	if (count < 0 || count > thawing->end - thawing->at)
	{
		thawing->failed = true;
		return 0;
	}
	return count;
}

/*
 * Its length stands before it, -1 for NULL.  It stays where it is, and ends
 * there as soon as the number is read that follows.
 */
static char *
take_string(Thawing *thawing)
{
	int			length = take_digits(thawing, ':');
	char	   *string;

	if (length < -1 || length > thawing->end - thawing->at)
		thawing->failed = true;
	if (thawing->failed || length < 0)
		return NULL;
	string = thawing->at;
	thawing->at = thawing->behind = string + length;
	return string;
}

static MigObject *
take_reference(Thawing *thawing)
{
	int			number = take_number(thawing);

	if (number < -1 || number >= thawing->nobjects)
		thawing->failed = true;
	return thawing->failed || number < 0 ? NULL : &thawing->objects[number];
}

static List *
take_children(Thawing *thawing)
{
	List	   *children = NIL;
	int			n = take_count(thawing);

	for (int i = 0; i < n && !thawing->failed; i++)
		children = lappend(children, take_reference(thawing));
	return children;
}

static List *
take_edges(Thawing *thawing)
{
	List	   *edges = NIL;
	int			n = take_count(thawing);

	for (int i = 0; i < n && !thawing->failed; i++)
	{
		MigDepend  *depend = palloc0(sizeof(MigDepend));

		depend->object = take_reference(thawing);
		depend->deptype = take_number(thawing);
		if (depend->object == NULL)
			thawing->failed = true;
		edges = lappend(edges, depend);
	}
	return edges;
}

static List *
take_outside(Thawing *thawing)
{
	List	   *list = NIL;
	int			n = take_count(thawing);

	for (int i = 0; i < n && !thawing->failed; i++)
	{
		MigOutside *outside = palloc0(sizeof(MigOutside));

		outside->classid = take_number(thawing);
		outside->name = take_string(thawing);
		outside->description = take_string(thawing);
		if (outside->name == NULL || outside->description == NULL)
			thawing->failed = true;
		list = lappend(list, outside);
	}
	return list;
}
