/*-------------------------------------------------------------------------
 *
 * util/pattern.c
 *	  Patterns of names, as psql has them.
 *
 * "audit" matches that name in any schema, and all that is in a schema of
 * that name; "public.job_*" what is in one schema.  "*" stands for any
 * characters and "?" for one; letters are folded to lower case and both lose
 * their meaning within double quotes.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "util/pattern.h"

/* A character of a pattern. */
typedef struct Token
{
	char		c;
	bool		quoted;
	int			length;			/* bytes of the pattern */
} Token;

static bool match(const char *pattern, const char *end, bool quoted,
				  const char *name);
static const char *find_dot(const char *pattern);
static bool next_token(const char *pattern, const char *end, bool *quoted,
					   Token *token);

/* Does a pattern match an object of a schema?  The schema may be NULL. */
bool
mig_pattern_matches(const char *pattern, const char *schema, const char *name)
{
	const char *end = pattern + strlen(pattern);
	const char *dot = find_dot(pattern);

	if (dot == NULL)
		return match(pattern, end, false, name) ||
			(schema != NULL && match(pattern, end, false, schema));
	return schema != NULL && match(pattern, dot, false, schema) &&
		match(dot + 1, end, false, name);
}

/* Does any of a list of patterns match? */
bool
mig_pattern_any(const List *patterns, const char *schema, const char *name)
{
	const ListCell *lc;

	foreach(lc, patterns)
	{
		if (mig_pattern_matches(lfirst(lc), schema, name))
			return true;
	}
	return false;
}

static bool
match(const char *pattern, const char *end, bool quoted, const char *name)
{
	Token		token;

	while (next_token(pattern, end, &quoted, &token))
	{
		pattern += token.length;
		if (token.c == '*' && !token.quoted)
		{
			for (;; name++)
			{
				if (match(pattern, end, quoted, name))
					return true;
				if (*name == '\0')
					return false;
			}
		}
		if (*name == '\0' || (*name != token.c &&
							  (token.c != '?' || token.quoted)))
			return false;
		name++;
	}
	return *name == '\0';
}

/* The dot between schema and name, or NULL. */
static const char *
find_dot(const char *pattern)
{
	bool		quoted = false;

	for (const char *p = pattern; *p != '\0'; p++)
	{
		if (*p == '"')
			quoted = !quoted;
		else if (*p == '.' && !quoted)
			return p;
	}
	return NULL;
}

/* The next character that is to be matched; false at the end. */
static bool
next_token(const char *pattern, const char *end, bool *quoted, Token *token)
{
	const char *p = pattern;

	while (p < end && *p == '"')
	{
		if (*quoted && p + 1 < end && p[1] == '"')
		{
			p++;				/* a doubled quote stands for itself */
			break;
		}
		*quoted = !*quoted;
		p++;
	}
	if (p >= end)
		return false;
	token->c = *quoted ? *p : pg_tolower((unsigned char) *p);
	token->quoted = *quoted;
	token->length = p + 1 - pattern;
	return true;
}
