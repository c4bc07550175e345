/*-------------------------------------------------------------------------
 *
 * sch/catalog_row.c
 *	  Rows of catalogs without what is different in another schema.
 *
 * A row is written as bytes, of which only hash values are of use.  What
 * refers to an object or a column of the schemas at hand becomes its name, a
 * tree what the server prints of it; all else is taken as it is.  The server
 * tells itself which of its columns refer to what, so that this holds for the
 * catalogs of later versions, too.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/catalog_row.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/transam.h"
#include "catalog/dependency.h"
#include "catalog/pg_attrdef.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_index.h"
#include "catalog/pg_partitioned_table.h"
#include "catalog/pg_policy.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_rewrite.h"
#include "catalog/pg_statistic_ext.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "catalog/system_fk_info.h"
#include "miscadmin.h"
#include "sch/sql_body.h"
#include "storage/bufmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"

/* Of an array; those of catalogs have no NULL. */
#define ELEMENTS(array) \
	((const char *) (array) + ARR_OVERHEAD_NONULLS(ARR_NDIM(array)))

/*
 * A catalog of so many has more of users than of the server, and to go over
 * all of it is cheaper than by an index.
 */
#define MANY_PAGES	200

/* How trees are printed: with a relation, or by the row's own OID. */
static const struct
{
	Oid			catalog;
	const char *field;
	PGFunction	print;
	const char *of;				/* NULL: by the OID; '' none */
}			printed[] = {
	{AttrDefaultRelationId, "adbin", pg_get_expr, "adrelid"},
	{ConstraintRelationId, "conbin", pg_get_expr, "conrelid"},
	{IndexRelationId, "indexprs", pg_get_expr, "indrelid"},
	{IndexRelationId, "indpred", pg_get_expr, "indrelid"},
	{PolicyRelationId, "polqual", pg_get_expr, "polrelid"},
	{PolicyRelationId, "polwithcheck", pg_get_expr, "polrelid"},
	{RelationRelationId, "relpartbound", pg_get_expr, "oid"},
	{PartitionedRelationId, "partexprs", pg_get_expr, "partrelid"},
	{StatisticExtRelationId, "stxexprs", pg_get_expr, "stxrelid"},
	{TypeRelationId, "typdefaultbin", pg_get_expr, ""},
	{TriggerRelationId, "tgqual", pg_get_triggerdef, NULL},
	{RewriteRelationId, "ev_action", pg_get_ruledef, NULL},
	{ProcedureRelationId, "proargdefaults", pg_get_function_arguments, NULL},
	{ProcedureRelationId, "prosqlbody", mig_sql_body, NULL},
};

static void each(Relation rel, SysScanDesc scan, MigCatalogFunction function,
				 void *arg);
static bool is_word(const char *words, const char *name);
static void set_references(Oid catalog, TupleDesc desc, MigField *fields);
static void set_printed(Oid catalog, TupleDesc desc, MigField *fields);
static void append_name(StringInfo buf, const NameData *name);
static void append_options(StringInfo buf, Datum value);
static void append_objects(MigNames *names, Oid classid, Datum value);
static void append_columns(MigNames *names, Oid relid, Datum value);
static void append_printed(MigRow *row, int i);
static Oid	relation_for(const MigRow *row, int i);

/* Call a function with each row of a catalog, in no order. */
void
mig_catalog_each(Oid catalog, MigCatalogFunction function, void *arg)
{
	Relation	rel = table_open(catalog, AccessShareLock);

	each(rel, systable_beginscan(rel, InvalidOid, false, NULL, 0, NULL),
		 function, arg);
	table_close(rel, AccessShareLock);
}

/*
 * The same for those that are not the server's own, by an index whose first
 * column is the OID of the row, or of what it belongs to.
 */
void
mig_catalog_each_added(Oid catalog, Oid index, MigCatalogFunction function,
					   void *arg)
{
	Relation	rel = table_open(catalog, AccessShareLock);
	Relation	order = index_open(index, AccessShareLock);
	ScanKeyData key;
	bool		is_small;

	ScanKeyInit(&key, order->rd_index->indkey.values[0],
				BTGreaterEqualStrategyNumber, F_OIDGE,
				ObjectIdGetDatum(FirstNormalObjectId));
	index_close(order, AccessShareLock);
	is_small = RelationGetNumberOfBlocks(rel) < MANY_PAGES;
	each(rel, systable_beginscan(rel, index, is_small, NULL, 1, &key),
		 function, arg);
	table_close(rel, AccessShareLock);
}

/* The memory that a row takes is free behind it; the scan is ended. */
static void
each(Relation rel, SysScanDesc scan, MigCatalogFunction function, void *arg)
{
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext,
												 "pg_migrations row",
												 ALLOCSET_DEFAULT_SIZES);
	HeapTuple	tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		MemoryContext old = MemoryContextSwitchTo(memory);

		CHECK_FOR_INTERRUPTS();
		function(rel, tuple, arg);
		MemoryContextSwitchTo(old);
		MemoryContextReset(memory);
	}
	systable_endscan(scan);
	MemoryContextDelete(memory);
}

/*
 * What becomes of the columns of a catalog.  Those that tell its rows apart,
 * and those that are left out, are words, or NULL.  The result is never freed.
 */
MigField *
mig_fields_make(Relation rel, const char *identity, const char *left_out)
{
	TupleDesc	desc = RelationGetDescr(rel);
	Size		size = desc->natts * sizeof(MigField);
	MigField   *fields = MemoryContextAllocZero(TopMemoryContext, size);

	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);
		const char *name = NameStr(attribute->attname);

		fields[i].identifies = is_word(identity, name);
		/* counters of transactions, and privileges */
		if (attribute->atttypid == XIDOID ||
			attribute->atttypid == ACLITEMARRAYOID ||
			strcmp(name, "oid") == 0 ||
			is_word(left_out, name))
			fields[i].treatment = MIG_FIELD_LEFT_OUT;
		else if (strcmp(name, "attoptions") == 0)
			fields[i].treatment = MIG_FIELD_OPTIONS;
	}
	set_references(RelationGetRelid(rel), desc, fields);
	set_printed(RelationGetRelid(rel), desc, fields);
	return fields;
}

/* Is a name one of some words?  NULL: of none. */
static bool
is_word(const char *words, const char *name)
{
	size_t		length = strlen(name);

	for (; words != NULL && *words != '\0'; words += strspn(words, " "))
	{
		size_t		word = strcspn(words, " ");

		if (word == length && memcmp(words, name, length) == 0)
			return true;
		words += word;
	}
	return false;
}

/* The server tells what refers to what. */
static void
set_references(Oid catalog, TupleDesc desc, MigField *fields)
{
	for (size_t i = 0; i < lengthof(sys_fk_relationships); i++)
	{
		const SysFKRelationship *key = &sys_fk_relationships[i];
		char		of[NAMEDATALEN] = "";
		char		name[NAMEDATALEN];
		MigField   *field;

		if (key->fk_table != catalog)
			continue;
		if (sscanf(key->fk_columns, "{%63[^,}], %63[^}]}", of, name) != 2)
			strlcpy(name, of, NAMEDATALEN);
		field = &fields[mig_field_of(desc, name)];
		if (field->treatment == MIG_FIELD_LEFT_OUT)
			continue;
		field->classid = key->pk_table;
		if (key->pk_table == AuthIdRelationId && !key->is_array)
			field->treatment = MIG_FIELD_LEFT_OUT;	/* owners */
		else if (key->pk_table != AttributeRelationId)
			field->treatment = key->is_array ? MIG_FIELD_OBJECTS :
				MIG_FIELD_OBJECT;
		else
		{
			field->treatment = key->is_array ? MIG_FIELD_COLUMNS :
				MIG_FIELD_COLUMN;
			field->of = mig_field_of(desc, of);
		}
		if (strcmp(name, "reltoastrelid") == 0)
			field->treatment = MIG_FIELD_TOAST;
	}
}

/* Fields that hold a tree stand for what the server prints of it. */
static void
set_printed(Oid catalog, TupleDesc desc, MigField *fields)
{
	for (size_t i = 0; i < lengthof(printed); i++)
	{
		MigField   *field;

		if (printed[i].catalog != catalog)
			continue;
		field = &fields[mig_field_of(desc, printed[i].field)];
		field->treatment = MIG_FIELD_PRINTED;
		field->print = printed[i].print;
		field->of = printed[i].of == NULL || printed[i].of[0] == '\0' ? -1 :
			mig_field_of(desc, printed[i].of);
	}
}

int
mig_field_of(TupleDesc desc, const char *name)
{
	int			i = mig_field_or_none(desc, name);

	if (i < 0)
		elog(ERROR, "catalog has no column \"%s\"", name);
	return i;
}

/* -1: there is none of the name. */
int
mig_field_or_none(TupleDesc desc, const char *name)
{
	for (int i = 0; i < desc->natts; i++)
	{
		if (namestrcmp(&TupleDescAttr(desc, i)->attname, name) == 0)
			return i;
	}
	return -1;
}

/* What belongs to extensions, catalog and OID, in the current context. */
HTAB *
mig_members_read(void)
{
	Relation	depend = table_open(DependRelationId, AccessShareLock);
	HASHCTL		ctl = {0};
	HTAB	   *members;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ctl.keysize = ctl.entrysize = sizeof(Oid) * 2;
	ctl.hcxt = CurrentMemoryContext;
	members = hash_create("pg_migrations members", 256, &ctl,
						  HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	ScanKeyInit(&key, Anum_pg_depend_refclassid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(ExtensionRelationId));
	scan = systable_beginscan(depend, DependReferenceIndexId, true, NULL,
							  1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_depend member = (Form_pg_depend) GETSTRUCT(tuple);
		Oid			address[] = {member->classid, member->objid};

		if (member->deptype == DEPENDENCY_EXTENSION)
			(void) hash_search(members, address, HASH_ENTER, NULL);
	}
	systable_endscan(scan);
	table_close(depend, AccessShareLock);
	return members;
}

bool
mig_members_has(HTAB *members, Oid classid, Oid oid)
{
	Oid			address[] = {classid, oid};

	return hash_search(members, address, HASH_FIND, NULL) != NULL;
}

/* Names for objects and columns, none yet, in the current context. */
void
mig_names_begin(MigNames *names)
{
	HASHCTL		ctl = {0};

	ctl.keysize = sizeof(Oid) * 2;
	ctl.hcxt = CurrentMemoryContext;
	ctl.entrysize = sizeof(MigNamed);
	names->objects = hash_create("pg_migrations names", 1024, &ctl,
								 HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	ctl.entrysize = sizeof(MigNamedColumn);
	names->columns = hash_create("pg_migrations columns", 1024, &ctl,
								 HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	initStringInfo(&names->buf);
	names->is_unknown = names->has_changed = false;
	names->highest = names->old = InvalidOid;
}

/*
 * Enter the number of an object.  What had none so far is new, unless its OID
 * is not.
 */
void
mig_names_enter(MigNames *names, Oid classid, Oid oid, uint64 name,
				char relkind)
{
	Oid			key[] = {classid, oid};
	bool		found;
	MigNamed   *entry = hash_search(names->objects, key, HASH_ENTER, &found);

	if (found ? entry->name != name || entry->relkind != relkind :
		oid <= names->old)
		names->has_changed = true;
	names->highest = Max(names->highest, oid);
	entry->name = name;
	entry->relkind = relkind;
}

void
mig_names_enter_column(MigNames *names, Oid relid, int number,
					   const NameData *name)
{
	Oid			key[] = {relid, number};
	bool		found;
	MigNamedColumn *column = hash_search(names->columns, key, HASH_ENTER,
										 &found);

	if (found && strcmp(NameStr(column->name), NameStr(*name)) != 0)
		names->has_changed = true;
	column->name = *name;
}

/* NULL: it is not of the schemas. */
MigNamed *
mig_names_find(const MigNames *names, Oid classid, Oid oid)
{
	Oid			key[] = {classid, oid};

	return hash_search(names->objects, key, HASH_FIND, NULL);
}

/* What is not of the schemas has the same OID, seen from the shadow. */
uint64
mig_names_number(const MigNames *names, Oid classid, Oid oid)
{
	const MigNamed *entry = mig_names_find(names, classid, oid);

	return entry == NULL ? oid : entry->name;
}

/* Append a field; a byte in front tells whether it is NULL. */
void
mig_row_append(MigRow *row, int i)
{
	MigNames   *names = row->names;
	const MigField *field = &row->fields[i];
	Datum		value = row->values[i];
	Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(row->rel), i);
	Oid			relid = InvalidOid;
	const MigNamed *options;

	if (field->treatment != MIG_FIELD_OPTIONS)
		appendStringInfoChar(&names->buf, row->isnull[i] ? 0 : 1);
	if (row->isnull[i])
		return;
	if (field->treatment == MIG_FIELD_COLUMN ||
		field->treatment == MIG_FIELD_COLUMNS)
		relid = DatumGetObjectId(row->values[field->of]);
	switch (field->treatment)
	{
		case MIG_FIELD_LEFT_OUT:
			break;
		case MIG_FIELD_OBJECT:
			mig_append_number(&names->buf,
							  mig_names_number(names, field->classid,
											   DatumGetObjectId(value)));
			break;
		case MIG_FIELD_OBJECTS:
			append_objects(names, field->classid, value);
			break;
		case MIG_FIELD_COLUMN:
			mig_names_append_column(names, relid, DatumGetInt16(value));
			break;
		case MIG_FIELD_COLUMNS:
			append_columns(names, relid, value);
			break;
		case MIG_FIELD_PRINTED:
			append_printed(row, i);
			break;
		case MIG_FIELD_TOAST:
			options = mig_names_find(names, InvalidOid,
									 DatumGetObjectId(value));
			mig_append_number(&names->buf,
							  options == NULL ? 0 : options->name);
			break;
		case MIG_FIELD_OPTIONS:
			append_options(&names->buf, value);
			break;
		case MIG_FIELD_TAKEN:
			if (attribute->atttypid == PG_NODE_TREEOID)
				names->is_unknown = true;
			mig_append_plain(&names->buf, attribute, value);
			break;
	}
}

/* The bytes of a value, with their number where that varies. */
void
mig_append_plain(StringInfo buf, Form_pg_attribute attribute, Datum value)
{
	if (attribute->attbyval)
		mig_append_number(buf, value);
	else if (attribute->atttypid == NAMEOID)
		append_name(buf, DatumGetName(value));
	else if (attribute->attlen > 0)
		appendBinaryStringInfo(buf, (char *) DatumGetPointer(value),
							   attribute->attlen);
	else
	{
		struct varlena *bytes = PG_DETOAST_DATUM_PACKED(value);

		mig_append_number(buf, VARSIZE_ANY_EXHDR(bytes));
		appendBinaryStringInfo(buf, VARDATA_ANY(bytes),
							   VARSIZE_ANY_EXHDR(bytes));
	}
}

/* What stands behind the end of a name is not always the same. */
static void
append_name(StringInfo buf, const NameData *name)
{
	appendBinaryStringInfo(buf, NameStr(*name), strlen(NameStr(*name)) + 1);
}

/* But for the one that some servers write by themselves, see column.c. */
static void
append_options(StringInfo buf, Datum value)
{
	Datum	   *options;
	int			n;

	deconstruct_array(DatumGetArrayTypeP(value), TEXTOID, -1, false,
					  TYPALIGN_INT, &options, NULL, &n);
	for (int i = 0; i < n; i++)
	{
		char	   *option = TextDatumGetCString(options[i]);

		if (strncmp(option, "pg_attver=", strlen("pg_attver=")) != 0)
			appendBinaryStringInfo(buf, option, strlen(option) + 1);
	}
}

/* An array, or a vector, of OIDs */
static void
append_objects(MigNames *names, Oid classid, Datum value)
{
	ArrayType  *array = DatumGetArrayTypeP(value);
	int			n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	const Oid  *oids = (const Oid *) ELEMENTS(array);

	mig_append_number(&names->buf, n);
	for (int i = 0; i < n; i++)
		mig_append_number(&names->buf,
						  mig_names_number(names, classid, oids[i]));
}

/* An array, or a vector, of numbers of columns */
static void
append_columns(MigNames *names, Oid relid, Datum value)
{
	ArrayType  *array = DatumGetArrayTypeP(value);
	int			n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	const int16 *numbers = (const int16 *) ELEMENTS(array);

	mig_append_number(&names->buf, n);
	for (int i = 0; i < n; i++)
		mig_names_append_column(names, relid, numbers[i]);
}

/* Of a relation elsewhere the number is the same. */
void
mig_names_append_column(MigNames *names, Oid relid, int number)
{
	Oid			key[] = {relid, number};
	const MigNamedColumn *column = hash_search(names->columns, key, HASH_FIND,
											   NULL);

	if (column == NULL)
		mig_append_number(&names->buf, number);
	else
		append_name(&names->buf, &column->name);
}

static void
append_printed(MigRow *row, int i)
{
	const MigField *field = &row->fields[i];

	LOCAL_FCINFO(fcinfo, 2);
	Datum		result;
	struct varlena *string;

	InitFunctionCallInfoData(*fcinfo, NULL, 2, InvalidOid, NULL, NULL);
	fcinfo->args[0].isnull = fcinfo->args[1].isnull = false;
	if (field->print == pg_get_expr)
	{
		fcinfo->args[0].value = row->values[i];
		fcinfo->args[1].value = ObjectIdGetDatum(relation_for(row, i));
	}
	else
	{
		fcinfo->nargs = 1;
		fcinfo->args[0].value = row->values[row->oid];
	}
	result = field->print(fcinfo);
	if (fcinfo->isnull)
	{
		/* dropped just now */
		row->names->is_unknown = true;
		return;
	}
	string = DatumGetTextPP(result);
	mig_append_number(&row->names->buf, VARSIZE_ANY_EXHDR(string));
	appendBinaryStringInfo(&row->names->buf, VARDATA_ANY(string),
						   VARSIZE_ANY_EXHDR(string));
}

/*
 * The relation by which a tree is printed: for one with many columns that is
 * dear, so that it is none where the tree has no column.
 */
static Oid
relation_for(const MigRow *row, int i)
{
	int			of = row->fields[i].of;

	if (of < 0 || strstr(TextDatumGetCString(row->values[i]), "{VAR ") == NULL)
		return InvalidOid;
	return DatumGetObjectId(row->values[of]);
}

void
mig_append_number(StringInfo buf, uint64 number)
{
	appendBinaryStringInfo(buf, (const char *) &number, sizeof(number));
}
