/*-------------------------------------------------------------------------
 *
 * model/words.c
 *	  The words of a statement, by which it may name things.
 *
 * Names are read from the text, not from what a parse tree means: so those in
 * strings, which a cast makes names of, are found, too.  A name of several
 * words is known by the first one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/words.h"
#include "util/token.h"

#include "parser/scansup.h"

static bool is_string(const char *token);
static bool hides_words(const char *token);
static bool is_of_word(char c);

/*
 * The words of a statement, list of char *, with those in its strings as far
 * as these are wanted; NIL if there are some that cannot be read.
 */
List *
mig_words_of(const char *source, MigWords wanted)
{
	MigTokens	tokens;
	List	   *words = NIL;
	const char *last = "";
	bool		readable = true;

	mig_token_begin(&tokens, source);
	while (mig_token_next(&tokens))
	{
		words = mig_words_add(words, last);
		last = wanted == MIG_WORDS_BUT_STRINGS && is_string(tokens.source) ?
			"" : pstrdup(tokens.source);
		readable = readable && !hides_words(last);
	}
	if (wanted != MIG_WORDS_BUT_LAST)
		words = mig_words_add(words, last);
	return readable ? words : NIL;
}

/* Quoted by apostrophes or dollars, with a letter in front or not? */
static bool
is_string(const char *token)
{
	if (token[0] == 'e' || token[0] == 'E')
		token++;
	return token[0] == '\'' || (token[0] == '$' && !isdigit(token[1]));
}

/* Has a token names or strings with letters written as numbers? */
static bool
hides_words(const char *token)
{
	if ((token[0] == 'u' || token[0] == 'U') && token[1] == '&')
		return true;
	if ((token[0] != 'e' && token[0] != 'E') || token[1] != '\'')
		return false;
	while ((token = strchr(token, '\\')) != NULL)
	{
		if (token[1] != '\\' && token[1] != '\'')
			return true;
		token += 2;
	}
	return false;
}

/* Add the words of a text. */
List *
mig_words_add(List *words, const char *source)
{
	char		word[NAMEDATALEN];

	while (mig_word_next(&source, word))
		words = lappend(words, pstrdup(word));
	return words;
}

/*
 * Copy the next word of a text in lower case, and go on behind it.  Quotation
 * marks mean nothing here, for nobody knows where they begin in a body.
 */
bool
mig_word_next(const char **at, char *word)
{
	const char *start = *at;
	const char *end;
	char	   *name;

	while (*start != '\0' && !is_of_word(*start))
		start++;
	for (end = start; is_of_word(*end); end++)
		;
	*at = end;
	if (end == start)
		return false;
	name = downcase_truncate_identifier(start, end - start, false);
	strlcpy(word, name, NAMEDATALEN);
	pfree(name);
	return true;
}

static bool
is_of_word(char c)
{
	return c == '_' || IS_HIGHBIT_SET(c) || isalnum((unsigned char) c);
}
