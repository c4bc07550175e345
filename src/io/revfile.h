/*-------------------------------------------------------------------------
 *
 * io/revfile.h
 *	  Revision files: text to structs and back.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_REVFILE_H
#define MIG_REVFILE_H

#include "rev/incoming.h"

/* the line that begins a revision */
#define MIG_REVISION_LINE	"-- revision:"
/* what some editors put before the first line of a file */
#define MIG_BOM				"\xEF\xBB\xBF"
/* the lines that begin a section, or (file) the text of a file */
#define MIG_SECTION_LINE	"-- migrate:"
#define MIG_FILE_LINE		"-- migrate:file "

/* A text to be read. */
typedef struct MigSource
{
	const char *name;			/* of the file, or NULL */
	const char *text;			/* lines end in a line feed alone */
	int			line;			/* number of its first line, for messages */
} MigSource;

extern List *mig_revfile_parse(const MigSource *source);
extern void mig_revfile_write(StringInfo buf, const MigRevision *rev);
extern bool mig_line_begins(const char *line, const char *prefix);
extern bool mig_line_is_blank(const char *line);
extern const char *mig_line_next(const char *line);

#endif							/* MIG_REVFILE_H */
