/*-------------------------------------------------------------------------
 *
 * io/revfile.c
 *	  Revision files: text to structs and back.
 *
 * Pure.  A revision is a header, then sections:
 *
 *		-- revision: ae1027a6acf
 *		-- down_revision: 1975ea83b712
 *		-- message: add conversation.new_field
 *		-- branch_labels:
 *		-- depends_on:
 *		-- transactional: yes
 *		-- created: 2026-01-13 14:30:00.000000+00
 *		--   a line of the description
 *
 *		-- migrate:upgrade
 *		...
 *		-- migrate:downgrade
 *		...
 *		-- migrate:verify
 *		...
 *
 * Header lines may come in any order, except that behind another revision in
 * the same text the one with the id must be the first: it begins the next
 * revision.  No script can hold a line that begins like that or like a mark
 * of a section (run/script_check.c refuses it), so that a text is never read
 * in two ways.  Whatever is not expected is refused with its line.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "io/revfile.h"
#include "rev/ident.h"
#include "util/sql.h"
#include "util/time.h"

#include "utils/builtins.h"

typedef enum Section
{
	IN_HEADER,
	IN_UPGRADE,
	IN_DOWNGRADE,
	IN_VERIFY,
} Section;

/* A text being read. */
typedef struct Reader
{
	const MigSource *source;
	int			line;			/* number of the current line */
	MigIncoming *in;			/* revision being read */
	Section		section;
	const char *body;			/* where the text of the section begins */
	int			stray;			/* line of a header right above, in a script */
	List	   *description;	/* of char *, its lines */
	List	   *done;			/* of MigIncoming * */
} Reader;

static void refuse_stray(Reader *reader);
static void note_stray(Reader *reader, const char *line);
static void begin_revision(Reader *reader);
static void end_revision(Reader *reader, const char *end);
static void read_line(Reader *reader, const char *line);
static void begin_section(Reader *reader, const char *line);
static void end_section(Reader *reader, const char *end);
static void read_header_line(Reader *reader, const char *line);
static void read_field(Reader *reader, const char *name, char *value);
static void set_field(Reader *reader, const char *name, int *field_line);
static List *read_names(Reader *reader, const char *value);
static char *read_id(Reader *reader, char *value);
pg_noreturn static void refuse(const Reader *reader, const char *detail,
							   const char *hint);
static char *copy_line(const char *line);
static char *join_description(const List *lines);
static void write_list(StringInfo buf, const char *name, const List *values);
static void write_section(StringInfo buf, const char *name,
						  const char *script);

/*
 * Read the revisions of a text: list of MigIncoming *, in the order of the
 * text, in the current memory context; what they hold does not point into the
 * text.  MG030 with the line where it is malformed.
 */
List *
mig_revfile_parse(const MigSource *source)
{
	Reader		reader = {.source = source,.line = source->line};
	const char *line = source->text;

	begin_revision(&reader);
	while (*line != '\0')
	{
		if (reader.section != IN_HEADER &&
			mig_line_begins(line, MIG_REVISION_LINE))
		{
			refuse_stray(&reader);
			end_revision(&reader, line);
			begin_revision(&reader);
		}
		read_line(&reader, line);
		note_stray(&reader, line);
		line = mig_line_next(line);
		reader.line++;
	}
	end_revision(&reader, line);
	if (list_length(reader.done) > 1)
	{
		ListCell   *lc;

		foreach(lc, reader.done)
			((MigIncoming *) lfirst(lc))->shares_file = true;
	}
	return reader.done;
}

/*
 * Header lines right above the line that begins a revision look like part of
 * its header, and would be part of the script before.
 */
static void
refuse_stray(Reader *reader)
{
	if (reader->stray == 0)
		return;
	reader->line = reader->stray;
	refuse(reader, "A header stands above the line \"-- revision:\".",
		   "Of several revisions in a text each begins with that line, or has a line \"-- migrate:file NAME\" above it.");
}

/* Remember the first header among the comment lines just read. */
static void
note_stray(Reader *reader, const char *line)
{
	static const char *const headers[] = {
		"-- down_revision:", "-- message:", "-- branch_labels:",
		"-- depends_on:", "-- transactional:", "-- created:",
	};

	if (!mig_line_begins(line, "--") ||
		mig_line_begins(line, MIG_SECTION_LINE))
		reader->stray = 0;
	for (size_t i = 0; i < lengthof(headers); i++)
	{
		if (reader->stray == 0 && reader->section != IN_HEADER &&
			mig_line_begins(line, headers[i]))
			reader->stray = reader->line;
	}
}

/* A file may hold several, one behind the other. */
static void
begin_revision(Reader *reader)
{
	reader->in = palloc0(sizeof(MigIncoming));
	reader->in->file = reader->source->name;
	reader->section = IN_HEADER;
	reader->description = NIL;
}

/* What is missing is said with the line where the revision begins. */
static void
end_revision(Reader *reader, const char *end)
{
	MigIncoming *in = reader->in;
	int			line = reader->line;

	end_section(reader, end);
	reader->line = in->lines.revision;
	if (reader->line == 0)
	{
		reader->line = reader->source->line;
		refuse(reader, "The header has no line \"-- revision:\".",
			   "A revision file begins with the revision's id.");
	}
	if (in->lines.down == 0)
		refuse(reader, "The header has no line \"-- down_revision:\".",
			   "Name the parent; behind the colon of a base stands nothing.");
	if (in->lines.upgrade == 0)
		refuse(reader, "There is no section \"-- migrate:upgrade\".",
			   "Write one; it may be empty.");
	if (in->rev.message == NULL)
		in->rev.message = pstrdup("");
	in->rev.description = join_description(reader->description);
	reader->done = lappend(reader->done, in);
	reader->line = line;
}

/*
 * In a section all lines are the script's, but for those that begin the next
 * one.
 */
static void
read_line(Reader *reader, const char *line)
{
	if (mig_line_begins(line, MIG_SECTION_LINE))
		begin_section(reader, line);
	else if (reader->section == IN_HEADER && !mig_line_is_blank(line))
		read_header_line(reader, line);
}

/* A section that is given twice is an error, for one of them would be lost. */
static void
begin_section(Reader *reader, const char *line)
{
	char	   *name = copy_line(line + strlen(MIG_SECTION_LINE));
	MigLines   *lines = &reader->in->lines;
	int		   *section_line;

	end_section(reader, line);
	name[strcspn(name, " \t\r")] = '\0';
	if (strcmp(name, "upgrade") == 0)
	{
		reader->section = IN_UPGRADE;
		section_line = &lines->upgrade;
	}
	else if (strcmp(name, "downgrade") == 0)
	{
		reader->section = IN_DOWNGRADE;
		section_line = &lines->downgrade;
	}
	else if (strcmp(name, "verify") == 0)
	{
		reader->section = IN_VERIFY;
		section_line = &lines->verify;
	}
	else
		refuse(reader, psprintf("There is no section \"%s\".", name),
			   "The sections are upgrade, downgrade and verify.");
	if (*section_line != 0)
		refuse(reader,
			   psprintf("Section \"%s\" is given twice, first in line %d.",
						name, *section_line), NULL);
	if (!mig_line_is_blank(line + strlen(MIG_SECTION_LINE) + strlen(name)))
		refuse(reader,
			   psprintf("Something stands behind \"%s%s\".", MIG_SECTION_LINE,
						name), "The script begins in the next line.");
	*section_line = reader->line;
	reader->body = mig_line_next(line);
}

/* The text of the current section reaches to end. */
static void
end_section(Reader *reader, const char *end)
{
	MigRevision *rev = &reader->in->rev;
	char	   *script;

	if (reader->section == IN_HEADER)
		return;
	script = mig_script_trimmed(pnstrdup(reader->body, end - reader->body));
	if (reader->section == IN_UPGRADE)
		rev->upgrade_sql = script;
	else if (reader->section == IN_DOWNGRADE)
		rev->downgrade_sql = script;
	else if (script[0] != '\0')
		rev->verify_sql = script;
}

/* "-- name: value", or a line of the description */
static void
read_header_line(Reader *reader, const char *line)
{
	char	   *copy = copy_line(line);
	size_t		length;

	if (mig_line_begins(copy, "--   ") ||
		(mig_line_begins(copy, "--") && mig_line_is_blank(copy + 2)))
	{
		reader->description = lappend(reader->description,
									  copy + Min(strlen(copy), 5));
		return;
	}
	if (!mig_line_begins(copy, "--"))
		refuse(reader, "SQL stands before the first section.",
			   "The line \"-- migrate:upgrade\" begins the upgrade script.");
	if (!mig_line_begins(copy, "-- ") || copy[3] == ' ' ||
		strchr(copy, ':') == NULL)
		refuse(reader, "This is neither \"-- name: value\" nor a line of the description.",
			   "Indent the description by three blanks behind the \"--\".");
	length = strcspn(copy + 3, ":");
	read_field(reader, pnstrdup(copy + 3, length),
			   mig_line_trimmed(copy + 3 + length + 1));
}

/*
 * Unknown fields are refused, since a typing error would else lose what it
 * says.
 */
static void
read_field(Reader *reader, const char *name, char *value)
{
	MigIncoming *in = reader->in;

	if (strcmp(name, "revision") == 0)
	{
		set_field(reader, name, &in->lines.revision);
		in->rev.revision = read_id(reader, value);
	}
	else if (strcmp(name, "down_revision") == 0)
	{
		set_field(reader, name, &in->lines.down);
		in->has_down = true;
		in->rev.down = read_names(reader, value);
	}
	else if (strcmp(name, "message") == 0)
	{
		set_field(reader, name, &in->lines.message);
		in->rev.message = value;
	}
	else if (strcmp(name, "branch_labels") == 0)
	{
		set_field(reader, name, &in->lines.labels);
		in->rev.labels = read_names(reader, value);
	}
	else if (strcmp(name, "depends_on") == 0)
	{
		set_field(reader, name, &in->lines.depends);
		in->rev.depends_on = read_names(reader, value);
	}
	else if (strcmp(name, "transactional") == 0)
	{
		set_field(reader, name, &in->lines.transactional);
		in->has_transactional = true;
		if (!parse_bool(value, &in->rev.transactional))
			refuse(reader, psprintf("\"%s\" is neither yes nor no.", value),
				   "Leave the line out to have it decided from the statements.");
	}
	else if (strcmp(name, "created") == 0)
	{
		set_field(reader, name, &in->lines.created);
		in->has_created = true;
		if (!mig_time_parse(value, &in->rev.created_at))
			refuse(reader, psprintf("\"%s\" is not a time.", value),
				   "Write for example 2026-01-13 14:30:00.000000+00.");
	}
	else
		refuse(reader, psprintf("There is no header \"%s\".", name),
			   "The headers are revision, down_revision, message, branch_labels, depends_on, transactional and created.");
}

/* Note where a header stands; it may stand once. */
static void
set_field(Reader *reader, const char *name, int *field_line)
{
	if (*field_line != 0)
		refuse(reader, psprintf("Header \"%s\" is given twice, first in line %d.",
								name, *field_line), NULL);
	*field_line = reader->line;
}

/* By the rules for ids and labels, for a file is no way around them. */
static char *
read_id(Reader *reader, char *value)
{
	const char *fault = mig_name_fault(value);

	if (fault != NULL)
		refuse(reader, psprintf("\"%s\" cannot be an id or label. %s", value,
								fault),
			   psprintf("Use up to %d letters, digits, underscores and dots.",
						MIG_MAX_NAME));
	return value;
}

/* Ids or labels with commas between them; nothing is an empty list. */
static List *
read_names(Reader *reader, const char *value)
{
	List	   *names = NIL;
	char	   *rest = pstrdup(value);
	char	   *name;

	if (value[0] == '\0')
		return NIL;
	while ((name = strsep(&rest, ",")) != NULL)
	{
		name = read_id(reader, mig_line_trimmed(name));
		if (mig_has_name(names, name))
			refuse(reader, psprintf("\"%s\" is given twice.", name), NULL);
		names = lappend(names, name);
	}
	return names;
}

static void
refuse(const Reader *reader, const char *detail, const char *hint)
{
	mig_incoming_refuse(reader->source->name, reader->line, detail, hint);
}

/* The lines of a description; NULL if there is nothing but blank lines. */
static char *
join_description(const List *lines)
{
	StringInfoData buf;
	const ListCell *lc;

	initStringInfo(&buf);
	foreach(lc, lines)
	{
		if (buf.len > 0)
			appendStringInfoChar(&buf, '\n');
		appendStringInfoString(&buf, lfirst(lc));
	}
	while (buf.len > 0 && strchr(" \t\r\n", buf.data[buf.len - 1]) != NULL)
		buf.data[--buf.len] = '\0';
	return buf.len == 0 ? NULL : mig_plain_lines(buf.data);
}

/* Does a line begin with something? */
bool
mig_line_begins(const char *line, const char *prefix)
{
	return strncmp(line, prefix, strlen(prefix)) == 0;
}

/* Is there nothing but white space to the end of the line? */
bool
mig_line_is_blank(const char *line)
{
	line += strspn(line, " \t\r\v\f");
	return *line == '\n' || *line == '\0';
}

/* Where the next line begins, or the end of the text. */
const char *
mig_line_next(const char *line)
{
	line += strcspn(line, "\n");
	return *line == '\n' ? line + 1 : line;
}

/* a line without its end */
static char *
copy_line(const char *line)
{
	return pnstrdup(line, strcspn(line, "\n"));
}

/*
 * Write a revision as a file.  Reading it gives the same again, but for white
 * space around message and scripts.
 */
void
mig_revfile_write(StringInfo buf, const MigRevision *rev)
{
	const char *line = rev->description;

	if (line != NULL)
		line = mig_plain_lines(line);
	appendStringInfo(buf, MIG_REVISION_LINE " %s\n", rev->revision);
	write_list(buf, "down_revision", rev->down);
	write_list(buf, "message",
			   list_make1(mig_line_trimmed(rev->message)));
	write_list(buf, "branch_labels", rev->labels);
	write_list(buf, "depends_on", rev->depends_on);
	appendStringInfo(buf, "-- transactional: %s\n",
					 rev->transactional ? "yes" : "no");
	appendStringInfo(buf, "-- created: %s\n", mig_time_text(rev->created_at));
	while (line != NULL && *line != '\0')
	{
		char	   *copy = copy_line(line);

		appendStringInfo(buf, copy[0] == '\0' ? "--\n" : "--   %s\n", copy);
		line = mig_line_next(line);
	}
	write_section(buf, "upgrade", rev->upgrade_sql);
	write_section(buf, "downgrade", rev->downgrade_sql);
	if (!mig_script_is_blank(rev->verify_sql))
		write_section(buf, "verify", rev->verify_sql);
}

/* no blank behind the colon where there is nothing */
static void
write_list(StringInfo buf, const char *name, const List *values)
{
	const ListCell *lc;

	appendStringInfo(buf, "-- %s:", name);
	foreach(lc, values)
	{
		const char *value = lfirst(lc);

		if (foreach_current_index(lc) > 0)
			appendStringInfoChar(buf, ',');
		if (value[0] != '\0')
			appendStringInfoChar(buf, ' ');
		mig_append_comment(buf, value);
	}
	appendStringInfoChar(buf, '\n');
}

/* NULL is not written; an empty script is, as a section without lines. */
static void
write_section(StringInfo buf, const char *name, const char *script)
{
	const char *trimmed;

	if (script == NULL)
		return;
	trimmed = mig_script_trimmed(script);
	appendStringInfo(buf, "\n%s%s\n", MIG_SECTION_LINE, name);
	if (trimmed[0] != '\0')
		appendStringInfo(buf, "%s\n", trimmed);
}
