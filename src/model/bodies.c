/*-------------------------------------------------------------------------
 *
 * model/bodies.c
 *	  Finds bodies of routines that are not valid where a script runs.
 *
 * A body that is text finds its names by the search_path of whoever calls the
 * routine, and the server looks into it by that of whoever creates it: a model
 * may have set another one.  So the validator of its language is asked, under
 * the search_path and with the settings of the routine that a script would
 * have; where it objects, the script must not have bodies checked.
 *
 * Only the languages whose validators run no code of the body are asked.  Each
 * body costs a subtransaction, which is rolled back.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/bodies.h"

#include "access/htup_details.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "miscadmin.h"
#include "model/code_trust.h"
#include "sch/alike.h"
#include "sch/snapshot.h"
#include "util/settings.h"
#include "util/subxact.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/syscache.h"

static bool is_to_be_made(const MigObject *routine);
static bool is_valid(Oid function);
static void validate(void *arg);
static Oid	validator_of(Oid language);

/* Look at the new and changed bodies of a model, while it stands. */
void
mig_bodies_check_wanted(const MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->to->objects)
	{
		MigObject  *routine = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (is_to_be_made(routine))
			routine->unchecked = !is_valid(routine->address.objid);
	}
}

/*
 * Look at all bodies of a snapshot while it stands, since it will not when
 * mig_bodies_check_live() is asked.  Returns whether all of them are valid.
 */
bool
mig_bodies_check_all(const MigSnapshot *snapshot)
{
	bool		all_valid = true;
	const ListCell *lc;

	foreach(lc, snapshot->objects)
	{
		MigObject  *routine = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (routine->kind->body != NULL &&
			routine->kind->body(routine) != NULL)
			routine->unchecked = !is_valid(routine->address.objid);
		all_valid &= !routine->unchecked;
	}
	return all_valid;
}

/* A routine of the model that is new or changed, or NULL. */
const MigObject *
mig_bodies_to_be_checked(const MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->to->objects)
	{
		if (is_to_be_made(lfirst(lc)))
			return lfirst(lc);
	}
	return NULL;
}

/* Does the script create a routine, or replace it? */
static bool
is_to_be_made(const MigObject *routine)
{
	if (routine->kind->body == NULL || routine->ignored ||
		routine->kind->body(routine) == NULL)
		return false;
	if (routine->twin == NULL)
		return true;
	for (int i = 0; i < routine->kind->nattributes; i++)
	{
		if (mig_alike_differs_in(routine->twin, routine, i))
			return true;
	}
	return false;
}

/*
 * Look at the bodies that a script makes and the database has as they are;
 * what stands there is no text of the caller's, so that it is watched.  What
 * does not stand any more was looked at by mig_bodies_check_all().
 */
void
mig_bodies_check_live(const MigDiff *diff, const MigSnapshot *live,
					  bool stands)
{
	MigWatch	watch = mig_watch_begin(MIG_WATCH_PROBE, GetUserId());
	const ListCell *lc;

	foreach(lc, diff->actions)
	{
		const MigAction *action = lfirst(lc);
		MigObject  *routine = action->object;
		const MigObject *standing = diff->to == live ? routine : routine->twin;

		CHECK_FOR_INTERRUPTS();
		if (action->op == MIG_OP_DROP || action->satellite ||
			routine->kind->body == NULL || standing == NULL ||
			routine->kind->body(routine) == NULL ||
			(standing != routine && is_to_be_made(routine)))
			continue;
		routine->unchecked = stands ? !is_valid(standing->address.objid) :
			standing->unchecked;
	}
	mig_watch_end(&watch);
}

static bool
is_valid(Oid function)
{
	ErrorData  *error = mig_subxact_try(validate, &function);

	if (error == NULL)
		return true;
	mig_subxact_raise_outer(error);
	FreeErrorData(error);
	return false;
}

/* As CREATE FUNCTION does, with the settings of the function. */
static void
validate(void *arg)
{
	Oid			function = *(Oid *) arg;
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	Oid			validator;
	Datum		settings;
	bool		isnull;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", function);
	validator = validator_of(((Form_pg_proc) GETSTRUCT(tuple))->prolang);
	settings = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_proconfig,
							   &isnull);
	mig_settings_set("client_min_messages", "error");
	mig_settings_set("check_function_bodies", "on");
	if (!isnull)
		ProcessGUCArray(DatumGetArrayTypePCopy(settings),
						superuser() ? PGC_SUSET : PGC_USERSET, PGC_S_SESSION,
						GUC_ACTION_SAVE);
	ReleaseSysCache(tuple);
	if (OidIsValid(validator))
		OidFunctionCall1(validator, ObjectIdGetDatum(function));
}

/* The validator of a language, if it is to be asked. */
static Oid
validator_of(Oid language)
{
	HeapTuple	tuple = SearchSysCache1(LANGOID, ObjectIdGetDatum(language));
	Form_pg_language form;
	Oid			validator = InvalidOid;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for language %u", language);
	form = (Form_pg_language) GETSTRUCT(tuple);
	if (language == SQLlanguageId ||
		strcmp(NameStr(form->lanname), "plpgsql") == 0)
		validator = form->lanvalidator;
	ReleaseSysCache(tuple);
	return validator;
}
