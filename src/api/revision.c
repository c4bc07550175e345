/*-------------------------------------------------------------------------
 *
 * api/revision.c
 *	  SQL functions that make, change and remove revisions.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/author.h"
#include "rev/undo_hint.h"
#include "run/authoring.h"
#include "run/pipeline.h"
#include "run/script_check.h"
#include "util/arg.h"
#include "util/error.h"
#include "util/sql.h"

#include "tcop/utility.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(migrate_revision);
PG_FUNCTION_INFO_V1(migrate_merge);
PG_FUNCTION_INFO_V1(migrate_edit);
PG_FUNCTION_INFO_V1(migrate_remove);

/* The arguments of migrate_edit(). */
typedef struct EditArguments
{
	char	   *upgrade;
	char	   *downgrade;
	char	   *verify;
	char	   *message;
	char	   *head;
	bool		has_transactional;
	bool		transactional;
	bool		irreversible;
} EditArguments;

static MigRevision *find_revision(Oid nsp, const char *revision,
								  bool *applied_ran);
static MigChange change_of(const MigRevision *old, const EditArguments *args);
static bool transactional_by_hand(const MigRevision *old);
static void check_immutable(Oid nsp, const MigRevision *old,
							const MigChange *change);
static char *describe_change(const EditArguments *args);

Datum
migrate_revision(PG_FUNCTION_ARGS)
{
	Oid			nsp = mig_arg_schema_oid(fcinfo);
	MigOccasion occasion = mig_occasion("", NULL);
	MigDraft	draft = {0};

	draft.action = "revision";
	draft.message = mig_arg_required(fcinfo, 0, "message");
	draft.upgrade_sql = mig_arg_required(fcinfo, 1, "upgrade");
	draft.downgrade_sql = mig_arg_text(fcinfo, 2);
	draft.verify_sql = mig_arg_text(fcinfo, 3);
	draft.head = mig_arg_required(fcinfo, 4, "head");
	draft.rev_id = mig_arg_text(fcinfo, 5);
	draft.splice = mig_arg_bool(fcinfo, 6, false);
	draft.branch_label = mig_arg_text(fcinfo, 7);
	draft.depends_on = mig_arg_text(fcinfo, 8);
	if (draft.downgrade_sql == NULL &&
		draft.upgrade_sql[strspn(draft.upgrade_sql, " \t\r\n")] == '\0')
		draft.downgrade_sql = "";
	mig_authoring_check(&draft, draft.rev_id ? draft.rev_id : draft.message,
						!PG_ARGISNULL(9), mig_arg_bool(fcinfo, 9, true));
	mig_authoring_begin(fcinfo, "migrate_revision", false);
	mig_author_check_message(nsp, draft.message,
							 "migrate_show() shows a revision; the first argument here is a message.");
	PG_RETURN_TEXT_P(cstring_to_text(mig_author_create(nsp, &occasion,
													   &draft)));
}

Datum
migrate_merge(PG_FUNCTION_ARGS)
{
	Oid			nsp = mig_arg_schema_oid(fcinfo);
	MigOccasion occasion = mig_occasion("", NULL);
	MigDraft	draft = {0};

	draft.action = "merge";
	draft.needs_parent = true;
	draft.head = mig_arg_required(fcinfo, 0, "revisions");
	draft.message = mig_arg_text(fcinfo, 1);
	draft.branch_label = mig_arg_text(fcinfo, 2);
	draft.rev_id = mig_arg_text(fcinfo, 3);
	draft.depends_on = mig_arg_text(fcinfo, 4);
	draft.upgrade_sql = draft.downgrade_sql = "";
	mig_authoring_check(&draft, "merge", false, true);
	mig_authoring_begin(fcinfo, "migrate_merge", false);
	if (draft.message != NULL)
		mig_author_check_message(nsp, draft.message,
								 "Several revisions are one argument: migrate_merge('a, b').");
	PG_RETURN_TEXT_P(cstring_to_text(mig_author_create(nsp, &occasion,
													   &draft)));
}

Datum
migrate_edit(PG_FUNCTION_ARGS)
{
	Oid			nsp = mig_arg_schema_oid(fcinfo);
	MigOccasion occasion = mig_occasion("", NULL);
	char	   *revision = mig_arg_required(fcinfo, 0, "revision");
	EditArguments args;
	MigRevision *old;
	MigChange	change;
	char	   *what;
	bool		ran;

	args.upgrade = mig_arg_text(fcinfo, 1);
	args.downgrade = mig_arg_text(fcinfo, 2);
	args.verify = mig_arg_text(fcinfo, 3);
	args.message = mig_arg_text(fcinfo, 4);
	args.head = mig_arg_text(fcinfo, 5);
	args.has_transactional = !PG_ARGISNULL(6);
	args.transactional = mig_arg_bool(fcinfo, 6, true);
	args.irreversible = mig_arg_bool(fcinfo, 7, false);
	if (args.irreversible && args.downgrade != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a revision with a downgrade script is not irreversible"),
				 errhint("Give either downgrade or irreversible => true.")));
	mig_authoring_begin(fcinfo, "migrate_edit", true);
	if (args.message != NULL)
		mig_author_check_message(nsp, args.message,
								 "The second argument is the upgrade script, the fifth the message; name them.");
	old = find_revision(nsp, revision, &ran);
	what = describe_change(&args);
	if (what == NULL && args.head == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there is nothing to change"),
				 errhint("Give upgrade, downgrade, verify, message, head, transactional or irreversible.")));
	change = change_of(old, &args);
	if (ran)
		check_immutable(nsp, old, &change);
	if (args.upgrade != NULL)
		mig_script_check_under_way(nsp, old->revision, MIG_UPGRADE,
								   old->upgrade_sql,
								   args.upgrade);
	if (args.downgrade != NULL && old->downgrade_sql != NULL)
		mig_script_check_under_way(nsp, old->revision, MIG_DOWNGRADE,
								   old->downgrade_sql, args.downgrade);
	if (what != NULL)
		mig_author_change(nsp, &occasion, old, &change, what);
	if (args.head != NULL)
		mig_author_reparent(nsp, &occasion, old->revision, args.head);
	PG_RETURN_VOID();
}

/* The tables are closed before anything is written. */
static MigRevision *
find_revision(Oid nsp, const char *revision, bool *applied_ran)
{
	MigTables	tables;
	MigRevision *found;

	mig_tables_open(&tables, nsp, "", false);
	found = mig_author_find(&tables, revision);
	*applied_ran = mig_lookup_ran_anywhere(&tables, found->revision);
	mig_tables_close(&tables);
	return found;
}

/* What is to change; the scripts are checked as they will be together. */
static MigChange
change_of(const MigRevision *old, const EditArguments *args)
{
	MigChange	change = {0};
	MigDraft	draft = {0};

	draft.upgrade_sql = args->upgrade ? args->upgrade : old->upgrade_sql;
	draft.downgrade_sql = args->irreversible ? NULL :
		args->downgrade ? args->downgrade : old->downgrade_sql;
	draft.verify_sql = args->verify ? args->verify : old->verify_sql;
	mig_authoring_check(&draft, old->revision, args->has_transactional,
						args->transactional);
	change.upgrade_sql = args->upgrade;
	change.checksum = draft.checksum;
	change.counts = draft.counts;
	change.downgrade_sql = args->downgrade;
	change.verify_sql = args->verify;
	if (args->message != NULL)
		mig_author_split_message(args->message, &change.message,
								 &change.description);
	change.irreversible = args->irreversible;
	change.transactional = draft.transactional &&
		(args->has_transactional || !transactional_by_hand(old));
	return change;
}

/*
 * Was a revision said not to be transactional though its statements are?
 * Then it stays so.
 */
static bool
transactional_by_hand(const MigRevision *old)
{
	MigDraft	draft = {0};

	if (old->transactional)
		return false;
	draft.upgrade_sql = old->upgrade_sql;
	draft.downgrade_sql = old->downgrade_sql;
	draft.verify_sql = old->verify_sql;
	mig_authoring_check(&draft, old->revision, false, true);
	return draft.transactional;
}

/* What ran cannot be changed afterwards: MG014. */
static void
check_immutable(Oid nsp, const MigRevision *old, const MigChange *change)
{
	if (strcmp(old->checksum, change->checksum) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_IS_APPLIED),
				 errmsg("cannot change the upgrade script of revision \"%s\" because it is applied",
						old->revision),
				 errhint("%s Or make a new revision.",
						 mig_undo_text(nsp, old->revision))));
	if (old->transactional != change->transactional)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_IS_APPLIED),
				 errmsg("cannot change whether revision \"%s\" is transactional because it is applied",
						old->revision),
				 errhint("%s Or make a new revision.",
						 mig_undo_text(nsp, old->revision))));
}

/* For the log: what an edit changes, or NULL if nothing but the parents. */
static char *
describe_change(const EditArguments *args)
{
	List	   *what = NIL;

	if (args->upgrade != NULL)
		what = lappend(what, pstrdup("upgrade script"));
	if (args->downgrade != NULL || args->irreversible)
		what = lappend(what, pstrdup("downgrade script"));
	if (args->verify != NULL)
		what = lappend(what, pstrdup("verify script"));
	if (args->message != NULL)
		what = lappend(what, pstrdup("message"));
	if (args->has_transactional)
		what = lappend(what, pstrdup("transactional"));
	return what == NIL ? NULL : mig_join_names(what, ", ", 0);
}

Datum
migrate_remove(PG_FUNCTION_ARGS)
{
	Oid			nsp = mig_arg_schema_oid(fcinfo);
	MigOccasion occasion = mig_occasion("", NULL);
	char	   *revision = mig_arg_required(fcinfo, 0, "revision");
	bool		ran;

	mig_authoring_begin(fcinfo, "migrate_remove", true);
	mig_author_remove(nsp, &occasion,
					  find_revision(nsp, revision, &ran)->revision);
	PG_RETURN_VOID();
}
