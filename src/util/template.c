/*-------------------------------------------------------------------------
 *
 * util/template.c
 *	  Names of files, made from a template.
 *
 * A template is text with parts that are put in, each of which may be written
 * in two ways: "<slug>", or as Alembic writes it, "%(slug)s", where a doubled
 * percent sign is one.  Dates may be written as YYYY, MM, DD, HH, MM or MI,
 * and SS, in a word that consists of nothing else; MM right behind HH is the
 * minute, else the month.  Times are in UTC.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>
#include <limits.h>

#include "util/template.h"
#include "util/time.h"

#include "catalog/pg_collation.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/formatting.h"
#include "utils/timestamp.h"

/* a longer slug ends at the last word that fits; in characters */
#define MAX_SLUG		40
/* most digits that a number may be padded to */
#define MAX_PADDING		20

typedef enum Part
{
	PART_TEXT,					/* stands for itself */
	PART_REVISION,
	PART_SLUG,
	PART_EPOCH,
	PART_YEAR,
	PART_MONTH,
	PART_DAY,
	PART_HOUR,
	PART_MINUTE,
	PART_SECOND,
} Part;

/* The parts by their names, and as letters in a word of a date. */
static const struct
{
	const char *name;
	Part		part;
	int			digits;			/* of a part of a date */
	const char *letters;		/* as many */
}			parts[] = {
	{"revision", PART_REVISION, 0, NULL},
	{"rev", PART_REVISION, 0, NULL},
	{"slug", PART_SLUG, 0, NULL},
	{"epoch", PART_EPOCH, 0, NULL},
	{"year", PART_YEAR, 4, "YYYY"},
	{"month", PART_MONTH, 2, "MM"},
	{"day", PART_DAY, 2, "DD"},
	{"hour", PART_HOUR, 2, "HH"},
	{"minute", PART_MINUTE, 2, "MI"},
	{"second", PART_SECOND, 2, "SS"},
};

/* The next piece of a template. */
typedef struct Piece
{
	Part		part;
	const char *text;			/* PART_TEXT: so many bytes from here */
	int			length;
	int			digits;			/* numbers are padded to so many */
} Piece;

/* A template being read. */
typedef struct Walk
{
	const char *at;
	const char *word_end;		/* end of a word of date parts */
	bool		hour_seen;		/* MM is the minute from now on */
	const char *fault;			/* what is wrong */
} Walk;

static bool next_piece(Walk *walk, Piece *piece);
static bool read_named(Walk *walk, Piece *piece, char end);
static bool read_conversion(Walk *walk, Piece *piece);
static bool find_part(const char *name, int length, Piece *piece);
static bool read_date_part(Walk *walk, Piece *piece);
static const char *date_part(const char *at, bool hour_seen, Piece *piece);
static void append_piece(StringInfo buf, const Piece *piece,
						 const char *revision, const char *message,
						 TimestampTz created);
static const char *name_fault(const char *name);
static const char *length_fault(const char *name);
static char *make_slug(const char *message);
static bool is_word_char(const char *p);

/*
 * What is wrong with a template, as a sentence, or NULL.
 */
const char *
mig_template_fault(const char *template)
{
	Walk		walk = {.at = template};
	Piece		piece;
	bool		has_revision = false;

	while (next_piece(&walk, &piece))
		has_revision |= piece.part == PART_REVISION;
	if (walk.fault != NULL)
		return walk.fault;
	if (!has_revision)
		return "It has no part \"<revision>\", so that names would not be unique.";
	return name_fault(template);
}

/*
 * The name of a revision's file, with ".sql" at its end, in the current memory
 * context; 22023 if none can be made.
 *
 * It may hold slashes, but never leads out of the directory that it is in.
 */
char *
mig_template_expand(const char *template, const char *revision,
					const char *message, TimestampTz created)
{
	Walk		walk = {.at = template};
	Piece		piece;
	StringInfoData buf;
	const char *fault;

	initStringInfo(&buf);
	while (next_piece(&walk, &piece))
		append_piece(&buf, &piece, revision, message, created);
	if (buf.len < 4 || strcmp(buf.data + buf.len - 4, ".sql") != 0)
		appendStringInfoString(&buf, ".sql");
	fault = walk.fault != NULL ? walk.fault : name_fault(buf.data);
	if (fault == NULL)
		fault = length_fault(buf.data);
	if (fault != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot name a file \"%s\" for revision \"%s\"",
						buf.data, revision),
				 errdetail_internal("%s", fault),
				 errhint("Set migrate.file_template.")));
	return buf.data;
}

/* Read on; false at the end, or where something is wrong. */
static bool
next_piece(Walk *walk, Piece *piece)
{
	const char *at = walk->at;

	piece->part = PART_TEXT;
	piece->text = at;
	piece->length = 1;
	piece->digits = 0;
	if (*at == '\0')
		return false;
	if (*at == '<')
		return read_named(walk, piece, '>');
	if (*at == '%')
	{
		int			signs = at[1] == '%' ? 2 : 1;

		walk->at += signs;
		if (*walk->at == '(')
			return read_named(walk, piece, ')') &&
				read_conversion(walk, piece);
		return true;
	}
	if (isalpha((unsigned char) *at) && read_date_part(walk, piece))
		return true;
	walk->at++;
	return true;
}

/* "<name>" or "(name)" */
static bool
read_named(Walk *walk, Piece *piece, char end)
{
	const char *name = walk->at + 1;
	const char *close = strchr(name, end);

	if (close == NULL)
		walk->fault = psprintf("A \"%c\" is missing.", end);
	else if (!find_part(name, close - name, piece))
		walk->fault = psprintf("There is no part \"%.*s\"; there are revision, slug, epoch, year, month, day, hour, minute and second.",
							   (int) (close - name), name);
	else
	{
		walk->at = close + 1;
		return true;
	}
	return false;
}

/* behind "%(name)": s, or d with the number of digits before it */
static bool
read_conversion(Walk *walk, Piece *piece)
{
	int			digits = 0;

	while (*walk->at == '.' || isdigit((unsigned char) *walk->at))
	{
		if (*walk->at != '.')
			digits = Min(digits * 10 + *walk->at - '0', MAX_PADDING);
		walk->at++;
	}
	piece->digits = digits;
	if (*walk->at != 's' && *walk->at != 'd')
	{
		walk->fault = "Behind \"%(...)\" stands s or d.";
		return false;
	}
	walk->at++;
	return true;
}

/* By the whole word. */
static bool
find_part(const char *name, int length, Piece *piece)
{
	for (size_t i = 0; i < lengthof(parts); i++)
	{
		if (strlen(parts[i].name) == (size_t) length &&
			strncmp(parts[i].name, name, length) == 0)
		{
			piece->part = parts[i].part;
			piece->digits = parts[i].digits;
			return true;
		}
	}
	return false;
}

/*
 * Part of a word like YYYYMMDD or HHMM; false if the word at this place is
 * none, and then it is skipped letter by letter.
 */
static bool
read_date_part(Walk *walk, Piece *piece)
{
	const char *at = walk->at;
	bool		hour_seen = walk->hour_seen;
	Piece		ignored;

	if (at >= walk->word_end)
	{
		const char *next;

		while ((next = date_part(at, hour_seen, &ignored)) != NULL)
		{
			hour_seen = ignored.part == PART_HOUR;
			at = next;
		}
		if (isalpha((unsigned char) *at))
		{
			/* not a date: its letters stand for themselves */
			while (isalpha((unsigned char) *at))
				at++;
			piece->length = at - walk->at;
			walk->at = at;
			return true;
		}
		walk->word_end = at;
	}
	at = date_part(walk->at, walk->hour_seen, piece);
	if (at == NULL)
		return false;
	walk->hour_seen = piece->part == PART_HOUR;
	walk->at = at;
	return true;
}

/* The end of a date part that begins here, or NULL. */
static const char *
date_part(const char *at, bool hour_seen, Piece *piece)
{
	for (size_t i = 0; i < lengthof(parts); i++)
	{
		int			length = parts[i].digits;

		if (length == 0 || strncmp(at, parts[i].letters, length) != 0)
			continue;
		piece->part = parts[i].part == PART_MONTH && hour_seen ? PART_MINUTE :
			parts[i].part;
		piece->digits = length;
		return at + length;
	}
	return NULL;
}

/* Times are in the zone of the session. */
static void
append_piece(StringInfo buf, const Piece *piece, const char *revision,
			 const char *message, TimestampTz created)
{
	struct pg_tm fields;
	const int  *const date[] = {&fields.tm_year, &fields.tm_mon,
	&fields.tm_mday, &fields.tm_hour, &fields.tm_min, &fields.tm_sec};
	int			microsecond;
	int64		epoch;

	mig_time_fields(created, &fields, &microsecond);
	switch (piece->part)
	{
		case PART_TEXT:
			appendBinaryStringInfo(buf, piece->text, piece->length);
			break;
		case PART_REVISION:
			appendStringInfoString(buf, revision);
			break;
		case PART_SLUG:
			appendStringInfoString(buf, make_slug(message));
			break;
		case PART_EPOCH:
			epoch = (created - SetEpochTimestamp()) / USECS_PER_SEC;
			appendStringInfo(buf, INT64_FORMAT, epoch);
			break;
		case PART_YEAR:
		case PART_MONTH:
		case PART_DAY:
		case PART_HOUR:
		case PART_MINUTE:
		case PART_SECOND:
			appendStringInfo(buf, "%0*d", piece->digits,
							 *date[piece->part - PART_YEAR]);
			break;
	}
}

/* What is wrong with the name of a file, as a sentence, or NULL. */
static const char *
name_fault(const char *name)
{
	for (const char *p = name; *p != '\0'; p++)
	{
		if ((unsigned char) *p < ' ' || *p == 0x7f || *p == '\\')
			return "It has a control character or a backslash.";
		if ((p == name || p[-1] == '/') && (*p == '.' || *p == '/'))
			return "It, or a folder in it, is empty or begins with a dot.";
	}
	if (name[0] == '\0' || name[strlen(name) - 1] == '/')
		return "It is empty, or ends with a slash.";
	return NULL;
}

/* The file system's limit, for a name in full. */
static const char *
length_fault(const char *name)
{
	for (const char *p = name; *p != '\0'; p += strspn(p, "/"))
	{
		size_t		length = strcspn(p, "/");

		if (length > NAME_MAX)
			return psprintf("It, or a folder in it, is longer than %d bytes.",
							NAME_MAX);
		p += length;
	}
	return NULL;
}

/*
 * A message as part of a file's name: its words in lower case, with
 * underscores between them, and no more of them than fit.
 */
static char *
make_slug(const char *message)
{
	StringInfoData buf;
	char	   *slug;
	char	   *underscore;

	initStringInfo(&buf);
	for (const char *p = message; *p != '\0'; p += pg_mblen(p))
	{
		if (is_word_char(p))
			appendBinaryStringInfo(&buf, p, pg_mblen(p));
		else if (buf.len > 0 && is_word_char(p + pg_mblen(p)))
			appendStringInfoChar(&buf, '_');
	}
	slug = str_tolower(buf.data, buf.len, DEFAULT_COLLATION_OID);
	if (pg_mbstrlen(slug) <= MAX_SLUG)
		return slug;
	slug[pg_mbcharcliplen(slug, strlen(slug), MAX_SLUG)] = '\0';
	underscore = strrchr(slug, '_');
	if (underscore != NULL)
		*underscore = '\0';
	return psprintf("%s_", slug);
}

/* Letters, digits and the underscore; of other scripts all but the signs. */
static bool
is_word_char(const char *p)
{
	pg_wchar	c;

	if (!IS_HIGHBIT_SET(*p))
		return isalnum((unsigned char) *p) || *p == '_';
	if (GetDatabaseEncoding() != PG_UTF8)
		return true;
	c = utf8_to_unicode((const unsigned char *) p);
	if (c < 0x00C0)
		return c == 0x00AA || c == 0x00B5 || c == 0x00BA;
	return c != 0x00D7 && c != 0x00F7 && c != 0x1680 &&
		!(c >= 0x2000 && c <= 0x206F) && !(c >= 0x20A0 && c <= 0x20CF) &&
		!(c >= 0x2190 && c <= 0x2BFF) && !(c >= 0x3000 && c <= 0x3004) &&
		!(c >= 0x3008 && c <= 0x3020) && c != 0xFEFF && c != 0xFFFD &&
		!(c >= 0x1F000 && c <= 0x1FAFF);
}
