/*-------------------------------------------------------------------------
 *
 * model/live_part.c
 *	  Reads of the live schema what a part of a model is about.
 *
 * Where the database stands in the catalogs as a model did, by an imprint, the
 * snapshot that is kept of that model tells what is live.  It does not tell
 * what imprints leave out: addresses, owners, grants, the order of columns,
 * and what depends on objects elsewhere.  So what may be another, and what is
 * made again with it, see model/part.c, is read and put in.
 *
 * Of the others only their definitions are known.  Whoever wants more asks
 * first, and if that is about any of them all is read after all: actions, with
 * what they depend on and whose rows are asked, and what a proof is to build.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/live.h"
#include "model/live_part.h"
#include "model/relocate.h"
#include "sch/action.h"
#include "sch/snapshot_merge.h"
#include "util/sql.h"

#include "catalog/namespace.h"
#include "catalog/pg_proc.h"
#include "miscadmin.h"
#include "utils/catcache.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

static bool add_oids(List **oids, const MigObject *object);
static void add_routines(List **oids, const char *name, Oid nsp);
static const char *fill(MigSnapshot *live, MigSnapshot *read, bool is_all);
static const char *fill_object(MigSnapshot *live, MigObject *read,
							   bool is_all, List **filled);
static const char *order_children(const MigSnapshot *live,
								  const MigObject *read);
static bool is_enough(const MigDiff *diff, const MigSnapshot *live);
static bool is_known(const MigObject *object);
static bool knows_needs(const MigSnapshot *live, const MigObject *object);
static bool knows_tables(const MigSnapshot *live, const MigHazard *hazard);
static bool knows_table(const MigSnapshot *live, const char *name);
static void read_all(MigComparing *building);
#ifdef USE_ASSERT_CHECKING
static void check_whole(const MigComparison *comparison,
						const MigSnapshot *live, uint64 ended);
static void check_object(const MigObject *object, const MigObject *whole);
#endif

/*
 * Is nothing looked at, or left alone, of which imprints say nothing?
 */
bool
mig_live_may_stand(const MigComparing *building)
{
	return building->comparison->against == NULL &&
		!building->built.database && !building->built.privileges &&
		!building->built.owners && building->rules.exclude == NIL &&
		building->rules.left == NIL && building->aliases.wishes == NIL &&
		building->jobs.parents == NIL && building->jobs.templates == NIL &&
		building->model->partitioned == NIL &&
		mig_relocations(building->model) == NIL;
}

/*
 * Let "live", which is what is kept of a model as which the database stands,
 * be the live schema.  "before" is the same, and says what is to be read.
 * Returns false if it cannot be; then "live" is used up.
 */
bool
mig_live_read_part(MigComparing *building, MigSnapshot *live,
				   const MigSnapshot *before)
{
	MigComparison *comparison = building->comparison;
#ifdef USE_ASSERT_CHECKING
	uint64		ended = GetLatestSnapshot()->snapXactCompletionCount;
#endif
	List	   *oids = NIL;
	MigSnapshot *read = NULL;
	const char *why = NULL;
	const ListCell *a;
	const ListCell *b;

	forboth(a, live->objects, b, before->objects)
	{
		MigObject  *object = lfirst(a);

		/* default privileges are all read, and may not be what was kept */
		object->renewal = (object->kind->flags & MIG_KIND_PRIVILEGES) != 0 ?
			MIG_MAY_DIFFER : ((const MigObject *) lfirst(b))->renewal;
		if (object->renewal != MIG_AS_BEFORE && object->parent == NULL &&
			!add_oids(&oids, object))
			why = psprintf("%s %s is gone", object->kind->name,
						   object->identity);
	}
	if (why == NULL)
	{
		read = mig_live_snapshot(comparison, comparison->schemas, oids);
		why = fill(live, read, false);
	}
	if (why != NULL)
	{
		ereport(DEBUG1,
				(errmsg_internal("the live schema is read as a whole: %s",
								 why)));
		return false;
	}
	ereport(DEBUG1,
			(errmsg_internal("read %d of %d live objects, the rest is as the model was",
							 list_length(read->objects),
							 list_length(live->objects))));
#ifdef USE_ASSERT_CHECKING
	check_whole(comparison, live, ended);
#endif
	comparison->own_schemas = comparison->schemas;
	comparison->live = comparison->start = live;
	comparison->is_live_part = true;
	return true;
}

/*
 * What kinds are read by, see MigKind.whole; the others are always.  Returns
 * false if there is none.
 */
static bool
add_oids(List **oids, const MigObject *object)
{
	Oid			nsp;
	Oid			relid;

	if (object->kind->whole == NULL)
		return true;
	nsp = get_namespace_oid(object->nspname, true);
	if (!OidIsValid(nsp))
		return false;
	if (object->kind->classid == ProcedureRelationId)
	{
		add_routines(oids, object->name, nsp);
		return true;
	}
	relid = get_relname_relid(object->name, nsp);
	*oids = lappend_oid(*oids, relid);
	return OidIsValid(relid);
}

/* All of a name. */
static void
add_routines(List **oids, const char *name, Oid nsp)
{
	CatCList   *list = SearchSysCacheList1(PROCNAMEARGSNSP,
										   CStringGetDatum(name));

	for (int i = 0; i < list->n_members; i++)
	{
		Form_pg_proc form = (Form_pg_proc) GETSTRUCT(&list->members[i]->tuple);

		if (form->pronamespace == nsp)
			*oids = lappend_oid(*oids, form->oid);
	}
	ReleaseSysCacheList(list);
}

/*
 * Put what was read into the snapshot, in the order in which it was.  Returns
 * a phrase if it is not what had to be there, or NULL.  Where not all is read
 * columns must stand where they did.
 */
static const char *
fill(MigSnapshot *live, MigSnapshot *read, bool is_all)
{
	List	   *filled = NIL;
	const char *why = NULL;
	const ListCell *next;
	ListCell   *lc;

	foreach(lc, read->objects)
	{
		CHECK_FOR_INTERRUPTS();
		why = fill_object(live, lfirst(lc), is_all, &filled);
		if (why != NULL)
			return why;
	}
	next = list_head(filled);
	foreach(lc, live->objects)
	{
		const MigObject *object = lfirst(lc);

		if (OidIsValid(object->address.objid))
		{
			Assert(next != NULL);
			lfirst(lc) = lfirst(next);
			next = lnext(filled, next);
		}
		else if (mig_table_of(object)->renewal != MIG_AS_BEFORE)
			return psprintf("%s %s is missing", object->kind->name,
							object->identity);
	}
	foreach(lc, read->objects)
	{
		why = order_children(live, lfirst(lc));
		if (why != NULL)
			return why;
	}
	return NULL;
}

static const char *
fill_object(MigSnapshot *live, MigObject *read, bool is_all,
			List **filled)
{
	MigObject  *object = mig_snapshot_find(live, read->kind->id,
										   read->identity);
	const char *what = NULL;

	if (object == NULL)
	{
		if ((read->kind->flags & MIG_KIND_PRIVILEGES) == 0)
			return psprintf("%s %s is there, too", read->kind->name,
							read->identity);
		/* default privileges are those of the database, not of a model */
		read->renewal = MIG_MAY_DIFFER;
		mig_merge_add(live, read);
		*filled = lappend(*filled, read);
		return NULL;
	}
	if (!mig_merge_is_frame(object))
		what = mig_merge_difference(object, read);
	if (what == NULL && !is_all &&
		object->address.objsubid != read->address.objsubid)
		what = "place";
	if (what != NULL)
		return psprintf("%s %s is another: %s", object->kind->name,
						object->identity, what);
	object->address = read->address;
	object->parent_address = read->parent_address;
	object->owner = read->owner;
	object->acl = read->acl;
	object->comment = read->comment;
	object->values = read->values;
	object->outside = read->outside;
	object->outsiders = read->outsiders;
	*filled = lappend(*filled, object);
	return NULL;
}

/* Parts were read with what they are part of. */
static const char *
order_children(const MigSnapshot *live, const MigObject *read)
{
	MigObject  *object;
	ListCell   *to;
	const ListCell *from;

	if (read->children == NIL)
		return NULL;
	object = mig_snapshot_find(live, read->kind->id, read->identity);
	if (list_length(object->children) != list_length(read->children))
		return psprintf("%s %s has other parts", object->kind->name,
						object->identity);
	forboth(to, object->children, from, read->children)
	{
		const MigObject *child = lfirst(from);

		lfirst(to) = mig_snapshot_find(live, child->kind->id,
									   child->identity);
	}
	return NULL;
}

/*
 * See whether all is known that a comparison is about, which has been run.  If
 * not, all is read, and it is to be run again: then the result is true.
 */
bool
mig_live_read_rest(MigComparing *building, const MigDiff *diff)
{
	const MigComparison *comparison = building->comparison;

	if (!comparison->is_live_part || is_enough(diff, comparison->live))
		return false;
	read_all(building);
	return true;
}

/* Is all known that actions are about? */
static bool
is_enough(const MigDiff *diff, const MigSnapshot *live)
{
	bool		leaves = diff->from == live;
	const ListCell *lc;
	const ListCell *lh;

	foreach(lc, diff->actions)
	{
		const MigAction *action = lfirst(lc);
		const MigObject *object = action->object;
		bool		is_drop = action->op == MIG_OP_DROP;
		const MigObject *standing = is_drop == leaves ? object : object->twin;

		if ((standing != NULL && !is_known(standing)) ||
			(leaves && !is_drop && !knows_needs(live, object)))
			return false;
		foreach(lh, action->hazards)
		{
			if (!knows_tables(live, lfirst(lh)))
				return false;
		}
	}
	return true;
}

/* Is it known what depends on it, too? */
static bool
is_known(const MigObject *object)
{
	return OidIsValid(object->address.objid) &&
		object->renewal == MIG_MAY_DIFFER;
}

/* Is it known where that stands which an object of the model needs? */
static bool
knows_needs(const MigSnapshot *live, const MigObject *object)
{
	const ListCell *lc;

	foreach(lc, object->depends)
	{
		const MigObject *on = ((const MigDepend *) lfirst(lc))->object;

		on = mig_snapshot_find(live, on->kind->id, on->identity);
		if (on != NULL && !OidIsValid(on->address.objid))
			return false;
	}
	return true;
}

static bool
knows_tables(const MigSnapshot *live, const MigHazard *hazard)
{
	const ListCell *lc;
	const ListCell *table;

	if (!knows_table(live, hazard->table))
		return false;
	foreach(lc, hazard->others)
	{
		if (!knows_table(live, lfirst(lc)))
			return false;
	}
	foreach(lc, hazard->left)
	{
		const MigLeft *left = lfirst(lc);

		if (!knows_table(live, left->above))
			return false;
		foreach(table, left->tables)
		{
			if (!knows_table(live, lfirst(table)))
				return false;
		}
	}
	return true;
}

static bool
knows_table(const MigSnapshot *live, const char *name)
{
	static const MigKindId asked[] = {MIG_TABLE, MIG_VIEW, MIG_SEQUENCE};

	for (size_t i = 0; name != NULL && i < lengthof(asked); i++)
	{
		const MigObject *object = mig_snapshot_find(live, asked[i], name);

		if (object != NULL && !OidIsValid(object->address.objid))
			return false;
	}
	return true;
}

/* Owners and addresses are wanted of what is not ignored. */
void
mig_live_need(MigComparing *building)
{
	const MigComparison *comparison = building->comparison;
	const ListCell *lc;

	foreach(lc, comparison->is_live_part ? comparison->live->objects : NIL)
	{
		const MigObject *object = lfirst(lc);

		if (!object->ignored && !OidIsValid(object->address.objid))
		{
			ereport(DEBUG1,
					(errmsg_internal("%s %s is to be tried, and was not read",
									 object->kind->name, object->identity)));
			read_all(building);
			break;
		}
	}
}

/* Read the rest. */
static void
read_all(MigComparing *building)
{
	MigComparison *comparison = building->comparison;
	MigSnapshot *live = comparison->live;
	MigSnapshot *whole = mig_live_snapshot(comparison, comparison->schemas,
										   NIL);
	const char *why;
	const ListCell *lc;

	foreach(lc, live->objects)
	{
		MigObject  *object = lfirst(lc);

		object->renewal = MIG_MAY_DIFFER;
		object->address.objid = InvalidOid;
	}
	why = fill(live, whole, true);
	if (why != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("the schema has changed while it was compared"),
				 errdetail_internal("%s.", why),
				 errhint("Try again.")));
	comparison->is_live_part = false;
	ereport(DEBUG1,
			(errmsg_internal("read all live objects after all")));
}

#ifdef USE_ASSERT_CHECKING
/*
 * What is taken for the live schema must be what is there, unless a
 * transaction has ended since so many had.
 */
static void
check_whole(const MigComparison *comparison, const MigSnapshot *live,
			uint64 ended)
{
	MigSnapshot *whole = mig_live_snapshot(comparison, comparison->schemas,
										   NIL);
	const ListCell *lc;

	if (GetLatestSnapshot()->snapXactCompletionCount != ended)
		return;
	foreach(lc, whole->objects)
	{
		const MigObject *object = lfirst(lc);
		const MigObject *part = mig_snapshot_find(live, object->kind->id,
												  object->identity);

		if (part == NULL)
			elog(ERROR, "%s %s was not among what was kept",
				 object->kind->name, object->identity);
		check_object(part, object);
	}
	if (list_length(live->objects) != list_length(whole->objects))
		elog(ERROR, "%d objects were kept, and there are %d",
			 list_length(live->objects), list_length(whole->objects));
	MemoryContextDelete(whole->context);
}

static void
check_object(const MigObject *object, const MigObject *whole)
{
	const char *what = NULL;

	if (!mig_merge_is_frame(object))
		what = mig_merge_difference(object, whole);
	if (what == NULL && !mig_merge_same_edges(object, whole))
		what = "what it depends on, or what depends on it";
	if (what == NULL && OidIsValid(object->address.objid) &&
		(object->address.objid != whole->address.objid ||
		 !mig_same(object->owner, whole->owner) ||
		 !mig_same(object->acl, whole->acl)))
		what = "address, owner or privileges";
	if (what == NULL && is_known(object) &&
		list_length(object->outsiders) != list_length(whole->outsiders))
		what = "what else depends on it";
	if (what != NULL)
		elog(ERROR, "%s %s is another than what was kept: %s",
			 object->kind->name, object->identity, what);
}
#endif
