/*-------------------------------------------------------------------------
 *
 * model/proof.c
 *	  Tries generated scripts before they are stored.
 *
 * A second shadow begins as the live schema: our own statements build it, from
 * nothing, and what stands then is held against what was read, for a proof
 * that begins elsewhere would show nothing.  There the upgrade runs, and what
 * has come of it is held against what is wanted; then the downgrade, and that
 * is held against the live schema again.  Everything vanishes.
 *
 * There are three answers.  A script is disproven by an error of the server or
 * by what still differs; where the beginning could not be had, or the shadow
 * cannot show what a statement does, nothing is shown and nobody is accused.
 *
 * What is tried holds code of others: functions, views, defaults.  A proof
 * runs none of it with more rights than its owner has.  Where one role other
 * than a superuser's caller owns code, all runs as that role, restricted, so
 * that nothing leads back; of several, or where the caller may not act as the
 * role, nothing is shown.  What stands outside of the shadow is watched as in
 * every shadow, see code_trust.c.
 *
 * Rows are not there, and the rights of whoever will run the scripts may be
 * others: a proof says nothing of them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/metadata.h"
#include "model/extension_comment.h"
#include "model/live_part.h"
#include "model/prerequisites.h"
#include "model/relocate.h"
#include "model/proof.h"
#include "model/scope.h"
#include "model/slice.h"
#include "model/unmanaged_tables.h"

#include "compat.h"
#include "run/execute.h"
#include "run/script_check.h"
#include "sch/action.h"
#include "sch/code.h"
#include "sch/diff.h"
#include "sch/emit.h"
#include "sch/normal.h"
#include "sch/differences.h"
#include "util/error.h"
#include "util/guc.h"
#include "util/hazard.h"
#include "util/settings.h"
#include "util/sql.h"
#include "util/subxact.h"

#include "catalog/namespace.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* Bytes of a statement that a message shows */
#define STATEMENT_SHOWN		500

/* What has been shown of a pair of scripts. */
typedef enum Verdict
{
	PROVEN,
	DISPROVEN,
	NOT_PROVEN					/* nothing is shown */
} Verdict;

/* The scripts that run. */
typedef enum Played
{
	BEGINNING,					/* builds the live schema */
	UPGRADE,
	DOWNGRADE
} Played;

static const char *const played_names[] = {
	[BEGINNING] = NULL,
	[UPGRADE] = "upgrade",
	[DOWNGRADE] = "downgrade"
};

StaticAssertDecl(lengthof(played_names) == DOWNGRADE + 1,
				 "each script has its name");

/* What is tried, and what has come of it. */
typedef struct Proof
{
	const MigComparison *comparison;
	bool		is_baseline;	/* it leads from nothing to the live schema */
	const char *upgrade;
	const char *downgrade;

	/* result */
	Verdict		verdict;
	Played		script;			/* that it is about */
	int			statement;		/* of it, from 1; 0: none */
	const char *source;			/* of the statement */
	const char *message;		/* the server's error, or the reason */
	const char *differences;	/* what still differs; lines */
} Proof;

/* A proof under way. */
typedef struct Proving
{
	Proof	   *proof;
	MigSnapshot *from;			/* what is begun with, and come back to */
	MigSnapshot *to;			/* what the upgrade is to lead to */
	List	   *needed;			/* MigObject *, of "from": not compared, but
								 * built for what needs them */
	Oid			role;			/* to run as; InvalidOid: the caller */
	const MigShadow *shadow;
	MigScript  *script;			/* the last one that ran */
	bool		is_playing;		/* it is running */
	List	   *moved;			/* MigRelocation: extensions are taken back */
} Proving;

static const char *planted(const char *script);
static void try(Proof *proof);
static bool cut(const Proof *proof, MigSlice *slice);
static void try_from(Proof *proof);
static void agree(const Proof *proof);
static bool is_incomplete(const MigDiff *diff);
static void ignore_as_compared(const MigComparison *comparison);
static void find_role(Proving *proving);
static List *roles_of_start(const Proving *proving);
static void run(Proving *proving);
static void run_shadow(void *arg);
static List *existing_schemas(const Proof *proof);
static void try_scripts(const MigShadow *shadow, void *arg);
static bool build_start(Proving *proving);
static char *print_start(const Proving *proving);
static MigSnapshot *read_empty(const Proving *proving);
static Oid	role_of(const Proving *proving);
static void lend_owners(const Proving *proving, const MigSnapshot *built);
static void play(Proving *proving, Played script, const char *source);
static char *differences(Proving *proving, MigSnapshot *wanted, bool exact);
static void equalise(const Proving *proving, MigDiff *diff,
					 const MigScope *scope);
static char *foreign_grant(const MigDiff *diff);
static const MigObject *ignore_others(const Proving *proving,
									  MigSnapshot *built,
									  const MigSnapshot *wanted);
static bool is_ignored(const MigSnapshot *snapshot, const MigObject *object,
					   bool *left_out);
static void judge_error(Proving *proving, const ErrorData *error);
static bool shows_nothing(int sqlerrcode);
static void not_proven(Proof *proof, const char *reason);
pg_noreturn static void refuse(const Proof *proof);

/*
 * Prove what was generated, as migrate.prove demands; returns the upgrade
 * script as it is to be stored.
 *
 * It ends the use of the comparison, whose marks on the objects it
 * overwrites.  MG044: the scripts do not lead where they should, or with
 * "require" that could not be shown.
 */
const char *
mig_prove_generated(const MigComparison *comparison, bool is_baseline,
					const char *upgrade, const char *downgrade)
{
	Proof		proof = {
		.comparison = comparison,
		.is_baseline = is_baseline,
	};
	StringInfoData buf;

	proof.upgrade = planted(upgrade);
	proof.downgrade = planted(downgrade);
	if (mig_guc_prove() == MIG_PROVE_OFF ||
		(upgrade[0] == '\0' && downgrade[0] == '\0'))
		return upgrade;
	try(&proof);
	if (proof.verdict == PROVEN)
		return upgrade;
	if (proof.verdict == DISPROVEN || mig_guc_prove() == MIG_PROVE_REQUIRE)
		refuse(&proof);
	ereport(WARNING,
			(errmsg("the generated scripts are not proven"),
			 errdetail_internal("%s", proof.message),
			 errhint("Read them with more care, and try them on a copy of the database.")));
	initStringInfo(&buf);
	appendStringInfo(&buf, "-- %s: ", mig_hazard_mark(MIG_NOT_PROVEN));
	mig_append_comment(&buf, proof.message);
	appendStringInfo(&buf, "\n\n%s", upgrade);
	return buf.data;
}

/* A script with the fault that a test wants in it. */
static const char *
planted(const char *script)
{
	const char *arrow = strstr(mig_guc_plant(), "=>");
	char	   *fault;
	const char *at;

	if (arrow == NULL)
		return script;
	fault = pnstrdup(mig_guc_plant(), arrow - mig_guc_plant());
	at = strstr(script, fault);
	if (at == NULL)
		return script;
	return psprintf("%.*s%s%s", (int) (at - script), script, arrow + 2,
					at + strlen(fault));
}

/*
 * Try a pair of scripts.  Errors are raised where the session is to end, or
 * the statement was cancelled; all else is the answer.
 *
 * The part of the schema that they are about is tried first.  What is proven
 * there is proven; of all else the whole decides.
 */
static void
try(Proof *proof)
{
	const MigComparison *comparison = proof->comparison;
	MigSlice	slice;
	bool		is_proven = false;
	int			level;

	if (is_incomplete(&comparison->up))
	{
		not_proven(proof, MIG_INCOMPLETE);
		return;
	}
	level = mig_settings_pin();
	if (comparison->start != comparison->live && !proof->is_baseline)
		ignore_as_compared(comparison);
	if (cut(proof, &slice))
	{
		try_from(proof);
		mig_slice_undo(&slice);
		is_proven = proof->verdict == PROVEN;
		if (!is_proven)
			ereport(DEBUG1,
					(errmsg_internal("trying the scripts on all objects: %s",
									 proof->message != NULL ? proof->message :
									 proof->differences)));
	}
	if (!is_proven)
		try_from(proof);
	else if (mig_guc_checks_slices())
		agree(proof);
	if (proof->verdict == DISPROVEN && proof->script == DOWNGRADE &&
		is_incomplete(&comparison->down))
		not_proven(proof, "a line of the downgrade is to be completed");
	AtEOXact_GUC(true, level);
}

/* Returns false if the scripts are to be tried on the whole schema. */
static bool
cut(const Proof *proof, MigSlice *slice)
{
	const MigComparison *comparison = proof->comparison;

	if (proof->is_baseline || comparison->start != comparison->live)
		return false;
	mig_slice_cut(slice, &comparison->up, &comparison->down, proof->upgrade,
				  proof->downgrade);
	if (slice->whole == NULL)
		ereport(DEBUG1,
				(errmsg_internal("trying the scripts on %d of %d objects",
								 slice->ntaken, slice->nobjects)));
	else
		ereport(DEBUG1,
				(errmsg_internal("trying the scripts on all objects: %s",
								 slice->whole)));
	return slice->whole == NULL;
}

/* Try the scripts, and what is not ignored of both sides. */
static void
try_from(Proof *proof)
{
	const MigComparison *comparison = proof->comparison;
	Proving		proving = {.proof = proof};

	proof->verdict = PROVEN;
	proof->script = BEGINNING;
	proof->source = proof->message = proof->differences = NULL;
	proof->statement = 0;
	proving.from = proof->is_baseline ? NULL : comparison->start;
	proving.to = proof->is_baseline ? comparison->live : comparison->wanted;
	if (!proof->is_baseline)
		proving.needed = mig_needed_find(proving.from, proving.to,
										 &comparison->up, &comparison->down);
	mig_live_need(comparison->building);
	find_role(&proving);
	if (proof->verdict == PROVEN)
		run(&proving);
	mig_needed_ignore(proving.needed, true);
}

/*
 * In a build with assertions the whole is tried, too.  It may prove less if
 * the rest of it cannot be built.
 */
static void
agree(const Proof *proof)
{
	Proof		whole = *proof;

	try_from(&whole);
	if (whole.verdict == DISPROVEN ||
		(whole.verdict == NOT_PROVEN && whole.script != BEGINNING))
		elog(ERROR, "the whole schema does not prove what a part of it does: %s",
			 whole.message != NULL ? whole.message : whole.differences);
}

/* Has a script a line that a person is to complete? */
static bool
is_incomplete(const MigDiff *diff)
{
	return mig_action_any_warns(diff->actions, MIG_NEEDS_ATTENTION);
}

/* The live schema, read by its own names, is compared as by the model's. */
static void
ignore_as_compared(const MigComparison *comparison)
{
	const ListCell *lc;

	foreach(lc, comparison->start->objects)
	{
		MigObject  *object = lfirst(lc);
		const MigObject *twin = mig_snapshot_at(comparison->live,
												object->address.classid,
												object->address.objid,
												object->address.objsubid);

		object->ignored = twin != NULL && twin->ignored;
	}
}

/*
 * Whose code is in what is built?  Of the caller's own, and of whoever could
 * act as the caller anyway, nothing is to be feared.
 */
static void
find_role(Proving *proving)
{
	List	   *roles = NIL;
	StringInfoData names;
	const ListCell *lc;

	initStringInfo(&names);
	foreach(lc, roles_of_start(proving))
	{
		Oid			role = get_role_oid(lfirst(lc), true);

		if (is_member_of_role(role, GetUserId()) ||
			list_member_oid(roles, role))
			continue;
		appendStringInfo(&names, "%s%s", roles == NIL ? "" : ", ",
						 quote_identifier(lfirst(lc)));
		roles = lappend_oid(roles, role);
	}
	if (list_length(roles) == 1 &&
		is_member_of_role(GetUserId(), linitial_oid(roles)))
		proving->role = linitial_oid(roles);
	else if (roles != NIL)
		not_proven(proving->proof,
				   psprintf("code of %s would run as %s", names.data,
							GetUserNameFromId(GetUserId(), false)));
}

/* The names of those whose code is in the beginning. */
static List *
roles_of_start(const Proving *proving)
{
	const Proof *proof = proving->proof;
	List	   *roles = NIL;
	const ListCell *lc;
	bool		is_live = proof->is_baseline || proof->comparison->captures;

	if (proof->comparison->from_revisions)
		roles = list_copy(proof->comparison->lesser);
	if (proof->comparison->from_revisions && !proof->comparison->captures)
		return roles;
	foreach(lc, mig_code_in(is_live ? proving->to : proving->from))
		roles = lappend(roles,
						unconstify(char *, ((MigCode *) lfirst(lc))->role));
	return roles;
}

/* Build the beginning, try the scripts, and judge what comes of it. */
static void
run(Proving *proving)
{
	ErrorData  *error = mig_subxact_try(run_shadow, proving);

	if (error == NULL)
		return;
	if (ERRCODE_TO_CATEGORY(error->sqlerrcode) ==
		ERRCODE_OPERATOR_INTERVENTION)
		ReThrowError(error);
	judge_error(proving, error);
}

/* In a subtransaction: build one side, run the script, and compare. */
static void
run_shadow(void *arg)
{
	Proving    *proving = arg;
	const MigComparison *comparison = proving->proof->comparison;
	MigShadowOptions options = {0};
	const ListCell *lc;

	options.function = comparison->function;
	options.schemas = list_copy(comparison->schemas);
	foreach(lc, comparison->own_schemas)
	{
		if (!mig_has_name(options.schemas, lfirst(lc)))
			options.schemas = lappend(options.schemas, lfirst(lc));
	}
	options.database = comparison->database;
	options.privileges = mig_guc_compares("privileges");
	options.for_scripts = true;
	options.standing = existing_schemas(proving->proof);
	options.keeps_extensions = true;
	options.lasting = comparison->captures ? comparison->own_schemas : NIL;
	options.run_as = proving->role;
	options.within = try_scripts;
	options.arg = proving;
	mig_shadow_run(mig_model_parse("", comparison->unqualified,
								   get_namespace_name(comparison->nsp)),
				   &options);
}

/* The managed schemas that are there before the upgrade. */
static List *
existing_schemas(const Proof *proof)
{
	List	   *schemas = NIL;
	const ListCell *lc;

	if (proof->comparison->from_revisions)
		return proof->comparison->standing;
	foreach(lc, proof->comparison->own_schemas)
	{
		if (proof->is_baseline ? strcmp(lfirst(lc), "public") == 0 :
			OidIsValid(get_namespace_oid(lfirst(lc), true)))
			schemas = lappend(schemas, lfirst(lc));
	}
	return schemas;
}

/* In the shadow, where nothing stands yet. */
static void
try_scripts(const MigShadow *shadow, void *arg)
{
	Proving    *proving = arg;
	Proof	   *proof = proving->proof;

	proving->shadow = shadow;
	if (!build_start(proving))
		return;
	play(proving, UPGRADE, proof->upgrade);
	if (proof->comparison->captures)
		proving->moved =
			mig_relocate_back(proof->comparison->building->relocations);
	proof->differences = differences(proving, proving->to, false);
	mig_relocate_forth(proving->moved);
	proving->moved = NIL;
	if (proof->differences == NULL)
	{
		play(proving, DOWNGRADE, proof->downgrade);
		mig_needed_ignore(proving->needed, false);
		proof->differences = differences(proving, proving->from, false);
	}
	if (proof->differences != NULL)
		proof->verdict = DISPROVEN;
}

/*
 * Build the live schema, and see whether it is that.  What is not compared is
 * built, too, where something that is compared needs it.
 *
 * A baseline begins with what every database has.
 */
static bool
build_start(Proving *proving)
{
	Proof	   *proof = proving->proof;
	char	   *left;

	if (proof->is_baseline)
	{
		proving->from = read_empty(proving);
		return true;
	}
	play(proving, BEGINNING, print_start(proving));
	left = differences(proving, proving->from, true);
	mig_needed_ignore(proving->needed, true);
	if (left == NULL)
		return true;
	not_proven(proof, psprintf("the live schema was not built as it is: %s",
							   left));
	return false;
}

/* The script that leads from what stands in the shadow to the beginning. */
static char *
print_start(const Proving *proving)
{
	MigSnapshot *empty;
	MigDiff		diff = {0};
	const ListCell *lc;

	empty = read_empty(proving);
	lend_owners(proving, empty);
	mig_scope_begin_diff(&diff, empty, proving->from, role_of(proving));
	diff.bare = true;
	mig_diff_pair(&diff);
	mig_diff_run(&diff);
	foreach(lc, diff.actions)
		((MigAction *) lfirst(lc))->hazards = NIL;
	return mig_emit_script(&diff);
}

/* Where nothing has been built, but what members of extensions need. */
static MigSnapshot *
read_empty(const Proving *proving)
{
	MigScope	scope = mig_compare_scope(proving->proof->comparison,
										  proving->shadow);

	scope.is_empty = true;
	return mig_snapshot_read(&scope);
}

/* That runs what is tried. */
static Oid
role_of(const Proving *proving)
{
	return OidIsValid(proving->role) ? proving->role : GetUserId();
}

/*
 * A schema whose owner the scripts leave alone counts as that owner's where it
 * belongs to the role that runs all of this, which could not give it away.
 */
static void
lend_owners(const Proving *proving, const MigSnapshot *built)
{
	const char *role = GetUserNameFromId(role_of(proving), false);
	const ListCell *lc;

	foreach(lc, OidIsValid(proving->role) ? built->objects : NIL)
	{
		MigObject  *schema = lfirst(lc);
		const MigObject *from;
		const MigObject *to;

		if (schema->kind->id != MIG_SCHEMA || !mig_same(schema->owner, role))
			continue;
		from = mig_snapshot_find(proving->from, MIG_SCHEMA, schema->identity);
		to = mig_snapshot_find(proving->to, MIG_SCHEMA, schema->identity);
		if (from != NULL && to != NULL && mig_same(from->owner, to->owner))
			schema->owner = to->owner;
	}
}

/* Run a script in the shadow. */
static void
play(Proving *proving, Played script, const char *source)
{
	Proof	   *proof = proving->proof;
	const char *title = "the live schema";
	int			statements;
	int			commits_from;

	if (script != BEGINNING)
		title = psprintf("the generated %s script", played_names[script]);
	proof->script = script;
	proving->script = NULL;
	proving->is_playing = true;
	(void) mig_script_check(source, title, &statements, &commits_from);
	if (script == UPGRADE &&
		mig_action_any_warns(proof->comparison->up.actions,
							 MIG_ENUM_USED_AT_ONCE))
		commits_from = 1;
	else if (commits_from == 0)
		commits_from = statements + 1;
	proving->script = mig_script_parse(source, title);
	mig_shadow_play(proving->shadow, proving->script, script == BEGINNING,
					commits_from - 1);
	proving->is_playing = false;
}

/*
 * What differs between what stands in the shadow and a snapshot, or NULL.
 *
 * A comparison passes over who has granted a privilege, which decides over
 * what a REVOKE does; "exact" does not.
 */
static char *
differences(Proving *proving, MigSnapshot *wanted, bool exact)
{
	MigScope	scope = mig_compare_scope(proving->proof->comparison,
										  proving->shadow);
	MigSnapshot *built = mig_snapshot_read(&scope);
	MigDiff		diff = {0};
	char	   *lines = NULL;
	const MigObject *stray = ignore_others(proving, built, wanted);

	if (stray != NULL)
		return psprintf("%s %s is beyond what was tried",
						mig_kind_name(stray), stray->identity);
	mig_elsewhere_ignore(proving->proof->comparison->parsed,
						 proving->proof->comparison->schemas,
						 proving->proof->comparison->own_schemas, built);
	mig_relocate_note(proving->moved, built);
	mig_normal_forget(wanted);
	lend_owners(proving, built);
	mig_extension_comments_lend(built, wanted);
	mig_scope_begin_diff(&diff, built, wanted, role_of(proving));
	mig_diff_pair(&diff);
	equalise(proving, &diff, &scope);
	mig_diff_run(&diff);
	if (diff.actions != NIL || mig_rest_is_any(&diff))
		lines = mig_rest_describe(&diff);
	else if (exact && diff.privileges)
		lines = foreign_grant(&diff);
	MemoryContextDelete(built->context);
	return lines;
}

/* Code is analysed as the role whose it is: that may call it. */
static void
equalise(const Proving *proving, MigDiff *diff, const MigScope *scope)
{
	Oid			user;
	int			context;

	GetUserIdAndSecContext(&user, &context);
	if (OidIsValid(proving->role))
		SetUserIdAndSecContext(proving->role, context |
							   SECURITY_LOCAL_USERID_CHANGE |
							   SECURITY_RESTRICTED_OPERATION);
	mig_normal_equalise(diff, scope);
	SetUserIdAndSecContext(user, context);
}

/* An object whose grants are not the owner's, or NULL. */
static char *
foreign_grant(const MigDiff *diff)
{
	const ListCell *lc;

	foreach(lc, diff->from->objects)
	{
		const MigObject *object = lfirst(lc);

		if (!object->ignored && !mig_metadata_has_same_grants(diff, object))
			return psprintf("privileges on %s %s come from others than its owner",
							mig_kind_name(object), object->identity);
	}
	return NULL;
}

/*
 * What a comparison leaves alone is left alone here.  Returns something that
 * should not be there, since the slice has not taken it, or NULL.
 */
static const MigObject *
ignore_others(const Proving *proving, MigSnapshot *built,
			  const MigSnapshot *wanted)
{
	const MigObject *stray = NULL;
	const ListCell *lc;

	foreach(lc, built->objects)
	{
		MigObject  *object = lfirst(lc);
		bool		left_out = false;

		if (is_ignored(proving->from, object, &left_out) ||
			is_ignored(wanted, object, &left_out))
			mig_snapshot_ignore(object);
		if (left_out)
			stray = object;
	}
	return stray;
}

static bool
is_ignored(const MigSnapshot *snapshot, const MigObject *object,
		   bool *left_out)
{
	const MigObject *twin = mig_snapshot_find(snapshot, object->kind->id,
											  object->identity);

	if (twin == NULL)
		return false;
	*left_out |= twin->left_out;
	return twin->ignored;
}

/* An error has ended the proof. */
static void
judge_error(Proving *proving, const ErrorData *error)
{
	Proof	   *proof = proving->proof;
	int			n;

	if (!proving->is_playing || proof->script == BEGINNING)
	{
		not_proven(proof,
				   psprintf(proof->script == BEGINNING ?
							"the live schema could not be built: %s" :
							"what was built could not be compared: %s",
							error->message));
		return;
	}
	n = proving->script == NULL ? 0 : mig_script_position().statement;
	if (n > 0 && n <= proving->script->nstatements)
	{
		proof->statement = n;
		proof->source = proving->script->statements[n - 1].text;
	}
	if (shows_nothing(error->sqlerrcode))
	{
		not_proven(proof, psprintf("statement %d of the %s could not be tried: %s",
								   n, played_names[proof->script],
								   error->message));
		return;
	}
	proof->verdict = DISPROVEN;
	proof->message = error->message;
}

/*
 * Is an error no fault of the script?  Then it is of the shadow, which lets
 * alone what is not its own, of the caller's rights, or of the server's state.
 */
static bool
shows_nothing(int sqlerrcode)
{
	int			category = ERRCODE_TO_CATEGORY(sqlerrcode);

	return category == ERRCODE_TO_CATEGORY(ERRCODE_MIG_MODEL_REFUSED) ||
		category == ERRCODE_INSUFFICIENT_RESOURCES ||
		category == ERRCODE_SYSTEM_ERROR ||
		sqlerrcode == ERRCODE_INSUFFICIENT_PRIVILEGE ||
		sqlerrcode == ERRCODE_ACTIVE_SQL_TRANSACTION ||
		sqlerrcode == ERRCODE_LOCK_NOT_AVAILABLE ||
		sqlerrcode == ERRCODE_T_R_DEADLOCK_DETECTED;
}

static void
not_proven(Proof *proof, const char *reason)
{
	proof->verdict = NOT_PROVEN;
	proof->message = reason;
}

/* Raise MG044. */
static void
refuse(const Proof *proof)
{
	StringInfoData detail;

	if (proof->verdict == NOT_PROVEN)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_DISPROVEN),
				 errmsg("the generated scripts are not proven"),
				 errdetail_internal("%s", proof->message),
				 errhint("migrate.prove = on takes them with a remark.")));
	initStringInfo(&detail);
	if (proof->source != NULL)
		appendStringInfo(&detail, "Statement %d: %s\nThe server says: %s.",
						 proof->statement,
						 pnstrdup(proof->source,
								  pg_mbcliplen(proof->source,
											   strlen(proof->source),
											   STATEMENT_SHOWN)),
						 proof->message);
	else if (proof->message != NULL)
		appendStringInfo(&detail, "The server says: %s.", proof->message);
	else
		appendStringInfo(&detail, "What differs then:\n%s",
						 proof->differences);
	ereport(ERROR,
			(errcode(ERRCODE_MIG_DISPROVEN),
			 errmsg(proof->script != UPGRADE ? "the generated downgrade script does not lead back" :
					proof->is_baseline ?
					"the generated script does not build the schema of the database" :
					"the generated upgrade script does not lead to the model"),
			 errdetail_internal("%s", detail.data),
			 errhint("Nothing was stored. With migrate.prove = off the scripts are given as they are, to be completed by hand; please report this.")));
}
