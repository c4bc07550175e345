/*-------------------------------------------------------------------------
 *
 * model/rename_sql.c
 *	  Writes the statement that renames an object.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/rename_catalog.h"
#include "model/rename_sql.h"

#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"

static char *object_name(Oid class_id, Oid oid, const char *unqualified);
static char *alter_object(const ObjectAddress *object,
						  const char *unqualified);
static const char *relation_noun(Oid relid);
static const char *type_noun(Oid type);
static const char *routine_noun(Oid routine);
static char *rename_column(const ObjectAddress *object, const char *from,
						   const char *to, const char *unqualified);
static char *rename_constraint(const ObjectAddress *object, const char *from,
							   const char *to, const char *unqualified);

/*
 * The statement that renames an object, without semicolon.
 *
 * The object has its old name, "from", in the catalogs.  Names are written
 * without the schema "unqualified", which may be NULL; types of arguments as
 * the search_path wants them.
 */
char *
mig_rename_sql(const ObjectAddress *object, const char *from, const char *to,
			   const char *unqualified)
{
	const char *old = quote_identifier(from);
	const char *name = quote_identifier(to);
	const MigTablePart *part = mig_rename_part(object->classId);

	switch (object->classId)
	{
		case NamespaceRelationId:
			return psprintf("ALTER SCHEMA %s RENAME TO %s", old, name);
		case EnumRelationId:
			return psprintf("ALTER TYPE %s RENAME VALUE %s TO %s",
							object_name(TypeRelationId, object->objectId,
										unqualified),
							quote_literal_cstr(from), quote_literal_cstr(to));
		case ConstraintRelationId:
			return rename_constraint(object, old, name, unqualified);
	}
	if (part != NULL)
		return psprintf("ALTER %s %s ON %s RENAME TO %s", part->noun, old,
						object_name(RelationRelationId,
									mig_rename_catalog_table(object),
									unqualified), name);
	if (object->objectSubId != 0)
		return rename_column(object, old, name, unqualified);
	return psprintf("%s RENAME TO %s", alter_object(object, unqualified),
					name);
}

/* The statement that moves an object from where it is to another schema. */
char *
mig_move_sql(const ObjectAddress *object, const char *schema,
			 const char *unqualified)
{
	return psprintf("%s SET SCHEMA %s", alter_object(object, unqualified),
					quote_identifier(schema));
}

/*
 * The name of a relation, routine or type for a statement, now: before or
 * after the catalogs are changed it is another.  Without its schema where that
 * is the one that scripts leave out.
 */
static char *
object_name(Oid class_id, Oid oid, const char *unqualified)
{
	ObjectAddress address = {class_id, oid, 0};
	char	   *schema = get_namespace_name(get_object_namespace(&address));
	char	   *name = mig_rename_catalog_name(&address);

	if (unqualified != NULL && strcmp(schema, unqualified) == 0)
		return pstrdup(quote_identifier(name));
	return quote_qualified_identifier(schema, name);
}

/* "ALTER TABLE public.users" */
static char *
alter_object(const ObjectAddress *object, const char *unqualified)
{
	Oid			oid = object->objectId;
	char	   *name = object_name(object->classId, oid, unqualified);
	Datum		arguments;

	if (object->classId == RelationRelationId)
		return psprintf("ALTER %s %s", relation_noun(oid), name);
	if (object->classId == TypeRelationId)
		return psprintf("ALTER %s %s", type_noun(oid), name);
	arguments = DirectFunctionCall1(pg_get_function_identity_arguments,
									ObjectIdGetDatum(oid));
	return psprintf("ALTER %s %s(%s)", routine_noun(oid), name,
					TextDatumGetCString(arguments));
}

/* What ALTER calls a relation. */
static const char *
relation_noun(Oid relid)
{
	switch (get_rel_relkind(relid))
	{
		case RELKIND_VIEW:
			return "VIEW";
		case RELKIND_MATVIEW:
			return "MATERIALIZED VIEW";
		case RELKIND_SEQUENCE:
			return "SEQUENCE";
		case RELKIND_INDEX:
		case RELKIND_PARTITIONED_INDEX:
			return "INDEX";
		case RELKIND_FOREIGN_TABLE:
			return "FOREIGN TABLE";
		case RELKIND_COMPOSITE_TYPE:
			return "TYPE";
		default:
			return "TABLE";
	}
}

/* What ALTER calls a type. */
static const char *
type_noun(Oid type)
{
	return get_typtype(type) == TYPTYPE_DOMAIN ? "DOMAIN" : "TYPE";
}

/* What ALTER calls a routine; window functions are functions. */
static const char *
routine_noun(Oid routine)
{
	switch (get_func_prokind(routine))
	{
		case PROKIND_PROCEDURE:
			return "PROCEDURE";
		case PROKIND_AGGREGATE:
			return "AGGREGATE";
		default:
			return "FUNCTION";
	}
}

/*
 * Rename a column, or an attribute of a composite type, which takes typed
 * tables along by CASCADE alone.
 */
static char *
rename_column(const ObjectAddress *object, const char *from, const char *to,
			  const char *unqualified)
{
	Oid			relid = object->objectId;
	bool		is_type = get_rel_relkind(relid) == RELKIND_COMPOSITE_TYPE;

	return psprintf("ALTER %s %s RENAME %s %s TO %s%s", relation_noun(relid),
					object_name(RelationRelationId, relid, unqualified),
					is_type ? "ATTRIBUTE" : "COLUMN", from, to,
					is_type &&
					list_length(mig_rename_catalog_tables(relid)) > 1 ?
					" CASCADE" : "");
}

/*
 * Rename a constraint, of a table or a domain.  Its index follows by itself.
 */
static char *
rename_constraint(const ObjectAddress *object, const char *from,
				  const char *to, const char *unqualified)
{
	Oid			table = mig_rename_catalog_table(object);
	Oid			domain = mig_rename_catalog_domain(object);

	if (OidIsValid(table))
		return psprintf("ALTER %s %s RENAME CONSTRAINT %s TO %s",
						relation_noun(table),
						object_name(RelationRelationId, table, unqualified),
						from, to);
	return psprintf("ALTER DOMAIN %s RENAME CONSTRAINT %s TO %s",
					object_name(TypeRelationId, domain, unqualified), from,
					to);
}
