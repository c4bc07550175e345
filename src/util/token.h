/*-------------------------------------------------------------------------
 *
 * util/token.h
 *	  The tokens of SQL text, by the server's own scanner.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_TOKEN_H
#define MIG_TOKEN_H

#include "parser/scanner.h"

/* The tokens of a text, one after the other. */
typedef struct MigTokens
{
	const char *text;
	core_yyscan_t scanner;
	core_yy_extra_type extra;
	core_YYSTYPE value;
	YYLTYPE		location;		/* of the token, in bytes */
	int			token;			/* its code, 0 at the end */
	const char *source;			/* its text */
} MigTokens;

extern int	mig_token_standard_strings(void);
extern void mig_token_begin(MigTokens *tokens, const char *source);
extern bool mig_token_next(MigTokens *tokens);
extern const char *mig_token_readable(const char *source);
extern const char *mig_token_portable(const char *source);
extern const char *mig_token_unmarked(const char *source);
extern const char *mig_token_find(const char *printed, const char *wanted);
extern bool mig_token_is_in_name(char byte);
extern bool mig_token_is_section(const char *line);
extern int	mig_token_skip_comment(const char *source, int at, int end,
								   int *inside);
extern int	mig_token_skip_blank(const char *source, int at, int end);

#endif							/* MIG_TOKEN_H */
