/*-------------------------------------------------------------------------
 *
 * util/token.c
 *	  The tokens of SQL text, by the server's own scanner.
 *
 * Text is always read with standard_conforming_strings on, whatever the
 * session says, so that it means the same at every time.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "util/token.h"

#include "parser/parser.h"
#include "utils/guc.h"

/*
 * Read strings as the standard says, up to AtEOXact_GUC(true, level), where
 * level is the result.
 */
int
mig_token_standard_strings(void)
{
	int			guc_level = NewGUCNestLevel();

	if (!standard_conforming_strings)
		(void) set_config_option("standard_conforming_strings", "on",
								 PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
								 true, 0, false);
	return guc_level;
}

/*
 * Begin to read the tokens of a text, which must live as long as they.
 */
void
mig_token_begin(MigTokens *tokens, const char *source)
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
	tokens->token = core_yylex(&tokens->value, &tokens->location,
							   tokens->scanner);
	tokens->source = tokens->extra.scanbuf + tokens->location;
	if (tokens->token != 0)
		return true;
	scanner_finish(tokens->scanner);
	return false;
}
