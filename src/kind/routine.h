/*-------------------------------------------------------------------------
 *
 * kind/routine.h
 *	  Functions, procedures and window functions.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_ROUTINE_KIND_H
#define MIG_ROUTINE_KIND_H

#include "sch/sch.h"

extern bool mig_routine_keeps_names(const char *from, const char *to);
extern bool mig_routine_may_be_mistaken(const MigObject *a,
										const MigObject *b);
extern bool mig_routine_meaning_changes(const MigObject *from,
										const MigObject *to);
extern bool mig_routine_is_mistaken(const MigObject *object,
									const MigObject *routine);
extern bool mig_routine_gives_rows_of(const MigObject *routine,
									  const MigObject *type);
extern bool mig_routine_result_is(const MigObject *routine,
								  const MigObject *type);
extern void mig_routine_make_way(const MigDiff *diff, MigObject *function);
extern bool mig_routine_uses_rows_of(const MigObject *routine,
									 const MigObject *table, int entries);
extern bool mig_routine_gives_other(const MigObject *from,
									const MigObject *to);
extern char *mig_routine_signature(const MigObject *routine);
extern bool mig_routine_has_expressions(const MigObject *routine);
extern const char *mig_routine_language(const MigObject *routine);

/*
 * The types of the arguments by which SQL finds a routine of pg_proc p.  A
 * procedure's are marked where another of its name has OUT arguments.
 */
#define MIG_ROUTINE_TYPES(from, to, marker) \
	"(SELECT pg_catalog.string_agg(" marker " || pg_catalog.format_type(t, NULL), ', ' ORDER BY o)" \
	" FROM pg_catalog.unnest(p.proargtypes) WITH ORDINALITY AS u (t, o)" \
	" WHERE o BETWEEN " from " AND " to ")"

/* The names of the input arguments of a routine of pg_proc p, '' for none. */
#define MIG_ROUTINE_NAMES \
	"CASE WHEN p.proargmodes IS NULL AND p.proargnames IS NOT NULL" \
	" THEN pg_catalog.array_to_string(p.proargnames, E'\\x01') ELSE" \
	" (SELECT pg_catalog.string_agg(COALESCE(p.proargnames[i], ''), E'\\x01' ORDER BY i)" \
	" FROM pg_catalog.generate_series(1, COALESCE(pg_catalog.cardinality(p.proallargtypes), p.pronargs)) i" \
	" WHERE p.proargmodes IS NULL OR p.proargmodes[i] IN ('i', 'b', 'v')) END"

#endif							/* MIG_ROUTINE_KIND_H */
