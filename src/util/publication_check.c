/*-------------------------------------------------------------------------
 *
 * util/publication_check.c
 *	  Publications that hold the extension's tables.
 *
 * Logical replication carries rows and no DDL: a subscriber that gets the rows
 * of our tables believes that revisions are applied there which are not.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "util/publication_check.h"
#include "util/sql.h"

#include "catalog/pg_publication.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

static List *add_new(List *names, List *publications);

/* Warn of them; tables are the OIDs of the extension's. */
void
mig_publication_warn(Oid nsp, const List *tables)
{
	List	   *names = add_new(NIL, GetAllTablesPublications());
	const ListCell *lc;

	names = add_new(names, GetSchemaPublications(nsp));
	foreach(lc, tables)
	{
		List	   *holding = GetRelationIncludedPublications(lfirst_oid(lc));

		names = add_new(names, holding);
	}
	foreach(lc, names)
		ereport(WARNING,
				(errmsg("publication \"%s\" holds tables of extension \"pg_migrations\"",
						(char *) lfirst(lc)),
				 errdetail("A subscriber that gets their rows takes revisions for applied that are not."),
				 errhint("Publish the application's tables or schemas alone, without schema %s.",
						 quote_identifier(get_namespace_name(nsp)))));
}

/* The same once in a session. */
void
mig_publication_warn_once(Oid nsp, const List *tables)
{
	static Oid	warned = InvalidOid;

	if (warned == nsp)
		return;
	warned = nsp;
	mig_publication_warn(nsp, tables);
}

/* Add the names of publications that are not among them. */
static List *
add_new(List *names, List *publications)
{
	ListCell   *lc;

	foreach(lc, publications)
	{
		char	   *name = get_publication_name(lfirst_oid(lc), true);

		if (name != NULL && !mig_has_name(names, name))
			names = lappend(names, name);
	}
	return names;
}
