/*-------------------------------------------------------------------------
 *
 * model/jobs.c
 *	  Partitions that jobs make and drop.
 *
 * They are no part of a model: the partitions of a table that pg_partman sees
 * to, or of which the model says by a mark that they stand elsewhere.  None is
 * dropped, none is missed, whether the model has some of them or not; what
 * the table itself is told reaches them all.  Tables that pg_partman takes as
 * templates stay as well, unless the model has them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/jobs.h"
#include "kind/table_parents.h"
#include "model/partman.h"
#include "sch/action.h"
#include "sch/snapshot.h"
#include "util/sql.h"

#include "catalog/namespace.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* How many partitions are named that are left alone */
#define STRAYS_SHOWN	20

static List *tables_of(List *names);
static Oid	table_of(char *name);
static bool is_marked(const MigModel *model, const MigObject *table);
static bool is_about(const MigRenameMark *mark, const MigObject *table);
static void ignore_partitions(const MigObject *table);
static bool is_stray(const MigJobs *jobs, const MigModel *model,
					 const MigObject *partition, const MigSnapshot *wanted);

/* What pg_partman sees to in this database. */
MigJobs
mig_jobs_read(void)
{
	MigJobs		jobs;

	jobs.parents = tables_of(mig_partman_parents());
	jobs.templates = tables_of(mig_partman_names("template_table"));
	return jobs;
}

/* The tables of names like "public.events", Oid. */
static List *
tables_of(List *names)
{
	List	   *tables = NIL;
	ListCell   *lc;

	foreach(lc, names)
	{
		Oid			table = table_of(lfirst(lc));

		if (OidIsValid(table))
			tables = lappend_oid(tables, table);
	}
	return tables;
}

/* The names are not quoted, so that any dot may part them. */
static Oid
table_of(char *name)
{
	char	   *dot = name;

	while ((dot = strchr(dot + 1, '.')) != NULL)
	{
		Oid			nsp = get_namespace_oid(pnstrdup(name, dot - name), true);
		Oid			table = InvalidOid;

		if (OidIsValid(nsp))
			table = get_relname_relid(dot + 1, nsp);
		if (OidIsValid(table))
			return table;
	}
	return InvalidOid;
}

/* Leave their partitions alone, in both snapshots; "model" may be NULL. */
void
mig_jobs_ignore(const MigJobs *jobs, const MigModel *model,
				MigSnapshot *live, MigSnapshot *wanted)
{
	const ListCell *lc;

	foreach(lc, live->objects)
	{
		MigObject  *table = lfirst(lc);
		const MigObject *twin;

		if (table->kind->id != MIG_TABLE)
			continue;
		twin = mig_snapshot_find(wanted, MIG_TABLE, table->identity);
		if (twin == NULL && list_member_oid(jobs->templates,
											table->address.objid))
			mig_snapshot_ignore(table);
		if (!is_marked(model, table) &&
			!list_member_oid(jobs->parents, table->address.objid))
			continue;
		ignore_partitions(table);
		if (twin != NULL)
			ignore_partitions(twin);
	}
	foreach(lc, wanted->objects)
	{
		const MigObject *table = lfirst(lc);

		if (is_marked(model, table))
			ignore_partitions(table);
	}
}

/* Does the model say of a table that a job makes its partitions? */
static bool
is_marked(const MigModel *model, const MigObject *table)
{
	const ListCell *lc;

	if (model == NULL)
		return false;
	foreach(lc, model->partitioned)
	{
		if (is_about(lfirst(lc), table))
			return true;
	}
	return false;
}

static bool
is_about(const MigRenameMark *mark, const MigObject *table)
{
	return table->kind->id == MIG_TABLE &&
		mig_same(mark->schema, table->nspname) &&
		strcmp(mark->object, table->name) == 0;
}

static void
ignore_partitions(const MigObject *table)
{
	const ListCell *lc;

	if (!mig_table_is_partitioned(table))
		return;
	foreach(lc, mig_table_descendants(table))
		mig_snapshot_ignore(lfirst(lc));
}

/* Say which marks are about no partitioned table. */
void
mig_jobs_tell_vain(const MigModel *model, const MigSnapshot *wanted)
{
	const ListCell *lc;

	foreach(lc, model->partitioned)
	{
		const MigRenameMark *mark = lfirst(lc);
		bool		is_vain = true;
		const ListCell *other;

		foreach(other, wanted->objects)
		{
			const MigObject *table = lfirst(other);

			if (is_about(mark, table) && mig_table_is_partitioned(table))
				is_vain = false;
		}
		if (is_vain)
			ereport(NOTICE,
					(errmsg("the mark \"migrate:partitions elsewhere\" at table %s means nothing",
							quote_qualified_identifier(mark->schema,
													   mark->object)),
					 errdetail("The table is not partitioned.")));
	}
}

/*
 * Say which partitions are left alone only because the model has none of their
 * table; see mig_snapshot_is_stray().
 */
void
mig_jobs_tell_strays(const MigJobs *jobs, const MigModel *model,
					 const MigSnapshot *live, const MigSnapshot *wanted)
{
	List	   *names = NIL;
	const ListCell *lc;

	foreach(lc, live->objects)
	{
		const MigObject *table = lfirst(lc);

		if (is_stray(jobs, model, table, wanted))
			names = lappend(names, pstrdup(table->identity));
	}
	if (names != NIL)
		ereport(NOTICE,
				(errmsg_plural("%d partition is not in the model, and stays: the model has none of its table",
							   "%d partitions are not in the model, and stay: the model has none of their tables",
							   list_length(names), list_length(names)),
				 errdetail_internal("%s.",
									mig_join_names(names, ", ", STRAYS_SHOWN)),
				 errhint("Put the partitions into the model, then what it does not have is dropped; drop the last one in a revision written by hand. The mark \"-- migrate:partitions elsewhere\" at the CREATE TABLE says that others see to them.")));
}

/* Is it a partition that neither the model nor a job accounts for? */
static bool
is_stray(const MigJobs *jobs, const MigModel *model,
		 const MigObject *partition, const MigSnapshot *wanted)
{
	const ListCell *lc;

	if (!partition->ignored || partition->excluded ||
		mig_snapshot_find(wanted, partition->kind->id,
						  partition->identity) != NULL ||
		!mig_snapshot_is_stray(partition, wanted))
		return false;
	foreach(lc, mig_table_parents(partition))
	{
		const MigObject *table = lfirst(lc);

		if (is_marked(model, table) ||
			list_member_oid(jobs->parents, table->address.objid) ||
			(table->ignored && !is_stray(jobs, model, table, wanted)))
			return false;
	}
	return true;
}
