/*-------------------------------------------------------------------------
 *
 * rev/incoming.c
 *	  Revisions that come from files, held against what is stored.
 *
 * Pure.  Blank lines around a script and blanks around a message mean
 * nothing: files are written without them, so that what differs in them alone
 * is the same.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/incoming.h"
#include "util/error.h"
#include "util/sql.h"

static bool same_script(const char *a, const char *b);
static bool same_text(const char *a, const char *b);

/*
 * Raise MG030: what is wrong with a file, and where.
 *
 * file may be NULL, hint too.
 */
void
mig_incoming_refuse(const char *file, int line, const char *detail,
					const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_MIG_BAD_FILE),
			 file == NULL ?
			 errmsg("malformed revision file at line %d", line) :
			 errmsg("malformed revision file \"%s\" at line %d", file, line),
			 errdetail_internal("%s", detail),
			 hint == NULL ? 0 : errhint("%s", hint)));
}

/* The name of an action in results. */
const char *
mig_incoming_action(MigIncomingAction action)
{
	switch (action)
	{
		case MIG_ACTION_UNCHANGED:
			return "unchanged";
		case MIG_ACTION_STORED:
			return "stored";
		case MIG_ACTION_UPDATED:
			return "updated";
		case MIG_ACTION_REPLACED:
			return "replaced";
	}
	return NULL;
}

/*
 * What differs between a file and what is stored, as MIG_DIFF_ bits.  What
 * the file leaves out does not differ.
 */
int
mig_incoming_compare(const MigIncoming *in)
{
	const MigRevision *a = &in->rev;
	const MigRevision *b = in->stored;
	int			diff = 0;

	if (!same_script(a->upgrade_sql, b->upgrade_sql))
		diff |= MIG_DIFF_UPGRADE;
	if (!same_script(a->downgrade_sql, b->downgrade_sql))
		diff |= MIG_DIFF_DOWNGRADE;
	if (!same_script(a->verify_sql, mig_script_is_blank(b->verify_sql) ?
					 NULL : b->verify_sql))
		diff |= MIG_DIFF_VERIFY;
	if (strcmp(a->message, mig_line_trimmed(b->message)) != 0)
		diff |= MIG_DIFF_MESSAGE;
	if (!same_text(a->description, b->description))
		diff |= MIG_DIFF_DESCRIPTION;
	if (!mig_same_names(a->labels, b->labels))
		diff |= MIG_DIFF_LABELS;
	if (in->has_down && !mig_same_names(a->down, b->down))
		diff |= MIG_DIFF_PARENTS;
	if (!mig_same_names(a->depends_on, b->depends_on))
		diff |= MIG_DIFF_DEPENDS;
	if (in->has_transactional && a->transactional != b->transactional)
		diff |= MIG_DIFF_TRANSACTIONAL;
	if (in->has_created && a->created_at != b->created_at)
		diff |= MIG_DIFF_CREATED;
	return diff;
}

/* the first is trimmed already */
static bool
same_script(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0 || strcmp(a, mig_script_trimmed(b)) == 0;
}

static bool
same_text(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

/*
 * Can a file not be about a revision, although it has its id?
 *
 * A revision that was worked on still has its parents, its message or its
 * upgrade script.  All bases have the same parents, and other tools' files
 * give none; then what counts is the time of creation.
 */
bool
mig_incoming_is_other(const MigIncoming *in, const MigRevision *rev)
{
	const MigRevision *own = &in->rev;
	bool		same_script;

	if (own->checksum != NULL && rev->checksum != NULL)
		same_script = strcmp(own->checksum, rev->checksum) == 0;
	else
		same_script = same_text(own->upgrade_sql, rev->upgrade_sql);
	if (same_script ||
		strcmp(own->message, mig_line_trimmed(rev->message)) == 0)
		return false;
	if (!in->has_down || (own->down == NIL && rev->down == NIL))
		return !in->has_created || own->created_at != rev->created_at;
	return !mig_same_names(own->down, rev->down);
}

/* What MIG_DIFF_ bits say, in words with commas; for the log. */
char *
mig_incoming_describe(int diff)
{
	static const char *const names[] = {
		"upgrade script", "downgrade script", "verify script", "message",
		"description", "branch labels", "parents", "dependencies",
		"transactional", "created",
	};
	List	   *words = NIL;

	StaticAssertStmt(MIG_DIFF_LAST == 1 << (lengthof(names) - 1),
					 "each MIG_DIFF_ bit has a name");
	for (size_t i = 0; i < lengthof(names); i++)
	{
		if (diff & (1 << i))
			words = lappend(words, pstrdup(names[i]));
	}
	return mig_join_names(words, ", ", 0);
}

/* A copy of a script without blank lines before and white space behind. */
char *
mig_script_trimmed(const char *script)
{
	const char *end = script + strlen(script);
	const char *line = script;

	while (end > script && strchr(" \t\r\n\v\f", end[-1]) != NULL)
		end--;
	for (const char *p = script; p < end; p++)
	{
		if (*p == '\n')
			line = p + 1;
		else if (strchr(" \t\r\v\f", *p) == NULL)
			break;
	}
	return pnstrdup(line, end - line);
}

/* Is there nothing in a script?  It may be NULL. */
bool
mig_script_is_blank(const char *script)
{
	return script == NULL || script[strspn(script, " \t\r\n\v\f")] == '\0';
}

/* A copy of a line without blanks around it. */
char *
mig_line_trimmed(const char *line)
{
	const char *end = line + strlen(line);

	while (*line != '\0' && strchr(" \t\r", *line) != NULL)
		line++;
	while (end > line && strchr(" \t\r", end[-1]) != NULL)
		end--;
	return pnstrdup(line, end - line);
}

/*
 * The order of two numbers of any length, given as digits; leading zeros do
 * not count.
 */
int
mig_version_compare(const char *a, const char *b)
{
	const char *x = a + strspn(a, "0");
	const char *y = b + strspn(b, "0");

	if (strlen(x) != strlen(y))
		return strlen(x) < strlen(y) ? -1 : 1;
	return strcmp(x, y);
}

/* An empty hash table whose entries begin with a name. */
HTAB *
mig_name_table(const char *name, Size entry)
{
	HASHCTL		ctl = {0};

	ctl.keysize = MIG_MAX_NAME + 1;
	ctl.entrysize = entry;
	ctl.hcxt = CurrentMemoryContext;
	return hash_create(name, 64, &ctl,
					   HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
}
