/*-------------------------------------------------------------------------
 *
 * util/token.c
 *	  The tokens of SQL text, by the server's own scanner.
 *
 * Text is always read with standard_conforming_strings on, whatever the
 * session says, so that it means the same at every time.
 *
 * The server's scanner looks again at the rest of a row of operator characters
 * for each comment that begins in it, and cannot be interrupted meanwhile: of
 * comments nested 300,000 times it would think for minutes.  A text with so
 * many is given to it with the insides of its comments blanked.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "compat.h"
#include "util/settings.h"
#include "util/token.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "parser/parser.h"
#include "parser/scansup.h"
#include "utils/guc.h"

/* with fewer comments the scanner makes short work of any text */
#define MANY_COMMENTS	1000

static void scan(MigTokens *tokens, const char *source);
static bool holds_section(const char *source);
static void append_unmarked(StringInfo buf, const char *token);
static bool has_many_comments(const char *source);
static void blank_comments(char *scanned, char *copy, int at, int end);
static int	skip_line_comments(const char *source, int at, int end);

/*
 * Read strings as the standard says, up to AtEOXact_GUC(true, level), where
 * level is the result.
 */
int
mig_token_standard_strings(void)
{
	int			guc_level = NewGUCNestLevel();

	if (!MIG_STANDARD_STRINGS)
		mig_settings_set("standard_conforming_strings", "on");
	return guc_level;
}

/*
 * Begin to read the tokens of a text, which must live as long as they.
 */
void
mig_token_begin(MigTokens *tokens, const char *source)
{
	scan(tokens, mig_token_readable(source));
}

/*
 * The scanner takes standard_conforming_strings when it begins, so that the
 * session's own is back at once.
 */
static void
scan(MigTokens *tokens, const char *source)
{
	int			guc_level = mig_token_standard_strings();

	tokens->text = source;
	tokens->scanner = scanner_init(source, &tokens->extra, &ScanKeywords,
								   ScanKeywordTokens);
	AtEOXact_GUC(true, guc_level);
}

/*
 * Go on to the next token; false at the end, where the scanner is freed.
 *
 * The scanner leaves a zero byte behind the token that it returned, until it
 * is called again.
 */
bool
mig_token_next(MigTokens *tokens)
{
	CHECK_FOR_INTERRUPTS();
	tokens->token = core_yylex(&tokens->value, &tokens->location,
							   tokens->scanner);
	tokens->source = tokens->extra.scanbuf + tokens->location;
	if (tokens->token != 0)
		return true;
	scanner_finish(tokens->scanner);
	return false;
}

/*
 * A text as the server's scanner reads it in time, with every token where it
 * was: the text itself, or a copy.
 */
const char *
mig_token_readable(const char *source)
{
	int			length = strlen(source);
	int			end = 0;
	MigTokens	tokens;
	char	   *copy;

	if (!has_many_comments(source))
		return source;
	copy = pstrdup(source);
	scan(&tokens, source);
	blank_comments(tokens.extra.scanbuf, copy, 0, length);
	while (mig_token_next(&tokens))
	{
		end = tokens.location + strlen(tokens.source);
		blank_comments(tokens.extra.scanbuf, copy, end, length);
	}
	return copy;
}

/*
 * A text that means the same to whoever reads it, whatever
 * standard_conforming_strings is there: strings with backslashes are E'...'.
 */
const char *
mig_token_portable(const char *source)
{
	StringInfoData buf;
	MigTokens	tokens;
	int			done = 0;
	int			before;

	if (strchr(source, '\\') == NULL)
		return source;
	initStringInfo(&buf);
	mig_token_begin(&tokens, source);
	for (before = -1; mig_token_next(&tokens); before = tokens.location)
	{
		if (*tokens.source != '\'' || strchr(tokens.source, '\\') == NULL)
			continue;
		appendBinaryStringInfo(&buf, source + done, tokens.location - done);
		done = tokens.location + strlen(tokens.source);
		/* the N of N'...' is a token, short for NCHAR */
		if (before >= 0 && before == tokens.location - 1 &&
			pg_tolower((unsigned char) source[before]) == 'n')
			appendStringInfoString(&buf, "CHAR");
		if (buf.len > 0 && !scanner_isspace(buf.data[buf.len - 1]))
			appendStringInfoChar(&buf, ' ');
		appendStringInfoChar(&buf, 'E');
		for (const char *p = tokens.source; *p != '\0'; p++)
		{
			if (*p == '\\')
				appendStringInfoChar(&buf, *p);
			appendStringInfoChar(&buf, *p);
		}
	}
	appendStringInfoString(&buf, source + done);
	return buf.data;
}

/*
 * A text that means the same, of which no line inside of a string, a quoted
 * name or a body would begin a section of a revision file.
 */
const char *
mig_token_unmarked(const char *source)
{
	StringInfoData buf;
	MigTokens	tokens;
	int			done = 0;

	if (!holds_section(source))
		return source;
	initStringInfo(&buf);
	mig_token_begin(&tokens, source);
	while (mig_token_next(&tokens))
	{
		if (!holds_section(tokens.source))
			continue;
		appendBinaryStringInfo(&buf, source + done, tokens.location - done);
		done = tokens.location + strlen(tokens.source);
		append_unmarked(&buf, tokens.source);
	}
	appendStringInfoString(&buf, source + done);
	return buf.data;
}

/*
 * Where a text stands first in what the server has printed, outside of strings
 * and quoted names; NULL if it does not.
 */
const char *
mig_token_find(const char *printed, const char *wanted)
{
	size_t		length = strlen(wanted);
	char		quote = '\0';

	for (const char *at = printed; *at != '\0'; at++)
	{
		/* a quote within quotes is doubled, and ends and begins them */
		if (quote != '\0')
			quote = *at == quote ? '\0' : quote;
		else if (strncmp(at, wanted, length) == 0)
			return at;
		else if (*at == '\'' || *at == '"')
			quote = *at;
	}
	return NULL;
}

/* May a byte stand in a name without quotes, behind its first one? */
bool
mig_token_is_in_name(char byte)
{
	return byte == '_' || byte == '$' || IS_HIGHBIT_SET(byte) ||
		isalnum((unsigned char) byte);
}

/* Would a revision file read a line as the beginning of a section? */
bool
mig_token_is_section(const char *line)
{
	/* a byte order mark before it would be read over */
	while (strncmp(line, "\xEF\xBB\xBF", 3) == 0)
		line += 3;
	return strncmp(line, "-- migrate:", 11) == 0 ||
		strncmp(line, "-- revision:", 12) == 0;
}

/* Is there such a line behind the first one? */
static bool
holds_section(const char *source)
{
	while ((source = strchr(source, '\n')) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		if (mig_token_is_section(++source))
			return true;
	}
	return false;
}

/*
 * Append '...', E'...' and $...$ as E'...', "..." as U&"...", with the line
 * breaks before such lines as escapes.
 */
static void
append_unmarked(StringInfo buf, const char *token)
{
	bool		is_name = *token == '"';
	bool		is_body = *token == '$';
	int			quote = is_body ? strcspn(token + 1, "$") + 2 : 0;
	bool		has_escapes = *token == 'E' || *token == 'e';
	const char *end = token + strlen(token) - quote;

	if (!has_escapes)
		appendStringInfoString(buf, is_name ? "U&" : is_body ? "E'" : "E");
	for (const char *p = token + quote; p < end; p++)
	{
		if (*p == '\n' && mig_token_is_section(p + 1))
		{
			appendStringInfoString(buf, is_name ? "\\000A" : "\\n");
			continue;
		}
		if ((*p == '\\' && !has_escapes) || (*p == '\'' && is_body))
			appendStringInfoChar(buf, *p);
		appendStringInfoChar(buf, *p);
	}
	if (is_body)
		appendStringInfoChar(buf, '\'');
}

/* One in a string counts, too: the answer only chooses the way to scan. */
static bool
has_many_comments(const char *source)
{
	int			n = 0;

	while (n < MANY_COMMENTS && (source = strstr(source, "/*")) != NULL)
	{
		source += 2;
		n++;
	}
	return n == MANY_COMMENTS;
}

/*
 * Blank the insides of the comments up to the next token, in what the scanner
 * is about to read and in a copy.
 */
static void
blank_comments(char *scanned, char *copy, int at, int end)
{
	for (;;)
	{
		int			start = skip_line_comments(copy, at, end);
		int			inside;

		if (strncmp(copy + start, "/*", 2) != 0)
			return;
		at = mig_token_skip_comment(copy, start, end, &inside);
		memset(copy + start + 2, ' ', inside);
		memset(scanned + start + 2, ' ', inside);
	}
}

/*
 * The first byte behind white space and comments, or where a part of a text
 * ends.
 */
int
mig_token_skip_blank(const char *source, int at, int end)
{
	for (;;)
	{
		at = skip_line_comments(source, at, end);
		if (at >= end || strncmp(source + at, "/*", 2) != 0)
			return at;
		at = mig_token_skip_comment(source, at, end, NULL);
	}
}

/* the first byte behind white space and comments that end with their line */
static int
skip_line_comments(const char *source, int at, int end)
{
	while (at < end)
	{
		CHECK_FOR_INTERRUPTS();
		if (scanner_isspace(source[at]))
			at++;
		else if (source[at] == '-' && source[at + 1] == '-')
			at += strcspn(source + at, "\r\n");
		else
			break;
	}
	return at;
}

/*
 * The first byte behind a comment, in which others may be nested; *inside is
 * set to the number of bytes in it, unless it is NULL.
 */
int
mig_token_skip_comment(const char *source, int at, int end, int *inside)
{
	int			start = at + 2;
	int			depth = 1;

	for (at = start; depth > 0 && at < end; at++)
	{
		CHECK_FOR_INTERRUPTS();
		if (source[at] == '/' && source[at + 1] == '*')
		{
			depth++;
			at++;
		}
		else if (source[at] == '*' && source[at + 1] == '/')
		{
			depth--;
			at++;
		}
	}
	at = Min(at, end);
	if (inside != NULL)
		*inside = depth > 0 ? at - start : at - start - 2;
	return at;
}
