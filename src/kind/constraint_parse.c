/*-------------------------------------------------------------------------
 *
 * kind/constraint_parse.c
 *	  What the definition of a constraint says.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/constraint_parse.h"

#include "parser/parser.h"

/* What the parser makes of a constraint's definition. */
Constraint *
mig_constraint_parse(const char *definition)
{
	char	   *statement = psprintf("ALTER TABLE t ADD %s", definition);
	List	   *parsed = raw_parser(statement, RAW_PARSE_DEFAULT);
	const AlterTableStmt *stmt = castNode(AlterTableStmt,
										  linitial_node(RawStmt,
														parsed)->stmt);

	return castNode(Constraint, linitial_node(AlterTableCmd, stmt->cmds)->def);
}

/*
 * A query that counts the rows that a check refuses; its definition is
 * "CHECK (...)", and NO INHERIT may follow.
 */
char *
mig_check_probe(const char *rows, const char *definition)
{
	const char *from = strchr(definition, '(');
	const char *to = strrchr(definition, ')');

	return psprintf("SELECT pg_catalog.count(*) FROM %s x WHERE NOT %.*s",
					rows, (int) (to - from + 1), from);
}
