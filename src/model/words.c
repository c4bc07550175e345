/*-------------------------------------------------------------------------
 *
 * model/words.c
 *	  The words of a statement, by which it may name things.
 *
 * Names are read from the tokens, not from what a parse tree means: so those
 * in strings, which a cast makes names of, are found, too.  A name of several
 * words is known by the first one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/words.h"
#include "util/settings.h"
#include "util/token.h"

#include "parser/scansup.h"
#include "utils/guc.h"

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
	int			guc_level = NewGUCNestLevel();

	/* what the scanner has to say is said where the text is parsed */
	mig_settings_set("client_min_messages", "error");
	mig_token_begin(&tokens, source);
	while (mig_token_next(&tokens))
	{
		bool		is_body = pg_strcasecmp(last, "as") == 0;

		words = mig_words_add(words, last);
		readable = readable && !hides_words(tokens.source);
		if (!is_string(tokens.source))
			last = pstrdup(tokens.source);
		else
			last = is_body && wanted == MIG_WORDS_BUT_BODY ? "" :
				tokens.value.str;
	}
	if (wanted != MIG_WORDS_BUT_LAST)
		words = mig_words_add(words, last);
	AtEOXact_GUC(true, guc_level);
	return readable ? words : NIL;
}

/* Quoted by apostrophes or dollars, with a letter in front or not? */
static bool
is_string(const char *token)
{
	if ((token[0] == 'e' || token[0] == 'E') && token[1] == '\'')
		token++;
	return token[0] == '\'' || (token[0] == '$' && !isdigit(token[1]));
}

/* Is a token a name or a string with letters written as numbers? */
static bool
hides_words(const char *token)
{
	return (token[0] == 'u' || token[0] == 'U') && token[1] == '&';
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
