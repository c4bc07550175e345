/*-------------------------------------------------------------------------
 *
 * model/compare_print.c
 *	  The database as a script that builds it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/bodies.h"
#include "model/compare_print.h"
#include "sch/diff.h"
#include "sch/emit.h"
#include "sch/snapshot.h"
#include "util/guc.h"
#include "util/settings.h"

#include "catalog/namespace.h"
#include "utils/guc.h"

/* Its schema, of what a comparison would manage. */
char *
mig_compare_print_live(MigComparison *comparison)
{
	MigComparing *building = palloc0(sizeof(MigComparing));
	MigObject  *public;
	int			level = mig_settings_pin();
	const ListCell *lc;
	char	   *script;

	building->comparison = comparison;
	mig_scope_begin(&building->rules, comparison->nsp, comparison->include,
					comparison->exclude);
	building->rules.database = true;
	comparison->database = mig_guc_compares("database");
	comparison->schemas = mig_scope_schemas(&building->rules, NULL);
	foreach(lc, comparison->schemas)
		(void) get_namespace_oid(lfirst(lc), false);
	comparison->start = comparison->wanted = mig_snapshot_empty();
	comparison->own_schemas = comparison->schemas;
	comparison->live = mig_compare_read(comparison, comparison->schemas);
	(void) mig_scope_filter(&building->rules, NULL, comparison->live,
							comparison->wanted);
	public = mig_snapshot_find(comparison->live, MIG_SCHEMA, "public");
	if (public != NULL)
		mig_snapshot_ignore(public);	/* every database has it */
	mig_compare_prepare(building, &comparison->up,
						comparison->wanted, comparison->live);
	mig_diff_pair(&comparison->up);
	mig_diff_run(&comparison->up);
	mig_bodies_check_live(&comparison->up, comparison->live, true);
	foreach(lc, comparison->up.actions)
		((MigAction *) lfirst(lc))->hazards = NIL;
	script = mig_emit_script(&comparison->up);
	AtEOXact_GUC(true, level);
	return script;
}
