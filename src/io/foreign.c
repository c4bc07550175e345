/*-------------------------------------------------------------------------
 *
 * io/foreign.c
 *	  Migration files of other tools: goose, dbmate, and the pairs of files
 *	  of golang-migrate and pop.
 *
 * Pure.  Such files do not name their parents.  The number that a name begins
 * with is the id; in its order each file stands on the one before.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "compat.h"
#include "io/foreign.h"
#include "io/pair.h"
#include "util/time.h"

/* What is gathered while a file is read. */
typedef struct Gathered
{
	const MigSource *source;
	MigIncoming *in;
	int			line;
	StringInfoData up;
	StringInfoData down;
	StringInfo	current;		/* one of them; NULL: before the first mark */
	int			statement;		/* line of an open StatementBegin, or 0 */
} Gathered;

static const char *base_name(const char *name);
static const char *mark_behind(const char *line, const char *word);
static MigIncoming *parse_half(const MigSource *source);
static MigIncoming *make_incoming(const MigSource *source, size_t length);
static void take_time(MigIncoming *in);
static void read_goose(Gathered *g);
static void read_goose_mark(Gathered *g, const char *mark);
static void end_statement(Gathered *g);
static void read_dbmate(Gathered *g);
static void read_dbmate_mark(Gathered *g, const char *mark);
static void begin_up(Gathered *g);
static void begin_down(Gathered *g);
static void add_line(Gathered *g, const char *line);
static char *without_transaction(const char *script);
static bool is_word_of(const char *line, const char *const *words);
pg_noreturn static void refuse(const Gathered *g, const char *detail,
							   const char *hint);

/* Which tool is a file for? */
MigFormat
mig_foreign_format(const MigSource *source)
{
	MigFormat	format = MIG_FORMAT_UNKNOWN;
	MigPairName pair;

	for (const char *line = source->text; *line != '\0';
		 line = mig_line_next(line))
	{
		if (mig_line_begins(line, MIG_REVISION_LINE))
			return MIG_FORMAT_OWN;
		if (format != MIG_FORMAT_UNKNOWN)
			continue;
		if (mark_behind(line, "+goose") != NULL)
			format = MIG_FORMAT_GOOSE;
		else if (mark_behind(line, "migrate:up") != NULL)
			format = MIG_FORMAT_DBMATE;
	}
	if (format == MIG_FORMAT_UNKNOWN && source->name != NULL &&
		mig_pair_name(source->name, &pair))
		format = MIG_FORMAT_PAIR;
	return format;
}

/*
 * What stands behind a word that begins a comment line, without blanks before
 * it; NULL if the line is not such a line.
 */
static const char *
mark_behind(const char *line, const char *word)
{
	size_t		length = strlen(word);

	line += strspn(line, " \t");
	if (!mig_line_begins(line, "--"))
		return NULL;
	line += 2;
	line += strspn(line, " \t");
	if (!mig_line_begins(line, word) ||
		(line[length] != '\0' && strchr(" \t\r\n", line[length]) == NULL))
		return NULL;
	line += length;
	return line + strspn(line, " \t");
}

/*
 * Read a file; MG030 where it is malformed.
 *
 * Its parent is not given: mig_foreign_chain() finds it.  Of a pair this is
 * one half: the script of a name that ends in .down.sql is the downgrade, and
 * the upgrade script is NULL.
 */
MigIncoming *
mig_foreign_parse(const MigSource *source, MigFormat format)
{
	Gathered	g = {.source = source,.line = source->line};
	MigRevision *rev;

	if (format == MIG_FORMAT_PAIR)
		return parse_half(source);
	if (source->name == NULL)
		refuse(&g, psprintf("The name of a %s file is needed: its number is the id.",
							format == MIG_FORMAT_GOOSE ? "goose" : "dbmate"),
			   "Write a line \"-- migrate:file NAME\" above it.");
	initStringInfo(&g.up);
	initStringInfo(&g.down);
	g.in = make_incoming(source, strlen(source->name) - strlen(".sql"));
	rev = &g.in->rev;
	if (format == MIG_FORMAT_GOOSE)
		read_goose(&g);
	else
		read_dbmate(&g);
	if (g.in->lines.upgrade == 0)
		refuse(&g, "There is no section for the way up.", NULL);
	rev->upgrade_sql = mig_script_trimmed(g.up.data);
	if (g.in->lines.downgrade != 0)
		rev->downgrade_sql = mig_script_trimmed(g.down.data);
	return g.in;
}

/* One half of a pair; it may be empty, as a step with nothing to do. */
static MigIncoming *
parse_half(const MigSource *source)
{
	MigIncoming *in;
	MigPairName pair;
	char	   *script = mig_script_trimmed(without_transaction(source->text));

	(void) mig_pair_name(source->name, &pair);
	in = make_incoming(source, pair.rest);
	in->format = "golang-migrate";
	in->has_transactional = pair.autocommit;
	if (pair.is_down)
		in->rev.downgrade_sql = script;
	else
		in->rev.upgrade_sql = script;
	return in;
}

/*
 * Number and message from the first bytes of the name; the time, where the
 * number is one.
 */
static MigIncoming *
make_incoming(const MigSource *source, size_t length)
{
	const char *name = base_name(pnstrdup(source->name, length));
	size_t		digits = strspn(name, "0123456789");
	MigIncoming *in = palloc0(sizeof(MigIncoming));
	const char *rest = name + digits + strspn(name + digits, "_-. ");

	if (digits == 0 || digits > MIG_MAX_NAME)
		mig_incoming_refuse(source->name, 1,
							"The name does not begin with a number of up to 63 digits.",
							"The number orders the files, and becomes the id.");
	in->file = source->name;
	in->lines.revision = in->lines.upgrade = in->lines.downgrade = 1;
	in->rev.revision = pnstrdup(name, digits);
	in->rev.message = rest[0] == '\0' ? in->rev.revision :
		mig_line_trimmed(rest);
	take_time(in);
	return in;
}

/* The part behind the last slash of a path in a bundle. */
static const char *
base_name(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash == NULL ? name : slash + 1;
}

/* a number of 14 digits may be a time */
static void
take_time(MigIncoming *in)
{
	const char *n = in->rev.revision;

	if (strlen(n) == 14)
		in->has_created =
			mig_time_parse(psprintf("%.4s-%.2s-%.2s %.2s:%.2s:%.2s", n, n + 4,
									n + 6, n + 8, n + 10, n + 12),
						   &in->rev.created_at);
}

/*
 * A statement without its end is an error that names the line where it begins.
 */
static void
read_goose(Gathered *g)
{
	g->in->format = "goose";
	g->in->lines.upgrade = g->in->lines.downgrade = 0;
	for (const char *line = g->source->text; *line != '\0';
		 line = mig_line_next(line))
	{
		const char *mark = mark_behind(line, "+goose");

		if (mark == NULL)
			add_line(g, line);
		else
			read_goose_mark(g, mark);
		g->line++;
	}
	if (g->statement != 0)
	{
		g->line = g->statement;
		refuse(g, "The statement that begins here does not end.",
			   "Write \"-- +goose StatementEnd\" behind it.");
	}
}

/*
 * Marks of statements matter only where they show that a section is not
 * complete: scripts run as they are.
 */
static void
read_goose_mark(Gathered *g, const char *mark)
{
	char	   *word = mig_line_trimmed(pnstrdup(mark, strcspn(mark, "\n")));

	if (pg_strcasecmp(word, "Up") == 0)
		begin_up(g);
	else if (pg_strcasecmp(word, "Down") == 0)
		begin_down(g);
	else if (pg_strcasecmp(word, "StatementBegin") == 0 &&
			 g->current != NULL && g->statement == 0)
		g->statement = g->line;
	else if (pg_strcasecmp(word, "StatementEnd") == 0 && g->statement != 0)
		end_statement(g);
	else if (pg_strcasecmp(word, "NO TRANSACTION") == 0)
		g->in->has_transactional = true;
	else if (pg_strcasecmp(word, "ENVSUB ON") == 0)
		refuse(g, "Variables of the environment cannot be put in.",
			   "Write the values into the file.");
	else if (pg_strcasecmp(word, "ENVSUB OFF") != 0)
		refuse(g, psprintf("The mark \"+goose %s\" is unknown, or misplaced.",
						   word), NULL);
}

/* goose needs no semicolon at the end of such a statement */
static void
end_statement(Gathered *g)
{
	int			end = g->current->len;

	while (end > 0 && isspace((unsigned char) g->current->data[end - 1]))
		end--;
	if (end > 0 && g->current->data[end - 1] != ';')
		appendStringInfoString(g->current, ";\n");
	g->statement = 0;
}

static void
read_dbmate(Gathered *g)
{
	g->in->format = "dbmate";
	g->in->lines.upgrade = g->in->lines.downgrade = 0;
	for (const char *line = g->source->text; *line != '\0';
		 line = mig_line_next(line))
	{
		const char *up = mark_behind(line, "migrate:up");
		const char *down = mark_behind(line, "migrate:down");

		if (up != NULL)
			begin_up(g);
		else if (down != NULL)
			begin_down(g);
		if (up != NULL || down != NULL)
			read_dbmate_mark(g, up != NULL ? up : down);
		else
			add_line(g, line);
		g->line++;
	}
}

/* the options behind a mark */
static void
read_dbmate_mark(Gathered *g, const char *mark)
{
	char	   *rest = mig_line_trimmed(pnstrdup(mark, strcspn(mark, "\n")));
	char	   *option;

	while ((option = strsep(&rest, " \t")) != NULL)
	{
		if (strcmp(option, "transaction:false") == 0)
			g->in->has_transactional = true;
		else if (option[0] != '\0' && strcmp(option, "transaction:true") != 0)
			refuse(g, psprintf("The option \"%s\" is unknown.", option), NULL);
	}
}

/* Both formats demand that it comes first. */
static void
begin_up(Gathered *g)
{
	if (g->current != NULL)
		refuse(g, "The section for the way up is not the first, or given twice.",
			   NULL);
	g->current = &g->up;
	g->in->lines.upgrade = g->line;
}

/* A statement that is still open would have swallowed the mark. */
static void
begin_down(Gathered *g)
{
	if (g->current != &g->up || g->statement != 0)
		refuse(g, "The section for the way down is misplaced, or given twice.",
			   "It stands behind the one for the way up.");
	g->current = &g->down;
	g->in->lines.downgrade = g->line;
}

/* Comments above the first section belong to the upgrade script. */
static void
add_line(Gathered *g, const char *line)
{
	const char *end = mig_line_next(line);

	if (g->current == NULL && !mig_line_is_blank(line) &&
		!mig_line_begins(line + strspn(line, " \t"), "--"))
		refuse(g, "SQL stands before the first section.", NULL);
	appendBinaryStringInfo(g->current == NULL ? &g->up : g->current, line,
						   end - line);
}

/*
 * A script without the BEGIN and COMMIT that are its first and last line:
 * whoever runs it sees to the transaction.
 */
static char *
without_transaction(const char *script)
{
	static const char *const begins[] = {
		"begin", "begin transaction", "begin work", "start transaction", NULL
	};
	static const char *const ends[] = {
		"commit", "commit transaction", "commit work", "end",
		"end transaction", NULL
	};
	char	   *copy = pstrdup(script);
	char	   *first = NULL;
	char	   *last = NULL;

	for (char *line = copy; *line != '\0';
		 line = copy + (mig_line_next(line) - copy))
	{
		if (mig_line_is_blank(line) ||
			mig_line_begins(line + strspn(line, " \t"), "--"))
			continue;
		if (first == NULL)
			first = line;
		last = line;
	}
	if (first != NULL && first != last && is_word_of(first, begins) &&
		is_word_of(last, ends))
	{
		memset(first, ' ', strcspn(first, "\n"));
		memset(last, ' ', strcspn(last, "\n"));
	}
	return copy;
}

/* A command alone on its line, with or without a semicolon. */
static bool
is_word_of(const char *line, const char *const *words)
{
	char	   *word = mig_line_trimmed(pnstrdup(line, strcspn(line, "\n")));
	size_t		length = strlen(word);

	if (length > 0 && word[length - 1] == ';')
		word[length - 1] = '\0';
	word = mig_line_trimmed(word);
	for (int i = 0; words[i] != NULL; i++)
	{
		if (pg_strcasecmp(word, words[i]) == 0)
			return true;
	}
	return false;
}

/* With the file and the line that is being read. */
static void
refuse(const Gathered *g, const char *detail, const char *hint)
{
	mig_incoming_refuse(g->source->name, g->line, detail, hint);
}

/*
 * Numbers by their value, what is no number as text; files of one version in
 * the order of their names.
 */
static int
compare_incoming(const ListCell *a, const ListCell *b)
{
	const MigIncoming *x = lfirst(a);
	const MigIncoming *y = lfirst(b);
	int			order = mig_version_compare(x->rev.revision,
											y->rev.revision);

	return order != 0 ? order : strcmp(x->file, y->file);
}

/*
 * Bring files in order, join the pairs, and give each its parent: the one
 * before.  The parent of the first stays open.
 */
List *
mig_foreign_chain(List *incoming)
{
	List	   *chain = NIL;
	MigIncoming *last = NULL;
	ListCell   *lc;

	list_sort(incoming, compare_incoming);
	foreach(lc, incoming)
	{
		MigIncoming *in = lfirst(lc);

		/* the two halves of a pair follow each other, .down.sql first */
		if (last != NULL && last->rev.upgrade_sql == NULL &&
			in->rev.downgrade_sql == NULL &&
			strcmp(last->rev.revision, in->rev.revision) == 0)
		{
			in->rev.downgrade_sql = last->rev.downgrade_sql;
			in->has_transactional |= last->has_transactional;
			in->has_down = last->has_down;
			in->rev.down = last->rev.down;
			chain = list_delete_last(chain);
		}
		else if (last != NULL && last->rev.upgrade_sql == NULL)
			mig_incoming_refuse(last->file, 1, "The file for the way up is missing.",
								NULL);
		else if (last != NULL)
		{
			in->has_down = true;
			in->rev.down = list_make1(last->rev.revision);
		}
		chain = lappend(chain, in);
		last = in;
	}
	if (last != NULL && last->rev.upgrade_sql == NULL)
		mig_incoming_refuse(last->file, 1, "The file for the way up is missing.",
							NULL);
	return chain;
}
