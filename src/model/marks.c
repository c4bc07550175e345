/*-------------------------------------------------------------------------
 *
 * model/marks.c
 *	  Marks in the comments of a model.
 *
 * A comment "-- migrate:renamed from old_name" says that what stands there
 * had another name before, "-- migrate:fill expression" what rows that there
 * are get in a column that is NOT NULL, "-- migrate:partitions elsewhere" that
 * somebody else makes and drops the partitions of a table.  On a line of its
 * own a mark belongs to the statement or column that follows, at the end of a
 * line to the one before it.  A comment may hold both.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "model/marks.h"
#include "util/token.h"

#include "parser/scansup.h"
#include "utils/varlena.h"

#define MARK "migrate:"
#define RENAMED "migrate:renamed"
#define FILL "migrate:fill"
#define PARTITIONS "migrate:partitions"

/* A mark as it stands in the text. */
typedef struct Mark
{
	const char *word;			/* which one it is */
	int			location;		/* of its comment */
	bool		own_line;		/* nothing but white space before it */
	char	   *old;			/* of RENAMED */
	char	   *qualifier;		/* what stands before the old name, or NULL */
	char	   *value;			/* of FILL */
} Mark;

/* The marks, and how they are written. */
static const struct
{
	const char *word;
	const char *form;
	const char *place;
}			marks_known[] = {
	{RENAMED, "from old_name", "above a CREATE statement, or at the end of the line of a column"},
	{FILL, "expression", "at the end of the line of a column"},
	{PARTITIONS, "elsewhere", "above the CREATE TABLE of a partitioned table, or at the end of its line"},
};

static bool is_mark(const Mark *mark, const char *word);
static List *read_marks(const char *source);
static List *marks_between(const char *source, int from, int to, List *marks);
static List *read_comment(const char *source, int from, int at, int end,
						  List *marks);
static const char *mark_at(const char *source, int at);
static int	next_mark(const char *source, int at, int end);
static bool stands_alone(const char *source, int from, int at);
static bool read_old_name(const char *source, int at, int end, Mark *mark);
static bool read_value(const char *source, int at, int end, Mark *mark);
static char *argument(const char *source, int at, int end);
pg_noreturn static void unknown(const char *source, int at, int word, int end);
static int	distance(const char *a, const char *b);
pg_noreturn static void malformed(const char *source, int at,
								  const char *mark);
static void note_mark(const MigScript *script, const List *objects,
					  const Mark *mark, MigRenameMark *found);
static int	statement_of(const MigScript *script, const Mark *mark);
static bool member_of(const MigScript *script, const MigStatement *stmt,
					  const Mark *mark, MigRenameMark *member);
static const List *elements_of(const Node *node);
static bool has_member(const Node *node, const char *name);
static bool label_of(const MigScript *script, const MigStatement *stmt,
					 const Mark *mark, char **label);
static bool is_literal(const char *token);
static int	location_of(const MigStatement *stmt, const Node *element);
static const MigModelObject *object_of(const List *objects, int statement);

/*
 * Read the marks of a model.
 *
 * objects are what its statements create, in their order, with schemas filled
 * in.  Gives lists of MigRenameMark, of MigFillMark, and of MigRenameMark that
 * name tables whose partitions are elsewhere, in the current memory context.
 * A mark that is malformed, or stands at nothing that it could be about, is a
 * syntax error with its position.
 */
void
mig_marks_read(const MigScript *script, const List *objects, List **renames,
			   List **fillings, List **partitioned)
{
	ListCell   *lc;

	*renames = *fillings = *partitioned = NIL;
	if (strstr(script->text, MARK) == NULL)
		return;
	foreach(lc, read_marks(script->text))
	{
		const Mark *mark = lfirst(lc);
		MigRenameMark *found = palloc0(sizeof(MigRenameMark));

		note_mark(script, objects, mark, found);
		if (is_mark(mark, PARTITIONS))
			*partitioned = lappend(*partitioned, found);
		else if (is_mark(mark, RENAMED))
			*renames = lappend(*renames, found);
		else
		{
			MigFillMark *filling = palloc(sizeof(MigFillMark));

			filling->schema = found->schema;
			filling->table = found->object;
			filling->column = found->member;
			filling->value = mark->value;
			*fillings = lappend(*fillings, filling);
		}
	}
}

/* Find what a mark belongs to. */
static void
note_mark(const MigScript *script, const List *objects, const Mark *mark,
		  MigRenameMark *found)
{
	int			statement = statement_of(script, mark);
	const MigModelObject *object = object_of(objects, statement);
	bool		partitions = is_mark(mark, PARTITIONS);

	if (object == NULL || object->name == NULL ||
		(partitions && object->type != OBJECT_TABLE))
		malformed(script->text, mark->location, mark->word);
	if (!partitions &&
		!member_of(script, &script->statements[statement], mark, found))
		malformed(script->text, mark->location, mark->word);
	if (is_mark(mark, FILL) &&
		(found->member == NULL || found->is_constraint ||
		 object->type == OBJECT_TYPE))
		malformed(script->text, mark->location, mark->word);
	found->type = object->type;
	found->schema = object->schema;
	found->object = object->name;
	if (found->member == NULL)
		found->member = object->member;
	found->old = mark->old;
	if (found->member == NULL && object->in_schema)
		found->old_schema = mark->qualifier;
}

static bool
is_mark(const Mark *mark, const char *word)
{
	return strcmp(mark->word, word) == 0;
}

/* all marks of a text, in their order */
static List *
read_marks(const char *source)
{
	List	   *marks = NIL;
	MigTokens	tokens;
	int			end = 0;

	mig_token_begin(&tokens, source);
	while (mig_token_next(&tokens))
	{
		marks = marks_between(source, end, tokens.location, marks);
		end = tokens.location + strlen(tokens.source);
	}
	return marks_between(source, end, strlen(source), marks);
}

/* the marks between two tokens */
static List *
marks_between(const char *source, int from, int to, List *marks)
{
	int			at = from;

	while (at < to)
	{
		if (source[at] == '-' && source[at + 1] == '-')
		{
			int			end = at + strcspn(source + at, "\r\n");

			marks = read_comment(source, from, at, end, marks);
			at = end;
		}
		else if (source[at] == '/' && source[at + 1] == '*')
			at = mig_token_skip_comment(source, at, to, NULL);
		else
			at++;
	}
	return marks;
}

/* Add the marks of a comment; from is where the token before it ends. */
static List *
read_comment(const char *source, int from, int at, int end, List *marks)
{
	int			word = at + 2;
	const char *kind;

	while (word < end && scanner_isspace(source[word]))
		word++;
	if (strncmp(source + word, MARK, strlen(MARK)) == 0 &&
		mark_at(source, word) == NULL)
		unknown(source, at, word, end);
	while (word < end && (kind = mark_at(source, word)) != NULL)
	{
		int			behind = word + strlen(kind);
		int			next = next_mark(source, behind, end);
		Mark	   *mark = palloc0(sizeof(Mark));
		bool		good;

		mark->word = kind;
		mark->location = at;
		mark->own_line = stands_alone(source, from, at);
		if (is_mark(mark, RENAMED))
			good = read_old_name(source, behind, next, mark);
		else if (is_mark(mark, FILL))
			good = read_value(source, behind, next, mark);
		else
			good = pg_strcasecmp(argument(source, behind, next),
								 "elsewhere") == 0;
		if (!good)
			malformed(source, at, kind);
		marks = lappend(marks, mark);
		word = next;
	}
	return marks;
}

/* The word of a mark that stands at a place, or NULL. */
static const char *
mark_at(const char *source, int at)
{
	for (size_t i = 0; i < lengthof(marks_known); i++)
	{
		const char *word = marks_known[i].word;
		size_t		length = strlen(word);

		if (strncmp(source + at, word, length) == 0 &&
			(source[at + length] == '\0' ||
			 scanner_isspace(source[at + length])))
			return word;
	}
	return NULL;
}

/* where the next mark of a comment begins, or the comment's end */
static int
next_mark(const char *source, int at, int end)
{
	for (; at < end; at++)
	{
		if (scanner_isspace(source[at]) && mark_at(source, at + 1) != NULL)
			return at + 1;
	}
	return end;
}

/* Is there nothing but white space before a comment in its line? */
static bool
stands_alone(const char *source, int from, int at)
{
	for (int i = at - 1; i >= 0 && source[i] != '\n'; i--)
	{
		if (i < from)
			return false;
	}
	return true;
}

/*
 * The name behind "from"; false if it is malformed.  Of several parts it is
 * the last one, with the one before it as its qualifier.
 */
static bool
read_old_name(const char *source, int at, int end, Mark *mark)
{
	MigTokens	tokens;
	int			n = 0;
	bool		good = true;

	mig_token_begin(&tokens, pnstrdup(source + at, end - at));
	while (mig_token_next(&tokens))
	{
		char		c = tokens.source[0];
		bool		is_name;

		is_name = c == '"' || c == '_' || IS_HIGHBIT_SET(c) ||
			(c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			is_literal(tokens.source);
		if (n == 0)
			good = pg_strcasecmp(tokens.source, "from") == 0;
		else if (n % 2 == 1)
			good = good && is_name;
		else
			good = good && c == '.';
		if (n > 0 && is_name && good)
		{
			mark->qualifier = mark->old;
			mark->old = pstrdup(tokens.value.str);
		}
		n++;
	}
	return good && n >= 2 && n % 2 == 0;
}

/* An expression; false if there is none. */
static bool
read_value(const char *source, int at, int end, Mark *mark)
{
	const MigScript *script;

	mark->value = argument(source, at, end);
	if (mark->value[0] == '\0')
		return false;
	script = mig_script_parse(psprintf("SELECT (%s)", mark->value),
							  "the mark \"" FILL "\"");
	return script->nstatements == 1;
}

/* What stands behind a mark, without white space around and semicolons. */
static char *
argument(const char *source, int at, int end)
{
	while (at < end && scanner_isspace(source[at]))
		at++;
	while (end > at && (scanner_isspace(source[end - 1]) ||
						source[end - 1] == ';'))
		end--;
	return pnstrdup(source + at, end - at);
}

/* A word that is none of the marks; the nearest is proposed. */
static void
unknown(const char *source, int at, int word, int end)
{
	int			length = 0;
	size_t		nearest = 0;
	const char *name;

	while (word + length < end && !scanner_isspace(source[word + length]))
		length++;
	name = pnstrdup(source + word, length);
	for (size_t i = 1; i < lengthof(marks_known); i++)
	{
		if (distance(name, marks_known[i].word) <
			distance(name, marks_known[nearest].word))
			nearest = i;
	}
	ereport(ERROR,
			(errcode(ERRCODE_SYNTAX_ERROR),
			 errmsg("unknown mark \"%s\" in a model", name),
			 errhint("The nearest is \"-- %s %s\", %s.",
					 marks_known[nearest].word, marks_known[nearest].form,
					 marks_known[nearest].place),
			 errposition(mig_script_character(source, at))));
}

/* How many letters differ */
static int
distance(const char *a, const char *b)
{
	return varstr_levenshtein(a, strlen(a), b, strlen(b), 1, 1, 1, true);
}

/* A mark that means nothing is an error, since what it says would be lost. */
static void
malformed(const char *source, int at, const char *mark)
{
	size_t		i = 0;

	while (strcmp(marks_known[i].word, mark) != 0)
		i++;
	ereport(ERROR,
			(errcode(ERRCODE_SYNTAX_ERROR),
			 errmsg("misplaced or malformed mark \"%s\"", mark),
			 errhint("Write \"-- %s %s\" %s.", mark, marks_known[i].form,
					 marks_known[i].place),
			 errposition(mig_script_character(source, at))));
}

/* The statement that a mark belongs to, or -1. */
static int
statement_of(const MigScript *script, const Mark *mark)
{
	for (int i = 0; i < script->nstatements; i++)
	{
		const MigStatement *stmt = &script->statements[i];

		if (mark->location < stmt->start)
			return mark->own_line ? i : i - 1;
		if (mark->location < stmt->start + stmt->length)
			return i;
	}
	return mark->own_line ? -1 : script->nstatements - 1;
}

/*
 * The column or constraint that a mark inside of a statement belongs to; left
 * alone where it belongs to the statement.  False if it belongs to something
 * that has no name to be renamed.
 */
static bool
member_of(const MigScript *script, const MigStatement *stmt,
		  const Mark *mark, MigRenameMark *member)
{
	const Node *node = stmt->raw->stmt;
	int			at = mark->location - stmt->start;
	const List *elements = elements_of(node);
	const Node *found = NULL;
	const ListCell *lc;

	if (IsA(node, CreateEnumStmt) && at >= 0 && at < stmt->length)
		return label_of(script, stmt, mark, &member->member);
	member->behind = at >= stmt->length && !has_member(node, mark->old);
	if (elements == NIL || at < 0 || at >= stmt->length)
		return true;
	foreach(lc, elements)
	{
		const Node *element = lfirst(lc);
		int			location = location_of(stmt, element);

		if (mark->own_line && location > at)
		{
			found = element;
			break;
		}
		if (!mark->own_line && location >= 0 && location < at)
			found = element;
	}
	if (found == NULL)
		return !mark->own_line;
	member->is_constraint = IsA(found, Constraint);
	if (member->is_constraint)
		member->member = ((const Constraint *) found)->conname;
	else if (IsA(found, ColumnDef))
		member->member = ((const ColumnDef *) found)->colname;
	return member->member != NULL;
}

/* What a statement lists between its parentheses, nodes; NIL: nothing */
static const List *
elements_of(const Node *node)
{
	if (IsA(node, CreateStmt) || IsA(node, CreateForeignTableStmt))
		return ((const CreateStmt *) node)->tableElts;
	if (IsA(node, CompositeTypeStmt))
		return ((const CompositeTypeStmt *) node)->coldeflist;
	return IsA(node, CreateEnumStmt) ? ((const CreateEnumStmt *) node)->vals :
		NIL;
}

/* Does a statement name a column, attribute or value? */
static bool
has_member(const Node *node, const char *name)
{
	const ListCell *lc;

	foreach(lc, elements_of(node))
	{
		const Node *element = lfirst(lc);
		const char *member = NULL;

		if (IsA(element, ColumnDef))
			member = ((const ColumnDef *) element)->colname;
		else if (IsA(element, String))
			member = ((const String *) element)->sval;
		if (member != NULL && strcmp(member, name) == 0)
			return true;
	}
	return false;
}

/* The same of a value of an enum: the parser does not tell where it stands. */
static bool
label_of(const MigScript *script, const MigStatement *stmt, const Mark *mark,
		 char **label)
{
	char	   *source = pnstrdup(script->text + stmt->start, stmt->length);
	int			at = mark->location - stmt->start;
	MigTokens	tokens;
	bool		inside = false;

	mig_token_begin(&tokens, source);
	while (mig_token_next(&tokens))
	{
		bool		before = tokens.location < at;

		inside |= tokens.source[0] == '(' && before;
		if (!is_literal(tokens.source) || (mark->own_line && before))
			continue;
		if (!mark->own_line && !before)
			break;
		*label = pstrdup(tokens.value.str);
		if (mark->own_line)
			break;
	}
	return *label != NULL || (!inside && !mark->own_line);
}

/* '...' or E'...' */
static bool
is_literal(const char *token)
{
	return token[token[0] == 'E' || token[0] == 'e'] == '\'';
}

/* where an element of a table begins in its statement; -1: not known */
static int
location_of(const MigStatement *stmt, const Node *element)
{
	int			location = -1;

	if (IsA(element, ColumnDef))
		location = ((const ColumnDef *) element)->location;
	else if (IsA(element, Constraint))
		location = ((const Constraint *) element)->location;
	return location < 0 ? -1 : location + stmt->origin - stmt->start;
}

static const MigModelObject *
object_of(const List *objects, int statement)
{
	const ListCell *lc;

	foreach(lc, objects)
	{
		const MigModelObject *object = lfirst(lc);

		if (object->statement == statement)
			return object;
	}
	return NULL;
}
