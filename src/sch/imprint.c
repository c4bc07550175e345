/*-------------------------------------------------------------------------
 *
 * sch/imprint.c
 *	  Whether schemas stand in the catalogs as they stood.
 *
 * An imprint is a text of numbers, one per catalog, that is the same for the
 * live schemas and for what a model has built under their names, if both have
 * the same objects: whoever only wants to know that need not read a snapshot.
 * Where imprints differ it says nothing, for much of a catalog means nothing;
 * then snapshots are compared.
 *
 * The rows are taken as they are, whatever their columns are: what is not
 * known here counts.  Left out are columns which no comparison looks at; what
 * refers to an object of these schemas, or to a column, is replaced by its
 * name; and expressions are printed.  The order of a table's columns is none.
 *
 * Owners, privileges and what is of the whole database, but for casts, are
 * left out, and so are members of extensions, but for what hangs on them: that
 * stands in a shadow as it does live.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/catalog_row.h"
#include "sch/imprint.h"
#include "sch/imprint_pages.h"
#include "util/settings.h"
#include "util/sql.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "access/transam.h"
#include "catalog/dependency.h"
#include "catalog/pg_aggregate.h"
#include "catalog/pg_amop.h"
#include "catalog/pg_amproc.h"
#include "catalog/pg_attrdef.h"
#include "catalog/pg_cast.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_conversion.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_description.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_foreign_table.h"
#include "catalog/pg_index.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_partitioned_table.h"
#include "catalog/pg_policy.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_range.h"
#include "catalog/pg_rewrite.h"
#include "catalog/pg_sequence.h"
#include "catalog/pg_statistic_ext.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_ts_config.h"
#include "catalog/pg_ts_config_map.h"
#include "catalog/pg_ts_dict.h"
#include "catalog/pg_ts_parser.h"
#include "catalog/pg_ts_template.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "commands/comment.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* A catalog, and how its rows are read. */
typedef struct Catalog
{
	Oid			id;
	Oid			index;			/* by the row's own OID, or its owner's */
	const char *owner;			/* has the schema or the object of a row */
	const char *identity;		/* fields that tell its rows apart; NULL:
								 * nothing refers to them */
	const char *left_out;		/* fields that are */
} Catalog;

/* Those that others refer to come before these. */
static const Catalog catalogs[] = {
	{RelationRelationId, ClassOidIndexId, "relnamespace", "relname",
		"relfilenode relpages reltuples relallvisible relallfrozen reltype relhasindex relhasrules"
	" relhastriggers relhassubclass relnatts relchecks relrewrite"},
	{TypeRelationId, TypeOidIndexId, "typnamespace", "typname", NULL},
	{AttributeRelationId, AttributeRelidNumIndexId, "attrelid", NULL,
	"attnum attcacheoff atthasdef atthasmissing attmissingval"},
	{ProcedureRelationId, ProcedureOidIndexId, "pronamespace", "proname proargtypes", NULL},
	{CollationRelationId, CollationOidIndexId, "collnamespace", "collname collencoding", NULL},
	{OperatorRelationId, OperatorOidIndexId, "oprnamespace", "oprname oprleft oprright", NULL},
	{OperatorFamilyRelationId, OpfamilyOidIndexId, "opfnamespace", "opfmethod opfname", NULL},
	{OperatorClassRelationId, OpclassOidIndexId, "opcnamespace", "opcmethod opcname", NULL},
	{ConversionRelationId, ConversionOidIndexId, "connamespace", "conname", NULL},
	{TSParserRelationId, TSParserOidIndexId, "prsnamespace", "prsname", NULL},
	{TSTemplateRelationId, TSTemplateOidIndexId, "tmplnamespace", "tmplname", NULL},
	{TSDictionaryRelationId, TSDictionaryOidIndexId, "dictnamespace", "dictname", NULL},
	{TSConfigRelationId, TSConfigOidIndexId, "cfgnamespace", "cfgname", NULL},
	{StatisticExtRelationId, StatisticExtOidIndexId, "stxnamespace", "stxname", NULL},
	{ConstraintRelationId, ConstraintOidIndexId, "connamespace", "conrelid contypid conname", NULL},
	{PolicyRelationId, PolicyOidIndexId, "polrelid", "polrelid polname", NULL},
	{RewriteRelationId, RewriteOidIndexId, "ev_class", "ev_class rulename", "ev_qual"},
	{TriggerRelationId, TriggerOidIndexId, "tgrelid", "tgrelid tgname", NULL},
	{AttrDefaultRelationId, AttrDefaultOidIndexId, "adrelid", NULL, NULL},
	{IndexRelationId, IndexRelidIndexId, "indexrelid", NULL, "indcheckxmin"},
	{InheritsRelationId, InheritsRelidSeqnoIndexId, "inhrelid", NULL, NULL},
	{PartitionedRelationId, PartitionedRelidIndexId, "partrelid", NULL, NULL},
	{SequenceRelationId, SequenceRelidIndexId, "seqrelid", NULL, NULL},
	{ForeignTableRelationId, ForeignTableRelidIndexId, "ftrelid", NULL, NULL},
	{EnumRelationId, EnumOidIndexId, "enumtypid", NULL, NULL},
	{RangeRelationId, RangeTypidIndexId, "rngtypid", NULL, NULL},
	{AggregateRelationId, AggregateFnoidIndexId, "aggfnoid", NULL, NULL},
	{AccessMethodOperatorRelationId, AccessMethodOperatorOidIndexId, "amopfamily", NULL, NULL},
	{AccessMethodProcedureRelationId, AccessMethodProcedureOidIndexId, "amprocfamily", NULL, NULL},
	{TSConfigMapRelationId, TSConfigMapIndexId, "mapcfg", NULL, NULL},
};

typedef struct Imprint
{
	MigImprintMemory *known;
	bool		is_remembered;	/* that outlasts the imprint */
	MigNames   *names;			/* of what is in the schemas */
	HTAB	   *members;		/* see mig_members_read() */
	MemoryContext memory;		/* of the imprint */
} Imprint;

/* The catalog that is read. */
typedef struct Scan
{
	Imprint    *imprint;
	const Catalog *catalog;		/* NULL: one by itself, without these two */
	int			owner;			/* a field */
	MigRow		row;
	List	   *rows;			/* HeapTuple: those of the schemas, if others
								 * refer to them */
	MigDigest	digest;
} Scan;

#ifdef USE_ASSERT_CHECKING
static void check(const char *imprint, const List *schemas,
				  const List *described);
#endif
static void read_catalogs(Imprint *imprint, StringInfo lines);
static void name_schemas(Imprint *imprint, const List *schemas,
						 const List *described, StringInfo lines);
static void for_rows(Scan *scan, MigCatalogFunction function);
static void each_noted(Scan *scan, MigCatalogFunction function);
static const MigField *fields_of(const Catalog *catalog, Relation rel);
static bool is_ours(Scan *scan, HeapTuple tuple);
static void note_name(Relation rel, HeapTuple tuple, void *arg);
static void note_toast(Scan *scan, HeapTuple tuple);
static void add_row(Relation rel, HeapTuple tuple, void *arg);
static void note_label(Scan *scan);
static bool begin_column(Scan *scan);
static bool is_left_out(const Scan *scan, int i);
static char relkind_of(const Scan *scan);
static void put_others(StringInfo lines, Imprint *imprint, Oid catalog,
					   const char *key, MigCatalogFunction function);
static void add_extension(Relation rel, HeapTuple tuple, void *arg);
static void add_cast(Relation rel, HeapTuple tuple, void *arg);
static void add_owned(Relation rel, HeapTuple tuple, void *arg);
static void add_comment(Relation rel, HeapTuple tuple, void *arg);
static uint64 number_of(const StringInfoData *buf);
static void add_written(Scan *scan, HeapTuple tuple);
static void put_digest(StringInfo lines, Oid catalog, const MigDigest *digest);

/* What was written since then is rolled back. */
void
mig_imprint_undo(MigImprintMemory *remembered, XLogRecPtr since)
{
	mig_imprint_pages_undo(remembered, since);
}

/* For imprints to come, in the current memory context. */
MigImprintMemory *
mig_imprint_remember(void)
{
	return mig_imprint_pages_begin();
}

/*
 * The imprint of some schemas, Oid, in the current memory context; NULL: there
 * is something of which it cannot be told whether it is the same.  "described"
 * has the names of those whose own comments count.
 *
 * With a memory (or NULL) only what is new in the transaction is read.
 */
char *
mig_imprint(MigImprintMemory *remembered, const List *schemas,
			const List *described)
{
	Imprint		imprint = {.is_remembered = remembered != NULL};
	int			level = NewGUCNestLevel();
	StringInfoData lines;
	MemoryContext old;
	MigNames   *names;
	bool		is_unknown;

	mig_settings_set("search_path", mig_names_path(NULL));
	/* by which pg_get_ruledef() looks for rules */
	PushActiveSnapshot(GetLatestSnapshot());
	initStringInfo(&lines);
	imprint.memory = AllocSetContextCreate(CurrentMemoryContext,
										   "pg_migrations imprint",
										   ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(imprint.memory);
	imprint.members = mig_members_read();
	imprint.known = remembered != NULL ? remembered :
		mig_imprint_pages_begin();
	mig_imprint_pages_for(imprint.known, schemas, imprint.members);
	imprint.names = names = &imprint.known->names;
	imprint.known->holds = false;
	names->old = names->highest;
	do
	{
		if (names->has_changed)
			imprint.known->age++;
		names->has_changed = names->is_unknown = false;
		resetStringInfo(&lines);
		name_schemas(&imprint, schemas, described, &lines);
		read_catalogs(&imprint, &lines);
	} while (names->has_changed);
	is_unknown = names->is_unknown;
	imprint.known->holds = !is_unknown;
	MemoryContextSwitchTo(old);
	MemoryContextDelete(imprint.memory);
	PopActiveSnapshot();
	AtEOXact_GUC(true, level);
#ifdef USE_ASSERT_CHECKING
	if (remembered != NULL)
		check(is_unknown ? NULL : lines.data, schemas, described);
#endif
	return is_unknown ? NULL : lines.data;
}

#ifdef USE_ASSERT_CHECKING
/* What is remembered must not be another than what is there. */
static void
check(const char *imprint, const List *schemas, const List *described)
{
	const char *whole = mig_imprint(NULL, schemas, described);

	if ((imprint == NULL) != (whole == NULL) ||
		(imprint != NULL && strcmp(imprint, whole) != 0))
		elog(ERROR, "wrong imprint:\n%s\ninstead of:\n%s", imprint, whole);
}
#endif

/* Ends early where names have changed. */
static void
read_catalogs(Imprint *imprint, StringInfo lines)
{
	Scan		scans[lengthof(catalogs)];

	memset(scans, 0, sizeof(scans));
	for (size_t i = 0; i < lengthof(catalogs); i++)
	{
		scans[i].imprint = imprint;
		scans[i].catalog = &catalogs[i];
		if (catalogs[i].identity != NULL)
			for_rows(&scans[i], note_name);
	}
	if (imprint->names->has_changed)
		return;
	for (size_t i = 0; i < lengthof(catalogs); i++)
	{
		if (catalogs[i].identity == NULL || scans[i].rows != NIL)
			for_rows(&scans[i], add_row);
		put_digest(lines, catalogs[i].id, &scans[i].digest);
	}
	put_others(lines, imprint, ExtensionRelationId, "oid", add_extension);
	put_others(lines, imprint, CastRelationId, "oid", add_cast);
	put_others(lines, imprint, DependRelationId, "objid", add_owned);
	put_others(lines, imprint, DescriptionRelationId, "objoid", add_comment);
}

/* Schemas are told by their names. */
static void
name_schemas(Imprint *imprint, const List *schemas, const List *described,
			 StringInfo lines)
{
	List	   *names = NIL;
	const ListCell *lc;

	foreach(lc, schemas)
	{
		Oid			nsp = lfirst_oid(lc);
		char	   *name = get_namespace_name(nsp);
		char	   *comment = NULL;

		mig_names_enter(imprint->names, NamespaceRelationId, nsp,
						hash_bytes_extended((const unsigned char *) name,
											strlen(name), 0), '\0');
		if (mig_has_name(described, name))
			comment = GetComment(nsp, NamespaceRelationId, 0);
		comment = comment == NULL ? pstrdup("") : quote_literal_cstr(comment);
		names = lappend(names, psprintf("%s %s", quote_identifier(name),
										comment));
	}
	list_sort(names, mig_compare_names);
	foreach(lc, names)
		appendStringInfo(lines, "%s\n", (const char *) lfirst(lc));
}

/*
 * Call a function with the scan, its catalog opened, for each row, or for
 * those that were noted.
 */
static void
for_rows(Scan *scan, MigCatalogFunction function)
{
	MigRow	   *row = &scan->row;
	TupleDesc	desc;

	row->rel = table_open(scan->catalog->id, AccessShareLock);
	desc = RelationGetDescr(row->rel);
	row->names = scan->imprint->names;
	row->fields = fields_of(scan->catalog, row->rel);
	row->oid = mig_field_or_none(desc, "oid");
	row->values = palloc(sizeof(Datum) * desc->natts);
	row->isnull = palloc(sizeof(bool) * desc->natts);
	scan->owner = mig_field_of(desc, scan->catalog->owner);
	if (scan->rows != NIL)
		each_noted(scan, function);
	else if (scan->imprint->is_remembered)
		mig_imprint_pages_each(scan->imprint->known, row->rel,
							   row->oid < 0 ? scan->owner : row->oid,
							   &scan->digest, function, scan);
	else
		mig_catalog_each_added(scan->catalog->id, scan->catalog->index,
							   function, scan);
	table_close(row->rel, AccessShareLock);
}

/* The memory that a row takes is free behind it. */
static void
each_noted(Scan *scan, MigCatalogFunction function)
{
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext,
												 "pg_migrations row",
												 ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(memory);
	const ListCell *lc;

	foreach(lc, scan->rows)
	{
		CHECK_FOR_INTERRUPTS();
		function(scan->row.rel, lfirst(lc), scan);
		MemoryContextReset(memory);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(memory);
}

/* They are the same for the session. */
static const MigField *
fields_of(const Catalog *catalog, Relation rel)
{
	static const MigField *known[lengthof(catalogs)];
	const MigField **fields = &known[catalog - catalogs];

	if (*fields == NULL)
		*fields = mig_fields_make(rel, catalog->identity, catalog->left_out);
	return *fields;
}

/* Does a row belong to the schemas?  If so, it is taken apart. */
static bool
is_ours(Scan *scan, HeapTuple tuple)
{
	MigRow	   *row = &scan->row;
	TupleDesc	desc = RelationGetDescr(row->rel);
	bool		isnull;
	Datum		owner = heap_getattr(tuple, scan->owner + 1, desc, &isnull);

	if (mig_names_find(row->names, row->fields[scan->owner].classid,
					   DatumGetObjectId(owner)) == NULL)
		return false;
	heap_deform_tuple(tuple, desc, row->values, row->isnull);
	return row->oid < 0 ||
		!mig_members_has(scan->imprint->members, scan->catalog->id,
						 DatumGetObjectId(row->values[row->oid]));
}

/* Give an object a number, for what refers to it. */
static void
note_name(Relation rel, HeapTuple tuple, void *arg)
{
	Scan	   *scan = arg;
	MigRow	   *row = &scan->row;
	StringInfo	buf = &row->names->buf;
	Oid			catalog = scan->catalog->id;
	char		relkind = '\0';
	MemoryContext old;

	if (catalog == RelationRelationId)
		relkind = ((Form_pg_class) GETSTRUCT(tuple))->relkind;
	if (relkind == RELKIND_TOASTVALUE)
		note_toast(scan, tuple);
	if (!is_ours(scan, tuple))
		return;
	old = MemoryContextSwitchTo(scan->imprint->memory);
	scan->rows = lappend(scan->rows, heap_copytuple(tuple));
	MemoryContextSwitchTo(old);
	if (catalog == TriggerRelationId &&
		DatumGetBool(row->values[Anum_pg_trigger_tgisinternal - 1]))
		return;
	resetStringInfo(buf);
	mig_append_number(buf, catalog);
	mig_row_append(row, scan->owner);
	for (int i = 0; i < RelationGetDescr(rel)->natts; i++)
	{
		if (row->fields[i].identifies)
			mig_row_append(row, i);
	}
	mig_names_enter(row->names, catalog,
					DatumGetObjectId(row->values[row->oid]), number_of(buf),
					relkind);
}

/* All that matters of a TOAST table are its options. */
static void
note_toast(Scan *scan, HeapTuple tuple)
{
	MigRow	   *row = &scan->row;
	StringInfo	buf = &row->names->buf;
	int			options = Anum_pg_class_reloptions - 1;

	heap_deform_tuple(tuple, RelationGetDescr(row->rel), row->values,
					  row->isnull);
	resetStringInfo(buf);
	if (!row->isnull[options])
		mig_row_append(row, options);
	/* it is none of the relations that are told */
	mig_names_enter(row->names, InvalidOid,
					DatumGetObjectId(row->values[row->oid]),
					row->isnull[options] ? 0 : number_of(buf),
					RELKIND_TOASTVALUE);
}

static void
add_row(Relation rel, HeapTuple tuple, void *arg)
{
	Scan	   *scan = arg;
	MigRow	   *row = &scan->row;

	resetStringInfo(&row->names->buf);
	if (!is_ours(scan, tuple) ||
		(scan->catalog->id == AttributeRelationId && !begin_column(scan)))
		return;
	for (int i = 0; i < RelationGetDescr(rel)->natts; i++)
	{
		if (!is_left_out(scan, i))
			mig_row_append(row, i);
	}
	add_written(scan, tuple);
	if (scan->catalog->id == EnumRelationId)
		note_label(scan);
}

/* Where a constant stands for it, it is printed by its name. */
static void
note_label(Scan *scan)
{
	MigRow	   *row = &scan->row;
	StringInfo	buf = &row->names->buf;
	Datum		label = row->values[Anum_pg_enum_enumlabel - 1];

	resetStringInfo(buf);
	appendStringInfoString(buf, NameStr(*DatumGetName(label)));
	mig_names_enter(row->names, EnumRelationId,
					DatumGetObjectId(row->values[row->oid]), number_of(buf),
					'\0');
}

/*
 * Note the name of a column; false: it is none.  The order of those of a table
 * does not matter.
 */
static bool
begin_column(Scan *scan)
{
	MigRow	   *row = &scan->row;
	Datum		relid = row->values[Anum_pg_attribute_attrelid - 1];
	Datum		attnum = row->values[Anum_pg_attribute_attnum - 1];
	AttrNumber	number = DatumGetInt16(attnum);
	Datum		name = row->values[Anum_pg_attribute_attname - 1];
	char		relkind = relkind_of(scan);

	if (number < 1 ||
		DatumGetBool(row->values[Anum_pg_attribute_attisdropped - 1]))
		return false;
	mig_names_enter_column(row->names, DatumGetObjectId(relid), number,
						   DatumGetName(name));
	if (relkind != RELKIND_RELATION && relkind != RELKIND_PARTITIONED_TABLE &&
		relkind != RELKIND_FOREIGN_TABLE)
		mig_append_number(&row->names->buf, number);
	return true;
}

/* Of the relation that the column at hand belongs to. */
static char
relkind_of(const Scan *scan)
{
	Datum		relid = scan->row.values[Anum_pg_attribute_attrelid - 1];

	return mig_names_find(scan->row.names, RelationRelationId,
						  DatumGetObjectId(relid))->relkind;
}

/* Does a field mean nothing in the row at hand? */
static bool
is_left_out(const Scan *scan, int i)
{
	const MigRow *row = &scan->row;
	Datum		index;
	char		relkind;

	if (row->fields[i].treatment == MIG_FIELD_LEFT_OUT)
		return true;
	switch (scan->catalog->id)
	{
		case TriggerRelationId: /* named by numbers */
			return (i == Anum_pg_trigger_tgname - 1 ||
					i == Anum_pg_trigger_tgparentid - 1) &&
				DatumGetBool(row->values[Anum_pg_trigger_tgisinternal - 1]);
		case TypeRelationId:	/* as it was printed when it was given */
			return i == Anum_pg_type_typdefault - 1 &&
				!row->isnull[Anum_pg_type_typdefaultbin - 1];
		case ConstraintRelationId:	/* of keys by how they were made */
			index = row->values[Anum_pg_constraint_conindid - 1];
			return i == Anum_pg_constraint_connoinherit - 1 &&
				OidIsValid(DatumGetObjectId(index));
		case AttributeRelationId:	/* named by the server */
			if (i != Anum_pg_attribute_attname - 1)
				return false;
			relkind = relkind_of(scan);
			return relkind == RELKIND_INDEX ||
				relkind == RELKIND_PARTITIONED_INDEX;
		default:
			return false;
	}
}

/* A catalog of which other rows count, or some columns. */
static void
put_others(StringInfo lines, Imprint *imprint, Oid catalog, const char *key,
		   MigCatalogFunction function)
{
	Scan		scan = {.imprint = imprint};
	Relation	rel = table_open(catalog, AccessShareLock);

	if (imprint->is_remembered)
		mig_imprint_pages_each(imprint->known, rel,
							   mig_field_of(RelationGetDescr(rel), key),
							   &scan.digest, function, &scan);
	else
		mig_catalog_each(catalog, function, &scan);
	table_close(rel, AccessShareLock);
	put_digest(lines, catalog, &scan.digest);
}

/* All but the server's own, since a model may create some. */
static void
add_extension(Relation rel, HeapTuple tuple, void *arg)
{
	Scan	   *scan = arg;
	MigNames   *names = scan->imprint->names;
	Form_pg_extension extension = (Form_pg_extension) GETSTRUCT(tuple);
	bool		isnull;
	Datum		version = heap_getattr(tuple, Anum_pg_extension_extversion,
									   RelationGetDescr(rel), &isnull);

	if (extension->oid < FirstNormalObjectId)
		return;
	resetStringInfo(&names->buf);
	appendStringInfoString(&names->buf, NameStr(extension->extname));
	mig_names_enter(names, ExtensionRelationId, extension->oid,
					number_of(&names->buf), '\0');
	appendStringInfo(&names->buf, " %s", TextDatumGetCString(version));
	mig_append_number(&names->buf,
					  mig_names_number(names, NamespaceRelationId,
									   extension->extnamespace));
	add_written(scan, tuple);
}

/* Those from or to a type of these schemas, or by a function. */
static void
add_cast(Relation rel, HeapTuple tuple, void *arg)
{
	Scan	   *scan = arg;
	MigNames   *names = scan->imprint->names;
	Form_pg_cast cast = (Form_pg_cast) GETSTRUCT(tuple);

	if (mig_names_find(names, TypeRelationId, cast->castsource) == NULL &&
		mig_names_find(names, TypeRelationId, cast->casttarget) == NULL &&
		mig_names_find(names, ProcedureRelationId, cast->castfunc) == NULL)
		return;
	resetStringInfo(&names->buf);
	mig_append_number(&names->buf, CastRelationId);
	mig_append_number(&names->buf,
					  mig_names_number(names, TypeRelationId,
									   cast->castsource));
	mig_append_number(&names->buf,
					  mig_names_number(names, TypeRelationId,
									   cast->casttarget));
	mig_names_enter(names, CastRelationId, cast->oid, number_of(&names->buf),
					'\0');
	mig_append_number(&names->buf,
					  mig_names_number(names, ProcedureRelationId,
									   cast->castfunc));
	appendStringInfo(&names->buf, "%c%c", cast->castcontext, cast->castmethod);
	add_written(scan, tuple);
}

/* Which columns own sequences, and what goes with an extension. */
static void
add_owned(Relation rel, HeapTuple tuple, void *arg)
{
	Scan	   *scan = arg;
	MigNames   *names = scan->imprint->names;
	Form_pg_depend depend = (Form_pg_depend) GETSTRUCT(tuple);
	bool		goes_along = depend->deptype == DEPENDENCY_AUTO_EXTENSION;
	const MigNamed *object;

	if (!goes_along && (depend->classid != RelationRelationId ||
						depend->refclassid != RelationRelationId ||
						depend->refobjsubid == 0))
		return;
	object = mig_names_find(names, depend->classid, depend->objid);
	if (object == NULL ||
		(!goes_along && object->relkind != RELKIND_SEQUENCE))
		return;
	resetStringInfo(&names->buf);
	mig_append_number(&names->buf, object->name);
	mig_append_number(&names->buf,
					  mig_names_number(names, depend->refclassid,
									   depend->refobjid));
	mig_names_append_column(names, depend->refobjid, depend->refobjsubid);
	appendStringInfoChar(&names->buf, depend->deptype);
	add_written(scan, tuple);
}

/*
 * But on schemas, which are told with their names, and on extensions, see
 * model/extension_comment.c.
 */
static void
add_comment(Relation rel, HeapTuple tuple, void *arg)
{
	Scan	   *scan = arg;
	MigNames   *names = scan->imprint->names;
	TupleDesc	desc = RelationGetDescr(rel);
	Form_pg_description comment = (Form_pg_description) GETSTRUCT(tuple);
	int			text_field = Anum_pg_description_description - 1;
	const MigNamed *object;
	bool		isnull;
	Datum		value;

	object = comment->classoid == NamespaceRelationId ||
		comment->classoid == ExtensionRelationId ||
		comment->objoid < FirstNormalObjectId ? NULL :
		mig_names_find(names, comment->classoid, comment->objoid);
	if (object == NULL)
		return;
	resetStringInfo(&names->buf);
	mig_append_number(&names->buf, object->name);
	mig_names_append_column(names,
							comment->classoid == RelationRelationId ?
							comment->objoid : InvalidOid,
							comment->objsubid);
	value = heap_getattr(tuple, text_field + 1, desc, &isnull);
	mig_append_plain(&names->buf, TupleDescAttr(desc, text_field), value);
	add_written(scan, tuple);
}

static uint64
number_of(const StringInfoData *buf)
{
	return hash_bytes_extended((const unsigned char *) buf->data, buf->len, 0);
}

/* Add the row that was written. */
static void
add_written(Scan *scan, HeapTuple tuple)
{
	const StringInfoData *buf = &scan->imprint->names->buf;
	MigDigest	row = {.count = 1};

	for (size_t i = 0; i < lengthof(row.sums); i++)
		row.sums[i] = hash_bytes_extended((unsigned char *) buf->data,
										  buf->len, i);
	mig_digest_add(&scan->digest, &row);
	if (scan->imprint->is_remembered)
		mig_imprint_pages_add(scan->imprint->known, tuple->t_tableOid,
							  ItemPointerGetBlockNumber(&tuple->t_self), &row);
}

static void
put_digest(StringInfo lines, Oid catalog, const MigDigest *digest)
{
	appendStringInfo(lines, "%s " UINT64_FORMAT " " UINT64_FORMAT " "
					 UINT64_FORMAT "\n", get_rel_name(catalog), digest->count,
					 digest->sums[0], digest->sums[1]);
}
