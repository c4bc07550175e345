/*-------------------------------------------------------------------------
 *
 * kind/textsearch.c
 *	  Text search parsers, templates, dictionaries and configurations.
 *
 * Options of dictionaries and mappings of configurations are altered in
 * place, for indexes may stand on them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/sch.h"

#include "catalog/pg_ts_config.h"
#include "catalog/pg_ts_dict.h"
#include "catalog/pg_ts_parser.h"
#include "catalog/pg_ts_template.h"
#include "commands/defrem.h"
#include "kind/computed.h"
#include "kind/list.h"
#include "sch/action.h"
#include "utils/builtins.h"

enum
{
	DEFINITION,					/* what comes in parentheses */
	DETAILS,					/* options of a dictionary, mappings */
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[DEFINITION] = {"definition", MIG_FIXED},
	[DETAILS] = {"options"},
};

static const MigAttribute configuration_attributes[NATTRIBUTES] = {
	[DEFINITION] = {"parser", MIG_FIXED},
	[DETAILS] = {"mappings"},
};

static const char parser_query[] =
"SELECT p.oid, 0, 0::pg_catalog.oid, 0, nspname::pg_catalog.text, prsname::pg_catalog.text, NULL::pg_catalog.text, NULL::pg_catalog.text,"
" 'START = ' || prsstart || ', GETTOKEN = ' || prstoken || ', END = ' || prsend"
" || COALESCE(', HEADLINE = ' || NULLIF(prsheadline::pg_catalog.oid, 0)::pg_catalog.regproc, '')"
" || ', LEXTYPES = ' || prslextype"
" FROM pg_catalog.pg_ts_parser p JOIN pg_catalog.pg_namespace n ON n.oid = prsnamespace"
" WHERE prsnamespace = ANY ($1) ORDER BY nspname COLLATE \"C\", prsname COLLATE \"C\"";

static const char template_query[] =
"SELECT t.oid, 0, 0::pg_catalog.oid, 0, nspname::pg_catalog.text, tmplname::pg_catalog.text, NULL::pg_catalog.text, NULL::pg_catalog.text,"
" COALESCE('INIT = ' || NULLIF(tmplinit::pg_catalog.oid, 0)::pg_catalog.regproc || ', ', '') || 'LEXIZE = ' || tmpllexize"
" FROM pg_catalog.pg_ts_template t JOIN pg_catalog.pg_namespace n ON n.oid = tmplnamespace"
" WHERE tmplnamespace = ANY ($1) ORDER BY nspname COLLATE \"C\", tmplname COLLATE \"C\"";

static const char dictionary_query[] =
"SELECT d.oid, 0, 0::pg_catalog.oid, 0, n.nspname::pg_catalog.text, dictname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(dictowner)::pg_catalog.text, NULL::pg_catalog.text,"
" 'TEMPLATE = ' || pg_catalog.quote_ident(tn.nspname) || '.' || pg_catalog.quote_ident(tmplname),"
" dictinitoption"
" FROM pg_catalog.pg_ts_dict d JOIN pg_catalog.pg_namespace n ON n.oid = dictnamespace"
" JOIN pg_catalog.pg_ts_template t ON t.oid = dicttemplate"
" JOIN pg_catalog.pg_namespace tn ON tn.oid = tmplnamespace"
" WHERE dictnamespace = ANY ($1) ORDER BY n.nspname COLLATE \"C\", dictname COLLATE \"C\"";

/* A mapping is "token=dictionary, dictionary". */
static const char configuration_query[] =
"SELECT c.oid, 0, 0::pg_catalog.oid, 0, n.nspname::pg_catalog.text, cfgname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(cfgowner)::pg_catalog.text, NULL::pg_catalog.text,"
" 'PARSER = ' || pg_catalog.quote_ident(pn.nspname) || '.' || pg_catalog.quote_ident(prsname),"
" (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(t.alias) || '=' || m.dictionaries, E'\\x01' ORDER BY maptokentype)"
" FROM (SELECT maptokentype, pg_catalog.string_agg(mapdict::pg_catalog.regdictionary::pg_catalog.text, ', '"
" ORDER BY mapseqno) AS dictionaries FROM pg_catalog.pg_ts_config_map WHERE mapcfg = c.oid GROUP BY 1) m"
" JOIN pg_catalog.ts_token_type(cfgparser) t ON t.tokid = maptokentype)"
" FROM pg_catalog.pg_ts_config c JOIN pg_catalog.pg_namespace n ON n.oid = cfgnamespace"
" JOIN pg_catalog.pg_ts_parser p ON p.oid = cfgparser"
" JOIN pg_catalog.pg_namespace pn ON pn.oid = prsnamespace"
" WHERE cfgnamespace = ANY ($1) ORDER BY n.nspname COLLATE \"C\", cfgname COLLATE \"C\"";

static void create(StringInfo buf, const MigObject *object);
static void create_dictionary(StringInfo buf, const MigObject *dictionary);
static void alter_dictionary(MigDiff *diff, MigObject *from, MigObject *to);
static List *options_of(const MigObject *dictionary);
static DefElem *option_named(const List *options, const char *name);
static void create_configuration(StringInfo buf,
								 const MigObject *configuration);
static void alter_configuration(MigDiff *diff, MigObject *from,
								MigObject *to);
static void append_mappings(StringInfo buf, const MigObject *configuration,
							const char *operation, const List *mappings);
static const char *find_mapping(const List *mappings, const char *like);
static Size token_length(const char *mapping);

const MigKind mig_ts_parser_kind = {
	.id = MIG_TS_PARSER,
	.name = "text search parser",
	.noun = "TEXT SEARCH PARSER",
	.classid = TSParserRelationId,
	.query = parser_query,
	.nattributes = DETAILS,
	.attributes = attributes,
	.create = create,
};

const MigKind mig_ts_template_kind = {
	.id = MIG_TS_TEMPLATE,
	.name = "text search template",
	.noun = "TEXT SEARCH TEMPLATE",
	.classid = TSTemplateRelationId,
	.query = template_query,
	.nattributes = DETAILS,
	.attributes = attributes,
	.create = create,
};

const MigKind mig_ts_dictionary_kind = {
	.id = MIG_TS_DICTIONARY,
	.name = "text search dictionary",
	.noun = "TEXT SEARCH DICTIONARY",
	.classid = TSDictionaryRelationId,
	.query = dictionary_query,
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.create = create_dictionary,
	.alter = alter_dictionary,
};

const MigKind mig_ts_configuration_kind = {
	.id = MIG_TS_CONFIGURATION,
	.name = "text search configuration",
	.noun = "TEXT SEARCH CONFIGURATION",
	.classid = TSConfigRelationId,
	.query = configuration_query,
	.nattributes = NATTRIBUTES,
	.attributes = configuration_attributes,
	.create = create_configuration,
	.alter = alter_configuration,
};

static void
create(StringInfo buf, const MigObject *object)
{
	appendStringInfo(buf, "CREATE %s %s (%s)", object->kind->noun,
					 object->identity, object->values[DEFINITION]);
}

static void
create_dictionary(StringInfo buf, const MigObject *dictionary)
{
	const char *options = dictionary->values[DETAILS];

	appendStringInfo(buf, "CREATE TEXT SEARCH DICTIONARY %s (%s%s%s)",
					 dictionary->identity, dictionary->values[DEFINITION],
					 options == NULL ? "" : ", ",
					 options == NULL ? "" : options);
}

/* A name without value resets an option. */
static void
alter_dictionary(MigDiff *diff, MigObject *from, MigObject *to)
{
	List	   *before = options_of(from);
	List	   *after = options_of(to);
	StringInfoData buf;
	const ListCell *lc;

	initStringInfo(&buf);
	foreach(lc, before)
	{
		const DefElem *option = lfirst(lc);

		if (option_named(after, option->defname) == NULL)
			appendStringInfo(&buf, ", %s", quote_identifier(option->defname));
	}
	foreach(lc, after)
	{
		DefElem    *option = lfirst(lc);
		DefElem    *old = option_named(before, option->defname);

		if (old == NULL ||
			strcmp(defGetString(old), defGetString(option)) != 0)
			appendStringInfo(&buf, ", %s = %s",
							 quote_identifier(option->defname),
							 quote_literal_cstr(defGetString(option)));
	}
	if (buf.len > 0)
		mig_computed_warn(mig_action_alter(diff, to, "options",
										   "ALTER TEXT SEARCH DICTIONARY %s (%s)",
										   to->identity,
										   buf.data + strlen(", ")),
						  from, from->kind->name);
}

/* The options of a dictionary, DefElem. */
static List *
options_of(const MigObject *dictionary)
{
	const char *options = dictionary->values[DETAILS];

	return options == NULL ? NIL :
		deserialize_deflist(CStringGetTextDatum(options));
}

/* The option of a name, or NULL. */
static DefElem *
option_named(const List *options, const char *name)
{
	const ListCell *lc;

	foreach(lc, options)
	{
		DefElem    *option = lfirst(lc);

		if (strcmp(option->defname, name) == 0)
			return option;
	}
	return NULL;
}

/* Mappings are added one after the other to an empty one. */
static void
create_configuration(StringInfo buf, const MigObject *configuration)
{
	create(buf, configuration);
	appendStringInfoString(buf, ";\n");
	append_mappings(buf, configuration, "ADD",
					mig_list_split(configuration->values[DETAILS]));
}

static void
alter_configuration(MigDiff *diff, MigObject *from, MigObject *to)
{
	List	   *before = mig_list_split(from->values[DETAILS]);
	List	   *after = mig_list_split(to->values[DETAILS]);
	List	   *added = NIL;
	List	   *altered = NIL;
	List	   *dropped = NIL;
	const ListCell *lc;
	StringInfoData buf;

	foreach(lc, before)
	{
		if (find_mapping(after, lfirst(lc)) == NULL)
			dropped = lappend(dropped, psprintf("%.*s=",
												(int) token_length(lfirst(lc)),
												(char *) lfirst(lc)));
	}
	foreach(lc, after)
	{
		const char *old = find_mapping(before, lfirst(lc));

		if (old == NULL)
			added = lappend(added, lfirst(lc));
		else if (strcmp(old, lfirst(lc)) != 0)
			altered = lappend(altered, lfirst(lc));
	}
	initStringInfo(&buf);
	append_mappings(&buf, to, "DROP", dropped);
	append_mappings(&buf, to, "ALTER", altered);
	append_mappings(&buf, to, "ADD", added);
	mig_computed_warn(mig_action_add(diff, MIG_OP_ALTER, to, "mappings",
									 buf.data), from, from->kind->name);
}

/* Append a statement for each list of dictionaries, with its tokens. */
static void
append_mappings(StringInfo buf, const MigObject *configuration,
				const char *operation, const List *mappings)
{
	const ListCell *lc;

	foreach(lc, mappings)
	{
		const char *dictionaries = strchr(lfirst(lc), '=') + 1;
		const ListCell *other;
		bool		first = true;
		StringInfoData tokens;

		initStringInfo(&tokens);
		foreach(other, mappings)
		{
			const char *mapping = lfirst(other);

			if (strcmp(strchr(mapping, '=') + 1, dictionaries) != 0)
				continue;
			if (foreach_current_index(other) < foreach_current_index(lc))
				first = false;
			appendStringInfo(&tokens, "%s%.*s", tokens.len > 0 ? ", " : "",
							 (int) token_length(mapping), mapping);
		}
		if (!first)
			continue;
		appendStringInfo(buf,
						 "ALTER TEXT SEARCH CONFIGURATION %s %s MAPPING FOR %s%s%s;\n",
						 configuration->identity, operation, tokens.data,
						 *dictionaries == '\0' ? "" : " WITH ", dictionaries);
	}
}

/* The mapping of the same token, or NULL. */
static const char *
find_mapping(const List *mappings, const char *like)
{
	const ListCell *lc;

	foreach(lc, mappings)
	{
		if (strncmp(lfirst(lc), like, token_length(like) + 1) == 0)
			return lfirst(lc);
	}
	return NULL;
}

/* A mapping is written as token, equals sign, dictionaries. */
static Size
token_length(const char *mapping)
{
	return strcspn(mapping, "=");
}
