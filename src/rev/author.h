/*-------------------------------------------------------------------------
 *
 * rev/author.h
 *	  Rules for making, changing and removing revisions.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_AUTHOR_H
#define MIG_AUTHOR_H

#include "rev/lookup.h"
#include "rev/journal.h"
#include "rev/store.h"

/* What may change of a stored revision; NULL or false: keep. */
typedef struct MigChange
{
	const char *upgrade_sql;
	const char *checksum;		/* with upgrade_sql */
	const char *downgrade_sql;
	const char *verify_sql;
	const char *message;
	const char *description;	/* with message; may be NULL */
	bool		irreversible;	/* downgrade_sql becomes NULL */
	bool		transactional;	/* always set */
	MigCounts	counts;			/* always set */
	const List *others;			/* of char *, roles whose text is in it */
	const char *others_have;	/* what of theirs that is, for people */
} MigChange;

/* A revision to be made.  Scripts have been checked. */
typedef struct MigDraft
{
	const char *action;			/* for the log: revision or merge */
	const char *message;		/* further lines become the description; NULL:
								 * made from the parents */
	const char *upgrade_sql;
	const char *downgrade_sql;	/* NULL: irreversible */
	const char *verify_sql;		/* NULL: none */
	const char *checksum;		/* of upgrade_sql */
	bool		transactional;
	MigCounts	counts;
	const char *head;			/* identifiers of the parents */
	const char *rev_id;			/* NULL: random */
	bool		splice;			/* parents need not be heads */
	bool		needs_parent;	/* it cannot be a base */
	bool		is_done;		/* about to be recorded as applied */
	const List *others;			/* of char *, roles whose text is in it */
	const char *others_have;	/* what of theirs that is, for people */
	const char *branch_label;	/* one or several, or NULL */
	const char *depends_on;		/* identifiers, or NULL */
} MigDraft;

extern char *mig_author_create(Oid nsp, const MigOccasion *occasion,
							   const MigDraft *draft);
extern void mig_author_split_message(const char *input, const char **message,
									 const char **description);
extern void mig_author_check_message(Oid nsp, const char *message,
									 const char *hint);
extern MigRevision *mig_author_find(MigTables *tables, const char *revision);
extern void mig_author_change(Oid nsp, const MigOccasion *occasion,
							  const MigRevision *old,
							  const MigChange *change, const char *what);
extern void mig_author_reparent(Oid nsp, const MigOccasion *occasion,
								const char *revision, const char *head);
extern void mig_author_refresh(const MigSpi *spi, Oid nsp,
							   const List *affected);
extern void mig_author_remove(Oid nsp, const MigOccasion *occasion,
							  const char *revision);

#endif							/* MIG_AUTHOR_H */
