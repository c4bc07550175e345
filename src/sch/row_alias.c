/*-------------------------------------------------------------------------
 *
 * sch/row_alias.c
 *	  Names that the server gives to columns of rows in FROM.
 *
 * It prints a function that gives rows of a table as found() f(a, b, c), with
 * the columns that the table had by then.  Read where these stand in another
 * order, as they do when a model has a new column between others, the names
 * would be those of other columns, without an error.  So names at the end of
 * such a list are left out that the table gives by itself: found() f.  It is
 * the same for a table whose first columns have other names.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "sch/row_alias.h"

#include "kind/routine.h"
#include "parser/scanner.h"
#include "sch/action.h"
#include "util/token.h"
#include "utils/builtins.h"

/* What gives rows in FROM: its name there, and the table. */
typedef struct Source
{
	const char *name;
	const MigObject *table;
} Source;

/* A token of a text. */
typedef struct Piece
{
	int			at;				/* where it begins */
	int			end;
	int			opened_by;		/* of a ')': the '(' among the pieces */
} Piece;

/* A text that is looked through. */
typedef struct Printed
{
	const char *source;
	Piece	   *pieces;
	int			n;
} Printed;

static List *sources_of(const MigObject *object);
static List *add_source(List *sources, const char *name,
						const MigObject *table);
static List *columns_of(const MigObject *table);
static char *strip(const char *source, const List *sources);
static void read_pieces(Printed *in);
static bool is(const Printed *in, int piece, const char *wanted);
static bool is_name(const Printed *in, int piece);
static const MigObject *given_before(const Printed *in, int open,
									 const List *sources, bool *numbered);
static int	name_begins(const Printed *in, int piece);
static int	list_ends(const Printed *in, int open);
static int	names_kept(const Printed *in, int open, int close,
					   const List *columns, bool numbered);

/*
 * Leave out what the server would say by itself, in all that it has printed.
 * The dependencies must have been read.
 */
void
mig_row_alias_strip(MigSnapshot *snapshot)
{
	MemoryContext old = MemoryContextSwitchTo(snapshot->context);
	const ListCell *lc;

	foreach(lc, snapshot->objects)
	{
		MigObject  *object = lfirst(lc);
		List	   *sources = NIL;

		for (int i = 0; i < object->kind->nattributes; i++)
		{
			const char *printed = object->values[i];

			if (!object->kind->attributes[i].deparsed || printed == NULL ||
				strstr(printed, "FROM ") == NULL)
				continue;
			if (sources == NIL)
				sources = sources_of(object);
			if (sources == NIL)
				break;
			object->values[i] = strip(printed, sources);
		}
	}
	MemoryContextSwitchTo(old);
}

/*
 * What an object may have in FROM that gives rows of a table with columns that
 * may stand in another order: tables, functions of the database, and those of
 * the server that give rows of whatever they are called with.
 */
static List *
sources_of(const MigObject *object)
{
	static const char *const any[] = {"unnest", "json_populate_record",
		"jsonb_populate_record", "json_populate_recordset",
	"jsonb_populate_recordset"};
	List	   *sources = NIL;
	List	   *tables = NIL;
	const ListCell *lc;
	const ListCell *given;

	foreach(lc, object->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;
		const MigObject *table = mig_table_of(on);

		if (table->kind->id == MIG_TABLE &&
			!list_member_ptr(tables, table))
		{
			tables = lappend(tables, unconstify(MigObject *, table));
			sources = add_source(sources, table->identity, table);
			for (size_t i = 0; i < lengthof(any); i++)
				sources = add_source(sources, any[i], table);
		}
		foreach(given, on->kind->id == MIG_FUNCTION ? on->depends : NIL)
		{
			table = ((MigDepend *) lfirst(given))->object;
			if (table->kind->id == MIG_TABLE &&
				mig_routine_result_is(on, table))
				sources = add_source(sources,
									 quote_qualified_identifier(on->schema,
																on->name),
									 table);
		}
	}
	return sources;
}

static List *
add_source(List *sources, const char *name, const MigObject *table)
{
	Source	   *source = palloc(sizeof(Source));

	source->name = name;
	source->table = table;
	return lappend(sources, source);
}

/* The names of a table's columns as they are printed, in their order. */
static List *
columns_of(const MigObject *table)
{
	List	   *columns = NIL;
	const ListCell *lc;

	foreach(lc, table->children)
	{
		const MigObject *column = lfirst(lc);
		const char *name = quote_identifier(column->name);

		if (column->kind->id == MIG_COLUMN)
			columns = lappend(columns, unconstify(char *, name));
	}
	return columns;
}

/* The text without the names that it need not say. */
static char *
strip(const char *source, const List *sources)
{
	Printed		in = {.source = source};
	StringInfoData buf;
	int			done = 0;

	read_pieces(&in);
	initStringInfo(&buf);
	for (int open = 2; open < in.n; open++)
	{
		const MigObject *table = NULL;
		bool		numbered = false;
		int			close = -1;
		int			kept;

		if (is(&in, open, "("))
			close = list_ends(&in, open);
		if (close > 0)
			table = given_before(&in, open, sources, &numbered);
		if (table == NULL)
			continue;
		kept = names_kept(&in, open, close, columns_of(table), numbered);
		if (kept * 2 == close - open)
			continue;
		appendBinaryStringInfo(&buf, source + done,
							   (kept == 0 ? in.pieces[open].at :
								in.pieces[open + kept * 2 - 1].end) - done);
		done = kept == 0 ? in.pieces[close].end : in.pieces[close].at;
	}
	appendStringInfoString(&buf, source + done);
	return buf.data;
}

/* The tokens of it, and which parentheses belong together. */
static void
read_pieces(Printed *in)
{
	int			space = strlen(in->source) + 1;
	int		   *open = palloc(sizeof(int) * space);
	int			nopen = 0;
	MigTokens	tokens;

	in->pieces = palloc(sizeof(Piece) * space);
	mig_token_begin(&tokens, in->source);
	while (mig_token_next(&tokens))
	{
		Piece	   *piece = &in->pieces[in->n];

		piece->at = tokens.location;
		piece->end = tokens.location + strlen(tokens.source);
		piece->opened_by = -1;
		if (tokens.token == '(')
			open[nopen++] = in->n;
		else if (tokens.token == ')' && nopen > 0)
			piece->opened_by = open[--nopen];
		in->n++;
	}
}

/* Is a piece, which may be none, a certain text? */
static bool
is(const Printed *in, int piece, const char *wanted)
{
	size_t		length = strlen(wanted);

	return piece >= 0 && piece < in->n &&
		(size_t) (in->pieces[piece].end - in->pieces[piece].at) == length &&
		strncmp(in->source + in->pieces[piece].at, wanted, length) == 0;
}

/* May it be a name, as the server prints one? */
static bool
is_name(const Printed *in, int piece)
{
	unsigned char first;

	if (piece < 0 || piece >= in->n)
		return false;
	first = in->source[in->pieces[piece].at];
	return first == '"' || first == '_' || IS_HIGHBIT_SET(first) ||
		(first >= 'a' && first <= 'z');
}

/*
 * The table whose rows are given by what has the alias before a list, or NULL;
 * "numbered" if WITH ORDINALITY adds a column.
 */
static const MigObject *
given_before(const Printed *in, int open, const List *sources, bool *numbered)
{
	int			last = open - 2;
	int			first;
	const ListCell *lc;

	*numbered = is(in, last, "ORDINALITY");
	if (*numbered)
		last -= 2;
	if (last > 0 && in->pieces[last].opened_by > 0)
		last = in->pieces[last].opened_by - 1;
	if (!is_name(in, open - 1) || !is_name(in, last))
		return NULL;
	first = name_begins(in, last);
	foreach(lc, sources)
	{
		const Source *source = lfirst(lc);
		size_t		length = strlen(source->name);
		int			at = in->pieces[first].at;

		if ((size_t) (in->pieces[last].end - at) == length &&
			strncmp(in->source + at, source->name, length) == 0)
			return source->table;
	}
	return NULL;
}

/* Where a name begins that may be qualified, and ends with a piece. */
static int
name_begins(const Printed *in, int piece)
{
	if (is(in, piece - 1, ".") && is_name(in, piece - 2))
		return piece - 2;
	return piece;
}

/* Where a list of names ends that opens with a piece; -1: it is none. */
static int
list_ends(const Printed *in, int open)
{
	for (int at = open + 1; is_name(in, at); at += 2)
	{
		if (is(in, at + 1, ")"))
			return at + 1;
		if (!is(in, at + 1, ","))
			break;
	}
	return -1;
}

/*
 * How many of the names differ from the columns at their place, or precede one
 * that does.  One name alone may be that of a value, which is no row.
 */
static int
names_kept(const Printed *in, int open, int close, const List *columns,
		   bool numbered)
{
	int			n = (close - open) / 2;
	int			kept = n;

	if (numbered && (n != list_length(columns) + 1 ||
					 !is(in, close - 1, "ordinality")))
		return n;
	if (numbered)
		kept--;
	if (kept < 2 || kept > list_length(columns))
		return n;
	while (kept > 0 &&
		   is(in, open + kept * 2 - 1, list_nth(columns, kept - 1)))
		kept--;
	return kept;
}
