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
#include "model/live.h"
#include "sch/diff.h"
#include "sch/emit.h"
#include "sch/snapshot.h"
#include "util/guc.h"
#include "util/settings.h"
#include "util/spi.h"
#include "util/sql.h"

#include "catalog/namespace.h"
#include "utils/guc.h"

/* as they are for whoever owns it now */
static const char privileges_query[] =
"SELECT " MIG_ACL("initprivs", "n", "initial")
" FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_init_privs ON objoid = n.oid AND objsubid = 0"
" AND classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass"
" CROSS JOIN LATERAL (SELECT grantor AS initial FROM pg_catalog.aclexplode(initprivs) LIMIT 1) i"
" WHERE nspname = 'public'";

static void add_public(MigSnapshot *empty, const MigSnapshot *live);
static void take_privileges(TupleTableSlot *slot, void *arg);

/* Its schema, of what a comparison would manage. */
char *
mig_compare_print_live(MigComparison *comparison)
{
	MigComparing *building = palloc0(sizeof(MigComparing));
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
	comparison->live = mig_live_snapshot(comparison, comparison->schemas,
										 NIL);
	(void) mig_scope_filter(&building->rules, NULL, comparison->live,
							comparison->wanted);
	add_public(comparison->wanted, comparison->live);
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

/* Every database has it, with the privileges that initdb gives. */
static void
add_public(MigSnapshot *empty, const MigSnapshot *live)
{
	const MigObject *public = mig_snapshot_find(live, MIG_SCHEMA, "public");
	MigObject  *twin;
	MigSpi		spi;

	if (public == NULL)
		return;
	twin = MemoryContextAlloc(empty->context, sizeof(MigObject));
	*twin = *public;
	twin->children = twin->depends = twin->dependents = NIL;
	twin->acl = twin->comment = NULL;
	empty->objects = lappend(empty->objects, twin);
	mig_snapshot_enter(empty, twin);
	mig_spi_begin_catalog(&spi, mig_names_path(NULL));
	mig_spi_each(&spi, privileges_query, 0, NULL, take_privileges, empty);
	mig_spi_end(&spi);
}

static void
take_privileges(TupleTableSlot *slot, void *arg)
{
	const MigSnapshot *empty = arg;
	MemoryContext old = MemoryContextSwitchTo(empty->context);

	slot_getallattrs(slot);
	mig_snapshot_find(empty, MIG_SCHEMA, "public")->acl = mig_slot_text(slot, 1);
	MemoryContextSwitchTo(old);
}
