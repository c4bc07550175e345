/*-------------------------------------------------------------------------
 *
 * model/extension_version.c
 *	  Versions of extensions that a model asks for.
 *
 * An extension that is installed stands in every shadow as it is, in the
 * version that it has: no comparison updates it.  That a model says another is
 * told before anything is built, since the model may need what that has.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/extension_version.h"
#include "util/extension.h"

#include "utils/builtins.h"

/* Tell which installed extensions have another version than the model says. */
void
mig_extension_versions_tell(const MigModel *model)
{
	for (int i = 0; i < model->script->nstatements; i++)
	{
		const Node *stmt = model->script->statements[i].raw->stmt;
		const CreateExtensionStmt *create = (const CreateExtensionStmt *) stmt;
		const char *said;
		const char *here;

		if (!IsA(stmt, CreateExtensionStmt))
			continue;
		said = mig_extension_option(create, "new_version");
		here = said == NULL ? NULL : mig_extension_version(create->extname);
		if (here != NULL && strcmp(here, said) != 0)
			ereport(NOTICE,
					(errmsg("extension \"%s\" has version %s, in the model it has %s",
							create->extname, here, said),
					 errhint("An extension that is installed stays as it is. A revision can do it: ALTER EXTENSION %s UPDATE TO %s.",
							 quote_identifier(create->extname),
							 quote_literal_cstr(said))));
	}
}
