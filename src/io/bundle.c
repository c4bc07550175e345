/*-------------------------------------------------------------------------
 *
 * io/bundle.c
 *	  Several files, one behind the other in a text or each for itself.
 *
 * Pure.  Files of our own format need nothing between them.  A line
 * "-- migrate:file NAME" above a file gives its name, for messages and for
 * the formats of other tools, which keep their number there.  No script can
 * hold such a line.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "io/bundle.h"
#include "io/foreign.h"
#include "io/pair.h"

#include "miscadmin.h"

static const char *behind_bom(const char *line);
static MigSource *make_source(const char *name, const char *start,
							  const char *end, int line);
static bool ends_in_return(const char *line);
static bool is_empty(const MigSource *source);

/*
 * Take a text apart: list of MigSource *, in the current memory context.
 * MG030 if there is nothing in it.
 */
List *
mig_bundle_split(const char *input)
{
	List	   *sources = NIL;
	const char *start = input;
	const char *name = NULL;
	int			first_line = 1;
	int			number = 1;

	for (const char *line = input; *line != '\0'; line = mig_line_next(line))
	{
		const char *begin = behind_bom(line);

		number++;
		if (!mig_line_begins(begin, MIG_FILE_LINE))
			continue;
		if (name != NULL || start != line)
			sources = lappend(sources, make_source(name, start, line,
												   first_line));
		name = begin + strlen(MIG_FILE_LINE);
		name = mig_line_trimmed(pnstrdup(name, strcspn(name, "\n")));
		start = mig_line_next(line);
		first_line = 1;
		if (name[0] == '\0')
			mig_incoming_refuse(NULL, number - 1,
								"The name of a file is missing.", NULL);
	}
	sources = lappend(sources, make_source(name, start, start + strlen(start),
										   first_line));
	return sources;
}

/* The name is not copied. */
static MigSource *
make_source(const char *name, const char *start, const char *end, int line)
{
	MigSource  *source = palloc(sizeof(MigSource));

	source->name = name;
	source->text = mig_bundle_normalize(pnstrdup(start, end - start));
	source->line = line;
	return source;
}

/*
 * The text of one or several files without the byte order marks before them.
 * If the first line of a file ends in carriage return and line feed, so do all
 * others, and only the line feeds are kept; else a carriage return is a
 * character like any other.
 *
 * A file begins with the text, and where a line says which revision follows.
 */
char *
mig_bundle_normalize(const char *input)
{
	StringInfoData buf;
	bool		strip = false;
	const char *next;

	initStringInfo(&buf);
	for (const char *line = input; *line != '\0'; line = next)
	{
		const char *begin = behind_bom(line);

		next = mig_line_next(line);
		if (line == input || mig_line_begins(begin, MIG_REVISION_LINE))
		{
			line = begin;
			strip = ends_in_return(line);
		}
		if (strip && ends_in_return(line))
		{
			appendBinaryStringInfo(&buf, line, next - line - 2);
			appendStringInfoChar(&buf, '\n');
		}
		else
			appendBinaryStringInfo(&buf, line, next - line);
	}
	return buf.data;
}

/* More than one, as of files that were joined. */
static const char *
behind_bom(const char *line)
{
	while (mig_line_begins(line, MIG_BOM))
		line += strlen(MIG_BOM);
	return line;
}

/* Empty at the end of the text: a line without its newline does not count. */
static bool
ends_in_return(const char *line)
{
	size_t		length = strcspn(line, "\n");

	return length > 0 && line[length] == '\n' && line[length - 1] == '\r';
}

/*
 * Read files: list of MigIncoming *, in the current memory context.  MG030
 * with name and line where one is malformed.
 */
List *
mig_bundle_parse(const List *sources)
{
	List	   *incoming = NIL;
	List	   *foreign = NIL;
	List	   *selected = mig_pair_select(sources);
	ListCell   *lc;

	foreach(lc, selected)
	{
		const MigSource *source = lfirst(lc);
		MigFormat	format = mig_foreign_format(source);

		CHECK_FOR_INTERRUPTS();
		if (format != MIG_FORMAT_PAIR && is_empty(source))
		{
			if (source->name == NULL && list_length(sources) > 1)
				continue;
			mig_incoming_refuse(source->name, source->line,
								"There is nothing in it.",
								"Is a variable not set, or a file empty?");
		}
		if (format == MIG_FORMAT_OWN || format == MIG_FORMAT_UNKNOWN)
			incoming = list_concat(incoming, mig_revfile_parse(source));
		else
			foreign = lappend(foreign, mig_foreign_parse(source, format));
	}
	if (selected == NIL && sources != NIL)
		mig_incoming_refuse(((const MigSource *) linitial(sources))->name, 1,
							"Neither this file nor another one is for PostgreSQL.",
							NULL);
	return list_concat(incoming, mig_foreign_chain(foreign));
}

/* Only of blanks: comments are content. */
static bool
is_empty(const MigSource *source)
{
	return source->text[strspn(source->text, " \t\r\n")] == '\0';
}
