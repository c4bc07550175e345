/*-------------------------------------------------------------------------
 *
 * run/script.c
 *	  Scripts: split into statements, checked, classified.
 *
 * Splitting is the server's parser's, tokens are its scanner's; what the
 * kinds of statements mean for us is statement.c's matter.  Checks are made
 * when a script is stored, so that little is found out in the middle of a
 * run.  Scripts are always read with standard_conforming_strings on, whatever
 * the session says, so that they mean the same at every time.
 *
 * Positions: the parser counts bytes, messages count characters, both within
 * the whole script.  Errors point into the script by an internal query, since
 * the client's own query is merely the call of a function.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "run/script.h"
#include "run/statement.h"
#include "util/error.h"
#include "util/settings.h"
#include "util/sql.h"
#include "util/token.h"

#include "common/cryptohash.h"
#include "common/sha2.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "parser/parser.h"
#include "parser/scansup.h"
#include "tcop/tcopprot.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/hsearch.h"

/* a longer text is shown by the lines around the error only */
#define WHOLE_TEXT_SHOWN	2000

/* a longer text is parsed in pieces, in bytes */
#define LONG_TEXT	(256 * 1024)

static int	first_nontransactional(const MigScript *script);
static int	first_use_of_new_value(const MigScript *script, int last);
static HTAB *new_enum_values(const MigScript *script, int last);
static bool tells_labels(const Node *stmt);
static const char *read_cast(MigTokens *tokens);
static bool uses_new_value(HTAB *values, const MigScript *script,
						   int statement, const char *literal,
						   const char *type);
static bool is_new_value(HTAB *values, const char *literal, int statement);
static bool quotes_new_value(HTAB *values, const char *body, int statement);
static bool is_string_literal(const char *source);
static void parse_piece(MigScript *script, int start, int end);
static void fill_statement(MigStatement *stmt, RawStmt *raw,
						   const char *source, int start, int end);
static List *ends_of_pieces(const char *source);
static List *parse_silently(const char *source);
static List *parse_standard(const char *source);
static void parse_error_callback(void *arg);
static char *checksum_of_tokens(const char *source);
static void hash_bytes_of(pg_cryptohash_ctx *hash, const void *data, size_t n);
static void refuse_marks(const char *source);
pg_noreturn static void refuse_here(const char *source, int location,
									const char *message, const char *hint);

/*
 * Split a script into statements.
 *
 * title names the script in messages and must live as long as the result,
 * which is in the current memory context and points into text.  A syntax
 * error is raised with its position in the script.
 *
 * The parser cannot be interrupted, so that a long script is given to it in
 * pieces.
 */
MigScript *
mig_script_parse(const char *source, const char *title)
{
	MigScript  *script = palloc0(sizeof(MigScript));
	MigScriptContext context;
	int			line = 1;
	int			counted = 0;
	ListCell   *lc;

	script->text = source;
	script->title = title;
	mig_script_context_begin(&context, source, title);
	foreach(lc, ends_of_pieces(source))
	{
		parse_piece(script, context.start, lfirst_int(lc));
		context.start = lfirst_int(lc);
	}
	mig_script_context_end(&context);
	for (int i = 0; i < script->nstatements; i++)
	{
		MigStatement *stmt = &script->statements[i];

		CHECK_FOR_INTERRUPTS();
		line += mig_newlines(source + counted, stmt->start - counted);
		counted = stmt->start;
		stmt->line = line;
	}
	return script;
}

/*
 * The same for a script of which a count says that it has one statement:
 * parsed once, this is the statement's own already, and says what there is to
 * be said of it.  It may run once, since the server may do anything with it.
 */
MigScript *
mig_script_parse_only(const char *source, const char *title)
{
	int			length = strlen(source);
	int			start = mig_token_skip_blank(source, 0, length);
	MigScript  *script = palloc0(sizeof(MigScript));
	MigScriptContext context;
	MigStatement *stmt = palloc0(sizeof(MigStatement));
	List	   *raw;

	mig_script_context_begin(&context, source, title);
	context.start = start;
	context.is_only = true;
	raw = parse_standard(source + start);
	mig_script_context_end(&context);
	if (list_length(raw) == 1)
		fill_statement(stmt, linitial_node(RawStmt, raw), source, start,
					   length);
	/* locations in the tree are counted from there */
	if (list_length(raw) != 1 || stmt->start != start)
		return mig_script_parse(source, title);
	script->text = source;
	script->title = title;
	script->nstatements = 1;
	script->statements = stmt;
	stmt->text = pnstrdup(source + start, stmt->length);
	stmt->raw->stmt_location = 0;
	stmt->raw->stmt_len = 0;
	stmt->line = 1 + mig_newlines(source, start);
	return script;
}

/* Parse a piece of a script, and add its statements. */
static void
parse_piece(MigScript *script, int start, int end)
{
	const char *source = script->text;
	bool		is_whole = start == 0 && source[end] == '\0';
	List	   *raw;
	ListCell   *lc;
	MigStatement *stmt;

	raw = parse_silently(is_whole ? source :
						 pnstrdup(source + start, end - start));
	if (raw == NIL)
		return;
	script->statements = script->statements == NULL ?
		palloc(sizeof(MigStatement) * list_length(raw)) :
		repalloc(script->statements, sizeof(MigStatement) *
				 (script->nstatements + list_length(raw)));
	stmt = &script->statements[script->nstatements];
	script->nstatements += list_length(raw);
	foreach(lc, raw)
	{
		CHECK_FOR_INTERRUPTS();
		fill_statement(stmt, lfirst_node(RawStmt, lc), source, start, end);
		stmt->raw->stmt_location = stmt->start;
		stmt->raw->stmt_len = stmt->length;
		stmt++;
	}
}

/*
 * Fill in a statement as it was parsed, without the blanks and comments before
 * it and the white space behind.  What was parsed begins at start and ends at
 * end.
 */
static void
fill_statement(MigStatement *stmt, RawStmt *raw, const char *source,
			   int start, int end)
{
	int			from = start + raw->stmt_location;
	int			to = raw->stmt_len > 0 ? from + raw->stmt_len : end;

	stmt->raw = raw;
	stmt->text = NULL;
	stmt->start = mig_token_skip_blank(source, from, to);
	while (to > stmt->start && scanner_isspace(source[to - 1]))
		to--;
	stmt->length = to - stmt->start;
}

/*
 * Where the pieces of a script end: behind semicolons that end statements,
 * which those in rules and in bodies of SQL functions do not.
 */
static List *
ends_of_pieces(const char *source)
{
	int			length = strlen(source);
	List	   *ends = NIL;
	int			start = 0;
	int			depth = 0;
	bool		in_body = false;
	char		before[] = "atomic";	/* the token before, if it is short */
	MigTokens	tokens;

	if (length <= LONG_TEXT)
		return list_make1_int(length);
	mig_token_begin(&tokens, source);
	while (mig_token_next(&tokens))
	{
		const char *token = tokens.source;

		depth += (token[0] == '(') - (token[0] == ')');
		if (pg_strcasecmp(token, "atomic") == 0 &&
			pg_strcasecmp(before, "begin") == 0)
			in_body = true;
		else if (pg_strcasecmp(token, "end") == 0 &&
				 (before[0] == ';' || pg_strcasecmp(before, "atomic") == 0))
			in_body = false;
		strlcpy(before, strlen(token) < sizeof(before) ? token : "",
				sizeof(before));
		if (token[0] == ';' && depth == 0 && !in_body &&
			tokens.location - start >= LONG_TEXT)
		{
			start = tokens.location + 1;
			ends = lappend_int(ends, start);
		}
	}
	return lappend_int(ends, length);
}

/*
 * Each statement says by itself that a name is too long, when it is run.
 *
 * The variable is set as it is, without the bookkeeping of a setting, which
 * takes as long as parsing does: the parser asks no code of others.
 */
static List *
parse_silently(const char *source)
{
	int			level = client_min_messages;
	List	   *raw = NIL;

	PG_TRY();
	{
		client_min_messages = ERROR;
		raw = parse_standard(source);
	}
	PG_FINALLY();
	{
		client_min_messages = level;
	}
	PG_END_TRY();
	return raw;
}

/*
 * Give a statement of a script a text of its own, in which the locations of
 * its parse tree are then counted.
 *
 * The server and its hooks are given one text with each statement, and may do
 * anything with it.  Both are made in the current memory context.
 */
void
mig_script_detach(const MigScript *script, MigStatement *stmt)
{
	stmt->text = pnstrdup(script->text + stmt->start, stmt->length);
	stmt->raw = linitial_node(RawStmt, parse_standard(stmt->text));
}

/* Parse with the standard's reading of backslashes. */
static List *
parse_standard(const char *source)
{
	int			guc_level;
	List	   *raw;

	source = mig_token_readable(source);
	if (MIG_STANDARD_STRINGS)
		return pg_parse_query(source);
	guc_level = mig_token_standard_strings();
	raw = pg_parse_query(source);
	AtEOXact_GUC(true, guc_level);
	return raw;
}

/*
 * Check a script that is about to be stored.
 *
 * Raises MG016 with the position of what cannot be in a script, and a syntax
 * error with its own.  *statements is set to the number of statements, and
 * *nontransactional to the number of the first one that cannot run in a
 * transaction block, 0 if there is none.  Returns the checksum.
 */
char *
mig_script_check(const char *source, const char *title, int *statements,
				 int *nontransactional)
{
	MigScriptContext context;
	MigScript  *script;
	char	   *checksum;

	mig_script_context_begin(&context, source, title);
	refuse_marks(source);
	checksum = checksum_of_tokens(source);
	mig_script_context_end(&context);

	script = mig_script_parse(source, title);
	*statements = script->nstatements;
	mig_script_context_begin(&context, source, title);
	for (int i = 0; i < script->nstatements; i++)
	{
		MigStatement *stmt = &script->statements[i];
		const char *hint;
		const char *fault = mig_statement_fault(stmt->raw->stmt, &hint);

		CHECK_FOR_INTERRUPTS();
		if (fault != NULL)
			refuse_here(source, stmt->start, fault, hint);
	}
	*nontransactional = first_nontransactional(script);
	mig_script_context_end(&context);
	return checksum;
}

/*
 * The number of the first statement that cannot run in one transaction with
 * those before it; 0 if there is none.
 */
static int
first_nontransactional(const MigScript *script)
{
	int			first = script->nstatements;
	int			use;

	for (int i = 0; i < first; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (mig_statement_nontransactional(script->statements[i].raw->stmt))
			first = i;
	}
	use = first_use_of_new_value(script, first);
	if (use < first)
		return use + 1;
	return first < script->nstatements ? first + 1 : 0;
}

/* An enum value that a script adds. */
typedef struct NewValue
{
	char		value[NAMEDATALEN]; /* key */
	int			statement;		/* the first one that adds it */
	List	   *types;			/* char *: to which, without schemas */
} NewValue;

/*
 * The first of so many statements, counted from 0, that uses an enum value
 * which a statement before it adds; last if there is none.  A new value must
 * be committed first.
 *
 * It is looked for among the literals of statements, and in the bodies of DO
 * blocks.  One that is cast to another type is none, nor is what only says
 * which labels there are.
 */
static int
first_use_of_new_value(const MigScript *script, int last)
{
	HTAB	   *values = new_enum_values(script, last);
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
new_enum_values(const MigScript *script, int last)
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

/*
 * What has to be written behind a script so that its last statement ends: a
 * semicolon unless there is one, on a line of its own behind a comment.
 */
const char *
mig_script_terminator(const char *source)
{
	MigTokens	tokens;
	int			last = ';';
	size_t		end = 0;

	mig_token_begin(&tokens, source);
	while (mig_token_next(&tokens))
	{
		last = tokens.token;
		end = tokens.location + strlen(tokens.source);
	}
	if (last == ';')
		return "";
	return source[end + strspn(source + end, " \t\r\n")] == '\0' ? ";" : "\n;";
}

/*
 * SHA-256 over the tokens of a script, in hexadecimal: of each the bytes as
 * written and a zero byte.  Comments, white space and semicolons at the end
 * do not count; nor do token codes, which differ between major versions.
 */
static char *
checksum_of_tokens(const char *source)
{
	pg_cryptohash_ctx *hash = pg_cryptohash_create(PG_SHA256);
	uint8		digest[PG_SHA256_DIGEST_LENGTH];
	char	   *hex = palloc(2 * PG_SHA256_DIGEST_LENGTH + 1);
	MigTokens	tokens;
	int			semicolons = 0;

	if (hash == NULL || pg_cryptohash_init(hash) < 0)
		elog(ERROR, "could not initialize SHA-256");
	mig_token_begin(&tokens, source);
	while (mig_token_next(&tokens))
	{
		if (tokens.token == '\\')
			refuse_here(source, tokens.location,
						"a script cannot hold commands of psql or inline data of COPY",
						"Write plain SQL: INSERT instead of COPY FROM STDIN, and remove lines that begin with a backslash.");
		if (tokens.token == ';')
		{
			semicolons++;
			continue;
		}
		for (; semicolons > 0; semicolons--)
			hash_bytes_of(hash, ";", 2);
		hash_bytes_of(hash, tokens.source, strlen(tokens.source) + 1);
	}
	if (pg_cryptohash_final(hash, digest, sizeof(digest)) < 0)
		elog(ERROR, "could not compute SHA-256");
	pg_cryptohash_free(hash);
	hex_encode((const char *) digest, sizeof(digest), hex);
	hex[2 * PG_SHA256_DIGEST_LENGTH] = '\0';
	return hex;
}

/* It fails only where the library for cryptography does not allow SHA-256. */
static void
hash_bytes_of(pg_cryptohash_ctx *hash, const void *data, size_t n)
{
	if (pg_cryptohash_update(hash, data, n) < 0)
		elog(ERROR, "could not compute SHA-256");
}

/*
 * Refuse lines that a revision file would read as the beginning of another
 * section or revision.
 */
static void
refuse_marks(const char *source)
{
	const char *line = source;

	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		if (mig_token_is_section(line))
			refuse_here(source, line - source,
						"a script cannot hold a line that marks a section of a revision file",
						"Indent the line, or write the comment differently.");
		line = strchr(line, '\n');
		if (line == NULL)
			return;
		line++;
	}
}

/*
 * The position is one of the script; the callback of the context turns it into
 * statement and line.
 */
static void
refuse_here(const char *source, int location, const char *message,
			const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_MIG_SCRIPT_REFUSED),
			 errmsg_internal("%s", message),
			 hint == NULL ? 0 : errhint("%s", hint),
			 errposition(mig_script_character(source, location))));
}

/* A location, which is in bytes, as a position of messages. */
int
mig_script_character(const char *source, int location)
{
	return pg_mbstrlen_with_len(source, location) + 1;
}

/*
 * Let errors with a position point into a script instead of the client's
 * query, and name it, up to mig_script_context_end().  Both strings must live
 * until then.
 */
void
mig_script_context_begin(MigScriptContext *context, const char *source,
						 const char *title)
{
	context->text = source;
	context->title = title;
	context->start = 0;
	context->is_only = false;
	context->callback.callback = parse_error_callback;
	context->callback.arg = context;
	context->callback.previous = error_context_stack;
	error_context_stack = &context->callback;
}

/* Not needed after an error: the stack is put back by who catches it. */
void
mig_script_context_end(const MigScriptContext *context)
{
	error_context_stack = context->callback.previous;
}

/*
 * The position is counted in characters from the beginning of what was parsed,
 * which may begin within the script.
 */
static void
parse_error_callback(void *arg)
{
	MigScriptContext *context = arg;
	int			position = geterrposition();
	int			at;

	if (position <= 0 && context->is_only)
		errcontext("statement 1, line %d of %s",
				   1 + mig_newlines(context->text, context->start),
				   context->title);
	else if (position <= 0)
		errcontext("%s", context->title);
	if (position <= 0)
		return;
	position += pg_mbstrlen_with_len(context->text, context->start);
	at = pg_mbcharcliplen(context->text, strlen(context->text), position - 1);
	mig_script_point_into(context->text, 0, strlen(context->text), position);
	errcontext("line %d of %s", 1 + mig_newlines(context->text, at),
			   context->title);
}

/*
 * In an error context callback: move the error's position from the client's
 * query into a part of a script.
 *
 * start and length are the part in bytes; position counts characters from the
 * part's beginning, 0 if there is none.  Of a long text only the lines around
 * the position are shown.
 */
void
mig_script_point_into(const char *source, int start, int length, int position)
{
	const char *part = source + start;
	int			from = 0;
	int			to = length;

	errposition(0);
	if (length > WHOLE_TEXT_SHOWN)
	{
		int			at;
		int			newlines = 0;

		at = position <= 0 ? 0 :
			pg_mbcharcliplen(part, length, position - 1);
		for (from = at; from > 0 && at - from < WHOLE_TEXT_SHOWN; from--)
		{
			if (part[from - 1] == '\n' && ++newlines > 2)
				break;
		}
		while (from > 0 && IS_HIGHBIT_SET(part[from]))
			from--;
		to = at + strcspn(part + at, "\n");
		to = Min(to, at + WHOLE_TEXT_SHOWN);
		to = from + pg_mbcliplen(part + from, length - from, to - from);
	}
	if (position > 0)
		internalerrposition(position - pg_mbstrlen_with_len(part, from));
	internalerrquery(pnstrdup(part + from, to - from));
}
