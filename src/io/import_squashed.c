/*-------------------------------------------------------------------------
 *
 * io/import_squashed.c
 *	  Files in which several revisions have become one.
 *
 * A squashed script says above each part from which revision it is.  Where
 * one of those is stored and its file is gone, what the file says was not
 * done to the database yet: parts of the script may have run there, and would
 * run again.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "io/import_squashed.h"
#include "rev/incoming.h"
#include "rev/lookup.h"
#include "run/squash.h"
#include "util/error.h"
#include "util/sql.h"

#include "miscadmin.h"
#include "utils/builtins.h"

static List *parts_of(const char *script);
pg_noreturn static void refuse(const MigIncoming *in, List *stored);

/*
 * Raise MG031 for a file that is new or has another upgrade script, and takes
 * in what is stored beside it.
 */
void
mig_import_refuse_squashed(const MigIncomingCheck *check, MigTables *tables)
{
	ListCell   *lc;

	foreach(lc, check->incoming)
	{
		const MigIncoming *in = lfirst(lc);
		List	   *stored = NIL;
		ListCell   *l;

		CHECK_FOR_INTERRUPTS();
		if (in->stored != NULL && (in->diff & MIG_DIFF_UPGRADE) == 0)
			continue;
		foreach(l, parts_of(in->rev.upgrade_sql))
		{
			char	   *part = lfirst(l);

			if (strcmp(part, in->rev.revision) != 0 &&
				mig_incoming_check_find(check, part) == NULL &&
				mig_lookup_exists(tables, part))
				stored = lappend(stored, part);
		}
		if (stored != NIL)
			refuse(in, stored);
	}
}

/*
 * The revisions that a script has been put together of, in its order; none if
 * it does not begin with a part.
 */
static List *
parts_of(const char *script)
{
	List	   *parts = NIL;
	const char *line = script;

	if (script == NULL)
		return NIL;
	line += strspn(line, " \t\r\n");
	if (strncmp(line, MIG_SQUASH_PART, strlen(MIG_SQUASH_PART)) != 0)
		return NIL;
	while (line != NULL)
	{
		const char *id = line + strlen(MIG_SQUASH_PART);

		if (strncmp(line, MIG_SQUASH_PART, strlen(MIG_SQUASH_PART)) == 0)
		{
			size_t		len = strcspn(id, ": \r\n");

			if (id[len] == ':')
				parts = lappend(parts, pnstrdup(id, len));
		}
		line = strchr(line, '\n');
		if (line != NULL)
			line++;
	}
	return parts;
}

/* The others are stored, so that the range can be squashed if the last is. */
static void
refuse(const MigIncoming *in, List *stored)
{
	const char *range = psprintf("%s:%s", (char *) linitial(stored),
								 in->rev.revision);
	const char *call = psprintf("SELECT migrate_squash(%s, 'message')",
								quote_literal_cstr(range));

	ereport(ERROR,
			(errcode(ERRCODE_MIG_OTHER_SCRIPT),
			 errmsg("revision \"%s\" takes in others that are stored here",
					in->rev.revision),
			 errdetail("They are: %s.", mig_join_names(stored, ", ", 20)),
			 in->stored == NULL ?
			 errhint("Apply the files from before that; then %s does the same here.",
					 call) :
			 errhint("%s does the same here.", call)));
}
