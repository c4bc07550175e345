/*-------------------------------------------------------------------------
 *
 * rev/ident.c
 *	  Revision identifiers as text, taken apart.
 *
 * Pure.  The grammar:
 *
 *		list	 = ident { "," ident }
 *		ident	 = [ branch "@" ] ( symbol | relative )
 *		symbol	 = head | heads | base | current | name
 *		relative = [ symbol ] ( "+" | "-" ) digits
 *		range	 = [ ident ] ":" [ ident ]
 *
 * Names hold none of the characters that the grammar uses, so that there is
 * never more than one reading.  What a well-formed identifier stands for is
 * resolve.c's matter.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "rev/ident.h"
#include "util/error.h"

#include "mb/pg_wchar.h"

static char *trimmed(const char *start, const char *end);
static bool is_space_or_control(const char *p);
static MigSymbol classify(const char *name);
static void parse_offset(MigIdent *ident, const char *digits);
static void check_name(const MigIdent *ident, const char *name);
pg_noreturn static void malformed(const char *input, const char *detail);

/*
 * One or several identifiers, separated by commas.
 *
 * Returns a list of MigIdent * in the current memory context; MG010 where the
 * text is malformed.
 */
List *
mig_ident_parse_list(const char *input)
{
	List	   *idents = NIL;
	const char *start = input;

	for (;;)
	{
		const char *end = start + strcspn(start, ",");

		idents = lappend(idents, mig_ident_parse_one(trimmed(start, end)));
		if (*end == '\0')
			return idents;
		start = end + 1;
	}
}

/*
 * One identifier; MG010 where it is malformed.
 */
MigIdent *
mig_ident_parse_one(const char *input)
{
	MigIdent   *ident = palloc0(sizeof(MigIdent));
	const char *symbol;
	const char *at;
	size_t		length;

	ident->text = trimmed(input, input + strlen(input));
	if (ident->text[0] == '\0')
		malformed(input, "An identifier is missing.");
	symbol = ident->text;
	at = strchr(symbol, '@');
	if (at == symbol)
		malformed(ident->text, "Nothing stands before \"@\".");
	if (at != NULL)
	{
		ident->branch = pnstrdup(symbol, at - symbol);
		check_name(ident, ident->branch);
		symbol = at + 1;
		if (*symbol == '\0')
			malformed(ident->text, "Nothing stands behind \"@\".");
	}
	length = strcspn(symbol, "+-");
	if (length > 0)
	{
		ident->name = pnstrdup(symbol, length);
		check_name(ident, ident->name);
		ident->symbol = classify(ident->name);
	}
	if (symbol[length] != '\0')
		parse_offset(ident, symbol + length);
	return ident;
}

/*
 * Split a range at its colon.  Returns false if the text has none; an empty
 * side comes back as NULL.  MG010 if there are two.
 */
bool
mig_ident_parse_range(const char *input, char **left, char **right)
{
	const char *colon = strchr(input, ':');

	if (colon == NULL)
		return false;
	if (strchr(colon + 1, ':') != NULL)
		malformed(input, "A range has one colon.");
	*left = trimmed(input, colon);
	*right = trimmed(colon + 1, input + strlen(input));
	if (**left == '\0')
		*left = NULL;
	if (**right == '\0')
		*right = NULL;
	return true;
}

/*
 * Raise MG010 for a relative identifier where only a fixed one makes sense.
 */
void
mig_ident_require_fixed(const MigIdent *ident)
{
	if (ident->relative)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_BAD_IDENTIFIER),
				 errmsg("relative revision identifier \"%s\" is not possible here",
						ident->text),
				 errhint("Name the revision itself.")));
	if (ident->symbol == MIG_SYMBOL_CURRENT)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_BAD_IDENTIFIER),
				 errmsg("\"current\" is not possible here"),
				 errhint("Name the revision; migrate_current() shows it.")));
}

/*
 * What is wrong with an id or label, as a sentence, or NULL.
 */
const char *
mig_name_fault(const char *name)
{
	if (name[0] == '\0')
		return "It is empty.";
	if (strlen(name) > MIG_MAX_NAME)
		return psprintf("It is longer than %d bytes.", MIG_MAX_NAME);
	if (name[0] == '.')
		return "It begins with a dot.";
	if (classify(name) != MIG_SYMBOL_NAME)
		return "The word has a meaning of its own.";
	for (const char *p = name; *p != '\0'; p += pg_mblen(p))
	{
		if (strchr("@-+:,/\\", *p) != NULL)
			return psprintf("It contains the character \"%c\".", *p);
		if (is_space_or_control(p))
			return "It contains white space or a control character.";
	}
	return NULL;
}

/*
 * The same for one that is about to be given: what a shell, a file system or
 * SQL would read as something else is refused, too.  Files that have such
 * names already may keep them.
 */
const char *
mig_new_name_fault(const char *name)
{
	const char *fault = mig_name_fault(name);
	size_t		at = strcspn(name, "*?<>|\"'$`");

	if (fault == NULL && name[at] != '\0')
		fault = psprintf("It contains the character %c.", name[at]);
	return fault;
}

/* Unicode's spaces, controls and invisible marks count too. */
static bool
is_space_or_control(const char *p)
{
	pg_wchar	c = (unsigned char) *p;

	if (GetDatabaseEncoding() == PG_UTF8)
		c = utf8_to_unicode((const unsigned char *) p);
	else if (IS_HIGHBIT_SET(*p))
		return false;
	return c <= ' ' || (c >= 0x7f && c <= 0xa0) || c == 0x1680 ||
		(c >= 0x2000 && c <= 0x200f) || (c >= 0x2028 && c <= 0x202f) ||
		(c >= 0x205f && c <= 0x206f) || c == 0x3000 || c == 0xfeff;
}

static MigSymbol
classify(const char *name)
{
	if (strcmp(name, "head") == 0)
		return MIG_SYMBOL_HEAD;
	if (strcmp(name, "heads") == 0)
		return MIG_SYMBOL_HEADS;
	if (strcmp(name, "base") == 0)
		return MIG_SYMBOL_BASE;
	if (strcmp(name, "current") == 0)
		return MIG_SYMBOL_CURRENT;
	return MIG_SYMBOL_NAME;
}

/* digits points to the sign; the number must reach to the end */
static void
parse_offset(MigIdent *ident, const char *digits)
{
	const char *p;
	int64		n = 0;

	for (p = digits + 1; *p >= '0' && *p <= '9'; p++)
		n = Min(n * 10 + (*p - '0'), PG_INT32_MAX);
	if (*p != '\0' || p == digits + 1)
		malformed(ident->text,
				  "A sign is followed by the number of revisions, and nothing else.");
	if (n == 0 && ident->name == NULL)
		malformed(ident->text, "The number of revisions is zero.");
	ident->relative = true;
	ident->offset = *digits == '-' ? -(int) n : (int) n;
}

static void
check_name(const MigIdent *ident, const char *name)
{
	const char *fault;

	if (strchr(ident->text, ':') != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_MIG_BAD_IDENTIFIER),
				 errmsg("range \"%s\" is not possible here", ident->text),
				 errhint("Name one revision; ranges are for migrate_history() and migrate_sql().")));
	if (classify(name) != MIG_SYMBOL_NAME && name != ident->branch)
		return;
	fault = mig_name_fault(name);
	if (fault != NULL)
		malformed(ident->text, fault);
}

/* The same hint wherever it is, for what was meant is not known. */
static void
malformed(const char *input, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_MIG_BAD_IDENTIFIER),
			 errmsg("malformed revision identifier \"%s\"", input),
			 errdetail_internal("%s", detail),
			 errhint("Write for example head, ae1027a6acf, +1, -1, label@head or ae10:head.")));
}

/* a copy without white space at its ends */
static char *
trimmed(const char *start, const char *end)
{
	while (start < end && strchr(" \t\r\n", *start) != NULL)
		start++;
	while (end > start && strchr(" \t\r\n", end[-1]) != NULL)
		end--;
	return pnstrdup(start, end - start);
}
