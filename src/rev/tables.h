/*-------------------------------------------------------------------------
 *
 * rev/tables.h
 *	  Our tables, open for look-ups by index.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_TABLES_H
#define MIG_TABLES_H

#include "rev/rev.h"

#include "access/genam.h"
#include "access/skey.h"
#include "executor/tuptable.h"
#include "utils/relcache.h"
#include "utils/snapshot.h"

/*
 * The columns of migrate_revision, as in the install script, behind the first
 * one, which is the key: what stands here for the number, the name, the type,
 * and whether a revision that is stored changes in it ALSO, or it is set when
 * the revision is added and by what the graph is, NEVER by its own change.
 */
#define MIG_REVISION_COLUMNS(X) \
	X(REV_DOWN, "down_revision", NAMES, ALSO) \
	X(REV_DEPENDS, "depends_on", NAMES, ALSO) \
	X(REV_LABELS, "branch_labels", NAMES, ALSO) \
	X(REV_MESSAGE, "message", TEXT, ALSO) \
	X(REV_DESCRIPTION, "description", TEXT, ALSO) \
	X(REV_UPGRADE, "upgrade_sql", TEXT, ALSO) \
	X(REV_DOWNGRADE, "downgrade_sql", TEXT, ALSO) \
	X(REV_VERIFY, "verify_sql", TEXT, ALSO) \
	X(REV_TRANSACTIONAL, "transactional", BOOL, ALSO) \
	X(REV_CHECKSUM, "checksum", TEXT, ALSO) \
	X(REV_CREATED_AT, "created_at", TIME, ALSO) \
	X(REV_CREATED_BY, "created_by", TEXT, NEVER) \
	X(REV_STORED_BY, "stored_by", TEXT, ALSO) \
	X(REV_REQUIRES, "requires", NAMES, ALSO) \
	X(REV_IS_HEAD, "is_head", BOOL, NEVER) \
	X(REV_IS_REAL_HEAD, "is_real_head", BOOL, NEVER) \
	X(REV_GENERATION, "generation", INT4, NEVER) \
	X(REV_SEQ, "seq", INT8, NEVER) \
	X(REV_HEAD_COUNT, "head_count", INT4, NEVER) \
	X(REV_REAL_HEAD_COUNT, "real_head_count", INT4, NEVER) \
	X(REV_UPGRADE_COUNT, "upgrade_count", INT4, ALSO) \
	X(REV_DOWNGRADE_COUNT, "downgrade_count", INT4, ALSO) \
	X(REV_VERIFY_COUNT, "verify_count", INT4, ALSO)

enum RevisionColumn
{
	REV_REVISION = 1,
#define REVISION_COLUMN(column, name, type, changes) column,
	MIG_REVISION_COLUMNS(REVISION_COLUMN)
#undef REVISION_COLUMN
	REV_COLUMNS = REV_VERIFY_COUNT,
};

/* those that may be null, as bits */
#define REV_NULLABLE \
	((1 << REV_DESCRIPTION) | (1 << REV_DOWNGRADE) | (1 << REV_VERIFY))

/* columns of migrate_edge */
enum EdgeColumn
{
	EDGE_CHILD = 1, EDGE_KIND, EDGE_POSITION, EDGE_PARENT,
};

/* columns of migrate_applied */
enum AppliedColumn
{
	APPLIED_SCHEMA = 1, APPLIED_REVISION, APPLIED_TIP, APPLIED_LATE,
	APPLIED_AT, APPLIED_BY, APPLIED_ELAPSED, APPLIED_CHECKSUM, APPLIED_TAG,
	APPLIED_HOW,
	APPLIED_COLUMNS = APPLIED_HOW,
};

/* those that may be null, as bits */
#define APPLIED_NULLABLE \
	((1 << APPLIED_ELAPSED) | (1 << APPLIED_CHECKSUM) | (1 << APPLIED_TAG))

/* A scan of one of our indexes. */
typedef struct MigIndexScan
{
	Relation	index;
	SysScanDesc desc;
} MigIndexScan;

/* A row taken apart: all columns that the table has, maybe more than ours. */
typedef struct MigColumns
{
	Datum	   *values;
	bool	   *isnull;
} MigColumns;

/* Our tables, open for reading under one snapshot. */
typedef struct MigTables
{
	Oid			nsp;			/* schema of the extension */
	const char *schema_name;	/* target schema, '' for the database */
	Snapshot	snapshot;		/* registered */
	bool		read_only;		/* the snapshot is the active one */
	bool		with_scripts;	/* rows are to carry their script ... */
	MigDirection direction;		/* ... of this direction */
	Size		script_room;	/* ... as long as it fits in here */
	Relation	revision;
	Relation	edge;			/* NULL until mig_tables_edge() */
	Relation	applied;
} MigTables;

extern void mig_tables_open(MigTables *tables, Oid nsp,
							const char *schema_name, bool read_only);
extern void mig_tables_close(MigTables *tables);
extern Relation mig_tables_edge(MigTables *tables);
extern Relation mig_table_open(const char *name, Oid nsp);
extern Oid	mig_index_of(const char *name, Oid nsp);
extern void mig_text_key(ScanKey key, AttrNumber column, const char *value);
extern SysScanDesc mig_scan_revision(MigTables *tables, const char *revision,
									 HeapTuple *tuple);
extern SysScanDesc mig_scan_applied(MigTables *tables, const char *revision,
									HeapTuple *tuple);
extern HeapTuple mig_fetch_revision(MigTables *tables, const MigRow *row,
									TupleTableSlot *slot);
extern List *mig_edges_to(MigTables *tables, const char *parent, char kind);
extern void mig_index_scan_begin(MigIndexScan *scan, MigTables *tables,
								 Relation rel, const char *index, int nkeys,
								 ScanKey keys);
extern HeapTuple mig_index_scan_next(MigIndexScan *scan,
									 ScanDirection direction);
extern void mig_index_scan_end(MigIndexScan *scan);
extern MigColumns mig_revision_columns(const MigTables *tables,
									   HeapTuple tuple);
extern MigColumns mig_applied_columns(const MigTables *tables,
									  HeapTuple tuple);
extern Datum mig_column(Relation rel, HeapTuple tuple, AttrNumber column);
extern MigRow mig_row_from_tuple(MigTables *tables, MemoryContext context,
								 HeapTuple tuple, const MigColumns *columns);

#endif							/* MIG_TABLES_H */
