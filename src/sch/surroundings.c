/*-------------------------------------------------------------------------
 *
 * sch/surroundings.c
 *	  What stands in the catalogs besides some schemas.
 *
 * Where scripts run in schemas of their own, all that they can find besides
 * what they make stands in the rows of the catalogs that are not about these
 * schemas.  Two texts of this file are the same if all of these rows are: each
 * was written by the same transaction, and stands in the same place.  That
 * means something in this database alone, and as long as the server runs.
 *
 * Members of extensions count wherever they are, and temporary objects never:
 * a shadow has the one, and not the other.  So do TOAST tables and
 * statistics, which no script looks at, and what dependencies there are, but
 * for members.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "sch/catalog_row.h"
#include "sch/surroundings.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/catalog.h"
#include "catalog/namespace.h"
#include "catalog/pg_aggregate.h"
#include "catalog/pg_am.h"
#include "catalog/pg_amop.h"
#include "catalog/pg_amproc.h"
#include "catalog/pg_attrdef.h"
#include "catalog/pg_auth_members.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_cast.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_conversion.h"
#include "catalog/pg_database.h"
#include "catalog/pg_db_role_setting.h"
#include "catalog/pg_default_acl.h"
#include "catalog/pg_description.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_event_trigger.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_foreign_data_wrapper.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_foreign_table.h"
#include "catalog/pg_index.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_init_privs.h"
#include "catalog/pg_language.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_parameter_acl.h"
#include "catalog/pg_partitioned_table.h"
#include "catalog/pg_policy.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_publication.h"
#include "catalog/pg_publication_namespace.h"
#include "catalog/pg_publication_rel.h"
#include "catalog/pg_range.h"
#include "catalog/pg_rewrite.h"
#include "catalog/pg_sequence.h"
#include "catalog/pg_statistic_ext.h"
#include "catalog/pg_subscription.h"
#include "catalog/pg_tablespace.h"
#include "catalog/pg_transform.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_ts_config.h"
#include "catalog/pg_ts_config_map.h"
#include "catalog/pg_ts_dict.h"
#include "catalog/pg_ts_parser.h"
#include "catalog/pg_ts_template.h"
#include "catalog/pg_type.h"
#include "catalog/pg_user_mapping.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/rel.h"

/*
 * A catalog, and the fields that say what its rows are about: a schema, or
 * objects of catalogs that come before it.
 */
typedef struct Catalog
{
	Oid			id;
	AttrNumber	schema;			/* of an object, 0: it has none */
	AttrNumber	owners[2];		/* of a part, 0: no further */
	Oid			classid;		/* of these; 0: a field says it */
} Catalog;

static const Catalog catalogs[] = {
	{.id = NamespaceRelationId,.schema = Anum_pg_namespace_oid},
	{.id = RelationRelationId,.schema = Anum_pg_class_relnamespace},
	{.id = TypeRelationId,.schema = Anum_pg_type_typnamespace},
	{.id = ProcedureRelationId,.schema = Anum_pg_proc_pronamespace},
	{.id = CollationRelationId,.schema = Anum_pg_collation_collnamespace},
	{.id = OperatorRelationId,.schema = Anum_pg_operator_oprnamespace},
	{.id = OperatorFamilyRelationId,.schema = Anum_pg_opfamily_opfnamespace},
	{.id = OperatorClassRelationId,.schema = Anum_pg_opclass_opcnamespace},
	{.id = ConversionRelationId,.schema = Anum_pg_conversion_connamespace},
	{.id = TSParserRelationId,.schema = Anum_pg_ts_parser_prsnamespace},
	{.id = TSTemplateRelationId,.schema = Anum_pg_ts_template_tmplnamespace},
	{.id = TSDictionaryRelationId,.schema = Anum_pg_ts_dict_dictnamespace},
	{.id = TSConfigRelationId,.schema = Anum_pg_ts_config_cfgnamespace},
	{.id = StatisticExtRelationId,
	.schema = Anum_pg_statistic_ext_stxnamespace},
	{.id = ConstraintRelationId,.schema = Anum_pg_constraint_connamespace},
	{.id = AttributeRelationId,.classid = RelationRelationId,
	.owners = {Anum_pg_attribute_attrelid}},
	{.id = AttrDefaultRelationId,.classid = RelationRelationId,
	.owners = {Anum_pg_attrdef_adrelid}},
	{.id = IndexRelationId,.classid = RelationRelationId,
	.owners = {Anum_pg_index_indexrelid}},
	{.id = InheritsRelationId,.classid = RelationRelationId,
	.owners = {Anum_pg_inherits_inhrelid}},
	{.id = PartitionedRelationId,.classid = RelationRelationId,
	.owners = {Anum_pg_partitioned_table_partrelid}},
	{.id = SequenceRelationId,.classid = RelationRelationId,
	.owners = {Anum_pg_sequence_seqrelid}},
	{.id = ForeignTableRelationId,.classid = RelationRelationId,
	.owners = {Anum_pg_foreign_table_ftrelid}},
	{.id = RewriteRelationId,.classid = RelationRelationId,
	.owners = {Anum_pg_rewrite_ev_class}},
	{.id = TriggerRelationId,.classid = RelationRelationId,
	.owners = {Anum_pg_trigger_tgrelid}},
	{.id = PolicyRelationId,.classid = RelationRelationId,
	.owners = {Anum_pg_policy_polrelid}},
	{.id = PublicationRelRelationId,.classid = RelationRelationId,
	.owners = {Anum_pg_publication_rel_prrelid}},
	{.id = EnumRelationId,.classid = TypeRelationId,
	.owners = {Anum_pg_enum_enumtypid}},
	{.id = RangeRelationId,.classid = TypeRelationId,
	.owners = {Anum_pg_range_rngtypid}},
	{.id = CastRelationId,.classid = TypeRelationId,
	.owners = {Anum_pg_cast_castsource, Anum_pg_cast_casttarget}},
	{.id = TransformRelationId,.classid = TypeRelationId,
	.owners = {Anum_pg_transform_trftype}},
	{.id = AggregateRelationId,.classid = ProcedureRelationId,
	.owners = {Anum_pg_aggregate_aggfnoid}},
	{.id = AccessMethodOperatorRelationId,.classid = OperatorFamilyRelationId,
	.owners = {Anum_pg_amop_amopfamily}},
	{.id = AccessMethodProcedureRelationId,.classid = OperatorFamilyRelationId,
	.owners = {Anum_pg_amproc_amprocfamily}},
	{.id = TSConfigMapRelationId,.classid = TSConfigRelationId,
	.owners = {Anum_pg_ts_config_map_mapcfg}},
	{.id = PublicationNamespaceRelationId,.classid = NamespaceRelationId,
	.owners = {Anum_pg_publication_namespace_pnnspid}},
	{.id = DescriptionRelationId,.owners = {Anum_pg_description_objoid}},
	{.id = AccessMethodRelationId},
	{.id = AuthIdRelationId},
	{.id = AuthMemRelationId},
	{.id = DatabaseRelationId},
	{.id = DbRoleSettingRelationId},
	{.id = DefaultAclRelationId},
	{.id = EventTriggerRelationId},
	{.id = ExtensionRelationId},
	{.id = ForeignDataWrapperRelationId},
	{.id = ForeignServerRelationId},
	{.id = InitPrivsRelationId},
	{.id = LanguageRelationId},
	{.id = ParameterAclRelationId},
	{.id = PublicationRelationId},
	{.id = SubscriptionRelationId},
	{.id = TableSpaceRelationId},
	{.id = UserMappingRelationId},
};

/* The catalog that is read. */
typedef struct Reading
{
	const Catalog *catalog;
	HTAB	   *members;		/* see mig_members_read() */
	HTAB	   *left_out;		/* likewise: what does not count */
	uint64		count;
	uint64		sum;
} Reading;

static void read_catalog(StringInfo lines, Reading *reading);
static void add_row(Relation rel, HeapTuple tuple, void *arg);
static bool counts(Reading *reading, TupleDesc desc, HeapTuple tuple);
static bool is_schema(Reading *reading, Oid schema);
static bool is_in_schema(Reading *reading, TupleDesc desc, HeapTuple tuple);
static bool is_part(const Reading *reading, TupleDesc desc, HeapTuple tuple);
static void leave_out(Reading *reading, Oid classid, Oid oid);
static Oid	field(HeapTuple tuple, AttrNumber number, TupleDesc desc);
static uint64 number_of(HeapTuple tuple);
static void put_members(StringInfo lines, HTAB *members);

/*
 * A line for each catalog, in the current memory context; the schemas, list of
 * Oid, do not count, but for their own rows.
 */
char *
mig_surroundings(const List *schemas)
{
	Reading		reading = {0};
	HASHCTL		ctl = {0};
	StringInfoData lines;
	MemoryContext memory;
	MemoryContext old;
	const ListCell *lc;

	initStringInfo(&lines);
	memory = AllocSetContextCreate(CurrentMemoryContext,
								   "pg_migrations surroundings",
								   ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(memory);
	reading.members = mig_members_read();
	ctl.keysize = ctl.entrysize = sizeof(Oid) * 2;
	ctl.hcxt = memory;
	reading.left_out = hash_create("pg_migrations left out", 1024, &ctl,
								   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	leave_out(&reading, NamespaceRelationId, PG_TOAST_NAMESPACE);
	foreach(lc, schemas)
		leave_out(&reading, NamespaceRelationId, lfirst_oid(lc));
	for (size_t i = 0; i < lengthof(catalogs); i++)
	{
		reading.catalog = &catalogs[i];
		read_catalog(&lines, &reading);
	}
	put_members(&lines, reading.members);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(memory);
	return lines.data;
}

static void
read_catalog(StringInfo lines, Reading *reading)
{
	Relation	rel = table_open(reading->catalog->id, AccessShareLock);

	reading->count = reading->sum = 0;
	mig_catalog_each(reading->catalog->id, add_row, reading);
	appendStringInfo(lines, "%s: " UINT64_FORMAT " " UINT64_FORMAT "\n",
					 RelationGetRelationName(rel), reading->count,
					 reading->sum);
	table_close(rel, AccessShareLock);
}

static void
add_row(Relation rel, HeapTuple tuple, void *arg)
{
	Reading    *reading = arg;

	if (!counts(reading, RelationGetDescr(rel), tuple))
		return;
	reading->count++;
	reading->sum += number_of(tuple);
}

static bool
counts(Reading *reading, TupleDesc desc, HeapTuple tuple)
{
	switch (reading->catalog->id)
	{
		case NamespaceRelationId:
			return is_schema(reading, field(tuple, Anum_pg_namespace_oid,
											desc));
		case DatabaseRelationId:
			return ((Form_pg_database) GETSTRUCT(tuple))->oid == MyDatabaseId;
		default:
			return reading->catalog->schema == 0 ?
				!is_part(reading, desc, tuple) :
				!is_in_schema(reading, desc, tuple);
	}
}

/* Does a schema live longer than a session? */
static bool
is_schema(Reading *reading, Oid schema)
{
	if (!isAnyTempNamespace(schema))
		return true;
	leave_out(reading, NamespaceRelationId, schema);
	return false;
}

/* Is an object left out, and with it what hangs on it? */
static bool
is_in_schema(Reading *reading, TupleDesc desc, HeapTuple tuple)
{
	Oid			oid = field(tuple, 1, desc);	/* all of these begin so */

	if (!mig_members_has(reading->left_out, NamespaceRelationId,
						 field(tuple, reading->catalog->schema, desc)) ||
		mig_members_has(reading->members, reading->catalog->id, oid))
		return false;
	leave_out(reading, reading->catalog->id, oid);
	return true;
}

static bool
is_part(const Reading *reading, TupleDesc desc, HeapTuple tuple)
{
	const Catalog *catalog = reading->catalog;
	Oid			classid = catalog->classid;

	if (catalog->id == DescriptionRelationId)
		classid = ((Form_pg_description) GETSTRUCT(tuple))->classoid;
	for (size_t i = 0; i < lengthof(catalog->owners); i++)
	{
		if (catalog->owners[i] != 0 &&
			mig_members_has(reading->left_out, classid,
							field(tuple, catalog->owners[i], desc)))
			return true;
	}
	return false;
}

static void
leave_out(Reading *reading, Oid classid, Oid oid)
{
	Oid			address[] = {classid, oid};

	(void) hash_search(reading->left_out, address, HASH_ENTER, NULL);
}

static Oid
field(HeapTuple tuple, AttrNumber number, TupleDesc desc)
{
	bool		isnull;

	return DatumGetObjectId(heap_getattr(tuple, number, desc, &isnull));
}

/* For the version of a row. */
static uint64
number_of(HeapTuple tuple)
{
	uint32		row[] = {
		tuple->t_tableOid,
		HeapTupleHeaderGetRawXmin(tuple->t_data),
		ItemPointerGetBlockNumberNoCheck(&tuple->t_self),
		ItemPointerGetOffsetNumberNoCheck(&tuple->t_self)
	};

	return hash_bytes_extended((const unsigned char *) row, sizeof(row), 0);
}

/* They may be so, and no row of a catalog but pg_depend be another. */
static void
put_members(StringInfo lines, HTAB *members)
{
	uint64		sum = 0;
	HASH_SEQ_STATUS status;
	const Oid  *address;

	hash_seq_init(&status, members);
	while ((address = hash_seq_search(&status)) != NULL)
		sum += hash_bytes_extended((const unsigned char *) address,
								   sizeof(Oid) * 2, 0);
	appendStringInfo(lines, "members of extensions: %ld " UINT64_FORMAT "\n",
					 hash_get_num_entries(members), sum);
}
