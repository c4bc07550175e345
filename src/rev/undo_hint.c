/*-------------------------------------------------------------------------
 *
 * rev/undo_hint.c
 *	  How an applied revision is undone, for hints.
 *
 * What is applied can be neither changed nor removed; the user is told the
 * call that comes first.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/lookup.h"
#include "rev/undo_hint.h"
#include "util/sql.h"

static const char *choose_function(const MigRevision *rev,
								   const MigRecord *record);

/*
 * A sentence that names the call which undoes a revision: in the first target
 * schema where it is applied, of several.
 */
char *
mig_undo_text(Oid nsp, const char *revision)
{
	MigTables	tables;
	List	   *records;
	MigRevision *rev;
	const MigRecord *record;
	const char *below;
	char	   *call;

	mig_tables_open(&tables, nsp, "", false);
	records = mig_lookup_records(&tables, revision, NULL);
	rev = mig_lookup_revision(&tables, revision);
	mig_tables_close(&tables);
	if (records == NIL || rev == NULL)
		return pstrdup("It is not applied any longer; try again.");
	record = linitial(records);
	below = rev->down == NIL ? psprintf("%s@base", revision) :
		linitial(rev->down);
	call = mig_call_text(choose_function(rev, record), below,
						 record->schema_name);
	if (list_length(records) == 1)
		return psprintf("%s undoes it.", call);
	return psprintf("%s undoes it in one of %d target schemas.", call,
					list_length(records));
}

/* A stamp is undone by a stamp. */
static const char *
choose_function(const MigRevision *rev, const MigRecord *record)
{
	if (strcmp(record->how, "ran") != 0)
		return "SELECT migrate_stamp";
	return rev->transactional ? "SELECT * FROM migrate_downgrade" :
		"CALL migrate_revert";
}
