/*-------------------------------------------------------------------------
 *
 * io/pair.c
 *	  Files that come in pairs: NUMBER_name.up.sql, NUMBER_name.down.sql.
 *
 * Pure.  golang-migrate has such files, and pop, which puts the dialect and
 * ".autocommit" before the ending: of 7_x.up.sql, 7_x.postgres.up.sql and
 * 7_x.mysql.up.sql the second one is for this server.  A name may have dots
 * that mean nothing; only dialects that are known count.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "io/pair.h"

#include "miscadmin.h"

/* a part of a name that says something, with its dot */
#define AUTOCOMMIT ".autocommit"

static bool strip(const char *name, size_t *length, const char *part);
static const char *strip_dialect(const char *name, size_t *length,
								 bool *for_postgres);
static char *step_of(const char *name, const MigPairName *pair);

/*
 * What the name of a file says; false if it is not one of a pair.
 */
bool
mig_pair_name(const char *name, MigPairName *pair)
{
	size_t		length = strlen(name);

	memset(pair, 0, sizeof(*pair));
	pair->is_down = strip(name, &length, ".down.sql");
	if (!pair->is_down && !strip(name, &length, ".up.sql"))
		return false;
	pair->autocommit = strip(name, &length, AUTOCOMMIT);
	pair->for_postgres = true;
	pair->dialect = strip_dialect(name, &length, &pair->for_postgres);
	pair->autocommit |= strip(name, &length, AUTOCOMMIT);
	pair->rest = length;
	return true;
}

/* Does a name end so, and with something before it?  Then *length shrinks. */
static bool
strip(const char *name, size_t *length, const char *part)
{
	size_t		n = strlen(part);

	if (*length <= n || strncmp(name + *length - n, part, n) != 0)
		return false;
	*length -= n;
	return true;
}

/*
 * For projects that have files for several servers beside each other: only
 * those for PostgreSQL are read.
 */
static const char *
strip_dialect(const char *name, size_t *length, bool *for_postgres)
{
	static const char *const ours[] = {".postgres", ".postgresql", ".pg"};
	static const char *const others[] = {
		".cockroach", ".cockroachdb", ".crdb", ".mysql", ".mariadb",
		".sqlite", ".sqlite3", ".mssql", ".sqlserver", ".oracle",
		".clickhouse", ".spanner", ".yugabytedb",
	};

	for (size_t i = 0; i < lengthof(ours); i++)
	{
		if (strip(name, length, ours[i]))
			return ours[i] + 1;
	}
	for (size_t i = 0; i < lengthof(others); i++)
	{
		if (!strip(name, length, others[i]))
			continue;
		*for_postgres = false;
		return others[i] + 1;
	}
	return NULL;
}

/*
 * Leave out the files of pairs that are for other databases, and those for
 * any where there is one for PostgreSQL: list of MigSource *, in the current
 * memory context.  A NOTICE says how many are for others.
 */
List *
mig_pair_select(const List *sources)
{
	HTAB	   *ours = mig_name_table("pg_migrations pairs",
									  MIG_MAX_NAME + 1);
	List	   *selected = NIL;
	int			others = 0;
	const char *first_other = NULL;
	MigPairName pair;
	const ListCell *lc;

	foreach(lc, sources)
	{
		const MigSource *source = lfirst(lc);

		if (source->name != NULL && mig_pair_name(source->name, &pair) &&
			pair.for_postgres && pair.dialect != NULL)
			hash_search(ours, step_of(source->name, &pair), HASH_ENTER, NULL);
	}
	foreach(lc, sources)
	{
		MigSource  *source = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		if (source->name == NULL || !mig_pair_name(source->name, &pair))
			selected = lappend(selected, source);
		else if (!pair.for_postgres)
		{
			if (others++ == 0)
				first_other = source->name;
		}
		else if (pair.dialect != NULL ||
				 hash_search(ours, step_of(source->name, &pair), HASH_FIND,
							 NULL) == NULL)
			selected = lappend(selected, source);
	}
	if (others > 0)
		ereport(NOTICE,
				(errmsg_plural("%d file for another database is left out",
							   "%d files for other databases are left out",
							   others, others),
				 errdetail("The first is \"%s\".", first_other)));
	return selected;
}

/* What a file is a script of: its number, and the direction. */
static char *
step_of(const char *name, const MigPairName *pair)
{
	const char *slash = strrchr(name, '/');
	const char *base = slash == NULL ? name : slash + 1;

	return psprintf("%c%.*s", pair->is_down ? '-' : '+',
					(int) Min(strspn(base, "0123456789"), MIG_MAX_NAME - 1),
					base);
}
