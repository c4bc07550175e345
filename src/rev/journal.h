/*-------------------------------------------------------------------------
 *
 * rev/journal.h
 *	  Records what is applied, and what happened.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_JOURNAL_H
#define MIG_JOURNAL_H

#include "rev/plan.h"
#include "util/spi.h"

/* What came of a step. */
typedef struct MigOutcome
{
	const MigStep *step;
	char	   *checksum;		/* of the upgrade script */
	int			statements;
	int64		elapsed;		/* microseconds */
	TimestampTz at;
} MigOutcome;

/* On whose behalf, and what for. */
typedef struct MigOccasion
{
	const char *schema_name;	/* target schema, '' for the database */
	const char *tag;			/* or NULL */
	const char *role;			/* whose rights were used */
	const char *session_role;	/* who had logged in */
} MigOccasion;

extern void mig_journal_steps(const MigSpi *spi, const MigOccasion *occasion,
							  MigDirection direction,
							  const MigOutcome *outcomes, int n);
extern void mig_journal_stamp(const MigSpi *spi, const MigOccasion *occasion,
							  const MigStampPlan *plan, const char *how,
							  bool purge);
extern void mig_journal_event(const MigSpi *spi, const MigOccasion *occasion,
							  const char *action, const char *revision,
							  const char *message);
extern void mig_journal_events(const MigSpi *spi, const MigOccasion *occasion,
							   const char *action, const List *revisions,
							   const List *messages);
extern void mig_journal_ddl(const MigSpi *spi, const MigOccasion *occasion,
							const char *statement, const char *command,
							const List *objects);
extern void mig_journal_failure(const MigSpi *spi, const MigOccasion *occasion,
								const MigStep *step, const ErrorData *edata,
								int statement, int line);
extern void mig_journal_refresh(const MigSpi *spi, MigGraph *graph,
								const char *schema_name);
extern List *mig_journal_schemas_of(const MigSpi *spi, const List *revisions);

#endif							/* MIG_JOURNAL_H */
