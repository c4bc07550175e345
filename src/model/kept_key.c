/*-------------------------------------------------------------------------
 *
 * model/kept_key.c
 *	  What the snapshot of a model depends on.
 *
 * Two snapshots of a model are the same if their keys are.  A key has two
 * parts.  The first can be told without the model being built: its text and
 * scope, the settings, the server, the extensions, what names may mean.  The
 * second is about what of the database the model has turned out to refer to:
 * these objects, each with what shows that it was changed, and what else
 * stands in the schemas in which its names were looked up.
 *
 * A change is seen by the transaction that wrote a row of a catalog last, and
 * by where the row stands.  That means nothing in another database, or in the
 * same one after a dump or pg_upgrade: so the key names the database and the
 * system, too.
 *
 * Not to be noticed are objects of the managed schemas, which a model does not
 * see.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "model/kept_key.h"
#include "sch/catalog_row.h"
#include "sch/snapshot_text.h"
#include "util/spi.h"
#include "util/sql.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/transam.h"
#include "access/xlog.h"
#include "catalog/dependency.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_cast.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_conversion.h"
#include "catalog/pg_default_acl.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_tablespace.h"
#include "catalog/pg_ts_config.h"
#include "catalog/pg_ts_dict.h"
#include "catalog/pg_ts_parser.h"
#include "catalog/pg_ts_template.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/* A number for rows, whatever their order. */
typedef struct Digest
{
	uint64		sum;
	uint64		count;
	const List *schemas;		/* Oid: whose rows count, or do not */
	HTAB	   *members;		/* of extensions, see mig_members_read() */
} Digest;

/* What a model refers to, while it is collected. */
typedef struct References
{
	const MigSnapshot *snapshot;
	List	   *addresses;		/* of MigAddress * */
} References;

/* The catalogs of what a name may mean, but for schemas. */
static const Oid named_catalogs[] = {
	RelationRelationId, TypeRelationId, ProcedureRelationId,
	OperatorRelationId, OperatorClassRelationId, OperatorFamilyRelationId,
	CollationRelationId, ConversionRelationId, TSConfigRelationId,
	TSDictionaryRelationId, TSParserRelationId, TSTemplateRelationId,
};

/* $1: the managed schemas, by their names */
static const char live_query[] =
"SELECT pg_catalog.concat_ws(' ', nspname, pg_catalog.pg_get_userbyid(nspowner), nspacl::pg_catalog.text,"
" (SELECT initprivs::pg_catalog.text FROM pg_catalog.pg_init_privs"
" WHERE objoid = n.oid AND classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass))"
" FROM pg_catalog.pg_namespace n WHERE nspname = ANY ($1) ORDER BY nspname COLLATE \"C\"";

/* roles that grants and policies name, and tablespaces */
static const char shared_query[] =
"SELECT classid, objid, refclassid, refobjid FROM pg_catalog.pg_shdepend"
" WHERE dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())"
" AND deptype <> 'o'";

static void put(StringInfo buf, const char *label, const char *value);
static void put_list(StringInfo buf, const char *label, const List *names);
static void put_statements(StringInfo buf, const MigModel *model);
static void put_settings(StringInfo buf, const MigRecipe *built);
static void put_database(StringInfo buf, const MigRecipe *built);
static void put_digest(StringInfo buf, const char *label,
					   const Digest *digest);
static List *looked_up(const MigRecipe *built, bool own);
static bool is_usable(const char *name);
static List *live_namespaces(const MigRecipe *built);
static void put_watched(StringInfo buf, const List *namespaces);
static List *extensions(void);
static void put_members(StringInfo buf);
static void add_cast(Relation rel, HeapTuple tuple, void *arg);
static Oid	schema_of_type(Oid type);
static void add_default(Relation rel, HeapTuple tuple, void *arg);
static void add_named(Relation rel, HeapTuple tuple, void *arg);
static void add_reference(TupleTableSlot *slot, void *arg);
static char *state_of(const MigAddress *address);
static uint64 object_state(const MigAddress *address);
static Oid	relation_of(const MigAddress *address);
static uint64 relation_state(Oid relid);
static uint64 tuple_state(uint32 kind, uint32 number, HeapTuple tuple);
static uint64 row_state(uint32 kind, uint32 number, TransactionId xid,
						ItemPointer tid, const char *name);

/*
 * The first part of the key, a line for each thing, which begins with what it
 * is for people.  In the current memory context.
 */
char *
mig_key_of(const MigRecipe *built)
{
	StringInfoData buf;

	initStringInfo(&buf);
	put(&buf, "format", mig_freeze_format());
	put(&buf, "version of the extension", MIG_VERSION);
	put(&buf, "version of the server",
		GetConfigOption("server_version", false, false));
	put(&buf, "server", psprintf(UINT64_FORMAT, GetSystemIdentifier()));
	put(&buf, "database", psprintf("%u", MyDatabaseId));
	put(&buf, "text", mig_key_digest(built->text));
	put_statements(&buf, built->model);
	put_list(&buf, "scope", built->schemas);
	put_list(&buf, "scope", built->managed);
	put(&buf, "scope", built->unqualified == NULL ? "" : built->unqualified);
	put(&buf, "migrate.compare",
		psprintf("%d%d%d", built->database, built->privileges, built->owners));
	put_settings(&buf, built);
	put_database(&buf, built);
	return buf.data;
}

/*
 * What a key differs in from another; NULL: in nothing.
 */
char *
mig_key_difference(const char *key, const char *other)
{
	while (*key != '\0')
	{
		size_t		length = strcspn(key, "\n") + 1;

		if (strncmp(key, other, length) != 0)
			return pnstrdup(key, strcspn(key, ":"));
		key += length;
		other += length;
	}
	return *other == '\0' ? NULL : pstrdup("end");
}

/* One line, whatever is in the value. */
static void
put(StringInfo buf, const char *label, const char *value)
{
	appendStringInfo(buf, "%s: ", label);
	for (; *value != '\0'; value++)
	{
		if (*value == '\n' || *value == '\\')
			appendStringInfoChar(buf, '\\');
		appendStringInfoChar(buf, *value == '\n' ? 'n' : *value);
	}
	appendStringInfoChar(buf, '\n');
}

static void
put_list(StringInfo buf, const char *label, const List *names)
{
	StringInfoData line;
	const ListCell *lc;

	initStringInfo(&line);
	foreach(lc, names)
		appendStringInfo(&line, "%s ", quote_identifier(lfirst(lc)));
	put(buf, label, line.data);
}

/* Stands for a text in a key. */
char *
mig_key_digest(const char *source)
{
	Datum		digest;

	digest = DirectFunctionCall1(sha256_bytea, CStringGetTextDatum(source));
	return DatumGetCString(DirectFunctionCall1(byteaout, digest));
}

/* Which statements mean nothing depends on the database, and on its roles. */
static void
put_statements(StringInfo buf, const MigModel *model)
{
	StringInfoData line;

	initStringInfo(&line);
	for (int i = 0; i < model->script->nstatements; i++)
	{
		if (model->skipped[i])
			appendStringInfo(&line, "%d ", i);
	}
	put(buf, "what is skipped of the text", line.data);
	put_list(buf, "roles that are missing", model->absent_roles);
}

/* The others are the same for all who build a model, see util/settings.c. */
static void
put_settings(StringInfo buf, const MigRecipe *built)
{
	static const char *const resets[] = {
		"default_table_access_method", "default_tablespace",
		"default_toast_compression",
	};

	for (size_t i = 0; i < lengthof(resets); i++)
		put(buf, resets[i], GetConfigOptionResetString(resets[i]));
	put_list(buf, "search_path", looked_up(built, true));
	if (strcasestr(built->text, "from current") == NULL)
		return;
	/* functions that take it over */
	put(buf, "search_path", built->model->search_path);
	put(buf, "search_path", GetConfigOptionResetString("search_path"));
}

/* What is looked up when a model is built, and belongs to no schema. */
static void
put_database(StringInfo buf, const MigRecipe *built)
{
	List	   *names = NIL;
	bool		has_roles = built->privileges || built->owners;
	Digest global = {.schemas = live_namespaces(built)};
	MigParam	param;
	MigSpi		spi;

	put_list(buf, "extensions", extensions());
	put_members(buf);
	if (has_roles)
	{
		param = MIG_PARAM(TEXTARRAYOID, mig_text_array(built->schemas));
		mig_spi_begin_catalog(&spi, mig_names_path(NULL));
		mig_spi_each(&spi, live_query, 1, &param, mig_spi_add_text, &names);
		mig_spi_end(&spi);
		put_list(buf, "owners and privileges of schemas", names);
	}
	mig_catalog_each(CastRelationId, add_cast, &global);
	put_digest(buf, "casts", &global);
	mig_catalog_each(DefaultAclRelationId, add_default, &global);
	put_digest(buf, "default privileges", &global);
	has_roles |= built->names_role || global.count > 0;

	put(buf, "role", has_roles ? GetUserNameFromId(GetUserId(), false) : "");
	put(buf, "role", strcasestr(built->text, "session_user") == NULL ? "" :
		GetUserNameFromId(GetSessionUserId(), false));
	/* only they see subscriptions */
	put(buf, "role", built->database && superuser() ? "superuser" : "");
}

/* The managed schemas as they stand, list of Oid. */
static List *
live_namespaces(const MigRecipe *built)
{
	List	   *oids = NIL;
	const ListCell *lc;

	foreach(lc, built->schemas)
	{
		Oid			oid = get_namespace_oid(lfirst(lc), true);

		if (OidIsValid(oid))
			oids = lappend_oid(oids, oid);
	}
	return oids;
}

static void
put_digest(StringInfo buf, const char *label, const Digest *digest)
{
	put(buf, label, psprintf(UINT64_FORMAT " " UINT64_FORMAT, digest->count,
							 digest->sum));
}

/* Each with its version and schema, sorted; char *. */
static List *
extensions(void)
{
	Relation	rel = table_open(ExtensionRelationId, AccessShareLock);
	SysScanDesc scan = systable_beginscan(rel, ExtensionNameIndexId, true,
										  NULL, 0, NULL);
	List	   *found = NIL;
	HeapTuple	tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_extension extension = (Form_pg_extension) GETSTRUCT(tuple);
		bool		isnull;
		Datum		version = heap_getattr(tuple,
										   Anum_pg_extension_extversion,
										   RelationGetDescr(rel), &isnull);
		const char *nsp = get_namespace_name(extension->extnamespace);

		found = lappend(found, psprintf("%s %s %s",
										NameStr(extension->extname),
										TextDatumGetCString(version),
										nsp == NULL ? "" : nsp));
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return found;
}

/* They stand in a shadow, too; ALTER EXTENSION adds and drops them. */
static void
put_members(StringInfo buf)
{
	HTAB	   *members = mig_members_read();
	Digest		digest = {0};
	HASH_SEQ_STATUS status;
	const Oid  *address;

	hash_seq_init(&status, members);
	while ((address = hash_seq_search(&status)) != NULL)
	{
		digest.count++;
		digest.sum += row_state(address[0], address[1], InvalidTransactionId,
								NULL, "");
	}
	hash_destroy(members);
	put_digest(buf, "members of extensions", &digest);
}

/* A cast of users, unless it is of types in the managed schemas. */
static void
add_cast(Relation rel, HeapTuple tuple, void *arg)
{
	Digest	   *digest = arg;
	Form_pg_cast cast = (Form_pg_cast) GETSTRUCT(tuple);

	if (cast->oid < FirstNormalObjectId ||
		list_member_oid(digest->schemas, schema_of_type(cast->castsource)) ||
		list_member_oid(digest->schemas, schema_of_type(cast->casttarget)))
		return;
	digest->count++;
	digest->sum += tuple_state(0, cast->oid, tuple);
}

static Oid
schema_of_type(Oid type)
{
	ObjectAddress address = {TypeRelationId, type, 0};

	return get_object_namespace(&address);
}

/* Default privileges that are given in no schema. */
static void
add_default(Relation rel, HeapTuple tuple, void *arg)
{
	Digest	   *digest = arg;
	Form_pg_default_acl row = (Form_pg_default_acl) GETSTRUCT(tuple);

	if (OidIsValid(row->defaclnamespace))
		return;
	digest->count++;
	digest->sum += tuple_state(0, row->oid, tuple);
}

/*
 * The schemas in which the model's names are looked up, char *; with "own"
 * also those that it is about.
 */
static List *
looked_up(const MigRecipe *built, bool own)
{
	List	   *names = NIL;
	const ListCell *lc;

	foreach(lc, built->model->path)
	{
		const char *name = lfirst(lc);

		if (strcmp(name, "$user") == 0)
			name = GetUserNameFromId(GetUserId(), false);
		if (mig_has_name(built->schemas, name) ? own : is_usable(name))
			names = lappend(names, pstrdup(name));
	}
	return names;
}

/* Would a schema of others be looked into, and may it change? */
static bool
is_usable(const char *name)
{
	Oid			nsp = get_namespace_oid(name, true);

	return OidIsValid(nsp) && nsp != PG_CATALOG_NAMESPACE &&
		!isAnyTempNamespace(nsp) &&
		object_aclcheck(NamespaceRelationId, nsp, GetUserId(),
						ACL_USAGE) == ACLCHECK_OK;
}

/*
 * What a model refers to, and is not of it; to be asked while it stands.  List
 * of MigAddress *.
 */
List *
mig_key_references(const MigSnapshot *snapshot)
{
	References	references = {snapshot, NIL};
	HASH_SEQ_STATUS status;
	const MigAddress *address;
	MigSpi		spi;

	hash_seq_init(&status, snapshot->referred);
	while ((address = hash_seq_search(&status)) != NULL)
	{
		MigAddress *copy = palloc(sizeof(MigAddress));

		*copy = *address;
		references.addresses = lappend(references.addresses, copy);
	}
	mig_spi_begin_catalog(&spi, mig_names_path(NULL));
	mig_spi_each(&spi, shared_query, 0, NULL, add_reference, &references);
	mig_spi_end(&spi);
	return references.addresses;
}

/* Note what one object of the snapshot refers to. */
static void
add_reference(TupleTableSlot *slot, void *arg)
{
	References *references = arg;
	MigAddress *address;
	Oid			classid;
	Oid			objid;

	slot_getallattrs(slot);
	classid = DatumGetObjectId(slot->tts_values[0]);
	objid = DatumGetObjectId(slot->tts_values[1]);
	if (mig_snapshot_at(references->snapshot, classid, objid, 0) == NULL)
		return;
	address = palloc0(sizeof(MigAddress));
	address->classid = DatumGetObjectId(slot->tts_values[2]);
	address->objid = DatumGetObjectId(slot->tts_values[3]);
	references->addresses = lappend(references->addresses, address);
}

/*
 * The second part of the key, when the model is gone, and with it what it had
 * made besides: a line per object, and one for the rest of the schemas that
 * they and the model's names are in.
 */
char *
mig_key_outside(const MigRecipe *built, List *addresses)
{
	List	   *live = live_namespaces(built);
	List	   *watched = NIL;
	StringInfoData buf;
	const ListCell *lc;

	initStringInfo(&buf);
	foreach(lc, looked_up(built, false))
		watched = list_append_unique_oid(watched,
										 get_namespace_oid(lfirst(lc), false));
	foreach(lc, addresses)
	{
		const MigAddress *address = lfirst(lc);
		ObjectAddress object = {address->classid, address->objid, 0};
		char	   *state = state_of(address);
		Oid			nsp = InvalidOid;

		if (state == NULL)
			continue;
		put(&buf, psprintf("%u %u %d", address->classid, address->objid,
						   address->objsubid), state);
		if (is_objectclass_supported(object.classId) &&
			get_object_attnum_namespace(object.classId) != InvalidAttrNumber)
			nsp = get_object_namespace(&object);
		if (OidIsValid(nsp) && nsp != PG_CATALOG_NAMESPACE &&
			!list_member_oid(live, nsp))
			watched = list_append_unique_oid(watched, nsp);
	}
	if (watched != NIL)
		put_watched(&buf, watched);
	return buf.data;
}

/* Members of extensions are what these are. */
static void
put_watched(StringInfo buf, const List *namespaces)
{
	Digest		digest = {.schemas = namespaces};

	digest.members = mig_members_read();
	for (size_t i = 0; i < lengthof(named_catalogs); i++)
		mig_catalog_each(named_catalogs[i], add_named, &digest);
	hash_destroy(digest.members);
	put_digest(buf, "what stands there", &digest);
}

/* Something in a schema; of relations the name alone. */
static void
add_named(Relation rel, HeapTuple tuple, void *arg)
{
	Digest	   *digest = arg;
	Oid			catalog = RelationGetRelid(rel);
	TupleDesc	desc = RelationGetDescr(rel);
	bool		isnull;
	Datum		value;
	Oid			oid;

	value = heap_getattr(tuple, get_object_attnum_namespace(catalog), desc,
						 &isnull);
	if (!list_member_oid(digest->schemas, DatumGetObjectId(value)))
		return;
	oid = DatumGetObjectId(heap_getattr(tuple, get_object_attnum_oid(catalog),
										desc, &isnull));
	if (mig_members_has(digest->members, catalog, oid))
		return;
	value = heap_getattr(tuple, get_object_attnum_name(catalog), desc,
						 &isnull);
	if (catalog == RelationRelationId)
	{
		char		relkind = ((Form_pg_class) GETSTRUCT(tuple))->relkind;

		if (relkind == RELKIND_INDEX || relkind == RELKIND_TOASTVALUE ||
			relkind == RELKIND_PARTITIONED_INDEX)
			return;
		digest->sum += row_state(catalog, oid, InvalidTransactionId, NULL,
								 NameStr(*DatumGetName(value)));
	}
	else
		digest->sum += row_state(catalog, oid,
								 HeapTupleHeaderGetRawXmin(tuple->t_data),
								 &tuple->t_self,
								 NameStr(*DatumGetName(value)));
	digest->count++;
}

/* The addresses in such a part, list of MigAddress *. */
List *
mig_key_addresses(const char *outside)
{
	List	   *addresses = NIL;

	for (; *outside != '\0'; outside += strcspn(outside, "\n"))
	{
		MigAddress *address = palloc0(sizeof(MigAddress));

		if (*outside == '\n')
			outside++;
		if (sscanf(outside, "%u %u %d:", &address->classid, &address->objid,
				   &address->objsubid) == 3)
			addresses = lappend(addresses, address);
	}
	return addresses;
}

/*
 * What shows that an object was changed; NULL: it is not there.  Roles and
 * tablespaces matter by their names alone, and relations by what others may
 * have of them: their own rows are written for many reasons.
 */
static char *
state_of(const MigAddress *address)
{
	ObjectAddress object = {address->classid, address->objid,
	address->objsubid};
	char	   *identity = getObjectIdentity(&object, true);
	Oid			relid = relation_of(address);
	uint64		state = 0;

	if (identity == NULL)
		return NULL;
	if (OidIsValid(relid))
		state += relation_state(relid);
	if (address->classid != AuthIdRelationId &&
		address->classid != TableSpaceRelationId &&
		address->classid != RelationRelationId)
		state += object_state(address);
	return psprintf(UINT64_FORMAT " %s", state, identity);
}

/* A number for the row of an object. */
static uint64
object_state(const MigAddress *address)
{
	Relation	catalog = table_open(address->classid, AccessShareLock);
	uint64		state = 0;
	HeapTuple	tuple;

	tuple = get_catalog_object_by_oid(catalog,
									  get_object_attnum_oid(address->classid),
									  address->objid);
	if (HeapTupleIsValid(tuple))
		state = tuple_state(0, 0, tuple);
	table_close(catalog, AccessShareLock);
	return state;
}

/* The relation whose columns an object has, or InvalidOid. */
static Oid
relation_of(const MigAddress *address)
{
	if (address->classid == RelationRelationId)
		return address->objid;
	if (address->classid == TypeRelationId)
		return get_typ_typrelid(address->objid);
	return InvalidOid;
}

/* A number for the columns of a relation and their checks. */
static uint64
relation_state(Oid relid)
{
	Relation	catalog = table_open(ConstraintRelationId, AccessShareLock);
	uint64		sum = 0;
	HeapTuple	tuple;
	ScanKeyData key;
	SysScanDesc scan;

	for (AttrNumber i = 1;; i++)
	{
		tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(relid),
								Int16GetDatum(i));
		if (!HeapTupleIsValid(tuple))
			break;
		sum += tuple_state(0, i, tuple);
		ReleaseSysCache(tuple);
	}
	ScanKeyInit(&key, Anum_pg_constraint_conrelid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(relid));
	scan = systable_beginscan(catalog, ConstraintRelidTypidNameIndexId, true,
							  NULL, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
		sum += tuple_state(1, 0, tuple);
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return sum;
}

static uint64
tuple_state(uint32 kind, uint32 number, HeapTuple tuple)
{
	return row_state(kind, number, HeapTupleHeaderGetRawXmin(tuple->t_data),
					 &tuple->t_self, "");
}

/*
 * A number for a version of a row.  One transaction may write several of them,
 * which stand in different places.
 */
static uint64
row_state(uint32 kind, uint32 number, TransactionId xid, ItemPointer tid,
		  const char *name)
{
	uint32		row[] = {
		kind, number, xid,
		tid == NULL ? 0 : ItemPointerGetBlockNumberNoCheck(tid),
		tid == NULL ? 0 : ItemPointerGetOffsetNumberNoCheck(tid)
	};
	uint64		seed;

	seed = hash_bytes_extended((const unsigned char *) name, strlen(name), 0);
	return hash_bytes_extended((const unsigned char *) row, sizeof(row),
							   seed);
}
