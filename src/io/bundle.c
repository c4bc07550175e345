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

#include "miscadmin.h"

static MigSource *make_source(const char *name, const char *start,
							  const char *end, int line);

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
		number++;
		if (!mig_line_begins(line, MIG_FILE_LINE))
			continue;
		if (name != NULL || start != line)
			sources = lappend(sources, make_source(name, start, line,
												   first_line));
		name = line + strlen(MIG_FILE_LINE);
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
 * The text of a file without a byte order mark.  If its first line ends in
 * carriage return and line feed, so do all others, and only the line feeds are
 * kept; else a carriage return is a character like any other.
 */
char *
mig_bundle_normalize(const char *input)
{
	char	   *copy = pstrdup(mig_line_begins(input, "\xEF\xBB\xBF") ?
							   input + 3 : input);
	size_t		first = strcspn(copy, "\n");
	char	   *to = copy;

	if (first == 0 || copy[first] == '\0' || copy[first - 1] != '\r')
		return copy;
	for (const char *from = copy; *from != '\0'; from++)
	{
		if (from[0] != '\r' || from[1] != '\n')
			*to++ = *from;
	}
	*to = '\0';
	return copy;
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
	const ListCell *lc;

	foreach(lc, sources)
	{
		const MigSource *source = lfirst(lc);
		MigFormat	format = mig_foreign_format(source);

		CHECK_FOR_INTERRUPTS();
		if (source->text[strspn(source->text, " \t\r\n")] == '\0')
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
	return list_concat(incoming, mig_foreign_chain(foreign));
}
