/*-------------------------------------------------------------------------
 *
 * rev/incoming.h
 *	  Revisions that come from files, on their way into the tables.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_INCOMING_H
#define MIG_INCOMING_H

#include "compat.h"
#include "rev/rev.h"

/* What came of a file. */
typedef enum MigIncomingAction
{
	MIG_ACTION_UNCHANGED,
	MIG_ACTION_STORED,			/* it was new */
	MIG_ACTION_UPDATED,			/* anything but the upgrade script changed */
	MIG_ACTION_REPLACED,		/* the upgrade script changed */
} MigIncomingAction;

/* What differs between a file and what is stored; bits. */
#define MIG_DIFF_UPGRADE		0x0001
#define MIG_DIFF_DOWNGRADE		0x0002
#define MIG_DIFF_VERIFY			0x0004
#define MIG_DIFF_MESSAGE		0x0008
#define MIG_DIFF_DESCRIPTION	0x0010
#define MIG_DIFF_LABELS			0x0020
#define MIG_DIFF_PARENTS		0x0040
#define MIG_DIFF_DEPENDS		0x0080
#define MIG_DIFF_TRANSACTIONAL	0x0100
#define MIG_DIFF_CREATED		0x0200
#define MIG_DIFF_LAST			MIG_DIFF_CREATED

#define MIG_DIFF_EDGES			(MIG_DIFF_PARENTS | MIG_DIFF_DEPENDS)

/* Where the parts of a revision stand; lines, 0: nowhere. */
typedef struct MigLines
{
	int			revision;
	int			down;
	int			message;
	int			labels;
	int			depends;
	int			transactional;
	int			created;
	int			upgrade;
	int			downgrade;
	int			verify;
} MigLines;

/* A revision as a file has it. */
typedef struct MigIncoming
{
	MigRevision rev;			/* what the file says */
	const char *file;			/* name, or NULL */
	bool		shares_file;	/* with other revisions */
	const char *format;			/* name of another tool, or NULL: ours */
	MigLines	lines;
	bool		has_down;		/* parents are given */
	bool		has_transactional;
	bool		has_created;
	MigRevision *stored;		/* what is stored, or NULL */
	int			diff;			/* MIG_DIFF_ bits */
	MigIncomingAction action;
} MigIncoming;

pg_noreturn extern void mig_incoming_refuse(const char *file, int line,
											const char *detail,
											const char *hint);
extern const char *mig_incoming_action(MigIncomingAction action);
extern int	mig_incoming_compare(const MigIncoming *in);
extern bool mig_incoming_is_other(const MigIncoming *in,
								  const MigRevision *rev);
extern char *mig_incoming_describe(int diff);
extern char *mig_script_trimmed(const char *script);
extern bool mig_script_is_blank(const char *script);
extern char *mig_line_trimmed(const char *line);
extern HTAB *mig_name_table(const char *name, Size entry);
extern int	mig_version_compare(const char *a, const char *b);

#endif							/* MIG_INCOMING_H */
