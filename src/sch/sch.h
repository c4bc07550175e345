/*-------------------------------------------------------------------------
 *
 * sch/sch.h
 *	  A schema in memory, the operations that a kind of object has, and the
 *	  actions that lead from one schema to another.
 *
 * A snapshot is a list of objects.  An object has a kind, an identity (the
 * name by which SQL refers to it, which is what pairs objects of two
 * snapshots), a parent (the table of a column, of a constraint, ...), values
 * for the attributes that its kind names, and edges to the objects that it
 * depends on.  What is done with an object is an action.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SCH_H
#define MIG_SCH_H

#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "util/hazard.h"
#include "utils/hsearch.h"

typedef struct MigObject MigObject;
typedef struct MigKind MigKind;
typedef struct MigAction MigAction;
typedef struct MigDiff MigDiff;

/* The kinds, see there; kind/kinds.c has a row for each. */
#define MIG_KIND(id, row, body, step) \
	id,

typedef enum MigKindId
{
#include "sch/kindlist.h"
	MIG_NKINDS
} MigKindId;

#undef MIG_KIND

/* The address of an object in the catalogs. */
typedef struct MigAddress
{
	Oid			classid;
	Oid			objid;
	int32		objsubid;
} MigAddress;

/* What is to become of an object; see sch/diff.c. */
typedef enum MigFate
{
	MIG_KEEP,
	MIG_ALTER,					/* in place */
	MIG_RECREATE,				/* dropped and created */
	MIG_CREATE,					/* it is in the new snapshot alone */
	MIG_DROP					/* it is in the old snapshot alone */
} MigFate;

/* What a part of a model means for an object; see model/part.c. */
typedef enum MigRenewal
{
	MIG_AS_BEFORE,				/* nothing: it is not in the part */
	MIG_MADE_AGAIN,				/* what comes of it is the same */
	MIG_LEFT_OUT,				/* ... of a foreign key's table, not of it */
	MIG_MAY_DIFFER				/* it may be another, or gone */
} MigRenewal;

/* What a difference in an attribute means. */
typedef enum MigCompare
{
	MIG_ALTERABLE,				/* the kind's alter function sees to it */
	MIG_FIXED,					/* the object is dropped and created */
	MIG_MENDED,					/* altered to be true; false is no aim */
	MIG_NOT_COMPARED			/* read for the scripts alone */
} MigCompare;

/* An attribute that a kind reads. */
typedef struct MigAttribute
{
	const char *name;			/* for people, "not null" */
	MigCompare	compare;
	bool		deparsed;		/* printed by the server: texts that differ
								 * may mean the same, see sch/normal.c */
	bool		is_name;		/* of a constraint, see sch/alike.c */
	int			detail_of;		/* the attribute without which it is NULL, 0:
								 * none */
	const char *words;			/* its letters for people, "f FULL,n NOTHING",
								 * or NULL */
} MigAttribute;

#define MIG_PERSISTENCE_WORDS	"p permanent,u unlogged,t temporary"

/* Elements of an attribute that is a list are separated by it. */
#define MIG_SEPARATOR	'\x01'
#define MIG_LIST(array) "pg_catalog.array_to_string(" array ", E'\\x01')"

#define MIG_MAX_ATTRIBUTES	32	/* as many bits has MigObject.changed */

/* In a query: the name is none that was set aside. */
#define MIG_NOT_HIDDEN(name) \
	"($2 = '' OR NOT pg_catalog.starts_with(" name "::pg_catalog.text, $2))"

/* What holds for a kind. */
#define MIG_KIND_INLINE		0x0001	/* written into its parent's CREATE */
#define MIG_KIND_VIRTUAL	0x0002	/* has no statements of its own */
#define MIG_KIND_TYPE		0x0004	/* columns may have it as their type */
#define MIG_KIND_DATA		0x0008	/* re-creating it would lose rows */
#define MIG_KIND_HOLDS_TYPE	0x0010	/* forbids ALTER COLUMN TYPE */
#define MIG_KIND_RELATION	0x0020	/* named in pg_class or pg_type */
#define MIG_KIND_DATABASE	0x0040	/* database-wide */
#define MIG_KIND_LATE_DROP	0x0080	/* dropped at the end of a script */
#define MIG_KIND_CLONED		0x0100	/* a partition's comes and goes with its
									 * being one; altered by itself */
#define MIG_KIND_PRIVILEGES	0x0200	/* compared with privileges alone */
#define MIG_KIND_ATTACHED	0x0400	/* re-created with its parent alone */
#define MIG_KIND_SUPERUSER	0x0800	/* only superusers can read it */

/* What an object depends on is the row type of the other, a table */
#define MIG_DEPEND_ON_ROW	'r'

/* An edge: the object depends on another. */
typedef struct MigDepend
{
	MigObject  *object;			/* the other end */
	char		deptype;		/* of pg_depend, or the above */
} MigDepend;

/*
 * An object of a snapshot.  What is read of it, up to "outside", is kept by
 * sch/snapshot_text.c, too.
 */
struct MigObject
{
	const MigKind *kind;
	MigAddress	address;
	MigAddress	parent_address; /* objid 0: none */
	MigObject  *parent;			/* NULL: it stands alone */
	MigObject  *owner_column;	/* of a sequence that is owned by a column */
	const char *nspname;		/* schema, or NULL: the kind has none */
	const char *schema;			/* the same as SQL needs it, NULL: not */
	const char *name;
	const char *identity;		/* how SQL names it, unique in its kind */
	const char *owner;			/* role, or NULL */
	const char *acl;			/* grants in our form, NULL: the default */
	const char *comment;		/* or NULL */
	char	  **values;			/* one per attribute of the kind, or NULL */
	List	   *children;		/* of MigObject *, in the order read */
	List	   *depends;		/* of MigDepend *, what it depends on */
	List	   *dependents;		/* of MigDepend *, what depends on it */
	List	   *outside;		/* of MigOutside *, what else it needs */

	/* of the comparison under way; set before it */
	bool		ignored;		/* out of scope */
	bool		excluded;		/* ... by a pattern that is about itself */
	bool		elsewhere;		/* in a schema that is not managed */
	uint32		same;			/* bits of attributes whose texts differ but
								 * mean the same, see sch/normal.c */
	bool		unchecked;		/* a routine whose body is not valid by the
								 * search_path of whoever runs the script */
	List	   *outsiders;		/* what else needs it; of a live snapshot, see
								 * sch/dependent.c */
	int			share;			/* how much of it a proof takes, see
								 * model/slice.c */
	bool		left_out;		/* ignored by a proof */
	MigRenewal	renewal;		/* of a kept snapshot, see model/part.c */
	int			statement;		/* of the model that makes it or what it is
								 * part of; -1: not known */

	/*
	 * The same, forgotten before each comparison: all from "twin" on; and
	 * before each of its rounds: all from "changed" on.  See sch/diff.c.
	 */
	MigObject  *twin;			/* the same object in the other snapshot */
	bool		renamed;		/* its twin has another name */
	bool		force_recreate; /* to break a loop */
	bool		apart;			/* not to be written into its parent's CREATE,
								 * or to be made in two steps */
	bool		aside;			/* renamed by way of a third name */
	MigObject  *drop_with;		/* dropped by the statement of another */
	uint32		changed;		/* bits of attributes that differ */
	MigFate		fate;
	bool		disrupts;		/* altered so that dependents must go first */
	bool		leaves;			/* of a table: all parents, to come back */
	const char *stand_in;		/* of a table: inherits from it while parents
								 * change, see kind/table_inherit.c; or NULL */
	bool		held;			/* of its part: comes from that meanwhile */
	MigObject  *successor;		/* replaces a type while columns have it */
	MigObject  *predecessor;	/* the type that it is the successor of */
	MigObject  *counterpart;	/* see kind/counter.c; of another snapshot */
	List	   *joined;			/* of a sequence: more of those, MigObject * */
	MigObject  *adopts;			/* of a new constraint: an old index; of that:
								 * the constraint, see kind/index_adopted.c */
	bool		by_hand;		/* of an index: not made with that above it or
								 * with its table, see kind/index_parts.c */
	bool		name_taken;		/* of a column: another table has that which
								 * the server would choose for its NOT NULL */
	MigAction  *made;			/* brings it about, in the new snapshot */
	MigAction  *shell;			/* of a type: names it before it is made */
	MigAction  *unmade;			/* ends it, in the old snapshot */
	List	   *alters;			/* of MigAction *, in the new snapshot */
};

/* A schema as it stands at one time. */
typedef struct MigSnapshot
{
	MemoryContext context;		/* everything lives there */
	List	   *objects;		/* of MigObject *, in the order of kinds */
	HTAB	   *by_identity;
	HTAB	   *by_address;		/* also of what stands for an object; empty if
								 * it was not read from the catalogs */
	HTAB	   *referred;		/* MigAddress of whatever of users is not in
								 * it, and something of it depends on */
} MigSnapshot;

/* Tables that have left one above them by then, see sch/leaving.c. */
typedef struct MigLeft
{
	const char *above;			/* identity */
	List	   *tables;			/* of char *, identities */
} MigLeft;

/*
 * Why an action may hurt.
 *
 * What may happen with any rows is a hazard; what those that are there say is
 * added to it, for they are not those of the database in which a script runs.
 */
typedef struct MigHazard
{
	MigHazardCode code;
	const char *text;			/* a phrase: "NOT NULL on a column that ..." */
	const char *table;			/* identity of the table, or NULL */
	List	   *others;			/* of char *, of others that are asked, too */
	const char *probe;			/* query for the number of rows it is about,
								 * or one that fails if there are such; or
								 * NULL */
	const char *result;			/* what the rows say, or NULL */
	bool		no_rows;		/* there is no row here */
	bool		harmless;		/* there are rows, and it is about none */
	bool		tries;			/* the probe is of the second sort */
	List	   *left;			/* of MigLeft *, what is not asked any more */
	bool		if_found;		/* not to be said but of rows that are there */
	bool		found;			/* there are some */
	const char *constant;		/* one of the first sort that asks no rows:
								 * where it finds nothing there is no hazard;
								 * or NULL */
	bool		counts;			/* the probe is for the place of a counter */
	int64		least;			/* where that does no harm; equal: nowhere */
	int64		most;
} MigHazard;

/* What existing rows get in a column that becomes NOT NULL. */
typedef struct MigFill
{
	const char *column;			/* identity */
	const char *value;			/* an expression */
} MigFill;

/* Something that gets another name, and is the same otherwise. */
typedef struct MigRenaming
{
	const MigObject *object;	/* of the new name */
	const char *sql;			/* statement, without semicolon */
} MigRenaming;

typedef enum MigOperation
{
	MIG_OP_RENAME,
	MIG_OP_CREATE,
	MIG_OP_ALTER,
	MIG_OP_DROP
} MigOperation;

/* A statement group of a script. */
struct MigAction
{
	MigOperation op;
	MigObject  *object;			/* old side of a drop, else the new side */
	const char *detail;			/* of an alter: what changes, "type" */
	const char *sql;			/* NULL: the kind writes it when it is due */
	const char *label;			/* added to an enumerated type, or NULL */
	const char *value;			/* what it gives to rows, or NULL */
	List	   *hazards;		/* of MigHazard * */
	bool		satellite;		/* nothing waits for it: comment, owner,
								 * grants */
	bool		late;			/* nothing waits for it: it ends a loop */
	bool		first;			/* before what happens to its table's parts
								 * and to what the old object depends on */
	bool		last;			/* behind what happens to its table's parts */
	bool		behind;			/* gives values to a column or asks for them:
								 * rather behind other changes of columns */
	bool		fires;			/* has an UPDATE that fires what users made,
								 * see kind/fired.c */
	bool		sets_logging;	/* a table becomes logged or unlogged */
	bool		attaches;		/* indexes of partitions to another */
	bool		sets_identity;	/* a column becomes one or ceases to be */
	bool		sets_owner;
	bool		sets_own;		/* what a table has by itself, too, changes */
	bool		away;			/* before what the old object depends on ends;
								 * waits for nothing that is new */

	/* of the sort, see sch/order.c */
	int			number;			/* in the order made */
	int			rank;			/* of a routine, see sch/body.c */
	int			phase;
	const char *group;			/* identity of the table it is about */
	int			waits_for;
	List	   *followers;		/* of MigAction * */
	MigAction  *blocker;		/* one of those that it waits for in vain */
	int			seen;			/* in which search for loops */
	int			prefers_after;	/* what should come before it, if it can */
	List	   *preferred_by;	/* of MigAction *, which should follow it */
	bool		released;		/* nothing holds it up */
	bool		done;

	/* of the script, see sch/create_table.c and sch/alter_table.c */
	int			place;			/* in the sorted list */
	int			latest;			/* place of the last one that it waits for */
	List	   *leaders;		/* of MigAction *, all that it waits for, or
								 * would rather follow */
	MigAction  *folded_into;	/* the creation that sees to it, or NULL */
	List	   *along;			/* of MigObject *, made with its object, but
								 * no parts of it */
};

/*
 * A comparison of two snapshots under way, in one direction.
 */
struct MigDiff
{
	MigSnapshot *from;
	MigSnapshot *to;
	bool		privileges;		/* compare grants */
	bool		owners;			/* compare owners */
	bool		any_names;		/* names of constraints do not matter */
	bool		of_revisions;	/* one side is what revisions build, which has
								 * no rows: whether a view has some is not
								 * compared */
	bool		safe_constraints;	/* take forms that lock less */
	bool		reverse;		/* makes the downgrade */
	bool		captures;		/* extensions are named where the downgrade
								 * has them, not the upgrade */
	bool		bare;			/* writes no owners and grants that are not
								 * compared */
	List	   *fills;			/* of MigFill *, values for new columns */
	const char *role;			/* who would run the script */
	bool		again;			/* a re-creation was forced: start again */
	List	   *renames;		/* of MigRenaming *, at the head of an
								 * upgrade, at the end of a downgrade */
	List	   *actions;		/* of MigAction *, sorted in the end */
};

/* The operations of a kind.  NULL functions have the obvious default. */
struct MigKind
{
	MigKindId	id;
	const char *name;			/* for people: "materialized view" */
	const char *noun;			/* for COMMENT ON, DROP and ALTER */
	const char *acl_noun;		/* for GRANT ON; NULL: it has no grants */
	const char *acl_type;		/* for acldefault() */
	Oid			classid;
	Oid			parent_classid;
	int			flags;

	/*
	 * Rows: oid, objsubid, oid and objsubid of the parent (0: none), schema,
	 * name, owner, acl (see MIG_ACL), and the attributes, all but the first
	 * four as text.  $1 is the list of managed schemas, oid[]; $2 the prefix
	 * of database-wide names that were set aside, text.  Members of
	 * extensions and children of objects that are not there are left out by
	 * the reader.
	 */
	const char *query;
	const char *managed;		/* the same of what has to do with managed
								 * schemas, where what belongs to no schema is
								 * not compared; NULL: nothing */
	const char *whole;			/* has the OID of what it is part of, or its
								 * own; NULL: it is always read */
	int			nattributes;
	const MigAttribute *attributes;

	/* Complete what the query has read; in the memory of the snapshot. */
	void		(*complete) (MigObject *object);
	/* The name that SQL has for it; default: schema and name. */
	void		(*identify) (StringInfo buf, const MigObject *object);
	/* What it is called in SQL where that depends, as TABLE or VIEW. */
	const char *(*noun_of) (const MigObject *object);
	/* Append the statements that create it. */
	void		(*create) (StringInfo buf, const MigObject *object);

	/*
	 * Append the statements that make it in two steps, to break a loop: what
	 * is made first needs no view or routine.  Returns false if that cannot
	 * be; without buffers nothing is appended.
	 */
	bool		(*create_in_steps) (StringInfo first, StringInfo second,
									const MigObject *object);
	/* Append its part of its parent's CREATE; for inline kinds. */
	void		(*part) (StringInfo buf, const MigObject *object);
	/* Append the statement that drops it; default: DROP noun identity. */
	void		(*drop) (StringInfo buf, const MigObject *object);
	/* Append what renames a type to a name, out of its successor's way. */
	void		(*give_way) (StringInfo buf, const MigObject *object,
							 const char *name);
	/* What is to become of a changed object; default: by the attributes. */
	MigFate		(*judge) (MigDiff *diff, MigObject *from, MigObject *to);
	/* Add the actions that alter it. */
	void		(*alter) (MigDiff *diff, MigObject *from, MigObject *to);
	/* Something it depends on is re-created: what becomes of it? */
	MigFate		(*follow) (MigDiff *diff, MigObject *from, MigObject *on);
	/* Add the hazards of creating, re-creating or dropping it. */
	void		(*warn) (MigDiff *diff, MigAction *action);
	/* May it be written into its parent's CREATE?  For inline kinds. */
	bool		(*fits_inline) (const MigObject *object);
	/* Does it come and go with an object of a parent table? */
	bool		(*is_inherited) (const MigObject *object);

	/*
	 * Append a statement in which a text stands as its deparsed attribute
	 * does, to be parsed; see sch/normal.c.
	 */
	void		(*in_statement) (StringInfo buf, const MigObject *object,
								 int attribute, const char *text);
	/* The type that a deparsed attribute is assigned to, or NULL. */
	const char *(*assigned_to) (const MigObject *object, int attribute);
	/* Its body, where that is text which the server does not look into. */
	const char *(*body) (const MigObject *object);
};

/* The rows of the kinds; each is in a file of its own in kind/. */
#define MIG_KIND(id, row, body, step) \
	extern const MigKind row;

#include "sch/kindlist.h"

#undef MIG_KIND

#define MIG_CHANGED(object, attribute) \
	(((object)->changed & ((uint32) 1 << (attribute))) != 0)

/*
 * Grants as text, a line per grantee: name, tab, privileges.  The owner's own
 * are under the name "*", so that the owner's name does not matter; what is
 * the default is NULL.  A star behind a privilege is its grant option, a slash
 * precedes the role that has granted it where this is not the owner.
 */
#define MIG_ACL_LINES(acl, owner) \
	"(SELECT pg_catalog.string_agg(g.line, E'\\n' ORDER BY g.line COLLATE \"C\") FROM (" \
	"SELECT (CASE x.grantee WHEN 0 THEN 'PUBLIC' WHEN " owner " THEN '*'" \
	" ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(x.grantee)) END) || E'\\t' ||" \
	" pg_catalog.string_agg(DISTINCT x.privilege_type || CASE WHEN x.is_grantable" \
	" THEN '*' ELSE '' END || CASE WHEN x.grantor <> " owner " THEN '/' ||" \
	" pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(x.grantor)) ELSE '' END, ', ') AS line" \
	" FROM pg_catalog.aclexplode(" acl ") x GROUP BY x.grantee) g)"
#define MIG_ACL(acl, type, owner) \
	"CASE WHEN " acl " IS NOT NULL THEN" \
	" NULLIF(COALESCE(" MIG_ACL_LINES(acl, owner) ", '')," \
	" COALESCE(" MIG_ACL_LINES("pg_catalog.acldefault('" type "', " owner ")", owner) \
	", '')) END"

/* How values are stored, as ALTER says it. */
#define MIG_STORAGE_NAME(value) \
	"CASE " value " WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'" \
	" WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END"

/* Options of a column; 15.20 and 17.12 write one of their own to each. */
#define MIG_COLUMN_OPTIONS \
	"CASE WHEN attoptions[1] NOT LIKE 'pg_attver=%' OR attoptions[2] IS NOT NULL THEN" \
	" NULLIF((SELECT pg_catalog.string_agg(o, E'\\x01' ORDER BY o COLLATE \"C\")" \
	" FROM pg_catalog.unnest(attoptions) o WHERE o NOT LIKE 'pg_attver=%'), '') END"

/* When a trigger or a rule fires, as ALTER says it. */
#define MIG_ENABLED(value) \
	"CASE " value " WHEN 'O' THEN 'ENABLE' WHEN 'D' THEN 'DISABLE'" \
	" WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END"
#define MIG_IS_ENABLED(value) (strcmp(value, "ENABLE") == 0)

/* Booleans as attributes */
#define MIG_IS_TRUE(value) ((value) != NULL && (value)[0] == 't')

#endif							/* MIG_SCH_H */
