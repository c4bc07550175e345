/*-------------------------------------------------------------------------
 *
 * model/scope.h
 *	  What a comparison is about.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SCOPE_H
#define MIG_SCOPE_H

#include "model/parse.h"
#include "sch/sch.h"

/* What is said about the scope. */
typedef struct MigScopeRules
{
	List	   *include;		/* of char *, schemas; NIL: by the model */
	List	   *exclude;		/* of char *, patterns */
	const char *first_schema;	/* of the search_path, or NULL */
	const char *extension_schema;	/* of pg_migrations itself */
	List	   *extensions_own; /* of char *, managed schemas that extensions
								 * have made, and no script makes */
	List	   *left;			/* of char *, schemas that objects leave */
	bool		database;		/* the model speaks for the whole database */
} MigScopeRules;

extern void mig_scope_begin(MigScopeRules *rules, Oid nsp, List *include,
							const List *exclude);
extern void mig_scope_begin_diff(MigDiff *diff, MigSnapshot *from,
								 MigSnapshot *to, Oid role);
extern void mig_scope_search_path(const char *schema);
extern const char *mig_scope_first_schema(void);
extern List *mig_scope_schemas(const MigScopeRules *rules,
							   const MigModel *model);
extern List *mig_scope_to_build(List *managed, const MigModel *model);
extern const char *mig_scope_unqualified(const List *schemas, bool qualify);
extern List *mig_scope_filter(const MigScopeRules *rules,
							  const MigModel *model, MigSnapshot *live,
							  MigSnapshot *wanted);
extern void mig_scope_tell_unsaid(const List *unsaid);

#endif							/* MIG_SCOPE_H */
