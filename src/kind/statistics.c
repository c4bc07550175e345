/*-------------------------------------------------------------------------
 *
 * kind/statistics.c
 *	  Extended statistics.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/sch.h"

#include "catalog/pg_class.h"
#include "catalog/pg_statistic_ext.h"
#include "sch/action.h"

enum
{
	DEFINITION,					/* what comes behind the name */
	TARGET,
	NATTRIBUTES
};

static const MigAttribute attributes[NATTRIBUTES] = {
	[DEFINITION] = {"definition", MIG_FIXED, true},
	[TARGET] = {"statistics target"},
};

static const char query[] =
"SELECT s.oid, 0, stxrelid, 0, nspname::pg_catalog.text, stxname::pg_catalog.text,"
" pg_catalog.pg_get_userbyid(stxowner)::pg_catalog.text, NULL::pg_catalog.text,"
" pg_catalog.substr(pg_catalog.pg_get_statisticsobjdef(s.oid), 1 + pg_catalog.length("
"'CREATE STATISTICS ' || pg_catalog.quote_ident(nspname) || '.' || pg_catalog.quote_ident(stxname))),"
" NULLIF(stxstattarget, -1)::pg_catalog.text"
" FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = stxnamespace"
" WHERE stxnamespace = ANY ($1)"
" ORDER BY nspname COLLATE \"C\", stxname COLLATE \"C\"";

static void create(StringInfo buf, const MigObject *statistics);
static void alter(MigDiff *diff, MigObject *from, MigObject *to);
static MigFate follow(MigDiff *diff, MigObject *statistics, MigObject *on);
static void in_statement(StringInfo buf, const MigObject *statistics,
						 int attribute, const char *definition);

const MigKind mig_statistics_kind = {
	.id = MIG_STATISTICS,
	.name = "statistics object",
	.noun = "STATISTICS",
	.classid = StatisticExtRelationId,
	.parent_classid = RelationRelationId,
	.query = query,
	.nattributes = NATTRIBUTES,
	.attributes = attributes,
	.create = create,
	.alter = alter,
	.follow = follow,
	.in_statement = in_statement,
};

/* The target is no part of CREATE STATISTICS. */
static void
create(StringInfo buf, const MigObject *statistics)
{
	appendStringInfo(buf, "CREATE STATISTICS %s%s", statistics->identity,
					 statistics->values[DEFINITION]);
	if (statistics->values[TARGET] != NULL)
		appendStringInfo(buf, ";\nALTER STATISTICS %s SET STATISTICS %s",
						 statistics->identity, statistics->values[TARGET]);
}

/*
 * The statement says -1 for the default, which catalogs since 17 have as NULL.
 */
static void
alter(MigDiff *diff, MigObject *from, MigObject *to)
{
	mig_action_alter(diff, to, "statistics target",
					 "ALTER STATISTICS %s SET STATISTICS %s", to->identity,
					 to->values[TARGET] == NULL ? "-1" : to->values[TARGET]);
}

/*
 * The server builds them again when the type of a column changes, but then
 * forgets their target.
 */
static MigFate
follow(MigDiff *diff, MigObject *statistics, MigObject *on)
{
	if (mig_goes(on))
		return MIG_RECREATE;
	return statistics->values[TARGET] == NULL ?
		statistics->fate : MIG_RECREATE;
}

static void
in_statement(StringInfo buf, const MigObject *statistics, int attribute,
			 const char *definition)
{
	appendStringInfo(buf, "CREATE STATISTICS s%s", definition);
}
