/*-------------------------------------------------------------------------
 *
 * kind/domain.c
 *	  Domains and their constraints.
 *
 * A domain is replaced where its base type or collation changes; and where
 * values of it are held within arrays or rows of tables and a constraint
 * would have to look at them, which the server refuses to do.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/domain.h"

#include "catalog/pg_constraint.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "kind/type.h"
#include "sch/action.h"
#include "sch/alike.h"
#include "sch/expression.h"
#include "utils/builtins.h"

enum
{
	BASE_TYPE = MIG_TYPE_ATTRIBUTE,
	COLLATION,
	DEFAULT,
	NOT_NULL,
	NOT_NULL_NAME,				/* these are NULL on servers before 17 */
	NOT_NULL_COMMENT,
	CHECKS,
	ASKS_FOR_NULL,				/* a check may be false of NULL */
	CAST_TYPE,					/* OID of a base type of the server, or '0' */
	NATTRIBUTES
};

enum
{
	CHECK_DEFINITION,
	CHECK_VALIDATED,
	CHECK_NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[BASE_TYPE] = {"base type", MIG_FIXED},
	[COLLATION] = {"collation", MIG_FIXED},
	[DEFAULT] = {"default", MIG_ALTERABLE, true},
	[NOT_NULL] = {"not null"},
	[NOT_NULL_NAME] = {"name of not null",.is_name = true,
	.detail_of = NOT_NULL},
	[NOT_NULL_COMMENT] = {"comment on not null",.detail_of = NOT_NULL},
	[CHECKS] = {"constraints"},
	[ASKS_FOR_NULL] = {"check that asks for null", MIG_NOT_COMPARED},
	[CAST_TYPE] = {"type to cast from", MIG_NOT_COMPARED},
};

static const MigAttribute check_attributes[CHECK_NATTRIBUTES] = {
	[CHECK_DEFINITION] = {"definition", MIG_FIXED, true},
	[CHECK_VALIDATED] = {"validated"},
};

/*
 * Does a check consist of more than strict functions and operators, by which
 * it would not be false of NULL?  Its tree tells.
 */
#define ASKS_FOR_NULL_CONDITION \
	"(conbin::pg_catalog.text ~ '[{](?!COERCETODOMAINVALUE|CONST|BOOLEXPR|OPEXPR|FUNCEXPR|SCALARARRAYOPEXPR" \
	"|ARRAY|RELABELTYPE|COERCEVIAIO|COLLATE)[A-Z]'" \
	" OR EXISTS (SELECT FROM pg_catalog.regexp_matches(conbin::pg_catalog.text, 'funcid ([0-9]+)', 'g') m" \
	" JOIN pg_catalog.pg_proc f ON f.oid = m[1]::pg_catalog.oid WHERE NOT proisstrict))"

static const char query[] =
"SELECT t.oid, 0, 0::pg_catalog.oid, 0, nspname::pg_catalog.text, t.typname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(t.typowner)::pg_catalog.text, " MIG_ACL("t.typacl", "T", "t.typowner") ","
" pg_catalog.format_type(t.typbasetype, t.typtypmod),"
" CASE WHEN t.typcollation <> b.typcollation THEN"
" (SELECT pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(collname)"
" FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace cn ON cn.oid = collnamespace"
" WHERE c.oid = t.typcollation) END,"
" pg_catalog.pg_get_expr(t.typdefaultbin, 0), t.typnotnull::pg_catalog.text, nn.conname::pg_catalog.text,"
" (SELECT description FROM pg_catalog.pg_description WHERE objoid = nn.oid"
" AND classoid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND objsubid = 0),"
" (SELECT pg_catalog.string_agg(conname || ' ' || pg_catalog.pg_get_constraintdef(k.oid),"
" E'\\x01' ORDER BY conname COLLATE \"C\") FROM pg_catalog.pg_constraint k"
" WHERE contypid = t.oid AND contype = 'c'),"
" EXISTS (SELECT FROM pg_catalog.pg_constraint"
" WHERE contypid = t.oid AND contype = 'c' AND " ASKS_FOR_NULL_CONDITION ")::pg_catalog.text,"
" CASE WHEN t.typbasetype < 16384 THEN t.typbasetype ELSE 0 END::pg_catalog.text"
" FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
" JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype"
" LEFT JOIN pg_catalog.pg_constraint nn ON nn.contypid = t.oid AND nn.contype = 'n'"
" WHERE t.typtype = 'd' AND t.typnamespace = ANY ($1)"
" ORDER BY nspname COLLATE \"C\", t.typname COLLATE \"C\"";

static const char check_query[] =
"SELECT k.oid, 0, contypid, 0, NULL::pg_catalog.text, conname::pg_catalog.text, NULL::pg_catalog.text, NULL::pg_catalog.text,"
" pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(k.oid), ' NOT VALID$', ''),"
" convalidated::pg_catalog.text"
" FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_type t ON t.oid = contypid"
" WHERE contype = 'c' AND typnamespace = ANY ($1)"
" ORDER BY contypid, conname COLLATE \"C\"";

static const MigObject *find_domain(const MigObject *column);
static const MigObject *base_domain(const MigObject *domain);
static bool append_refusals(StringInfo buf, const MigObject *domain);
static void create(StringInfo buf, const MigObject *domain);
static bool not_null_has_usual_name(const MigObject *domain);
static void append_not_null_comment(StringInfo buf, const MigObject *domain);
static MigFate judge(MigDiff *diff, MigObject *from, MigObject *to);
static bool looks_at_values(const MigObject *to);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);
static bool default_goes(const MigObject *domain);
static MigFate follow(MigDiff *diff, MigObject *domain, MigObject *on);
static void alter_not_null(MigDiff *diff, MigObject *from, MigObject *to);
static void warn_values(MigAction *action, const MigObject *domain,
						const char *reason, bool nulls);
static void in_statement(StringInfo buf, const MigObject *domain,
						 int attribute, const char *value);
static const char *assigned_to(const MigObject *domain, int attribute);
static void identify_check(StringInfo buf, const MigObject *check);
static void create_check(StringInfo buf, const MigObject *check);
static void part_check(StringInfo buf, const MigObject *check);
static void drop_check(StringInfo buf, const MigObject *check);
static MigFate judge_check(MigDiff *diff, MigObject *from, MigObject *to);
static void alter_check(MigDiff *diff, MigObject *from, MigObject *to);
static void warn_check(MigDiff *diff, MigAction *action);
static bool check_fits_inline(const MigObject *check);
static void check_in_statement(StringInfo buf, const MigObject *check,
							   int attribute, const char *definition);

const MigKind mig_domain_kind = {
	.id = MIG_DOMAIN,
	.name = "domain",
	.noun = "DOMAIN",
	.acl_noun = "DOMAIN",
	.acl_type = "T",
	.classid = TypeRelationId,
	.flags = MIG_KIND_TYPE | MIG_KIND_RELATION,
	.query = query,
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.create = create,
	.judge = judge,
	.alter = alter,
	.follow = follow,
	.in_statement = in_statement,
	.assigned_to = assigned_to,
};

const MigKind mig_domain_check_kind = {
	.id = MIG_DOMAIN_CHECK,
	.name = "domain constraint",
	.noun = "CONSTRAINT",
	.classid = ConstraintRelationId,
	.parent_classid = TypeRelationId,
	.flags = MIG_KIND_INLINE,
	.query = check_query,
	.nattributes = CHECK_NATTRIBUTES,
	.attributes = check_attributes,
	.identify = identify_check,
	.create = create_check,
	.part = part_check,
	.drop = drop_check,
	.judge = judge_check,
	.alter = alter_check,
	.warn = warn_check,
	.fits_inline = check_fits_inline,
	.in_statement = check_in_statement,
};

/* The domain that a column is of, if it has constraints; or NULL. */
const MigObject *
mig_domain_of(const MigObject *column)
{
	const MigObject *domain = find_domain(column);

	return domain != NULL && mig_domain_has_constraints(domain) ?
		domain : NULL;
}

/* The default that the domain of a column has, if there is one; or NULL. */
const char *
mig_domain_default_of(const MigObject *column)
{
	const MigObject *domain = find_domain(column);

	return domain == NULL ? NULL : mig_domain_default(domain);
}

/*
 * The domain that a column is of, or NULL.  That of elements, or in the
 * expression of a column, is none.
 */
static const MigObject *
find_domain(const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, column->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind == &mig_domain_kind &&
			mig_same(MIG_TYPE_NAME(column), on->identity))
			return on;
	}
	return NULL;
}

/*
 * The type that a domain which does not let a value be NULL is over, and that
 * does; NULL if it does itself.
 */
const char *
mig_domain_open_type(const MigObject *domain)
{
	const MigObject *base = base_domain(domain);
	const char *open = base == NULL ? NULL : mig_domain_open_type(base);

	if (open != NULL)
		return open;
	return MIG_IS_TRUE(domain->values[NOT_NULL]) ||
		MIG_IS_TRUE(domain->values[ASKS_FOR_NULL]) ?
		domain->values[BASE_TYPE] : NULL;
}

/* The value of a column of a domain that nobody has given it, or NULL */
const char *
mig_domain_default(const MigObject *domain)
{
	const MigObject *base = base_domain(domain);

	if (domain->values[DEFAULT] != NULL)
		return domain->values[DEFAULT];
	return base != NULL ? mig_domain_default(base) : NULL;
}

/* The domain that a domain is over, or NULL. */
static const MigObject *
base_domain(const MigObject *domain)
{
	const ListCell *lc;

	foreach(lc, domain->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind == &mig_domain_kind)
			return on;
	}
	return NULL;
}

/* Has a domain constraints, or one that it is over? */
bool
mig_domain_has_constraints(const MigObject *domain)
{
	const MigObject *base = base_domain(domain);

	return domain->values[CHECKS] != NULL ||
		MIG_IS_TRUE(domain->values[NOT_NULL]) ||
		(base != NULL && mig_domain_has_constraints(base));
}

/* Does a domain accept what its base type does, a type of the server? */
bool
mig_domain_is_plain(const MigObject *domain)
{
	return !mig_domain_has_constraints(domain) &&
		atooid(domain->values[CAST_TYPE]) != InvalidOid;
}

/*
 * The query that counts the values of a source that a domain refuses: VALUE is
 * a column there, of the type that the domain is over.  NULL: it is over a
 * type that would cut values, or is not known, or has checks that are not
 * what they were.
 */
char *
mig_domain_refused(const MigObject *domain, const char *value,
				   const char *source)
{
	StringInfoData buf;
	const char *type = NULL;

	initStringInfo(&buf);
	for (; domain != NULL; domain = base_domain(domain))
	{
		if (!append_refusals(&buf, domain))
			return NULL;
		if (atooid(domain->values[CAST_TYPE]) != InvalidOid)
			type = domain->values[BASE_TYPE];
	}
	if (type == NULL || strchr(type, '(') != NULL)
		return NULL;
	return psprintf("SELECT pg_catalog.count(*) FROM (SELECT (%s)::%s%s) AS domain (value) WHERE false%s",
					value, type, source, buf.data);
}

/* Append when a domain refuses a value; false: some of it is not known. */
static bool
append_refusals(StringInfo buf, const MigObject *domain)
{
	const ListCell *lc;

	if (MIG_IS_TRUE(domain->values[NOT_NULL]))
		appendStringInfoString(buf, " OR value IS NULL");
	foreach(lc, domain->children)
	{
		const MigObject *check = lfirst(lc);

		if (check->kind != &mig_domain_check_kind)
			continue;
		if (!mig_expression_stays(check))
			return false;
		appendStringInfo(buf, " OR NOT %s",
						 check->values[CHECK_DEFINITION] + strlen("CHECK "));
	}
	return true;
}

/* How values of one domain become values of another. */
MigCast
mig_domain_cast(const MigObject *from, const MigObject *to)
{
	return mig_type_cast(mig_domain_base_type(from), mig_domain_base_type(to));
}

/* The type of the server that a domain is over in the end, or 0. */
Oid
mig_domain_base_type(const MigObject *domain)
{
	const ListCell *lc;

	foreach(lc, domain->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind == &mig_domain_kind &&
			mig_same(on->identity, domain->values[BASE_TYPE]))
			return mig_domain_base_type(on);
	}
	return atooid(domain->values[CAST_TYPE]);
}

/* The same as SQL has it, with what limits it */
const char *
mig_domain_base_name(const MigObject *domain)
{
	const MigObject *base = base_domain(domain);

	if (base != NULL && mig_same(base->identity, domain->values[BASE_TYPE]))
		return mig_domain_base_name(base);
	return domain->values[BASE_TYPE];
}

/* With its checks, but for those that wait for something else. */
static void
create(StringInfo buf, const MigObject *domain)
{
	const ListCell *lc;

	appendStringInfo(buf, "CREATE DOMAIN %s AS %s", domain->identity,
					 domain->values[BASE_TYPE]);
	if (domain->values[COLLATION] != NULL)
		appendStringInfo(buf, " COLLATE %s", domain->values[COLLATION]);
	if (domain->values[DEFAULT] != NULL)
		appendStringInfo(buf, " DEFAULT %s", domain->values[DEFAULT]);
	if (MIG_IS_TRUE(domain->values[NOT_NULL]))
	{
		if (!not_null_has_usual_name(domain))
			appendStringInfo(buf, " CONSTRAINT %s",
							 quote_identifier(domain->values[NOT_NULL_NAME]));
		appendStringInfoString(buf, " NOT NULL");
	}
	foreach(lc, domain->children)
	{
		const MigObject *check = lfirst(lc);

		if (check->made != domain->made || check->ignored || check->apart)
			continue;
		appendStringInfoString(buf, "\n    ");
		part_check(buf, check);
	}
	if (domain->values[NOT_NULL_COMMENT] != NULL)
	{
		appendStringInfoString(buf, ";\n");
		append_not_null_comment(buf, domain);
	}
}

/*
 * Is the name of NOT NULL what the server chooses, or has it none?  It chooses
 * another where a type that is replaced has it still.
 */
static bool
not_null_has_usual_name(const MigObject *domain)
{
	const char *name = domain->values[NOT_NULL_NAME];

	return name == NULL ||
		(domain->predecessor == NULL &&
		 strcmp(name, makeObjectName(domain->name, NULL, "not_null")) == 0);
}

static void
append_not_null_comment(StringInfo buf, const MigObject *domain)
{
	const char *comment = domain->values[NOT_NULL_COMMENT];

	appendStringInfo(buf, "COMMENT ON CONSTRAINT %s ON DOMAIN %s IS %s",
					 quote_identifier(domain->values[NOT_NULL_NAME]),
					 domain->identity, comment == NULL ? "NULL" :
					 quote_literal_cstr(comment));
}

/*
 * The server does not look into other types for values of a domain, and
 * refuses what would need it.
 */
static MigFate
judge(MigDiff *diff, MigObject *from, MigObject *to)
{
	return looks_at_values(to) && mig_type_is_nested(from) ?
		MIG_RECREATE : MIG_ALTER;
}

/* Will the server have to look at the values of columns? */
static bool
looks_at_values(const MigObject *to)
{
	const ListCell *lc;

	foreach(lc, to->children)
	{
		const MigObject *check = lfirst(lc);

		if (!check_fits_inline(check) || check->ignored)
			continue;
		if (check->twin == NULL ||
			MIG_CHANGED(check, CHECK_DEFINITION) ||
			!check_fits_inline(check->twin))
			return true;
	}
	return MIG_CHANGED(to, NOT_NULL) && MIG_IS_TRUE(to->values[NOT_NULL]);
}

static void
alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	const char *value = to->values[DEFAULT];

	if (MIG_CHANGED(to, DEFAULT) && from->values[DEFAULT] != NULL &&
		(value == NULL || default_goes(from)))
		mig_action_alter(diff, to, "default", "ALTER DOMAIN %s DROP DEFAULT",
						 to->identity)->first = true;
	if (MIG_CHANGED(to, DEFAULT) && value != NULL)
		mig_action_alter(diff, to, "default", "ALTER DOMAIN %s SET DEFAULT %s",
						 to->identity, value);
	alter_not_null(diff, from, to);
}

/* Does something go that the old default needs? */
static bool
default_goes(const MigObject *domain)
{
	const ListCell *lc;

	foreach(lc, domain->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (mig_goes(on))
			return true;
	}
	return false;
}

/* A default does without what goes, for as long as that is not there. */
static MigFate
follow(MigDiff *diff, MigObject *domain, MigObject *on)
{
	if ((on->kind->flags & MIG_KIND_TYPE) != 0 || mig_type_is_of(domain, on))
		return mig_goes(on) ? MIG_RECREATE : domain->fate;
	if (on->disrupts && on->fate == MIG_ALTER)
		return domain->fate;
	domain->changed |= (uint32) 1 << DEFAULT;
	domain->twin->changed |= (uint32) 1 << DEFAULT;
	return MIG_ALTER;
}

/* Since 17 it is a constraint, which has a name and a comment. */
static void
alter_not_null(MigDiff *diff, MigObject *from, MigObject *to)
{
	const char *name = to->values[NOT_NULL_NAME];
	MigAction  *action;
	StringInfoData buf;

	if (!MIG_IS_TRUE(to->values[NOT_NULL]))
	{
		if (MIG_CHANGED(to, NOT_NULL))
			mig_action_alter(diff, to, "not null",
							 "ALTER DOMAIN %s DROP NOT NULL", to->identity);
		return;
	}
	if (MIG_CHANGED(to, NOT_NULL))
	{
		action = not_null_has_usual_name(to) ?
			mig_action_alter(diff, to, "not null",
							 "ALTER DOMAIN %s SET NOT NULL", to->identity) :
			mig_action_alter(diff, to, "not null",
							 "ALTER DOMAIN %s ADD CONSTRAINT %s NOT NULL",
							 to->identity, quote_identifier(name));
		warn_values(action, to, "are NULL", true);
	}
	else if (MIG_CHANGED(to, NOT_NULL_NAME))
		mig_action_alter(diff, to, "name of not null",
						 "ALTER DOMAIN %s RENAME CONSTRAINT %s TO %s",
						 to->identity,
						 quote_identifier(from->values[NOT_NULL_NAME]),
						 quote_identifier(name));
	if (MIG_CHANGED(to, NOT_NULL_COMMENT))
	{
		initStringInfo(&buf);
		append_not_null_comment(&buf, to);
		mig_action_add(diff, MIG_OP_ALTER, to, "comment on not null",
					   buf.data);
	}
}

/*
 * Warn of values of the old domain in columns, which the new one refuses, if
 * only for being NULL.  "reason" is the end of a phrase.
 */
static void
warn_values(MigAction *action, const MigObject *domain, const char *reason,
			bool nulls)
{
	const ListCell *lc;

	foreach(lc, mig_type_columns(domain->twin))
	{
		const MigObject *column = lfirst(lc);
		const char *table = column->parent->identity;
		MigHazard  *hazard;

		mig_action_warn(action, MIG_SCANS_TABLE,
						"nobody can write to it meanwhile")->table = table;
		hazard = mig_action_warn(action, MIG_MAY_FAIL,
								 "values of column %s that %s",
								 column->identity, reason);
		hazard->table = table;
		if (nulls)
			hazard->probe = psprintf("SELECT pg_catalog.count(*) FROM %s WHERE %s IS NULL",
									 table, quote_identifier(column->name));
		else if (mig_same(MIG_TYPE_NAME(column), domain->identity))
			hazard->probe = mig_domain_refused(domain,
											   quote_identifier(column->name),
											   psprintf(" FROM %s", table));
	}
}

/* A default, which sees no columns. */
static void
in_statement(StringInfo buf, const MigObject *domain, int attribute,
			 const char *value)
{
	appendStringInfo(buf, "SELECT %s", value);
}

static const char *
assigned_to(const MigObject *domain, int attribute)
{
	return MIG_TYPE_NAME(domain);
}

static void
identify_check(StringInfo buf, const MigObject *check)
{
	appendStringInfo(buf, "%s ON DOMAIN %s", quote_identifier(check->name),
					 check->parent->identity);
}

/* NOT VALID is not a part of the definition in the catalog. */
static void
create_check(StringInfo buf, const MigObject *check)
{
	appendStringInfo(buf, "ALTER DOMAIN %s ADD ", check->parent->identity);
	part_check(buf, check);
	if (!MIG_IS_TRUE(check->values[CHECK_VALIDATED]))
		appendStringInfoString(buf, " NOT VALID");
}

static void
part_check(StringInfo buf, const MigObject *check)
{
	appendStringInfo(buf, "CONSTRAINT %s %s", quote_identifier(check->name),
					 check->values[CHECK_DEFINITION]);
}

static void
drop_check(StringInfo buf, const MigObject *check)
{
	appendStringInfo(buf, "ALTER DOMAIN %s DROP CONSTRAINT %s",
					 check->parent->identity, quote_identifier(check->name));
}

/* One that has been validated does not become NOT VALID again. */
static MigFate
judge_check(MigDiff *diff, MigObject *from, MigObject *to)
{
	return MIG_CHANGED(to, CHECK_VALIDATED) &&
		!MIG_IS_TRUE(to->values[CHECK_VALIDATED]) ? MIG_RECREATE : MIG_ALTER;
}

/* What a check says is fixed; its name and its being valid are not. */
static void
alter_check(MigDiff *diff, MigObject *from, MigObject *to)
{
	const char *domain = to->parent->identity;

	if (to->renamed)
		mig_alike_rename(diff, from, to,
						 psprintf("ALTER DOMAIN %s RENAME CONSTRAINT ", domain),
						 " TO ");
	if (MIG_CHANGED(to, CHECK_VALIDATED))
		warn_check(diff, mig_action_alter(diff, to, "validated",
										  "ALTER DOMAIN %s VALIDATE CONSTRAINT %s",
										  domain, quote_identifier(to->name)));
}

static void
warn_check(MigDiff *diff, MigAction *action)
{
	const MigObject *check = action->object;

	if (action->op != MIG_OP_DROP && check->parent->twin != NULL &&
		check->parent->made == NULL && check_fits_inline(check))
	{
		/* it comes back with what it calls: see judge() */
		if (mig_type_is_nested(check->parent->twin))
			mig_action_force(diff, check->parent->twin);
		warn_values(action, check->parent,
					psprintf("violate constraint \"%s\"", check->name), false);
	}
}

/* CREATE DOMAIN cannot say NOT VALID. */
static bool
check_fits_inline(const MigObject *check)
{
	return MIG_IS_TRUE(check->values[CHECK_VALIDATED]);
}

/* VALUE is a column there, of the type that the domain is over. */
static void
check_in_statement(StringInfo buf, const MigObject *check, int attribute,
				   const char *definition)
{
	appendStringInfo(buf, "SELECT %s FROM (SELECT NULL::%s) AS domain (value)",
					 definition + strlen("CHECK "),
					 check->parent->values[BASE_TYPE]);
}
