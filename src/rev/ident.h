/*-------------------------------------------------------------------------
 *
 * rev/ident.h
 *	  Revision identifiers as text, taken apart.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_IDENT_H
#define MIG_IDENT_H

#include "rev/rev.h"

typedef enum MigSymbol
{
	MIG_SYMBOL_NONE,			/* +2 and -1: from what is applied */
	MIG_SYMBOL_HEAD,
	MIG_SYMBOL_HEADS,
	MIG_SYMBOL_BASE,
	MIG_SYMBOL_CURRENT,
	MIG_SYMBOL_NAME,			/* id or label, or a prefix of one */
} MigSymbol;

/* [branch@]symbol[+N|-N] */
typedef struct MigIdent
{
	char	   *text;			/* the whole, as written */
	char	   *branch;			/* before the "@", or NULL */
	MigSymbol	symbol;
	char	   *name;			/* the symbol as written; NULL for NONE */
	bool		relative;		/* has +N or -N */
	int			offset;			/* N with its sign */
} MigIdent;

extern List *mig_ident_parse_list(const char *input);
extern MigIdent *mig_ident_parse_one(const char *input);
extern bool mig_ident_parse_range(const char *input, char **left,
								  char **right);
extern void mig_ident_require_fixed(const MigIdent *ident);
extern const char *mig_name_fault(const char *name);
extern const char *mig_new_name_fault(const char *name);

#endif							/* MIG_IDENT_H */
