/*-------------------------------------------------------------------------
 *
 * model/scope.c
 *	  What a comparison is about.
 *
 * Which schemas are managed, and which of their objects are left alone: what
 * a pattern excludes, the state tables of other tools, partitions that come
 * and go by themselves, and, in schemas that nobody has named, whatever the
 * model does not know.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/extension_comment.h"
#include "model/scope.h"
#include "kind/schema.h"
#include "sch/action.h"
#include "sch/snapshot.h"
#include "sch/snapshot_merge.h"
#include "util/guc.h"
#include "util/pattern.h"
#include "util/settings.h"
#include "util/spi.h"
#include "util/sql.h"

#include "catalog/namespace.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/formatting.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"

/* Objects that a message lists */
#define UNSAID_SHOWN	20

/* Tables in which tools keep what they have done. */
static const char *const state_tables[] = {
	"alembic_version", "goose_db_version", "schema_migrations",
	"flyway_schema_history", "databasechangelog", "databasechangeloglock",
	"_prisma_migrations", "__drizzle_migrations", "django_migrations",
	"knex_migrations", "knex_migrations_lock", "ar_internal_metadata",
	"atlas_schema_revisions", "__EFMigrationsHistory", "_sqlx_migrations",
	"refinery_schema_history", "typeorm_metadata", "SequelizeMeta",
};

static const char user_schemas_query[] =
"SELECT nspname::pg_catalog.text FROM pg_catalog.pg_namespace"
" WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
" AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend"
" WHERE classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND objid = pg_namespace.oid AND deptype = 'e')"
" ORDER BY nspname COLLATE \"C\"";

static List *all_excluded(const List *exclude);
static List *add_name(List *names, const char *name);
static List *user_schemas(const MigScopeRules *rules, const MigModel *model);
static void check_schema_name(const char *name);
static bool is_excluded(const MigScopeRules *rules, const MigObject *object);
static bool is_left_alone(const MigScopeRules *rules, const MigModel *model,
						  const MigObject *object,
						  const MigSnapshot *wanted);
static void keep_casts(const MigSnapshot *live, MigSnapshot *wanted);
static void add_copy(const MigObject *object, MigSnapshot *wanted);
static bool can_stay(const MigObject *object, const MigSnapshot *wanted);
static bool is_unsaid(const MigScopeRules *rules, const MigModel *model,
					  const MigObject *object, const MigSnapshot *wanted);
static bool is_state_table(const MigObject *object);
static void ignore_with_sequences(MigObject *object,
								  const MigSnapshot *snapshot);
static void keep_schema_comments(const MigModel *model,
								 const MigSnapshot *live,
								 MigSnapshot *wanted);
static bool model_creates(const MigModel *model, ObjectType type,
						  const char *name);
static void drop_undeclared_extensions(const MigScopeRules *rules,
									   const MigModel *model,
									   MigSnapshot *wanted);
static bool code_names(const MigModel *model, const char *extension);
static bool is_used(const MigObject *object);
static bool is_made_for_members(const MigScopeRules *rules,
								const MigModel *model,
								const MigObject *schema,
								const MigSnapshot *wanted);

/*
 * What the caller and the settings say of the scope, under the search_path
 * that counts; nsp is the schema of the extension.
 */
void
mig_scope_begin(MigScopeRules *rules, Oid nsp, List *include,
				const List *exclude)
{
	rules->include = include;
	rules->exclude = all_excluded(exclude);
	rules->first_schema = mig_scope_first_schema();
	rules->database = mig_guc_compares("database");
	rules->extension_schema = get_namespace_name(nsp);
}

/* Which sides are compared, in what, and which role would run the scripts. */
void
mig_scope_begin_diff(MigDiff *diff, MigSnapshot *from, MigSnapshot *to,
					 Oid role)
{
	diff->from = from;
	diff->to = to;
	diff->privileges = mig_guc_compares("privileges");
	diff->owners = mig_guc_compares("owners");
	diff->any_names = mig_guc_compares("-constraint_names");
	diff->role = GetUserNameFromId(role, false);
}

/* The patterns of what is left alone, by argument or model and by setting. */
static List *
all_excluded(const List *exclude)
{
	const ListCell *lc;

	foreach(lc, exclude)
	{
		const char *fault = mig_pattern_fault(lfirst(lc));

		if (fault != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("invalid pattern in \"exclude\": \"%s\"",
							(const char *) lfirst(lc)),
					 errdetail_internal("%s", fault),
					 errhint("What has a dot in its name is written in double quotes.")));
	}
	return list_concat(list_copy(exclude), mig_guc_exclude());
}

/*
 * The managed schemas, strings, each once: those that are included; else those
 * of the model, and with "database" all there are; else the first of the
 * search_path.
 */
List *
mig_scope_schemas(const MigScopeRules *rules, const MigModel *model)
{
	List	   *schemas = NIL;
	const ListCell *lc;

	foreach(lc, rules->include)
	{
		check_schema_name(lfirst(lc));
		schemas = add_name(schemas, lfirst(lc));
	}
	if (schemas != NIL)
		return schemas;
	if (model != NULL)
	{
		foreach(lc, model->schemas)
			schemas = add_name(schemas, lfirst(lc));
	}
	if (rules->database)
		schemas = list_concat(schemas, user_schemas(rules, model));
	foreach(lc, rules->left)
	{
		if (OidIsValid(get_namespace_oid(lfirst(lc), true)))
			schemas = add_name(schemas, lfirst(lc));
	}
	if (schemas == NIL && rules->first_schema != NULL)
		schemas = list_make1(pstrdup(rules->first_schema));
	if (schemas == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_SCHEMA),
				 errmsg("no schema has been selected to compare with the model"),
				 errhint("Set search_path, or name schemas with include.")));
	return schemas;
}

/*
 * The managed schemas, and for what refers to them the others of the model;
 * those are not compared.  A model that has nothing for a managed one is a
 * mistake, which is found when it is built.
 */
List *
mig_scope_to_build(List *managed, const MigModel *model)
{
	List	   *schemas = list_copy(managed);
	bool		is_about = false;
	const ListCell *lc;

	foreach(lc, model->schemas)
	{
		if (mig_has_name(managed, lfirst(lc)))
			is_about = true;
		else
			schemas = lappend(schemas, lfirst(lc));
	}
	return is_about ? schemas : managed;
}

/*
 * The schema whose names are written without it, or NULL: the only one that
 * is managed, unless names are to be qualified.
 */
const char *
mig_scope_unqualified(const List *schemas, bool qualify)
{
	if (qualify)
		return NULL;
	if (list_length(schemas) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("names cannot go without a schema where several are managed"),
				 errdetail("The model is about %d schemas.",
						   list_length(schemas)),
				 errhint("Leave out qualify => false, or name one schema with include.")));
	return linitial(schemas);
}

/*
 * Leave out of both snapshots what is not to be compared.
 *
 * Returns what the model leaves unsaid in schemas of its own that nobody has
 * named, MigObject *: it is not dropped, and the caller has to say so.
 */
List *
mig_scope_filter(const MigScopeRules *rules, const MigModel *model,
				 MigSnapshot *live, MigSnapshot *wanted)
{
	List	   *unsaid = NIL;
	const ListCell *lc;

	if (model != NULL && rules->database)
		drop_undeclared_extensions(rules, model, wanted);
	if (model != NULL)
		keep_schema_comments(model, live, wanted);
	if (model != NULL && !rules->database)
		keep_casts(live, wanted);
	mig_extension_comments_wanted(model, rules->database, live, wanted);
	foreach(lc, wanted->objects)
	{
		MigObject  *object = lfirst(lc);

		object->excluded = is_excluded(rules, object);
		if (object->excluded ||
			(object->kind->id == MIG_SCHEMA &&
			 mig_has_name(rules->extensions_own, object->name)))
			ignore_with_sequences(object, wanted);
	}
	foreach(lc, live->objects)
	{
		MigObject  *object = lfirst(lc);

		object->excluded = is_excluded(rules, object);
		if (object->excluded ||
			(object->parent == NULL &&
			 is_left_alone(rules, model, object, wanted)))
			ignore_with_sequences(object, live);
		else if (object->parent == NULL && !object->ignored &&
				 is_unsaid(rules, model, object, wanted))
		{
			if (object->owner_column == NULL)
				unsaid = lappend(unsaid, object);
			ignore_with_sequences(object, live);
		}
	}
	return unsaid;
}

/* Say what stays although the model does not have it. */
void
mig_scope_tell_unsaid(const List *unsaid)
{
	List	   *names = NIL;
	const ListCell *lc;

	if (unsaid == NIL)
		return;
	foreach(lc, unsaid)
	{
		const MigObject *object = lfirst(lc);

		names = lappend(names, psprintf("%s %s", mig_kind_name(object),
										object->identity));
	}
	ereport(NOTICE,
			(errmsg_plural("%d object is not in the model, and stays: its schema is not the first of the search_path, nor named in include",
						   "%d objects are not in the model, and stay: their schemas are not the first of the search_path, nor named in include",
						   list_length(unsaid), list_length(unsaid)),
			 errdetail_internal("%s.",
								mig_join_names(names, ", ", UNSAID_SHOWN)),
			 errhint("Name all schemas of the model in include, then what it does not have is dropped; or in exclude what is not meant.")));
}

/* Names without a schema are of the target schema. */
void
mig_scope_search_path(const char *schema)
{
	StringInfoData buf;

	if (schema == NULL || schema[0] == '\0')
		return;
	initStringInfo(&buf);
	appendStringInfo(&buf, "%s, %s", quote_identifier(schema),
					 GetConfigOption("search_path", false, false));
	mig_settings_set("search_path", buf.data);
}

/* The schema in which CREATE TABLE makes a table now, or NULL. */
const char *
mig_scope_first_schema(void)
{
	List	   *path = fetch_search_path(false);

	return path == NIL ? NULL : get_namespace_name(linitial_oid(path));
}

static List *
add_name(List *names, const char *name)
{
	return mig_has_name(names, name) ? names : lappend(names, pstrdup(name));
}

/* All schemas of users that the model does not have, but for our own. */
static List *
user_schemas(const MigScopeRules *rules, const MigModel *model)
{
	List	   *all = NIL;
	List	   *schemas = NIL;
	const ListCell *lc;
	MigSpi		spi;

	mig_spi_begin_catalog(&spi, mig_names_path(NULL));
	mig_spi_each(&spi, user_schemas_query, 0, NULL, mig_spi_add_text,
				 &all);
	mig_spi_end(&spi);
	foreach(lc, all)
	{
		const char *name = lfirst(lc);

		if (model != NULL && mig_has_name(model->schemas, name))
			continue;
		if (strcmp(name, rules->extension_schema) == 0 &&
			(rules->first_schema == NULL ||
			 strcmp(name, rules->first_schema) != 0))
			continue;
		if (!mig_pattern_any(rules->exclude, NULL, name) &&
			!mig_pattern_any_of_kind(rules->exclude, "SCHEMA", NULL, name))
			schemas = lappend(schemas, lfirst(lc));
	}
	return schemas;
}

/* The server refuses to move these, and to make others of such names. */
static void
check_schema_name(const char *name)
{
	if (strncmp(name, "pg_", 3) == 0 || strcmp(name, "information_schema") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("schema \"%s\" cannot be compared with a model", name),
				 errdetail("It belongs to the server.")));
}

/*
 * Does a pattern match an object that stands by itself, or an index; or one
 * for its kind any object?
 */
static bool
is_excluded(const MigScopeRules *rules, const MigObject *object)
{
	const char *noun = mig_kind_noun(object);

	if ((object->parent == NULL || object->kind->id == MIG_INDEX ||
		 object->kind->id == MIG_MEMBER_GRANTS) &&
		mig_pattern_any(rules->exclude, object->nspname, object->name))
		return true;
	return noun != NULL &&
		mig_pattern_any_of_kind(rules->exclude, noun,
								mig_table_of(object)->nspname, object->name);
}

/* Is an object of the database out of scope, with its parts? */
static bool
is_left_alone(const MigScopeRules *rules, const MigModel *model,
			  const MigObject *object, const MigSnapshot *wanted)
{
	if (mig_snapshot_find(wanted, object->kind->id, object->identity) != NULL)
		return false;
	if (is_state_table(object))
		return true;
	if (mig_snapshot_is_stray(object, wanted))
		return true;
	return model != NULL && !rules->database &&
		(object->kind->id == MIG_SCHEMA || object->kind->id == MIG_EXTENSION ||
		 (object->kind->id == MIG_MEMBER_GRANTS && object->schema == NULL));
}

/*
 * Let casts that the model does not say stay: they come again with their types
 * and functions.
 */
static void
keep_casts(const MigSnapshot *live, MigSnapshot *wanted)
{
	const ListCell *lc;

	foreach(lc, live->objects)
	{
		const MigObject *cast = lfirst(lc);

		if (cast->kind->id == MIG_CAST &&
			mig_snapshot_find(wanted, MIG_CAST, cast->identity) == NULL &&
			can_stay(cast, wanted))
			add_copy(cast, wanted);
	}
}

/* Add what stands by itself and depends on what is there, too. */
static void
add_copy(const MigObject *object, MigSnapshot *wanted)
{
	MigObject  *copy = MemoryContextAllocZero(wanted->context,
											  sizeof(MigObject));

	copy->kind = object->kind;
	copy->name = object->name;
	copy->identity = object->identity;
	copy->values = object->values;
	copy->comment = object->comment;
	copy->depends = object->depends;
	copy->statement = -1;
	mig_merge_add(wanted, copy);
}

/* Is there what an object depends on? */
static bool
can_stay(const MigObject *object, const MigSnapshot *wanted)
{
	const ListCell *lc;

	foreach(lc, object->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (mig_snapshot_find(wanted, on->kind->id, on->identity) == NULL)
			return false;
	}
	return true;
}

/*
 * Does the model leave out an object of a schema that nobody has named?  The
 * first schema is named, unless it is managed only for what moves away.
 */
static bool
is_unsaid(const MigScopeRules *rules, const MigModel *model,
		  const MigObject *object, const MigSnapshot *wanted)
{
	return model != NULL && object->nspname != NULL && !rules->database &&
		mig_snapshot_find(wanted, object->kind->id,
						  object->identity) == NULL &&
		!mig_has_name(rules->include, object->nspname) &&
		(rules->first_schema == NULL ||
		 strcmp(rules->first_schema, object->nspname) != 0 ||
		 (mig_has_name(rules->left, object->nspname) &&
		  !mig_has_name(model->schemas, object->nspname)));
}

/* Of Alembic and other tools: no model has them. */
static bool
is_state_table(const MigObject *object)
{
	if (object->kind->id != MIG_TABLE)
		return false;
	for (size_t i = 0; i < lengthof(state_tables); i++)
	{
		if (strcmp(object->name, state_tables[i]) == 0)
			return true;
	}
	return false;
}

/* A table goes with the sequences that its columns own. */
static void
ignore_with_sequences(MigObject *object, const MigSnapshot *snapshot)
{
	const ListCell *lc;

	mig_snapshot_ignore(object);
	if (object->kind->id != MIG_TABLE)
		return;
	foreach(lc, snapshot->objects)
	{
		MigObject  *sequence = lfirst(lc);

		if (sequence->owner_column != NULL &&
			sequence->owner_column->parent == object)
			mig_snapshot_ignore(sequence);
	}
}

/* A schema that the model finds and does not create keeps its comment. */
static void
keep_schema_comments(const MigModel *model, const MigSnapshot *live,
					 MigSnapshot *wanted)
{
	const ListCell *lc;

	foreach(lc, wanted->objects)
	{
		MigObject  *schema = lfirst(lc);
		const MigObject *twin;

		if (schema->kind->id != MIG_SCHEMA || schema->comment != NULL ||
			model_creates(model, OBJECT_SCHEMA, schema->name))
			continue;
		twin = mig_snapshot_find(live, MIG_SCHEMA, schema->identity);
		if (twin != NULL)
			schema->comment = twin->comment;
	}
}

static bool
model_creates(const MigModel *model, ObjectType type, const char *name)
{
	const ListCell *lc;

	foreach(lc, model->objects)
	{
		const MigModelObject *object = lfirst(lc);

		if (object->type == type && object->name != NULL &&
			strcmp(object->name, name) == 0)
			return true;
	}
	return false;
}

/*
 * Extensions of the database stand in the shadow as well, in their schemas.
 * Where the model speaks for the whole database, those go that it neither
 * creates nor uses, with those that only they require, and schemas that are
 * there for nothing else.
 */
static void
drop_undeclared_extensions(const MigScopeRules *rules, const MigModel *model,
						   MigSnapshot *wanted)
{
	bool		any = true;
	const ListCell *lc;

	while (any)
	{
		any = false;
		foreach(lc, wanted->objects)
		{
			MigObject  *object = lfirst(lc);

			if (object->ignored ||
				!(object->kind->id == MIG_EXTENSION ?
				  !model_creates(model, OBJECT_EXTENSION, object->name) &&
				  !code_names(model, object->name) :
				  is_made_for_members(rules, model, object, wanted)) ||
				is_used(object))
				continue;
			mig_snapshot_ignore(object);
			any = true;
		}
	}
}

/* Does a DO block name it?  Then that may create it, and did not need to. */
static bool
code_names(const MigModel *model, const char *extension)
{
	const char *name = asc_tolower(extension, strlen(extension));
	const ListCell *lc;

	foreach(lc, model->code)
	{
		if (strstr(lfirst(lc), name) != NULL)
			return true;
	}
	return false;
}

/* Does anything depend on it that stays? */
static bool
is_used(const MigObject *object)
{
	const ListCell *lc;

	foreach(lc, object->dependents)
	{
		if (!((const MigDepend *) lfirst(lc))->object->ignored)
			return true;
	}
	return false;
}

/* Is it a schema that extensions need alone, and none that stays? */
static bool
is_made_for_members(const MigScopeRules *rules, const MigModel *model,
					const MigObject *schema, const MigSnapshot *wanted)
{
	const ListCell *lc;

	if (schema->kind->id != MIG_SCHEMA ||
		mig_has_name(model->schemas, schema->name) ||
		mig_has_name(rules->include, schema->name) ||
		strcmp(schema->name, "public") == 0 ||
		mig_same(schema->name, rules->first_schema))
		return false;
	foreach(lc, wanted->objects)
	{
		const MigObject *object = lfirst(lc);

		if (!object->ignored && object->kind->id == MIG_EXTENSION &&
			mig_same(mig_extension_schema(object), schema->name))
			return false;
	}
	return true;
}
