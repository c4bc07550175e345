/*-------------------------------------------------------------------------
 *
 * util/pattern.c
 *	  Patterns of names, as psql has them.
 *
 * "audit" matches that name in any schema, and all that is in a schema of
 * that name; "public.job_*" what is in one schema.  "*" stands for any
 * characters and "?" for one; letters are folded to lower case, as the server
 * folds names, and both lose their meaning within double quotes.
 *
 * In a list patterns stand between commas.  Quotes, dots, commas and blanks
 * are looked for byte by byte: no encoding of a database has them within
 * another character.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "util/pattern.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "parser/scansup.h"

/* Kinds, as the last word is of what SQL calls them: TEXT SEARCH PARSER */
static const char *const kinds[] = {
	"aggregate", "class", "collation", "configuration", "constraint",
	"conversion", "dictionary", "domain", "extension", "family", "function",
	"index", "operator", "parser", "policy", "procedure", "publication",
	"rule", "schema", "sequence", "server", "statistics", "subscription",
	"table", "template", "trigger", "type", "view",
};

/* A character of a pattern, or the end. */
typedef struct Token
{
	const char *c;				/* where it stands; NULL: the end */
	int			length;			/* its bytes */
	bool		quoted;
	const char *next;			/* where to go on, within quotes or not */
} Token;

static const char *fault_of(const char *pattern, const char *end,
							bool in_list);
static char *unknown_kind(const char *word, const char *pattern);
static const char *behind_kind(const char *pattern, const char *end);
static bool matches(const char *pattern, const char *schema,
					const char *name);
static bool match(const char *pattern, const char *end, const char *name);
static bool same_character(const Token *token, const char *name, int length);
static char fold(char c);
static const char *find_unquoted(const char *from, const char *end,
								 char wanted);
static Token next_token(const char *pattern, const char *end, bool quoted);
static int	length_at(const char *from, const char *end);

/*
 * Split a list of patterns, or check it alone where "patterns" is NULL.
 *
 * Returns what is wrong with it, a sentence, or NULL.
 */
const char *
mig_pattern_split(const char *list, List **patterns)
{
	const char *end = list + strlen(list);

	while (scanner_isspace(*list))
		list++;
	if (list == end)
		return NULL;
	for (;;)
	{
		const char *comma = find_unquoted(list, end, ',');
		const char *from = list;
		const char *to = comma == NULL ? end : comma;
		const char *fault;

		while (from < to && scanner_isspace(*from))
			from++;
		while (to > from && scanner_isspace(to[-1]))
			to--;
		fault = fault_of(from, to, true);
		if (fault != NULL)
			return fault;
		if (patterns != NULL)
			*patterns = lappend(*patterns, pnstrdup(from, to - from));
		if (comma == NULL)
			return NULL;
		list = comma + 1;
	}
}

/* What is wrong with a pattern that stands alone, a sentence, or NULL. */
const char *
mig_pattern_fault(const char *pattern)
{
	return fault_of(pattern, pattern + strlen(pattern), false);
}

/* In a list a blank is more likely a comma that was forgotten. */
static const char *
fault_of(const char *pattern, const char *end, bool in_list)
{
	char	   *copy = pnstrdup(pattern, end - pattern);
	const char *from = behind_kind(pattern, end);
	const char *dot = find_unquoted(from, end, '.');
	const char *name = dot == NULL ? from : dot + 1;
	bool		quoted = false;

	if (pattern == end)
		return "A pattern is empty.";
	if (from > pattern)
	{
		char	   *word = pnstrdup(pattern, from - 1 - pattern);
		char	   *fault = unknown_kind(word, copy);

		if (fault != NULL)
			return fault;
		if (find_unquoted(from, end, ':') != NULL)
			return psprintf("Pattern %s has more than one colon outside of double quotes.",
							copy);
	}
	for (const char *p = pattern; p < end; p++)
	{
		if (*p == '"')
			quoted = !quoted;
		else if (in_list && !quoted && scanner_isspace(*p))
			return psprintf("Pattern %s has a blank outside of double quotes.",
							copy);
	}
	if (quoted)
		return psprintf("Pattern %s has a double quote that is not closed.",
						copy);
	if (dot != NULL && next_token(from, dot, false).c == NULL)
		return psprintf("Pattern %s has no name before the dot.", copy);
	if (find_unquoted(name, end, '.') != NULL)
		return psprintf("Pattern %s has more than one dot outside of double quotes.",
						copy);
	if (next_token(name, end, false).c == NULL)
		return psprintf("Pattern %s has an empty name.", copy);
	return NULL;
}

/* What is wrong with the kind of a pattern, or NULL. */
static char *
unknown_kind(const char *word, const char *pattern)
{
	StringInfoData known;

	initStringInfo(&known);
	for (size_t i = 0; i < lengthof(kinds); i++)
	{
		if (strcmp(word, kinds[i]) == 0)
			return NULL;
		appendStringInfo(&known, "%s%s", i > 0 ? ", " : "", kinds[i]);
	}
	return psprintf("Pattern %s begins with \"%s\", which is no kind: those are %s; a colon in a name is written in double quotes.",
					pattern, word, known.data);
}

/* Where a pattern goes on behind its kind, or where it begins. */
static const char *
behind_kind(const char *pattern, const char *end)
{
	const char *colon = find_unquoted(pattern, end, ':');

	return colon == NULL ? pattern : colon + 1;
}

/*
 * Does any of a list of patterns match an object of a schema, which may be
 * NULL?  Those that are for a kind do not count.
 */
bool
mig_pattern_any(const List *patterns, const char *schema, const char *name)
{
	const ListCell *lc;

	foreach(lc, patterns)
	{
		const char *pattern = lfirst(lc);

		if (behind_kind(pattern, pattern + strlen(pattern)) == pattern &&
			matches(pattern, schema, name))
			return true;
	}
	return false;
}

/*
 * Does any that is for a kind match?  The kind is what SQL calls the object,
 * "MATERIALIZED VIEW"; its last word counts.
 */
bool
mig_pattern_any_of_kind(const List *patterns, const char *kind,
						const char *schema, const char *name)
{
	const char *blank = strrchr(kind, ' ');
	const char *word = blank == NULL ? kind : blank + 1;
	const ListCell *lc;

	foreach(lc, patterns)
	{
		const char *pattern = lfirst(lc);
		const char *from = behind_kind(pattern, pattern + strlen(pattern));

		if (from - pattern == (int) strlen(word) + 1 &&
			pg_strncasecmp(pattern, word, strlen(word)) == 0 &&
			matches(from, schema, name))
			return true;
	}
	return false;
}

/* Does a pattern without a kind match? */
static bool
matches(const char *pattern, const char *schema, const char *name)
{
	const char *end = pattern + strlen(pattern);
	const char *dot = find_unquoted(pattern, end, '.');

	if (dot == NULL)
		return match(pattern, end, name) ||
			(schema != NULL && match(pattern, end, schema));
	return schema != NULL && match(pattern, dot, schema) &&
		match(dot + 1, end, name);
}

/*
 * Does a pattern without a schema match a name?  A star takes as little as
 * it can; only the last one is ever tried again.
 */
static bool
match(const char *pattern, const char *end, const char *name)
{
	const char *name_end = name + strlen(name);
	bool		quoted = false;
	const char *star = NULL;	/* behind the last star */
	const char *star_name = NULL;	/* what follows the characters it takes */

	for (;;)
	{
		Token		token = next_token(pattern, end, quoted);
		int			length = length_at(name, name_end);

		if (token.c != NULL && *token.c == '*' && !token.quoted)
		{
			star = pattern = token.next;
			star_name = name;
			quoted = false;
		}
		else if (token.c != NULL && same_character(&token, name, length))
		{
			pattern = token.next;
			quoted = token.quoted;
			name += length;
		}
		else if (token.c == NULL && name == name_end)
			return true;
		else if (star == NULL || star_name == name_end)
			return false;
		else
		{
			star_name += length_at(star_name, name_end);
			name = star_name;
			pattern = star;
			quoted = false;
		}
	}
}

/* Does a character of a pattern match one of a name; length 0: its end? */
static bool
same_character(const Token *token, const char *name, int length)
{
	if (length == 0)
		return false;
	if (*token->c == '?' && !token->quoted)
		return true;
	if (length != token->length)
		return false;
	if (length == 1)
		return *name == (token->quoted ? *token->c : fold(*token->c));
	return memcmp(token->c, name, length) == 0;
}

/* As downcase_identifier() does: of several bytes none is changed. */
static char
fold(char c)
{
	if (IS_HIGHBIT_SET(c) && pg_database_encoding_max_length() > 1)
		return c;
	return (char) pg_tolower((unsigned char) c);
}

/* The first of a character that does not stand within quotes, or NULL. */
static const char *
find_unquoted(const char *from, const char *end, char wanted)
{
	bool		quoted = false;

	for (const char *p = from; p < end; p++)
	{
		if (*p == '"')
			quoted = !quoted;
		else if (*p == wanted && !quoted)
			return p;
	}
	return NULL;
}

/* The next character that is to be matched. */
static Token
next_token(const char *pattern, const char *end, bool quoted)
{
	Token		token = {0};
	const char *p = pattern;

	while (p < end && *p == '"')
	{
		if (quoted && p + 1 < end && p[1] == '"')
		{
			p++;				/* a doubled quote stands for itself */
			break;
		}
		quoted = !quoted;
		p++;
	}
	if (p >= end)
		return token;
	token.c = p;
	token.length = length_at(p, end);
	token.quoted = quoted;
	token.next = p + token.length;
	return token;
}

/* The bytes of a character; 0 at the end. */
static int
length_at(const char *from, const char *end)
{
	return from == end ? 0 : Min(pg_mblen(from), (int) (end - from));
}
