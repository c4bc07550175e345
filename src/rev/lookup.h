/*-------------------------------------------------------------------------
 *
 * rev/lookup.h
 *	  Single facts from our tables, by index.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_LOOKUP_H
#define MIG_LOOKUP_H

#include "rev/tables.h"
#include "compat.h"

/* What the revision that was stored last tells. */
typedef struct MigNewest
{
	int64		seq;			/* 0: there is no revision */
	int			count[2];		/* numbers of heads, and of real heads */
	MigRow		row;			/* without what is applied */
} MigNewest;

/* The scripts of a revision. */
typedef struct MigScripts
{
	char	   *upgrade_sql;
	char	   *downgrade_sql;	/* NULL: irreversible */
	char	   *verify_sql;		/* NULL: none */
	char	   *checksum;
} MigScripts;

/* That a revision is applied in a target schema. */
typedef struct MigRecord
{
	char	   *schema_name;
	TimestampTz at;
	char	   *by;				/* role */
	char	   *tag;			/* or NULL */
	char	   *how;			/* ran, stamped or captured */
} MigRecord;

extern void mig_lookup_scripts(MigTables *tables, const MigStep *step,
							   MigScripts *scripts);
extern Datum mig_lookup_script(MigTables *tables, const MigStep *step);
pg_noreturn extern void mig_lookup_refuse_gone(const char *revision);
pg_nodiscard extern MigRevision *mig_lookup_revision(MigTables *tables,
													 const char *revision);
pg_nodiscard extern bool mig_lookup_exists(MigTables *tables,
										   const char *revision);
extern const char *mig_lookup_gone(MigTables *tables, const MigPlan *plan);
extern bool mig_lookup_is_at_head(MigTables *tables);
extern MigRevision *mig_lookup_stored(MigTables *tables,
									  const char *revision);
pg_nodiscard extern bool mig_lookup_name_taken(MigTables *tables,
											   const char *name,
											   char **revision);
pg_nodiscard extern bool mig_lookup_applied_anywhere(MigTables *tables,
													 const char *revision);
pg_nodiscard extern bool mig_lookup_ran_anywhere(MigTables *tables,
												 const char *revision);
extern List *mig_lookup_records(MigTables *tables, const char *revision,
								const char *schema_name);
extern List *mig_lookup_tagged(MigTables *tables, const char *tag);
extern List *mig_lookup_dependencies(MigTables *tables);
extern bool mig_lookup_any_late(MigTables *tables);
extern MigNewest mig_lookup_newest(MigTables *tables);
extern TimestampTz mig_lookup_last_created(MigTables *tables);

#endif							/* MIG_LOOKUP_H */
