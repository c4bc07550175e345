/*-------------------------------------------------------------------------
 *
 * model/shadow.c
 *	  Builds a model in a shadow that is always rolled back.
 *
 * In a subtransaction the managed schemas are set aside and empty ones stand
 * under their names; the model runs there as it is; a callback reads what has
 * come of it, and everything vanishes.  No other session sees any of it.
 *
 * The model runs with the rights of the current role.  What of our own work
 * needs more is done around it: the role must own the managed schemas, for
 * objects in them could be called by functions of others that run with their
 * owners' rights.  Where the role is not the one that the session began with,
 * the model is restricted as scripts are, see step.c, for functions that it
 * reaches must not lead back; a statement of the model itself may set the role
 * if its text is to be trusted.  Whose functions may run, and what they may
 * do, is watched, see code_trust.c.  Event triggers stay silent.
 *
 * Locks: the shadow lock, and whatever the callbacks take, to the end of the
 * subtransaction.  Memory: callbacks run in the caller's context; what the
 * model needs is freed when it has run.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "model/accept.h"
#include "model/guard.h"
#include "model/hide.h"
#include "model/parse.h"
#include "model/shadow_places.h"
#include "model/relocate.h"
#include "model/repeatable.h"
#include "model/shadow.h"
#include "model/shadow_members.h"
#include "model/stub.h"
#include "model/catalog_filter.h"
#include "model/code_trust.h"
#include "run/atomic.h"
#include "run/deferred.h"
#include "run/execute.h"
#include "run/lock.h"
#include "run/restriction.h"
#include "run/statement.h"
#include "util/deadline.h"
#include "util/enum_labels.h"
#include "util/error.h"
#include "util/guc.h"
#include "util/settings.h"
#include "util/sql.h"
#include "util/subxact.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/catalog.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_namespace.h"
#include "miscadmin.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

/* locks are released after so many statements */
#define STATEMENTS_PER_RELEASE	20

/* A shadow under construction. */
typedef struct MigShadowBuilding
{
	const MigModel *model;
	const MigShadowOptions *options;
	MigShadow	shadow;
	MigRestriction restriction; /* of what runs */
	Oid			run_as;			/* role that runs it, restricted; InvalidOid:
								 * the current one */
	bool		in_model;		/* the model is running */
	bool		is_restricted;	/* a revision's script stays in its role */
	bool		checks_bodies;	/* of functions */
	int			commits_from;	/* in what is played: the first statement
								 * before which a deploy commits */
} Building;

static void check_possible(const MigShadowOptions *options);
static void stand_and_show(void *arg);
static void complete_error(ErrorData *error);
static void find_schemas(Building *building);
static void check_schema(const MigShadowSchema *schema);
static void hide_live(Building *building);
static void stand_in(Building *building, MigShadowSchema *schema);
static bool is_made(const Building *building, const MigShadowSchema *schema);
static bool comes_later(const Building *building,
						const MigShadowSchema *schema);
static void hide_globals(const Building *building);
static bool has_global_defaults(const MigModel *model);
static void run_script(Building *building, const MigScript *script);
static bool in_revision(const Building *building);
static void restrict_to(Building *building, Oid role);
static void set_for_script(const Building *building);
static List *hidden_namespaces(const Building *building);
static bool may_regain(void);
static void run_statements(Building *building, MigScriptRun *run);
static void grant_by_default(const Building *building, int statement);
static bool is_skipped(const Building *building, const MigScript *script,
					   int n);
static void run_statement(Building *building, MigScriptRun *run,
						  int *since_release);
static bool makes_schema(const Building *building, const Node *stmt);
static void make_schema(const CreateSchemaStmt *stmt);
static bool sets_role(const Building *building, const Node *stmt);
static bool is_trusted(const char *stored_by);
static void set_role(const Building *building, MigScriptRun *run);
static void find_shadows(Building *building);

/*
 * Build a model, call back while it stands, and roll everything back.
 *
 * A model can be run only once, since its parse trees are used up.
 *
 * Errors of the model are raised as they are, with a context line, but what
 * it misses or must not touch is MG040.  42501 is raised unless the role owns
 * the managed schemas; 25006 on a standby and in read-only transactions; MG018
 * inside of a run.  Errors of the callbacks are raised as they are.
 */
void
mig_shadow_run(const MigModel *model, const MigShadowOptions *options)
{
	Building	building = {.model = model,.options = options};
	ErrorData  *error;
	MigEnumLabels *labels;
	MigWatch	watch;

	check_possible(options);
	mig_deadline_begin(mig_guc_shadow_timeout());
	labels = mig_enum_labels_note();
	building.shadow.building = &building;
	building.run_as = options->run_as;
	watch = mig_watch_begin(options->for_revisions ? MIG_WATCH_REPLAY :
							MIG_WATCH_MODEL, GetUserId());
	error = mig_subxact_try(stand_and_show, &building);
	mig_watch_end(&watch);
	mig_veil_end();
	mig_guard_end();
	mig_enum_labels_restore(labels);
	mig_run_leave();
	if (mig_deadline_end())
		ereport(ERROR,
				(errcode(ERRCODE_QUERY_CANCELED),
				 errmsg("canceling what is built in a shadow due to migrate.shadow_timeout"),
				 errdetail("Nothing of it stays.")));
	if (error == NULL)
		return;
	if (building.in_model && !options->for_scripts)
		complete_error(error);
	ReThrowError(error);
}

/* Raise an error where no shadow can be. */
static void
check_possible(const MigShadowOptions *options)
{
	const char *call = psprintf("%s()", options->function);

	mig_refuse_in_run(options->function);
	if (XactReadOnly || RecoveryInProgress())
		ereport(ERROR,
				(errcode(ERRCODE_READ_ONLY_SQL_TRANSACTION),
				 RecoveryInProgress() ?
				 errmsg("cannot execute %s during recovery", call) :
				 errmsg("cannot execute %s in a read-only transaction", call),
				 options->reason == NULL ? 0 :
				 errdetail("The model would have to be built in a shadow, which writes. %s",
						   options->reason)));
	PreventCommandIfParallelMode(call);
	if (InSecurityRestrictedOperation())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("%s() cannot be called within a security-restricted operation",
						options->function)));
}

/* all that happens in the subtransaction */
static void
stand_and_show(void *arg)
{
	Building   *building = arg;
	const MigShadowOptions *options = building->options;
	ErrorContextCallback newer;

	mig_run_enter();
	mig_model_check_scope(building->model, options->schemas);
	mig_lock_shadow();
	find_schemas(building);
	if (options->before != NULL)
		options->before(options->arg);
	mig_guard_begin(options->for_revisions);
	hide_live(building);
	building->in_model = true;
	mig_model_name_dump(&newer, building->model);
	run_script(building, building->model->script);
	error_context_stack = newer.previous;
	building->in_model = false;
	find_shadows(building);
	mig_shadow_check_places(&building->shadow);
	options->within(&building->shadow, options->arg);
}

/*
 * Make the error of a model that misses something say so.  No model could
 * define roles or tablespaces: their errors stay as they are.
 */
static void
complete_error(ErrorData *error)
{
	if (error->funcname != NULL &&
		strcmp(error->funcname, "get_tablespace_oid") == 0)
		return;
	if (error->funcname != NULL &&
		strncmp(error->funcname, "get_role", 8) == 0)
	{
		if (error->hint == NULL)
			error->hint = pstrdup("Create the role, or leave owners and privileges out of the model, as pg_dump -O -x does.");
		return;
	}
	switch (error->sqlerrcode)
	{
		case ERRCODE_UNDEFINED_TABLE:
		case ERRCODE_UNDEFINED_OBJECT:
		case ERRCODE_UNDEFINED_FUNCTION:
		case ERRCODE_UNDEFINED_SCHEMA:
			break;
		default:
			return;
	}
	error->sqlerrcode = ERRCODE_MIG_MODEL_INCOMPLETE;
	error->detail = psprintf("The server says: %s.", error->message);
	error->message = pstrdup("the model refers to something that it does not define");
	error->hint = pstrdup("What stands in a managed schema must be defined in the model, before it is used. Other schemas are seen as they are; \"include\" says which are managed.");
}

/* Look up the managed schemas, and whether the role may set them aside. */
static void
find_schemas(Building *building)
{
	ListCell   *lc;

	foreach(lc, building->options->schemas)
	{
		MigShadowSchema *schema = palloc0(sizeof(MigShadowSchema));

		schema->name = lfirst(lc);
		schema->live = get_namespace_oid(schema->name, true);
		check_schema(schema);
		building->shadow.schemas = lappend(building->shadow.schemas, schema);
	}
}

static void
check_schema(const MigShadowSchema *schema)
{
	if (!OidIsValid(schema->live))
	{
		if (object_aclcheck(DatabaseRelationId, MyDatabaseId, GetUserId(),
							ACL_CREATE) != ACLCHECK_OK)
			ereport(ERROR,
					(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					 errmsg("permission denied to create schema \"%s\" of the model",
							schema->name),
					 errhint("The role needs the privilege CREATE on the database.")));
		return;
	}
	if (!object_ownercheck(NamespaceRelationId, schema->live, GetUserId()))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("must be owner of schema \"%s\"", schema->name),
				 errdetail("While a model is compared, its objects stand under the schema's name."),
				 errhint("Call this as the schema's owner; the owner of schema \"public\" is the owner of the database.")));
}

/* Set aside what is in the model's way, and put empty schemas there. */
static void
hide_live(Building *building)
{
	MigShadow  *shadow = &building->shadow;
	Oid			role = InvalidOid;
	uint64		random;
	ListCell   *lc;

	if (!pg_strong_random(&random, sizeof(random)))
		elog(ERROR, "could not generate a random name");
	shadow->hidden = psprintf("migrate_" UINT64_FORMAT "_", random);

	if (building->options->privileges)
		role = OidIsValid(building->run_as) ? building->run_as : GetUserId();
	if (building->options->privileges || building->options->defaults ||
		has_global_defaults(building->model))
		mig_hide_default_privileges();
	foreach(lc, shadow->schemas)
	{
		MigShadowSchema *schema = lfirst(lc);

		if (OidIsValid(schema->live))
			schema->hidden = mig_hide_schema(schema->live, shadow->hidden);
	}
	foreach(lc, shadow->schemas)
		stand_in(building, lfirst(lc));
	mig_shadow_members_note(shadow->schemas);
	mig_shadow_members_enter(shadow->schemas, role,
							 building->options->database);
	mig_hide_temporary(shadow->hidden);
	if (building->options->for_revisions)
		mig_hide_event_triggers();	/* those of rows are to fire */
	hide_globals(building);
}

/* Let an empty schema stand in for one that the model has. */
static void
stand_in(Building *building, MigShadowSchema *schema)
{
	schema->comes_later = comes_later(building, schema);
	if (!is_made(building, schema) &&
		(!OidIsValid(schema->live) || schema->comes_later ||
		 !mig_hide_has_members(schema->live)))
		return;
	schema->for_members = !is_made(building, schema) &&
		!mig_has_name(building->options->lasting, schema->name);
	schema->shadow = mig_hide_stand_in(schema->name, schema->live,
									   building->options->run_as,
									   !building->options->privileges);
	mig_guard_adopt(NamespaceRelationId, schema->shadow);
}

/*
 * Must a schema stand before the model runs?  A new database has "public",
 * and a model may take for granted the one that its search_path begins with.
 */
static bool
is_made(const Building *building, const MigShadowSchema *schema)
{
	const MigModel *model = building->model;

	if (building->options->for_scripts)
		return mig_has_name(building->options->standing, schema->name);
	if (mig_model_has_elements(model, schema->name))
		return false;
	return strcmp(schema->name, "public") == 0 ||
		(model->first_schema != NULL &&
		 strcmp(schema->name, model->first_schema) == 0) ||
		mig_has_name(model->schemas, schema->name);
}

/* Does a statement create it that runs, so that it must not stand before? */
static bool
comes_later(const Building *building, const MigShadowSchema *schema)
{
	if (building->options->for_scripts)
		return mig_has_name(building->options->made, schema->name) &&
			!is_made(building, schema);
	return mig_model_has_elements(building->model, schema->name);
}

/* Set aside what belongs to no schema: all of it, or what is in the way. */
static void
hide_globals(const Building *building)
{
	static const ObjectType types[] = {
		OBJECT_PUBLICATION, OBJECT_SUBSCRIPTION, OBJECT_EVENT_TRIGGER,
		OBJECT_FDW, OBJECT_FOREIGN_SERVER, OBJECT_LANGUAGE,
		OBJECT_ACCESS_METHOD, OBJECT_CAST, OBJECT_TRANSFORM,
	};

	for (size_t i = 0; i < lengthof(types); i++)
	{
		List	   *names = NIL;
		ListCell   *lc;

		foreach(lc, building->model->objects)
		{
			const MigModelObject *object = lfirst(lc);

			if (object->type == types[i])
				names = lappend(names, object->name);
		}
		mig_hide_globals(building->shadow.hidden, types[i],
						 building->options->database, names);
	}
}

/* Does the model set default privileges that are bound to no schema? */
static bool
has_global_defaults(const MigModel *model)
{
	for (int i = 0; i < model->script->nstatements; i++)
	{
		const Node *stmt = model->script->statements[i].raw->stmt;
		ListCell   *lc;
		bool		in_schema = false;

		if (!IsA(stmt, AlterDefaultPrivilegesStmt))
			continue;
		foreach(lc, ((const AlterDefaultPrivilegesStmt *) stmt)->options)
			in_schema |= strcmp(lfirst_node(DefElem, lc)->defname,
								"schemas") == 0;
		if (!in_schema)
			return true;
	}
	return false;
}

/*
 * Run another script where the model stands, as a deploy would: its settings
 * are a plain session's, and what cannot run in a transaction runs as its
 * transactional twin.  From a callback of mig_shadow_run() alone.
 *
 * commits_from is the first statement, counted from 0, before which a deploy
 * commits; none if the script is ours, which need not be right about bodies of
 * functions.  Errors are raised as they are.
 */
void
mig_shadow_play(const MigShadow *shadow, MigScript *script, bool is_ours,
				int commits_from)
{
	Building   *building = shadow->building;

	building->checks_bodies = !is_ours;
	building->commits_from = commits_from;
	for (int i = 0; i < script->nstatements; i++)
	{
		MigStatement *stmt = &script->statements[i];

		mig_script_detach(script, stmt);
		mig_model_in_transaction(stmt->raw->stmt);
	}
	run_script(building, script);
	find_shadows(building);
}

/*
 * Run a script of a revision there, as run/step.c does: its settings and its
 * cursors end with it, and what it has deferred is checked.  It may have rows
 * and call functions.
 *
 * It runs as a role, restricted, or with InvalidOid as the current one;
 * then is_restricted tells whether it is not to lead to other roles.
 */
void
mig_shadow_replay(const MigShadow *shadow, MigScript *script, Oid role,
				  bool is_restricted, int commits_from)
{
	Building   *building = shadow->building;

	building->run_as = role;
	building->is_restricted = is_restricted;
	mig_enum_labels_commit();
	mig_shadow_play(shadow, script, false, commits_from);
}

/* Raise an error if code has created something outside of the shadow. */
void
mig_shadow_check_places(const MigShadow *shadow)
{
	List	   *namespaces = NIL;
	ListCell   *lc;

	foreach(lc, shadow->schemas)
		namespaces = lappend_oid(namespaces,
								 ((MigShadowSchema *) lfirst(lc))->shadow);
	foreach(lc, shadow->stubs)
		namespaces = lappend_oid(namespaces, ((MigStub *) lfirst(lc))->nsp);
	mig_places_check(namespaces, shadow->building->options->for_revisions);
}

/*
 * Call a function in a subtransaction of the shadow, and roll that back, as
 * mig_subxact_try() does; scripts may run in it, and fail.
 */
ErrorData *
mig_shadow_try(const MigShadow *shadow, void (*function) (void *arg),
			   void *arg)
{
	List	   *made = mig_shadow_members_made();
	ErrorData  *error = mig_subxact_try(function, arg);

	mig_shadow_members_made_again(made);
	mig_veil_end();
	mig_guard_stop();
	mig_script_release_timer();
	find_shadows(shadow->building);
	return error;
}

/* Run the model or a script; settings end with it. */
static void
run_script(Building *building, const MigScript *script)
{
	MigRestriction *restriction = &building->restriction;
	int			guc_level;
	MigScriptRun run;
	Oid			user;
	int			context;

	memset(restriction, 0, sizeof(*restriction));
	if (OidIsValid(building->run_as))
		restrict_to(building, building->run_as);
	else if (in_revision(building) ? building->is_restricted : may_regain())
		mig_restriction_set(restriction);
	guc_level = NewGUCNestLevel();
	set_for_script(building);
	mig_script_run_begin(&run, script, false);
	run.is_model = true;
	mig_watch_as(GetUserId());
	mig_guard_arm();
	mig_veil_begin(hidden_namespaces(building), building->shadow.hidden);
	run_statements(building, &run);
	mig_veil_end();
	mig_guard_disarm();
	CommandCounterIncrement();
	mig_script_run_end(&run);
	if (restriction->active)
	{
		/* the role that the model has set is set back with its settings */
		GetUserIdAndSecContext(&user, &context);
		SetUserIdAndSecContext(user, restriction->context);
	}
	AtEOXact_GUC(false, guc_level);
	mig_restriction_end(restriction);
}

static bool
in_revision(const Building *building)
{
	return building->options->for_revisions && !building->in_model;
}

/* The schemas that a model must not see anything of. */
static List *
hidden_namespaces(const Building *building)
{
	List	   *namespaces = NIL;
	ListCell   *lc;

	foreach(lc, building->shadow.schemas)
	{
		const MigShadowSchema *schema = lfirst(lc);

		if (OidIsValid(schema->live))
			namespaces = lappend_oid(namespaces, schema->live);
	}
	return namespaces;
}

/* Run what follows as a role, from which nothing leads back. */
static void
restrict_to(Building *building, Oid role)
{
	MigRestriction *restriction = &building->restriction;
	Oid			user;
	int			context;

	mig_restriction_set(restriction);
	GetUserIdAndSecContext(&user, &context);
	SetUserIdAndSecContext(role, context);
}

/* Could the session do more than the current role? */
static bool
may_regain(void)
{
	return GetUserId() != GetSessionUserId() ||
		GetSessionUserId() != GetAuthenticatedUserId();
}

/* Undone with the subtransaction; nobody else sees any of it. */
static void
set_for_script(const Building *building)
{
	mig_settings_set("search_path", building->model->search_path);
	if (in_revision(building))
		mig_settings_for_replay();
	else
		mig_settings_set("check_function_bodies",
						 building->checks_bodies ? "on" : "off");
	if (!building->options->for_revisions)
		(void) set_config_option(MIG_EVENT_TRIGGERS_OFF, PGC_SUSET,
								 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
								 false);
	mig_settings_set("client_min_messages", "error");
	mig_settings_set("max_parallel_workers", "0");
	mig_settings_set("jit", "off");
	/* Citus is not to create the shadow on its workers, too */
	if (GetConfigOption("citus.enable_ddl_propagation", true, false) != NULL)
		mig_settings_set("citus.enable_ddl_propagation", "off");
}

static void
run_statements(Building *building, MigScriptRun *run)
{
	MemoryContext per_statement;
	MemoryContext old;
	int			since_release = 0;
	bool		only_ddl = true;
	bool		all_set = false;

	per_statement = AllocSetContextCreate(CurrentMemoryContext,
										  "pg_migrations statement",
										  ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(per_statement);
	for (int i = 0; i < run->script->nstatements; i++)
	{
		if (is_skipped(building, run->script, i))
		{
			if (in_revision(building))
				mig_shadow_members_skip(building->shadow.schemas,
										run->script->statements[i].raw->stmt);
			continue;
		}
		mig_script_run_at(run, i);
		mig_watch_begin_statement();
		mig_repeatable_begin_statement(run->current->raw->stmt);
		if (!building->in_model && i >= building->commits_from)
			mig_enum_labels_commit();
		run_statement(building, run, &since_release);
		if (building->options->privileges)
			grant_by_default(building, i);
		only_ddl &= mig_statement_is_ddl(run->current->raw->stmt);
		all_set |= IsA(run->current->raw->stmt, ConstraintsSetStmt);
		MemoryContextReset(per_statement);
	}
	run->current = NULL;
	run->at_end = in_revision(building);
	if (in_revision(building) && !only_ddl)
		mig_deferred_check(all_set);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(per_statement);
}

/*
 * A schema that the model creates stands already, and has now what the default
 * privileges say of a new one.
 */
static void
grant_by_default(const Building *building, int statement)
{
	const ListCell *lc;

	foreach(lc, building->model->objects)
	{
		const MigModelObject *object = lfirst(lc);

		if (object->type != OBJECT_SCHEMA || object->statement != statement ||
			mig_model_keeps_public(building->model, object))
			continue;
		CommandCounterIncrement();
		mig_hide_grant_by_default(get_namespace_oid(object->name, false));
	}
}

/* Does a statement mean nothing here, or has it no transactional twin? */
static bool
is_skipped(const Building *building, const MigScript *script, int n)
{
	const Node *stmt = script->statements[n].raw->stmt;

	if (building->in_model)
		return building->model->skipped[n];
	return (in_revision(building) && mig_watch_skips(stmt)) ||
		(building->options->keeps_extensions &&
		 mig_model_needs_no_run(stmt)) ||
		(mig_statement_nontransactional(stmt) &&
		 !IsA(stmt, DropSubscriptionStmt));
}

/* Run the statement that the script is at, if it leaves the rest alone. */
static void
run_statement(Building *building, MigScriptRun *run,
			  int *since_release)
{
	const Node *stmt = run->current->raw->stmt;
	bool		release_now;

	CommandCounterIncrement();
	mig_stub_redirect(&building->shadow.stubs, building->shadow.hidden,
					  run->current->raw->stmt);
	release_now = mig_guard_check(stmt);
	if (in_revision(building))
		mig_shadow_members_leave(building->shadow.schemas, stmt);
	if (makes_schema(building, stmt))
		make_schema((const CreateSchemaStmt *) stmt);
	else if (sets_role(building, stmt))
		set_role(building, run);
	else if (!mig_relocate_run(stmt, building->in_model) &&
			 (building->options->privileges ||
			  !mig_guard_grants_on_members(stmt)))
		mig_script_run_statement(run);
	mig_shadow_members_follow(building->shadow.schemas, stmt,
							  building->options->privileges ? GetUserId() :
							  InvalidOid);
	mig_guard_check_after(stmt);
	if (building->in_model)
		mig_enum_labels_commit();	/* psql would commit here */
	if (release_now || ++*since_release >= STATEMENTS_PER_RELEASE)
	{
		CommandCounterIncrement();
		mig_guard_release_locks();
		*since_release = 0;
	}
}

/*
 * Does a script create a schema that the caller could create, but perhaps not
 * the role that it runs as here?
 */
static bool
makes_schema(const Building *building, const Node *stmt)
{
	const CreateSchemaStmt *create = (const CreateSchemaStmt *) stmt;

	return OidIsValid(building->run_as) &&
		IsA(stmt, CreateSchemaStmt) && create->schemaname != NULL &&
		create->authrole == NULL && create->schemaElts == NIL &&
		!OidIsValid(get_namespace_oid(create->schemaname, true)) &&
		object_aclcheck(DatabaseRelationId, MyDatabaseId,
						building->restriction.user,
						ACL_CREATE) == ACLCHECK_OK;
}

static void
make_schema(const CreateSchemaStmt *stmt)
{
	mig_guard_adopt(NamespaceRelationId,
					mig_hide_stand_in(stmt->schemaname, InvalidOid,
									  InvalidOid, false));
}

/* Does a statement set the role, where that takes lifting a restriction? */
static bool
sets_role(const Building *building, const Node *stmt)
{
	const VariableSetStmt *set = (const VariableSetStmt *) stmt;

	return building->restriction.active && !in_revision(building) &&
		IsA(stmt, VariableSetStmt) && set->name != NULL &&
		(strcmp(set->name, "role") == 0 ||
		 strcmp(set->name, "session_authorization") == 0) &&
		is_trusted(building->options->stored_by);
}

/* May the text of the model do all that the session can? */
static bool
is_trusted(const char *stored_by)
{
	Oid			author;

	if (stored_by == NULL || mig_guc_superuser_runs_any())
		return true;
	author = get_role_oid(stored_by, true);
	return OidIsValid(author) &&
		is_member_of_role(author, GetSessionUserId()) &&
		is_member_of_role(author, GetAuthenticatedUserId());
}

static void
set_role(const Building *building, MigScriptRun *run)
{
	MigRestriction again;
	Oid			user;
	int			context;

	GetUserIdAndSecContext(&user, &context);
	SetUserIdAndSecContext(user, building->restriction.context);
	mig_script_run_statement(run);
	GetUserIdAndSecContext(&user, &context);
	/* back to what the session is means back to that */
	if (OidIsValid(building->run_as) &&
		(user == building->restriction.user ||
		 !OidIsValid(GetCurrentRoleId())))
		SetUserIdAndSecContext(building->run_as, context);
	mig_restriction_set(&again);
}

/* The schemas that stand now, be they ours or made by the model itself. */
static void
find_shadows(Building *building)
{
	ListCell   *lc;

	foreach(lc, building->shadow.schemas)
	{
		MigShadowSchema *schema = lfirst(lc);

		schema->shadow = get_namespace_oid(schema->name, true);
		if (schema->for_members && !mig_hide_has_members(schema->shadow))
			schema->shadow = InvalidOid;	/* they have moved away */
	}
}
