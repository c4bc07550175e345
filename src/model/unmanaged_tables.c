/*-------------------------------------------------------------------------
 *
 * model/unmanaged_tables.c
 *	  Triggers and policies of a model on tables that are not compared.
 *
 * A table of a schema that is not managed is somebody else's, and so is one
 * that is excluded; triggers and policies on it may be the model's.  Those
 * that the model makes are compared, and nothing else of the table.  What the
 * model does not have is left alone: nobody knows whose it is.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "model/unmanaged_tables.h"
#include "sch/action.h"
#include "sch/snapshot.h"
#include "util/sql.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

static bool is_part(const MigModelObject *object);
static bool has_part(const MigModel *model, const MigObject *object);
static bool calls_managed(const MigObject *part);
static bool is_managed(const MigObject *object, const List *managed);
static void warn_of_rights(MigAction *action);

/* The schemas, not managed, on whose tables a model has some; char *. */
List *
mig_elsewhere_schemas(const MigModel *model, const List *managed)
{
	List	   *schemas = NIL;
	const ListCell *lc;

	foreach(lc, model->objects)
	{
		const MigModelObject *object = lfirst(lc);

		if (is_part(object) && object->schema != NULL &&
			!mig_has_name(managed, object->schema) &&
			!mig_has_name(schemas, object->schema))
			schemas = lappend(schemas, object->schema);
	}
	return schemas;
}

static bool
is_part(const MigModelObject *object)
{
	return object->type == OBJECT_TRIGGER || object->type == OBJECT_POLICY;
}

/*
 * Leave alone what does not stand in a managed schema, but for triggers and
 * policies of the model, and take those back that an excluded table has.
 * Managed schemas may have other names until they are renamed.  Of no model
 * nothing is known.
 */
void
mig_elsewhere_ignore(const MigModel *model, const List *managed,
					 const List *renamed, MigSnapshot *snapshot)
{
	const ListCell *lc;

	foreach(lc, model == NULL ? NIL : snapshot->objects)
	{
		MigObject  *object = lfirst(lc);
		bool		elsewhere;

		elsewhere = !is_managed(object, managed) &&
			!is_managed(object, renamed);
		object->elsewhere = elsewhere;
		if (!elsewhere &&
			(object->parent == NULL || !object->parent->ignored))
			continue;			/* as most, whatever the model has */
		if (!has_part(model, object))
			object->ignored |= elsewhere;
		else if (object->parent->ignored && !object->excluded)
			object->ignored = !calls_managed(object) &&
				(!elsewhere ||
				 mig_has_name(model->schemas, object->parent->nspname));
	}
}

/* Does the model make a trigger or policy? */
static bool
has_part(const MigModel *model, const MigObject *object)
{
	const ListCell *lc;

	if (object->kind->id != MIG_TRIGGER && object->kind->id != MIG_POLICY)
		return false;
	foreach(lc, model->objects)
	{
		const MigModelObject *part = lfirst(lc);

		if (part->type == (object->kind->id == MIG_TRIGGER ?
						   OBJECT_TRIGGER : OBJECT_POLICY) &&
			mig_same(part->schema, object->parent->nspname) &&
			strcmp(part->name, object->parent->name) == 0 &&
			strcmp(part->member, object->name) == 0)
			return true;
	}
	return false;
}

/*
 * A dump has the triggers of others' tables as well: those whose function is
 * compared are the model's.  Policies are always.
 */
static bool
calls_managed(const MigObject *part)
{
	const ListCell *lc;

	if (part->kind->id == MIG_POLICY)
		return true;
	foreach(lc, part->depends)
	{
		const MigObject *on = ((const MigDepend *) lfirst(lc))->object;

		if (on->kind->id == MIG_FUNCTION && !on->ignored)
			return true;
	}
	return false;
}

static bool
is_managed(const MigObject *object, const List *managed)
{
	const MigObject *whole = mig_table_of(object);
	const char *schema = whole->nspname;

	if (whole->kind->id == MIG_SCHEMA)
		schema = whole->name;
	return schema == NULL || mig_has_name(managed, schema);
}

/* Say what the current role may not do with such tables. */
void
mig_elsewhere_warn(MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->actions)
	{
		MigAction  *action = lfirst(lc);

		if (action->object->elsewhere && action->object->parent != NULL)
			warn_of_rights(action);
	}
}

/* The privilege TRIGGER lets create and replace, only the owner do more. */
static void
warn_of_rights(MigAction *action)
{
	const MigObject *table = action->object->parent;
	const char *role = GetUserNameFromId(GetUserId(), false);
	Oid			nsp = get_namespace_oid(table->nspname, true);
	Oid			relid = get_relname_relid(table->name, nsp);

	if (!OidIsValid(relid) ||
		object_ownercheck(RelationRelationId, relid, GetUserId()))
		return;
	if (action->object->kind->id != MIG_TRIGGER || action->op == MIG_OP_DROP)
		mig_action_warn(action, MIG_MAY_FAIL,
						"role %s is not the owner of table %s",
						quote_identifier(role), table->identity);
	else if (pg_class_aclcheck(relid, GetUserId(), ACL_TRIGGER) != ACLCHECK_OK)
		mig_action_warn(action, MIG_MAY_FAIL,
						"role %s lacks the privilege TRIGGER on table %s",
						quote_identifier(role), table->identity);
}
