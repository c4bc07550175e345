/*-------------------------------------------------------------------------
 *
 * run/new_label_use.c
 *	  Where a script uses a value that it adds to an enumerated type.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "run/new_label_use.h"
#include "run/statement.h"
#include "util/sql.h"
#include "util/token.h"

#include "miscadmin.h"
#include "utils/hsearch.h"

/* An enum value that a script adds. */
typedef struct NewValue
{
	char		value[NAMEDATALEN]; /* key */
	int			statement;		/* the first one that adds it */
	List	   *types;			/* char *: to which, without schemas */
} NewValue;

static HTAB *new_labels(const MigScript *script, int last);
static bool tells_labels(const Node *stmt);
static const char *read_cast(MigTokens *tokens);
static bool uses_new_value(HTAB *values, const MigScript *script,
						   int statement, const char *literal,
						   const char *type);
static bool is_new_value(HTAB *values, const char *literal, int statement);
static bool quotes_new_value(HTAB *values, const char *body, int statement);
static bool is_string_literal(const char *source);

/*
 * The first of so many statements, counted from 0, that uses an enum value
 * which a statement before it adds; last if there is none.  A new value must
 * be committed first.
 *
 * It is looked for among the literals of statements, and in the bodies of DO
 * blocks.  One that is cast to another type is none, nor is what only says
 * which labels there are.
 */
int
mig_new_label_first_use(const MigScript *script, int last)
{
	HTAB	   *values = new_labels(script, last);
	int			n = 0;
	int			found = last;
	MigTokens	tokens;

	if (values == NULL)
		return last;
	mig_token_begin(&tokens, script->text);
	(void) mig_token_next(&tokens);
	while (found == last && tokens.token != 0)
	{
		const char *literal = tokens.value.str;
		const Node *stmt;

		while (n < last && tokens.location >= script->statements[n].start +
			   script->statements[n].length)
			n++;
		if (n == last)
			break;
		stmt = script->statements[n].raw->stmt;
		if (!is_string_literal(tokens.source) || tells_labels(stmt))
			(void) mig_token_next(&tokens);
		else if (uses_new_value(values, script, n, literal,
								read_cast(&tokens)) ||
				 (IsA(stmt, DoStmt) && quotes_new_value(values, literal, n)))
			found = n;
	}
	hash_destroy(values);
	return found;
}

/* The values that statements add, or NULL if they add none. */
static HTAB *
new_labels(const MigScript *script, int last)
{
	HASHCTL		ctl = {0};
	HTAB	   *values = NULL;

	ctl.keysize = NAMEDATALEN;
	ctl.entrysize = sizeof(NewValue);
	ctl.hcxt = CurrentMemoryContext;
	for (int i = 0; i < last; i++)
	{
		const AlterEnumStmt *stmt;
		NewValue   *value;
		bool		found;

		CHECK_FOR_INTERRUPTS();
		stmt = (const AlterEnumStmt *) script->statements[i].raw->stmt;
		if (!mig_statement_adds_label(script->statements[i].raw->stmt))
			continue;
		if (values == NULL)
			values = hash_create("new enum values", 16, &ctl,
								 HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
		value = hash_search(values, stmt->newVal, HASH_ENTER, &found);
		if (!found)
		{
			value->statement = i;
			value->types = NIL;
		}
		value->types = lappend(value->types, strVal(llast(stmt->typeName)));
	}
	return values;
}

/* Are the literals of a statement labels that it makes, or a comment? */
static bool
tells_labels(const Node *stmt)
{
	return IsA(stmt, AlterEnumStmt) || IsA(stmt, CreateEnumStmt) ||
		IsA(stmt, CommentStmt);
}

/*
 * Go on behind a literal and what it is cast to.  Returns the name of that
 * type without its schema, or NULL if it is not cast.
 */
static const char *
read_cast(MigTokens *tokens)
{
	const char *type;

	if (!mig_token_next(tokens) || strcmp(tokens->source, "::") != 0)
		return NULL;
	do
	{
		if (!mig_token_next(tokens))
			return NULL;
		type = tokens->value.str;
	} while (mig_token_next(tokens) && tokens->source[0] == '.');
	return type;
}

/*
 * Is a literal of a statement, by the type that it is cast to, a value that a
 * statement before adds, or an array with one?  One that is not cast (type is
 * NULL) may be of any type, but that arguments of triggers are of none.
 */
static bool
uses_new_value(HTAB *values, const MigScript *script, int statement,
			   const char *literal, const char *type)
{
	HASH_SEQ_STATUS status;
	const NewValue *value;
	bool		found = false;

	if (type == NULL)
		return !IsA(script->statements[statement].raw->stmt, CreateTrigStmt) &&
			is_new_value(values, literal, statement);
	hash_seq_init(&status, values);
	while ((value = hash_seq_search(&status)) != NULL)
		found |= value->statement < statement &&
			mig_has_name(value->types, type) &&
			mig_literal_has(literal, value->value);
	return found;
}

/* Is a literal a value that a statement before this one adds? */
static bool
is_new_value(HTAB *values, const char *literal, int statement)
{
	const NewValue *value;

	if (strlen(literal) >= NAMEDATALEN)
		return false;
	value = hash_search(values, literal, HASH_FIND, NULL);
	return value != NULL && value->statement < statement;
}

/*
 * Does such a value stand in a body, between quotes?
 *
 * The language may be any, and literals may be nested, so each quote may begin
 * one, and each end it or stand for itself.  A value is short, which bounds
 * the search for its end.
 */
static bool
quotes_new_value(HTAB *values, const char *body, int statement)
{
	for (const char *quote = strchr(body, '\''); quote != NULL;
		 quote = strchr(quote + 1, '\''))
	{
		char		literal[NAMEDATALEN + 1];
		int			length = 0;

		CHECK_FOR_INTERRUPTS();
		for (const char *p = quote + 1; *p && length < NAMEDATALEN; p++)
		{
			literal[length] = '\0';
			if (*p == '\'' && is_new_value(values, literal, statement))
				return true;
			if (*p == '\'' && *++p != '\'')
				break;
			literal[length++] = *p;
		}
	}
	return false;
}

/*
 * By its beginning, at a place where the scanner has found a constant; a
 * dollar before a digit is a parameter.
 */
static bool
is_string_literal(const char *source)
{
	return source[0] == '\'' ||
		(source[0] == '$' && !(source[1] >= '0' && source[1] <= '9')) ||
		((source[0] == 'e' || source[0] == 'E') && source[1] == '\'');
}
