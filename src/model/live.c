/*-------------------------------------------------------------------------
 *
 * model/live.c
 *	  Reads the live schema for a comparison.
 *
 * It is read as the model has it: with names that change and extensions that
 * move, which is tried out in subtransactions.  No lock is kept.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/live.h"

#include "model/relocate.h"
#include "model/stub.h"
#include "util/guc.h"
#include "util/spi.h"
#include "util/subxact.h"

#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"

static void read_renamed(void *arg);
static void read_relocated(void *arg);
static void read_start(MigComparing *building);
static void read_own(void *arg);

/* The live schema, with the names that the model has for it. */
void
mig_live_read(void *arg)
{
	MigComparing *building = arg;
	instr_time	start;
	instr_time	end;

	INSTR_TIME_SET_CURRENT(start);
	building->comparison->is_live_part = false;
	mig_rename_run(&building->aliases, read_renamed, building);
	read_start(building);
	INSTR_TIME_SET_CURRENT(end);
	INSTR_TIME_ACCUM_DIFF(building->reading, end, start);
}

/* The live schemas, in a subtransaction with names as the model has them. */
static void
read_renamed(void *arg)
{
	MigComparing *building = arg;
	MigComparison *comparison = building->comparison;
	const ListCell *lc;

	if (building->model != NULL)
		building->relocations = mig_relocations(building->model);
	mig_subxact_run(read_relocated, building);
	foreach(lc, comparison->schemas)
	{
		Oid			oid = get_namespace_oid(lfirst(lc), true);

		if (OidIsValid(oid) &&
			OidIsValid(getExtensionOfObject(NamespaceRelationId, oid)))
			building->rules.extensions_own =
				lappend(building->rules.extensions_own, lfirst(lc));
	}
}

/* Read it with extensions where they are to be; no lock is kept. */
static void
read_relocated(void *arg)
{
	MigComparing *building = arg;
	MigComparison *comparison = building->comparison;
	List	   *schemas = mig_relocate_live(building->relocations,
											comparison->schemas);

	comparison->live = mig_live_snapshot(comparison, schemas, NIL);
	mig_relocate_note(building->relocations, comparison->live);
}

/* The live schema with the names that it has; no lock is kept. */
static void
read_start(MigComparing *building)
{
	MigComparison *comparison = building->comparison;
	ListCell   *name;

	comparison->own_schemas = comparison->schemas;
	comparison->start = comparison->live;
	if (building->aliases.found == NIL && building->relocations == NIL)
		return;
	comparison->own_schemas = list_copy(comparison->schemas);
	for (int i = list_length(building->aliases.found) - 1; i >= 0; i--)
	{
		const MigRename *alias = list_nth(building->aliases.found, i);

		foreach(name, alias->address.classId == NamespaceRelationId ?
				comparison->own_schemas : NIL)
		{
			if (alias->old != NULL && strcmp(lfirst(name), alias->name) == 0)
				lfirst(name) = unconstify(char *, alias->old);
		}
	}
	mig_subxact_run(read_own, comparison);
}

static void
read_own(void *arg)
{
	MigComparison *comparison = arg;

	comparison->start = mig_live_snapshot(comparison,
										  comparison->own_schemas, NIL);
}

/*
 * A snapshot of what stands in the schemas now; or of a few objects, Oid, with
 * what is of kinds that are always read.
 */
MigSnapshot *
mig_live_snapshot(const MigComparison *comparison, const List *schemas,
				  const List *only)
{
	MigScope	scope = {.hidden = ""};
	const ListCell *lc;

	if (comparison->hidden != NULL)
		scope.hidden = comparison->hidden;
	else
		schemas = list_concat_copy(schemas, comparison->elsewhere);
	foreach(lc, schemas)
	{
		Oid			oid = get_namespace_oid(lfirst(lc), true);

		if (OidIsValid(oid))
			scope.namespaces = lappend_oid(scope.namespaces, oid);
	}
	if (comparison->hidden != NULL)
		mig_stub_read(&scope, comparison->stubs);
	scope.unqualified = comparison->unqualified;
	scope.database = comparison->database;
	scope.privileges = mig_guc_compares("privileges");
	if (only != NIL)
	{
		scope.only = DatumGetArrayTypeP(mig_oids_param(only).value);
		scope.only_few = true;
	}
	return mig_snapshot_read(&scope);
}
