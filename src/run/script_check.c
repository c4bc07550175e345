/*-------------------------------------------------------------------------
 *
 * run/script_check.c
 *	  The scripts of a revision that is to be stored.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/progress.h"
#include "run/script.h"
#include "run/script_check.h"
#include "run/statement.h"
#include "run/step.h"
#include "util/error.h"

/*
 * Check the scripts of a revision, and find out what follows from them; the
 * downgrade and the verify script may be NULL.
 *
 * revision is for messages.  Raises what mig_script_check() does.
 */
MigCheckedScripts
mig_check_scripts(const char *revision, const char *upgrade,
				  const char *downgrade, const char *verify)
{
	const char *names[] = {"upgrade", "downgrade", "verify"};
	const char *scripts[] = {upgrade, downgrade, verify};
	int			counts[] = {0, 0, 0};
	MigCheckedScripts checked = {0};

	checked.transactional = true;
	for (int i = 0; i < 3; i++)
	{
		int			nontransactional;
		char	   *checksum;

		if (scripts[i] == NULL)
			continue;
		checksum = mig_script_check(scripts[i],
									mig_script_title(names[i], revision),
									&counts[i], &nontransactional);
		if (i == 0)
			checked.checksum = checksum;
		if (nontransactional == 0 || !checked.transactional)
			continue;
		checked.transactional = false;
		checked.script = names[i];
		checked.statement = nontransactional;
	}
	checked.counts.upgrade = counts[0];
	checked.counts.downgrade = counts[1];
	checked.counts.verify = counts[2];
	return checked;
}

/*
 * Of a revision that is not transactional: can its scripts run in one but for
 * values that they add to enumerated types?  What their texts alone do not
 * tell may be why it was marked by hand.  Scripts may be NULL.
 */
bool
mig_scripts_wait_for_labels(const char *revision, const char *upgrade,
							const char *downgrade, const char *verify)
{
	const char *scripts[] = {upgrade, downgrade, verify};
	bool		adds_label = false;

	for (Size i = 0; i < lengthof(scripts); i++)
	{
		MigScript  *script;

		if (scripts[i] == NULL)
			continue;
		script = mig_script_parse(scripts[i],
								  mig_script_title("stored", revision));
		for (int s = 0; s < script->nstatements; s++)
		{
			const Node *stmt = script->statements[s].raw->stmt;

			if (mig_statement_likes_top_level(stmt))
				return false;
			adds_label |= mig_statement_adds_label(stmt);
		}
	}
	return adds_label;
}

/*
 * Of a revision that was broken off, statements that are done cannot change:
 * MG014, since the next deploy goes on behind them.
 */
void
mig_script_check_under_way(Oid nsp, const char *revision,
						   MigDirection direction,
						   const char *before, const char *after)
{
	int			last = mig_progress_last(nsp, revision, direction);
	MigScript  *a;
	MigScript  *b;

	if (last == 0)
		return;
	a = mig_script_parse(before, mig_script_title("stored", revision));
	b = mig_script_parse(after, mig_script_title("new", revision));
	for (int i = 0; i < last; i++)
	{
		if (i >= a->nstatements || i >= b->nstatements ||
			a->statements[i].length != b->statements[i].length ||
			memcmp(a->text + a->statements[i].start,
				   b->text + b->statements[i].start,
				   a->statements[i].length) != 0)
			ereport(ERROR,
					(errcode(ERRCODE_MIG_IS_APPLIED),
					 errmsg("cannot change statement %d of revision \"%s\" because it is done",
							i + 1, revision),
					 errdetail("A deploy was broken off behind statement %d.",
							   last),
					 errhint("Change later statements, or add some.")));
	}
}
