/*-------------------------------------------------------------------------
 *
 * kind/metadata.c
 *	  What objects of all kinds have: comments, owners, grants.
 *
 * Owners and grants of what stays are compared on demand.  What is created
 * gets those that the model states, and what is dropped and created keeps its
 * own.  Grants on columns are changed together with those of their table.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/metadata.h"

#include "kind/aggregate.h"
#include "kind/grant.h"
#include "kind/identity_sequence.h"
#include "kind/initial_grants.h"
#include "kind/schema.h"
#include "sch/action.h"
#include "utils/builtins.h"

/* The comment that initdb gives to a schema */
#define PUBLIC_COMMENT	"standard public schema"

static const char *comment_of(const MigObject *object);
static bool is_public(const MigObject *object);
static void append_comment(StringInfo buf, const MigDiff *diff,
						   const MigObject *object);
static const char *wanted_owner(const MigDiff *diff, const MigObject *object);
static bool follows_owner(const MigObject *object);
static bool writes_new_grants(const MigDiff *diff);
static void warn_of_new(const MigDiff *diff, MigAction *create,
						const MigObject *object);
static void warn_if_open(const MigDiff *diff, MigAction *action,
						 const MigObject *object);
static void append_owner(StringInfo buf, const MigObject *object,
						 const char *owner);
static void append_grants(StringInfo buf, const MigDiff *diff,
						  const MigObject *object);
static List *leave_back(const List *have, List *want);
static List *without_back(List *grants);
static bool is_back(const MigGrant *grant);
static bool may_differ(const MigDiff *diff, const MigObject *object);
static bool is_column(const MigObject *object);
static List *present_grants(const MigDiff *diff, const MigObject *object);
static List *wanted_grants(const MigDiff *diff, const MigObject *object);
static List *modelled_grants(const MigDiff *diff, const MigObject *object);
static const char *wanted_acl(const MigDiff *diff, const MigObject *object);
static char *grant_name(const MigDiff *diff, const MigObject *object);

/* Append the statements for what a new object has. */
void
mig_metadata_create(StringInfo buf, const MigDiff *diff,
					const MigObject *object)
{
	const char *owner = wanted_owner(diff, object);

	if (owner != NULL && !mig_same(owner, diff->role) &&
		object->made->object == object &&
		(diff->owners || !diff->bare))
		append_owner(buf, object, owner);
	if (writes_new_grants(diff))
		append_grants(buf, diff, object);
	if (comment_of(object) != NULL)
		append_comment(buf, diff, object);
}

/*
 * Comment on what comes with that of a parent table, when that is there, which
 * may be later than its own table.
 */
void
mig_metadata_follow(MigDiff *diff, MigObject *part)
{
	MigAction  *action;

	if (part->comment == NULL)
		return;
	part->made = NULL;
	mig_metadata_alter(diff, NULL, part);
	action = llast(part->alters);
	action->satellite = false;
	action->last = true;
}

/*
 * Add the actions for what differs in an object that stays; "from" is NULL
 * for a part that comes with its parent's alteration.
 */
void
mig_metadata_alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	StringInfoData buf;
	MigAction  *action;

	if (!mig_same(from == NULL ? NULL : comment_of(from), comment_of(to)))
	{
		initStringInfo(&buf);
		append_comment(&buf, diff, to);
		mig_action_add(diff, MIG_OP_ALTER, to, "comment",
					   buf.data)->satellite = true;
	}
	if (is_column(to) || (from == NULL && !writes_new_grants(diff)))
		return;
	if (from != NULL && diff->owners && to->owner != NULL &&
		!mig_same(from->owner, to->owner) && !follows_owner(to))
	{
		initStringInfo(&buf);
		append_owner(&buf, to, to->owner);
		action = mig_action_add(diff, MIG_OP_ALTER, to, "owner", buf.data);
		action->sets_owner = true;
		/* sequences that it is to own wait for it */
		action->satellite = to->kind->id != MIG_TABLE;
	}
	initStringInfo(&buf);
	append_grants(&buf, diff, to);
	if (buf.len == 0)
	{
		pfree(buf.data);		/* of thousands of objects */
		return;
	}
	action = mig_action_add(diff, MIG_OP_ALTER, to, "grants", buf.data);
	warn_if_open(diff, action, to);
	action->satellite = true;
	action->last = true;
}

/* Warn if a new object comes with a privilege for all roles. */
void
mig_metadata_warn(const MigDiff *diff, MigAction *create)
{
	const ListCell *lc;

	if (!writes_new_grants(diff))
		return;
	warn_of_new(diff, create, create->object);
	foreach(lc, create->along)
		warn_of_new(diff, create, lfirst(lc));
}

/* The same of an object, and of its parts that come with it. */
static void
warn_of_new(const MigDiff *diff, MigAction *create, const MigObject *object)
{
	const ListCell *lc;

	if (object->kind->acl_noun != NULL)
		warn_if_open(diff, create, object);
	foreach(lc, object->children)
	{
		const MigObject *child = lfirst(lc);

		if (child->made == create && !child->ignored)
			warn_of_new(diff, create, child);
	}
}

/* Has the script the grants of what it creates? */
static bool
writes_new_grants(const MigDiff *diff)
{
	return diff->privileges || !diff->bare;
}

static void
warn_if_open(const MigDiff *diff, MigAction *action, const MigObject *object)
{
	mig_grants_warn(action, present_grants(diff, object),
					wanted_grants(diff, object),
					psprintf("%s %s", mig_kind_name(object),
							 object->identity));
}

/* The comment, NULL where it is the one that the server has given. */
static const char *
comment_of(const MigObject *object)
{
	if (object->comment == NULL)
		return NULL;
	if (is_public(object) && strcmp(object->comment, PUBLIC_COMMENT) == 0)
		return NULL;
	if (object->kind->id == MIG_EXTENSION &&
		mig_same(object->comment, mig_extension_comment(object)))
		return NULL;
	return object->comment;
}

/* The schema that every new database has, with a comment on it. */
static bool
is_public(const MigObject *object)
{
	return object->kind->id == MIG_SCHEMA &&
		strcmp(object->name, "public") == 0;
}

static void
append_comment(StringInfo buf, const MigDiff *diff, const MigObject *object)
{
	const char *noun = mig_kind_noun(object);
	const char *comment = object->comment;

	if (noun == NULL)
		return;
	if (comment == NULL && is_public(object))
		comment = PUBLIC_COMMENT;
	if (comment == NULL && object->kind->id == MIG_EXTENSION)
		comment = mig_extension_comment(object);
	appendStringInfo(buf, "COMMENT ON %s %s IS %s;\n", noun,
					 object->kind->id == MIG_IDENTITY_SEQUENCE ?
					 mig_identity_sequence_name(diff, object) :
					 object->identity, comment == NULL ? "NULL" : quote_literal_cstr(comment));
}

/*
 * Who is to own a new object, or one that stays if owners are compared; NULL
 * where it has no owner of its own.  A sequence that a column owns must have
 * the owner of the table.
 */
static const char *
wanted_owner(const MigDiff *diff, const MigObject *object)
{
	if (object->kind->id == MIG_IDENTITY_SEQUENCE)
		object = mig_table_of(object);
	if (object->owner_column != NULL && object->owner_column->parent != NULL)
		object = object->owner_column->parent;
	if (diff->owners || object->fate == MIG_CREATE ||
		(object->fate == MIG_RECREATE && diff->reverse))
		return object->owner;
	return object->twin->owner;
}

/* Does a sequence go with its table's owner, as it did before? */
static bool
follows_owner(const MigObject *object)
{
	return object->owner_column != NULL ||
		object->kind->id == MIG_IDENTITY_SEQUENCE;
}

static void
append_owner(StringInfo buf, const MigObject *object, const char *owner)
{
	appendStringInfo(buf, "ALTER %s %s OWNER TO %s;\n", mig_kind_noun(object),
					 object->identity, quote_identifier(owner));
}

/* Append the statements for the grants of an object and of its columns. */
static void
append_grants(StringInfo buf, const MigDiff *diff, const MigObject *object)
{
	MigGrantTarget target = {.prefix = "",.type = object->kind->acl_type};
	const char *owner;
	List	   *have;
	List	   *want;
	char	   *name;

	if (object->kind->acl_noun == NULL || !may_differ(diff, object))
		return;
	owner = wanted_owner(diff, object);
	name = grant_name(diff, object);
	target.on = psprintf("%s %s", object->kind->acl_noun, name);
	target.owner = quote_identifier(owner);
	have = mig_grants_owned(present_grants(diff, object), owner);
	want = mig_grants_owned(wanted_grants(diff, object), owner);
	if (!diff->owners && !(mig_is_created(object) && !diff->bare))
		want = leave_back(have, without_back(want));
	mig_grants_change(buf, &target, have, want);
}

/*
 * Where owners are not compared, what others have granted to one is left
 * alone: it would be another's.  It stays as long as they may grant it.
 */
static List *
leave_back(const List *have, List *want)
{
	const ListCell *lc;
	const ListCell *other;

	foreach(lc, have)
	{
		MigGrant   *grant = lfirst(lc);

		foreach(other, is_back(grant) ? want : NIL)
		{
			const MigGrant *above = lfirst(other);

			if (above->grantable &&
				strcmp(above->grantee, grant->grantor) == 0 &&
				strcmp(above->privilege, grant->privilege) == 0 &&
				(above->column == NULL || mig_same(above->column,
												   grant->column)))
			{
				want = lappend(want, grant);
				break;
			}
		}
	}
	return want;
}

static List *
without_back(List *grants)
{
	ListCell   *lc;

	foreach(lc, grants)
	{
		if (is_back(lfirst(lc)))
			grants = foreach_delete_current(grants, lc);
	}
	return grants;
}

/* Has another than the owner granted it to the owner? */
static bool
is_back(const MigGrant *grant)
{
	return grant->grantor != NULL && strcmp(grant->grantee, "*") == 0;
}

/* Are the grants of a pair, or of the columns of one, the same? */
bool
mig_metadata_has_same_grants(const MigDiff *diff, const MigObject *object)
{
	const MigObject *whole = is_column(object) ? object->parent : object;
	List	   *grants = mig_grants_parse(NIL, object->acl, NULL);
	List	   *other = mig_grants_parse(NIL, object->twin->acl, NULL);

	if (diff->owners || mig_same(object->acl, object->twin->acl))
		return mig_same(object->acl, object->twin->acl);
	grants = without_back(mig_grants_owned(grants, whole->owner));
	other = without_back(mig_grants_owned(other, whole->owner));
	return mig_grants_without(grants, other) == NIL &&
		mig_grants_without(other, grants) == NIL;
}

/* A quick look whether there is anything to do. */
static bool
may_differ(const MigDiff *diff, const MigObject *object)
{
	const ListCell *lc;

	if (mig_is_created(object))
		return true;
	if (diff->privileges && !mig_same(object->acl, object->twin->acl))
		return true;
	foreach(lc, object->children)
	{
		const MigObject *child = lfirst(lc);

		if (!is_column(child) || child->ignored)
			continue;
		if (mig_is_created(child) ? wanted_acl(diff, child) != NULL :
			diff->privileges && !mig_same(child->acl, child->twin->acl))
			return true;
	}
	return false;
}

/* Is it a column of a table or view? */
static bool
is_column(const MigObject *object)
{
	return object->kind->id == MIG_COLUMN ||
		object->kind->id == MIG_VIEW_COLUMN;
}

/* What an object and its columns have before their grants are changed. */
static List *
present_grants(const MigDiff *diff, const MigObject *object)
{
	const ListCell *lc;
	List	   *grants;

	if (mig_is_created(object))
		return mig_initial_grants(diff, object);
	grants = mig_grants_of_type(object->twin->acl, object->kind->acl_type);
	foreach(lc, object->children)
	{
		const MigObject *child = lfirst(lc);

		if (is_column(child) && !child->ignored && !mig_is_created(child))
			grants = mig_grants_parse(grants, child->twin->acl,
									  quote_identifier(child->name));
	}
	return grants;
}

/* What they are to have. */
static List *
wanted_grants(const MigDiff *diff, const MigObject *object)
{
	const ListCell *lc;
	List	   *grants;

	if (object->fate == MIG_CREATE && !diff->privileges && !diff->reverse)
		grants = modelled_grants(diff, object);
	else
		grants = mig_grants_of_type(wanted_acl(diff, object),
									object->kind->acl_type);
	foreach(lc, object->children)
	{
		const MigObject *child = lfirst(lc);

		if (is_column(child) && !child->ignored)
			grants = mig_grants_parse(grants, wanted_acl(diff, child),
									  quote_identifier(child->name));
	}
	return grants;
}

/*
 * What a new object is to have when privileges are not compared: what it gets
 * by itself, changed as the model changes it.
 */
static List *
modelled_grants(const MigDiff *diff, const MigObject *object)
{
	const char *type = object->kind->acl_type;
	List	   *model = mig_grants_of_type(object->acl, type);
	List	   *before = mig_initial_grants_modelled(diff, object);
	List	   *revoked = mig_grants_without(before, model);
	List	   *granted = mig_grants_without(model, before);

	return mig_grants_add(mig_grants_without(mig_initial_grants(diff,
																object),
											 revoked), granted);
}

/* The grants that an object is to have, as text. */
static const char *
wanted_acl(const MigDiff *diff, const MigObject *object)
{
	if (diff->privileges || object->fate == MIG_CREATE ||
		(object->fate == MIG_RECREATE && diff->reverse))
		return object->acl;
	return object->twin->acl;
}

/* The name of an object for GRANT. */
static char *
grant_name(const MigDiff *diff, const MigObject *object)
{
	if (object->kind->id == MIG_IDENTITY_SEQUENCE)
		return mig_identity_sequence_name(diff, object);
	if (object->kind->id == MIG_AGGREGATE)
		return mig_aggregate_function_name(object);
	return pstrdup(object->identity);
}
