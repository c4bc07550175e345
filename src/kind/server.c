/*-------------------------------------------------------------------------
 *
 * kind/server.c
 *	  Foreign-data wrappers, servers and user mappings.
 *
 * They are altered in place wherever the server can do so, for foreign tables
 * stand on them.  Who may not see the options of a user mapping sees it
 * without any.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/sch.h"

#include "catalog/pg_foreign_data_wrapper.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_user_mapping.h"
#include "kind/list.h"
#include "sch/action.h"
#include "utils/builtins.h"

enum
{
	FDW_HANDLER,
	FDW_VALIDATOR,
	FDW_CONNECTION,
	FDW_OPTIONS,
	FDW_NATTRIBUTES
};

static const MigAttribute fdw_attributes[FDW_NATTRIBUTES] = {
	[FDW_HANDLER] = {"handler"},
	[FDW_VALIDATOR] = {"validator"},
	[FDW_CONNECTION] = {"connection"},
	[FDW_OPTIONS] = {"options"},
};

static const char fdw_query[] =
"SELECT oid, 0, 0::pg_catalog.oid, 0, NULL::pg_catalog.text, fdwname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(fdwowner)::pg_catalog.text, " MIG_ACL("fdwacl", "F", "fdwowner") ","
" NULLIF(fdwhandler, 0)::pg_catalog.regproc::pg_catalog.text,"
" NULLIF(fdwvalidator, 0)::pg_catalog.regproc::pg_catalog.text,"
" NULLIF(" MIG_FDW_CONNECTION ", 0)::pg_catalog.regproc::pg_catalog.text, " MIG_LIST("fdwoptions")
" FROM pg_catalog.pg_foreign_data_wrapper WHERE " MIG_NOT_HIDDEN("fdwname")
" ORDER BY fdwname COLLATE \"C\"";

enum
{
	SERVER_FDW,
	SERVER_TYPE,
	SERVER_VERSION,
	SERVER_OPTIONS,
	SERVER_NATTRIBUTES
};

static const MigAttribute server_attributes[SERVER_NATTRIBUTES] = {
	[SERVER_FDW] = {"foreign-data wrapper", MIG_FIXED},
	[SERVER_TYPE] = {"type", MIG_FIXED},
	[SERVER_VERSION] = {"version"},
	[SERVER_OPTIONS] = {"options"},
};

static const char server_query[] =
"SELECT s.oid, 0, 0::pg_catalog.oid, 0, NULL::pg_catalog.text, srvname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(srvowner)::pg_catalog.text, " MIG_ACL("srvacl", "S", "srvowner") ","
" fdwname::pg_catalog.text, srvtype, srvversion, " MIG_LIST("srvoptions")
" FROM pg_catalog.pg_foreign_server s"
" JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = srvfdw"
" WHERE " MIG_NOT_HIDDEN("srvname")
" ORDER BY srvname COLLATE \"C\"";

enum
{
	MAPPING_SERVER,
	MAPPING_OPTIONS,
	MAPPING_NATTRIBUTES
};

static const MigAttribute mapping_attributes[MAPPING_NATTRIBUTES] = {
	[MAPPING_SERVER] = {"server", MIG_FIXED},
	[MAPPING_OPTIONS] = {"options"},
};

static const char mapping_query[] =
"SELECT umid, 0, 0::pg_catalog.oid, 0, NULL::pg_catalog.text,"
" CASE umuser WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(usename) END,"
" NULL::pg_catalog.text, NULL::pg_catalog.text, srvname::pg_catalog.text, " MIG_LIST("umoptions")
" FROM pg_catalog.pg_user_mappings WHERE " MIG_NOT_HIDDEN("srvname")
" ORDER BY srvname COLLATE \"C\", usename COLLATE \"C\"";

static void create_fdw(StringInfo buf, const MigObject *fdw);
static void alter_fdw(MigDiff *diff, MigObject *from, MigObject *to);
static void alter_function(MigDiff *diff, MigObject *to, int attribute,
						   const char *clause);
static void create_server(StringInfo buf, const MigObject *server);
static void alter_server(MigDiff *diff, MigObject *from, MigObject *to);
static void identify_mapping(StringInfo buf, const MigObject *mapping);
static void create_mapping(StringInfo buf, const MigObject *mapping);
static void alter_mapping(MigDiff *diff, MigObject *from, MigObject *to);
static void append_options(StringInfo buf, const char *options);
static void alter_options(MigDiff *diff, MigObject *from, MigObject *to,
						  int attribute);

const MigKind mig_fdw_kind = {
	.id = MIG_FDW,
	.name = "foreign-data wrapper",
	.noun = "FOREIGN DATA WRAPPER",
	.acl_noun = "FOREIGN DATA WRAPPER",
	.acl_type = "F",
	.classid = ForeignDataWrapperRelationId,
	.flags = MIG_KIND_DATABASE | MIG_KIND_LATE_DROP,
	.query = fdw_query,
	.nattributes = FDW_NATTRIBUTES,
	.attributes = fdw_attributes,
	.create = create_fdw,
	.alter = alter_fdw,
};

const MigKind mig_server_kind = {
	.id = MIG_SERVER,
	.name = "foreign server",
	.noun = "SERVER",
	.acl_noun = "FOREIGN SERVER",
	.acl_type = "S",
	.classid = ForeignServerRelationId,
	.flags = MIG_KIND_DATABASE | MIG_KIND_LATE_DROP,
	.query = server_query,
	.nattributes = SERVER_NATTRIBUTES,
	.attributes = server_attributes,
	.create = create_server,
	.alter = alter_server,
};

const MigKind mig_user_mapping_kind = {
	.id = MIG_USER_MAPPING,
	.name = "user mapping",
	.noun = "USER MAPPING",
	.classid = UserMappingRelationId,
	.flags = MIG_KIND_DATABASE | MIG_KIND_LATE_DROP,
	.query = mapping_query,
	.nattributes = MAPPING_NATTRIBUTES,
	.attributes = mapping_attributes,
	.identify = identify_mapping,
	.create = create_mapping,
	.alter = alter_mapping,
};

static void
create_fdw(StringInfo buf, const MigObject *fdw)
{
	appendStringInfo(buf, "CREATE FOREIGN DATA WRAPPER %s", fdw->identity);
	if (fdw->values[FDW_HANDLER] != NULL)
		appendStringInfo(buf, " HANDLER %s", fdw->values[FDW_HANDLER]);
	if (fdw->values[FDW_VALIDATOR] != NULL)
		appendStringInfo(buf, " VALIDATOR %s", fdw->values[FDW_VALIDATOR]);
	if (fdw->values[FDW_CONNECTION] != NULL)
		appendStringInfo(buf, " CONNECTION %s", fdw->values[FDW_CONNECTION]);
	append_options(buf, fdw->values[FDW_OPTIONS]);
}

static void
alter_fdw(MigDiff *diff, MigObject *from, MigObject *to)
{
	if (MIG_CHANGED(to, FDW_HANDLER))
		alter_function(diff, to, FDW_HANDLER, "HANDLER");
	if (MIG_CHANGED(to, FDW_VALIDATOR))
		alter_function(diff, to, FDW_VALIDATOR, "VALIDATOR");
	if (MIG_CHANGED(to, FDW_CONNECTION))
		alter_function(diff, to, FDW_CONNECTION, "CONNECTION");
	alter_options(diff, from, to, FDW_OPTIONS);
}

/* NO HANDLER takes it away, which SQL has as a word of its own. */
static void
alter_function(MigDiff *diff, MigObject *to, int attribute, const char *clause)
{
	const char *function = to->values[attribute];

	if (function == NULL)
		mig_action_alter(diff, to, "function",
						 "ALTER FOREIGN DATA WRAPPER %s NO %s", to->identity,
						 clause);
	else
		mig_action_alter(diff, to, "function",
						 "ALTER FOREIGN DATA WRAPPER %s %s %s", to->identity,
						 clause, function);
}

static void
create_server(StringInfo buf, const MigObject *server)
{
	char	  **values = server->values;

	appendStringInfo(buf, "CREATE SERVER %s", server->identity);
	if (values[SERVER_TYPE] != NULL)
		appendStringInfo(buf, " TYPE %s",
						 quote_literal_cstr(values[SERVER_TYPE]));
	if (values[SERVER_VERSION] != NULL)
		appendStringInfo(buf, " VERSION %s",
						 quote_literal_cstr(values[SERVER_VERSION]));
	appendStringInfo(buf, " FOREIGN DATA WRAPPER %s",
					 quote_identifier(values[SERVER_FDW]));
	append_options(buf, values[SERVER_OPTIONS]);
}

static void
alter_server(MigDiff *diff, MigObject *from, MigObject *to)
{
	const char *version = to->values[SERVER_VERSION];

	if (MIG_CHANGED(to, SERVER_VERSION))
		mig_action_alter(diff, to, "version", "ALTER SERVER %s VERSION %s",
						 to->identity, version == NULL ? "NULL" :
						 quote_literal_cstr(version));
	alter_options(diff, from, to, SERVER_OPTIONS);
}

static void
identify_mapping(StringInfo buf, const MigObject *mapping)
{
	appendStringInfo(buf, "FOR %s SERVER %s", mapping->name,
					 quote_identifier(mapping->values[MAPPING_SERVER]));
}

static void
create_mapping(StringInfo buf, const MigObject *mapping)
{
	appendStringInfo(buf, "CREATE USER MAPPING %s", mapping->identity);
	append_options(buf, mapping->values[MAPPING_OPTIONS]);
}

static void
alter_mapping(MigDiff *diff, MigObject *from, MigObject *to)
{
	alter_options(diff, from, to, MAPPING_OPTIONS);
}

static void
append_options(StringInfo buf, const char *options)
{
	if (options == NULL)
		return;
	appendStringInfoString(buf, " OPTIONS (");
	mig_list_append_generic(buf, options);
	appendStringInfoChar(buf, ')');
}

/* ADD, SET and DROP by name: the server has no statement for all of them. */
static void
alter_options(MigDiff *diff, MigObject *from, MigObject *to, int attribute)
{
	StringInfoData buf;

	if (!MIG_CHANGED(to, attribute))
		return;
	initStringInfo(&buf);
	mig_list_alter_generic(&buf, from->values[attribute],
						   to->values[attribute]);
	if (buf.len > 0)
		mig_action_alter(diff, to, "options", "ALTER %s %s OPTIONS (%s)",
						 to->kind->noun, to->identity, buf.data);
}
