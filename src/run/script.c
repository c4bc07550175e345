/*-------------------------------------------------------------------------
 *
 * run/script.c
 *	  Scripts: split into statements, which errors point into.
 *
 * Splitting is the server's parser's; what the kinds of statements mean for us
 * is statement.c's matter, and script_check.c has what may be in a script that
 * is stored.  Scripts are always read with standard_conforming_strings on,
 * whatever the session says, so that they mean the same at every time.
 *
 * Positions: the parser counts bytes, messages count characters, both within
 * the whole script.  Errors point into the script by an internal query, since
 * the client's own query is merely the call of a function.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "run/script.h"
#include "util/settings.h"
#include "util/sql.h"
#include "util/token.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "parser/parser.h"
#include "parser/scansup.h"
#include "tcop/tcopprot.h"
#include "utils/builtins.h"
#include "utils/guc.h"

/* a longer text is shown by the lines around the error only */
#define WHOLE_TEXT_SHOWN	2000

/* a longer text is parsed in pieces, in bytes */
#define LONG_TEXT	(256 * 1024)

static void parse_piece(MigScript *script, int start, int end);
static void fill_statement(MigStatement *stmt, RawStmt *raw,
						   const char *source, int start, int end);
static List *ends_of_pieces(const char *source);
static List *parse_silently(const char *source);
static List *parse_standard(const char *source);
static void parse_error_callback(void *arg);

/* The name of a script in messages. */
char *
mig_script_title(const char *kind, const char *revision)
{
	return psprintf("%s script of revision \"%s\"", kind, revision);
}

/*
 * Split a script into statements.
 *
 * title names the script in messages and must live as long as the result,
 * which is in the current memory context and points into text.  A syntax
 * error is raised with its position in the script.
 *
 * The parser cannot be interrupted, so that a long script is given to it in
 * pieces.
 */
MigScript *
mig_script_parse(const char *source, const char *title)
{
	MigScript  *script = palloc0(sizeof(MigScript));
	MigScriptContext context;
	int			line = 1;
	int			counted = 0;
	ListCell   *lc;

	script->text = source;
	script->title = title;
	mig_script_context_begin(&context, source, title);
	foreach(lc, ends_of_pieces(source))
	{
		parse_piece(script, context.start, lfirst_int(lc));
		context.start = lfirst_int(lc);
	}
	mig_script_context_end(&context);
	for (int i = 0; i < script->nstatements; i++)
	{
		MigStatement *stmt = &script->statements[i];

		CHECK_FOR_INTERRUPTS();
		line += mig_newlines(source + counted, stmt->start - counted);
		counted = stmt->start;
		stmt->line = line;
	}
	return script;
}

/*
 * The same for a script of which a count says that it has one statement:
 * parsed once, this is the statement's own already, and says what there is to
 * be said of it.  It may run once, since the server may do anything with it.
 */
MigScript *
mig_script_parse_only(const char *source, const char *title)
{
	int			length = strlen(source);
	int			start = mig_token_skip_blank(source, 0, length);
	MigScript  *script = palloc0(sizeof(MigScript));
	MigScriptContext context;
	MigStatement *stmt = palloc0(sizeof(MigStatement));
	List	   *raw;

	mig_script_context_begin(&context, source, title);
	context.start = start;
	context.is_only = true;
	raw = parse_standard(source + start);
	mig_script_context_end(&context);
	if (list_length(raw) == 1)
		fill_statement(stmt, linitial_node(RawStmt, raw), source, start,
					   length);
	/* locations in the tree are counted from there */
	if (list_length(raw) != 1 || stmt->start != start)
		return mig_script_parse(source, title);
	script->text = source;
	script->title = title;
	script->nstatements = 1;
	script->statements = stmt;
	stmt->text = pnstrdup(source + start, stmt->length);
	stmt->raw->stmt_location = 0;
	stmt->raw->stmt_len = 0;
	stmt->line = 1 + mig_newlines(source, start);
	return script;
}

/* Parse a piece of a script, and add its statements. */
static void
parse_piece(MigScript *script, int start, int end)
{
	const char *source = script->text;
	bool		is_whole = start == 0 && source[end] == '\0';
	List	   *raw;
	ListCell   *lc;
	MigStatement *stmt;

	raw = parse_silently(is_whole ? source :
						 pnstrdup(source + start, end - start));
	if (raw == NIL)
		return;
	script->statements = script->statements == NULL ?
		palloc(sizeof(MigStatement) * list_length(raw)) :
		repalloc(script->statements, sizeof(MigStatement) *
				 (script->nstatements + list_length(raw)));
	stmt = &script->statements[script->nstatements];
	script->nstatements += list_length(raw);
	foreach(lc, raw)
	{
		CHECK_FOR_INTERRUPTS();
		fill_statement(stmt, lfirst_node(RawStmt, lc), source, start, end);
		stmt->raw->stmt_location = stmt->start;
		stmt->raw->stmt_len = stmt->length;
		stmt++;
	}
}

/*
 * Fill in a statement as it was parsed, without the blanks and comments before
 * it and the white space behind.  What was parsed begins at start and ends at
 * end.
 */
static void
fill_statement(MigStatement *stmt, RawStmt *raw, const char *source,
			   int start, int end)
{
	int			from = start + raw->stmt_location;
	int			to = raw->stmt_len > 0 ? from + raw->stmt_len : end;

	stmt->raw = raw;
	stmt->text = NULL;
	stmt->origin = start;
	stmt->start = mig_token_skip_blank(source, from, to);
	while (to > stmt->start && scanner_isspace(source[to - 1]))
		to--;
	stmt->length = to - stmt->start;
}

/*
 * Where the pieces of a script end: behind semicolons that end statements,
 * which those in rules and in bodies of SQL functions do not.
 */
static List *
ends_of_pieces(const char *source)
{
	int			length = strlen(source);
	List	   *ends = NIL;
	int			start = 0;
	int			depth = 0;
	bool		in_body = false;
	char		before[] = "atomic";	/* the token before, if it is short */
	MigTokens	tokens;

	if (length <= LONG_TEXT)
		return list_make1_int(length);
	mig_token_begin(&tokens, source);
	while (mig_token_next(&tokens))
	{
		const char *token = tokens.source;

		depth += (token[0] == '(') - (token[0] == ')');
		if (pg_strcasecmp(token, "atomic") == 0 &&
			pg_strcasecmp(before, "begin") == 0)
			in_body = true;
		else if (pg_strcasecmp(token, "end") == 0 &&
				 (before[0] == ';' || pg_strcasecmp(before, "atomic") == 0))
			in_body = false;
		strlcpy(before, strlen(token) < sizeof(before) ? token : "",
				sizeof(before));
		if (token[0] == ';' && depth == 0 && !in_body &&
			tokens.location - start >= LONG_TEXT)
		{
			start = tokens.location + 1;
			ends = lappend_int(ends, start);
		}
	}
	return lappend_int(ends, length);
}

/*
 * Each statement says by itself that a name is too long, when it is run.
 *
 * The variable is set as it is, without the bookkeeping of a setting, which
 * takes as long as parsing does: the parser asks no code of others.
 */
static List *
parse_silently(const char *source)
{
	int			level = client_min_messages;
	List	   *raw = NIL;

	PG_TRY();
	{
		client_min_messages = ERROR;
		raw = parse_standard(source);
	}
	PG_FINALLY();
	{
		client_min_messages = level;
	}
	PG_END_TRY();
	return raw;
}

/*
 * Give a statement of a script a text of its own, in which the locations of
 * its parse tree are then counted.
 *
 * The server and its hooks are given one text with each statement, and may do
 * anything with it.  Both are made in the current memory context.
 */
void
mig_script_detach(const MigScript *script, MigStatement *stmt)
{
	stmt->text = pnstrdup(script->text + stmt->start, stmt->length);
	stmt->origin = stmt->start;
	stmt->raw = linitial_node(RawStmt, parse_standard(stmt->text));
}

/* Parse with the standard's reading of backslashes. */
static List *
parse_standard(const char *source)
{
	int			guc_level;
	List	   *raw;

	source = mig_token_readable(source);
	if (MIG_STANDARD_STRINGS)
		return pg_parse_query(source);
	guc_level = mig_token_standard_strings();
	raw = pg_parse_query(source);
	AtEOXact_GUC(true, guc_level);
	return raw;
}

/*
 * What has to be written behind a script so that its last statement ends: a
 * semicolon unless there is one, on a line of its own behind a comment.
 */
const char *
mig_script_terminator(const char *source)
{
	MigTokens	tokens;
	int			last = ';';
	size_t		end = 0;

	mig_token_begin(&tokens, source);
	while (mig_token_next(&tokens))
	{
		last = tokens.token;
		end = tokens.location + strlen(tokens.source);
	}
	if (last == ';')
		return "";
	return source[end + strspn(source + end, " \t\r\n")] == '\0' ? ";" : "\n;";
}

/* A location, which is in bytes, as a position of messages. */
int
mig_script_character(const char *source, int location)
{
	return pg_mbstrlen_with_len(source, location) + 1;
}

/*
 * Let errors with a position point into a script instead of the client's
 * query, and name it, up to mig_script_context_end().  Both strings must live
 * until then.
 */
void
mig_script_context_begin(MigScriptContext *context, const char *source,
						 const char *title)
{
	context->text = source;
	context->title = title;
	context->start = 0;
	context->is_only = false;
	context->callback.callback = parse_error_callback;
	context->callback.arg = context;
	context->callback.previous = error_context_stack;
	error_context_stack = &context->callback;
}

/* Not needed after an error: the stack is put back by who catches it. */
void
mig_script_context_end(const MigScriptContext *context)
{
	error_context_stack = context->callback.previous;
}

/*
 * The position is counted in characters from the beginning of what was parsed,
 * which may begin within the script.
 */
static void
parse_error_callback(void *arg)
{
	MigScriptContext *context = arg;
	int			position = geterrposition();
	int			at;

	if (position <= 0 && context->is_only)
		errcontext("statement 1, line %d of %s",
				   1 + mig_newlines(context->text, context->start),
				   context->title);
	else if (position <= 0)
		errcontext("%s", context->title);
	if (position <= 0)
		return;
	position += pg_mbstrlen_with_len(context->text, context->start);
	at = pg_mbcharcliplen(context->text, strlen(context->text), position - 1);
	mig_script_point_into(context->text, 0, strlen(context->text), position);
	errcontext("line %d of %s", 1 + mig_newlines(context->text, at),
			   context->title);
}

/*
 * In an error context callback: move the error's position from the client's
 * query into a part of a script.
 *
 * start and length are the part in bytes; position counts characters from the
 * part's beginning, 0 if there is none.  Of a long text only the lines around
 * the position are shown.
 */
void
mig_script_point_into(const char *source, int start, int length, int position)
{
	const char *part = source + start;
	int			from = 0;
	int			to = length;

	errposition(0);
	if (length > WHOLE_TEXT_SHOWN)
	{
		int			at;
		int			newlines = 0;

		at = position <= 0 ? 0 :
			pg_mbcharcliplen(part, length, position - 1);
		for (from = at; from > 0 && at - from < WHOLE_TEXT_SHOWN; from--)
		{
			if (part[from - 1] == '\n' && ++newlines > 2)
				break;
		}
		while (from > 0 && IS_HIGHBIT_SET(part[from]))
			from--;
		to = at + strcspn(part + at, "\n");
		to = Min(to, at + WHOLE_TEXT_SHOWN);
		to = from + pg_mbcliplen(part + from, length - from, to - from);
	}
	if (position > 0)
		internalerrposition(position - pg_mbstrlen_with_len(part, from));
	internalerrquery(pnstrdup(part + from, to - from));
}
