/*-------------------------------------------------------------------------
 *
 * run/script_check.c
 *	  The scripts of a revision that is to be stored.
 *
 * What can be found out is found out here, so that little is in the middle of
 * a run.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "rev/progress.h"
#include "run/new_label_use.h"
#include "run/script.h"
#include "run/script_check.h"
#include "run/statement.h"
#include "util/error.h"
#include "util/token.h"

#include "common/cryptohash.h"
#include "common/sha2.h"
#include "miscadmin.h"
#include "utils/builtins.h"

static int	first_nontransactional(const MigScript *script);
static char *checksum_of_tokens(const char *source);
static void hash_bytes_of(pg_cryptohash_ctx *hash, const void *data, size_t n);
static void refuse_marks(const char *source);
pg_noreturn static void refuse_here(const char *source, int location,
									const char *message, const char *hint);

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

/*
 * Check a script that is about to be stored.
 *
 * Raises MG016 with the position of what cannot be in a script, and a syntax
 * error with its own.  *statements is set to the number of statements, and
 * *nontransactional to the number of the first one that cannot run in a
 * transaction block, 0 if there is none.  Returns the checksum.
 */
char *
mig_script_check(const char *source, const char *title, int *statements,
				 int *nontransactional)
{
	MigScriptContext context;
	MigScript  *script;
	char	   *checksum;

	mig_script_context_begin(&context, source, title);
	refuse_marks(source);
	checksum = checksum_of_tokens(source);
	mig_script_context_end(&context);

	script = mig_script_parse(source, title);
	*statements = script->nstatements;
	mig_script_context_begin(&context, source, title);
	for (int i = 0; i < script->nstatements; i++)
	{
		MigStatement *stmt = &script->statements[i];
		const char *hint;
		const char *fault = mig_statement_fault(stmt->raw->stmt, &hint);

		CHECK_FOR_INTERRUPTS();
		if (fault != NULL)
			refuse_here(source, stmt->start, fault, hint);
	}
	*nontransactional = first_nontransactional(script);
	mig_script_context_end(&context);
	return checksum;
}

/*
 * The number of the first statement that cannot run in one transaction with
 * those before it; 0 if there is none.
 */
static int
first_nontransactional(const MigScript *script)
{
	int			first = script->nstatements;
	int			use;

	for (int i = 0; i < first; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (mig_statement_nontransactional(script->statements[i].raw->stmt))
			first = i;
	}
	use = mig_new_label_first_use(script, first);
	if (use < first)
		return use + 1;
	return first < script->nstatements ? first + 1 : 0;
}

/*
 * SHA-256 over the tokens of a script, in hexadecimal: of each the bytes as
 * written and a zero byte.  Comments, white space and semicolons at the end
 * do not count; nor do token codes, which differ between major versions.
 */
static char *
checksum_of_tokens(const char *source)
{
	pg_cryptohash_ctx *hash = pg_cryptohash_create(PG_SHA256);
	uint8		digest[PG_SHA256_DIGEST_LENGTH];
	char	   *hex = palloc(2 * PG_SHA256_DIGEST_LENGTH + 1);
	MigTokens	tokens;
	int			semicolons = 0;

	if (hash == NULL || pg_cryptohash_init(hash) < 0)
		elog(ERROR, "could not initialize SHA-256");
	mig_token_begin(&tokens, source);
	while (mig_token_next(&tokens))
	{
		if (tokens.token == '\\')
			refuse_here(source, tokens.location,
						"a script cannot hold commands of psql or inline data of COPY",
						"Write plain SQL: INSERT instead of COPY FROM STDIN, and remove lines that begin with a backslash.");
		if (tokens.token == ';')
		{
			semicolons++;
			continue;
		}
		for (; semicolons > 0; semicolons--)
			hash_bytes_of(hash, ";", 2);
		hash_bytes_of(hash, tokens.source, strlen(tokens.source) + 1);
	}
	if (pg_cryptohash_final(hash, digest, sizeof(digest)) < 0)
		elog(ERROR, "could not compute SHA-256");
	pg_cryptohash_free(hash);
	hex_encode((const char *) digest, sizeof(digest), hex);
	hex[2 * PG_SHA256_DIGEST_LENGTH] = '\0';
	return hex;
}

/* It fails only where the library for cryptography does not allow SHA-256. */
static void
hash_bytes_of(pg_cryptohash_ctx *hash, const void *data, size_t n)
{
	if (pg_cryptohash_update(hash, data, n) < 0)
		elog(ERROR, "could not compute SHA-256");
}

/*
 * Refuse lines that a revision file would read as the beginning of another
 * section or revision.
 */
static void
refuse_marks(const char *source)
{
	const char *line = source;

	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		if (mig_token_is_section(line))
			refuse_here(source, line - source,
						"a script cannot hold a line that marks a section of a revision file",
						"Indent the line, or write the comment differently.");
		line = strchr(line, '\n');
		if (line == NULL)
			return;
		line++;
	}
}

/*
 * The position is one of the script; the callback of the context turns it into
 * statement and line.
 */
static void
refuse_here(const char *source, int location, const char *message,
			const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_MIG_SCRIPT_REFUSED),
			 errmsg_internal("%s", message),
			 hint == NULL ? 0 : errhint("%s", hint),
			 errposition(mig_script_character(source, location))));
}
