/*-------------------------------------------------------------------------
 *
 * model/words.h
 *	  The words of a statement, by which it may name things.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_WORDS_H
#define MIG_WORDS_H

#include "nodes/pg_list.h"

/* Which words are wanted. */
typedef enum MigWords
{
	MIG_WORDS_ALL,
	MIG_WORDS_BUT_LAST,			/* not those of the last token, a comment */
	MIG_WORDS_BUT_BODY			/* not those of a string behind AS */
} MigWords;

extern List *mig_words_of(const char *source, MigWords wanted);
extern List *mig_words_add(List *words, const char *source);
extern bool mig_word_next(const char **at, char *word);

#endif							/* MIG_WORDS_H */
