/*-------------------------------------------------------------------------
 *
 * rev/journal.c
 *	  Records what is applied, and what happened.
 *
 * A run is written down once, at its end: a row that changes with each
 * revision would leave a dead version behind each time, and finding the live
 * one would take longer and longer.  Tips are the maximal elements of the
 * applied set, over parents and dependencies; only those that a run touches
 * are looked at, unless the target schema has late revisions, where the whole
 * graph has to be.
 *
 * Callers hold the run lock of the target schema.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/journal.h"
#include "rev/lookup.h"
#include "util/error.h"
#include "util/row.h"
#include "util/sql.h"
#include "util/version.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/sequence.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

/* migrate_log, open for more rows. */
typedef struct Log
{
	MigRowWriter writer;
	Oid			sequence;		/* of its numbers */
} Log;

/* What a row of the log says, besides the occasion. */
typedef struct LogEntry
{
	const char *action;
	const char *revision;		/* or NULL */
	const MigOutcome *outcome;	/* of a step that has run, or NULL */
	const ErrorData *error;		/* of what failed, or NULL */
	const char *message;		/* or NULL */
	int			statement;		/* where it failed, or 0 */
	int			line;
	const char *context;		/* or NULL */
	const List *objects;		/* of char *, or NIL */
} LogEntry;

static MigNodeSet *needed_below(const MigOutcome *outcomes, int n,
								const MigNodeSet *steps);
static bool is_needed(const MigNode *node, const MigNodeSet *steps);
static void record_upgrade(const MigSpi *spi, const MigOccasion *occasion,
						   const MigOutcome *outcomes, int n);
static void insert_applied(MigRowWriter *applied, const MigOccasion *occasion,
						   const MigOutcome *outcome, bool tip);
pg_noreturn static void refuse_changed(const char *schema_name);
static void record_downgrade(const MigSpi *spi, const char *schema_name,
							 const MigOutcome *outcomes, int n);
static bool is_needed_by_others(MigTables *tables, const MigNode *node,
								const MigNodeSet *steps);
static int	count_steps(const List *nodes, const MigNodeSet *steps);
static bool find_applied(MigRowWriter *applied, const char *schema_name,
						 const MigNode *node);
static void set_tip(MigRowWriter *applied, bool tip);
static MigNodeSet *steps_of(const MigOutcome *outcomes, int n);
static void log_begin(Log *log, const MigSpi *spi);
static void log_add(Log *log, const MigOccasion *occasion,
					const LogEntry *entry);
static MigParam client_address(void);
static void log_end(Log *log);
static void log_one(const MigSpi *spi, const MigOccasion *occasion,
					const LogEntry *entry);
static void log_names(const MigSpi *spi, const MigOccasion *occasion,
					  const char *action, const List *nodes);

/*
 * Record the steps of a run in one direction, in the order in which they ran.
 */
void
mig_journal_steps(const MigSpi *spi, const MigOccasion *occasion,
				  MigDirection direction, const MigOutcome *outcomes, int n)
{
	LogEntry	entry = {.action = mig_direction_name(direction)};
	Log			log;

	if (direction == MIG_UPGRADE)
		record_upgrade(spi, occasion, outcomes, n);
	else
		record_downgrade(spi, occasion->schema_name, outcomes, n);
	log_begin(&log, spi);
	for (int i = 0; i < n; i++)
	{
		entry.revision = outcomes[i].step->node->revision;
		entry.outcome = &outcomes[i];
		log_add(&log, occasion, &entry);
	}
	log_end(&log);
}

/* Those below cease to be tips in the same transaction. */
static void
record_upgrade(const MigSpi *spi, const MigOccasion *occasion,
			   const MigOutcome *outcomes, int n)
{
	const char *schema_name = occasion->schema_name;
	MigNodeSet *steps = steps_of(outcomes, n);
	MigNodeSet *below = needed_below(outcomes, n, steps);
	MigRowWriter applied;
	ListCell   *lc;

	mig_row_writer_begin(&applied, spi, "migrate_applied");
	foreach(lc, below->list)
	{
		const MigNode *node = lfirst(lc);

		if (find_applied(&applied, schema_name, node))
			set_tip(&applied, false);
		else if (node->row.applied)
			refuse_changed(schema_name);
	}
	for (int i = 0; i < n; i++)
	{
		const MigNode *node = outcomes[i].step->node;

		if (find_applied(&applied, schema_name, node))
			refuse_changed(schema_name);
		insert_applied(&applied, occasion, &outcomes[i],
					   !is_needed(node, steps));
	}
	mig_row_writer_end(&applied);
}

/* Those below become tips where nothing else that is applied needs them. */
static void
record_downgrade(const MigSpi *spi, const char *schema_name,
				 const MigOutcome *outcomes, int n)
{
	MigNodeSet *steps = steps_of(outcomes, n);
	MigNodeSet *below = needed_below(outcomes, n, steps);
	MigRowWriter applied;
	MigTables	tables;
	ListCell   *lc;

	mig_row_writer_begin(&applied, spi, "migrate_applied");
	for (int i = 0; i < n; i++)
	{
		if (!find_applied(&applied, schema_name, outcomes[i].step->node))
			refuse_changed(schema_name);
		mig_row_delete(&applied);
	}
	CommandCounterIncrement();
	mig_tables_open(&tables, spi->nsp, schema_name, false);
	foreach(lc, below->list)
	{
		const MigNode *node = lfirst(lc);

		if (!is_needed_by_others(&tables, node, steps) &&
			find_applied(&applied, schema_name, node))
			set_tip(&applied, true);
	}
	mig_tables_close(&tables);
	mig_row_writer_end(&applied);
}

/* The revisions of some steps. */
static MigNodeSet *
steps_of(const MigOutcome *outcomes, int n)
{
	MigNodeSet *steps = mig_set_create();

	for (int i = 0; i < n; i++)
		mig_set_add(steps, outcomes[i].step->node);
	return steps;
}

/* What a step needs directly and is no step itself. */
static MigNodeSet *
needed_below(const MigOutcome *outcomes, int n, const MigNodeSet *steps)
{
	MigNodeSet *below = mig_set_create();

	for (int i = 0; i < n; i++)
	{
		const MigNode *node = outcomes[i].step->node;
		List	   *edges[2] = {node->down, node->deps};

		for (int k = 0; k < 2; k++)
		{
			ListCell   *lc;

			foreach(lc, edges[k])
			{
				if (!mig_set_has(steps, lfirst(lc)))
					mig_set_add(below, lfirst(lc));
			}
		}
	}
	return below;
}

/* By another step of the same run, which makes it no tip. */
static bool
is_needed(const MigNode *node, const MigNodeSet *steps)
{
	return count_steps(node->children, steps) +
		count_steps(node->dependants, steps) > 0;
}

/* By one that is applied and was no step. */
static bool
is_needed_by_others(MigTables *tables, const MigNode *node,
					const MigNodeSet *steps)
{
	List	   *above = mig_edges_to(tables, node->revision, MIG_EDGE_ANY);
	ListCell   *lc;

	/* mostly, all that needs it is a step */
	if (list_length(above) == count_steps(node->children, steps) +
		count_steps(node->dependants, steps))
		return false;
	foreach(lc, above)
	{
		if (mig_lookup_records(tables, lfirst(lc),
							   tables->schema_name) != NIL)
			return true;
	}
	return false;
}

static int
count_steps(const List *nodes, const MigNodeSet *steps)
{
	int			n = 0;
	const ListCell *lc;

	foreach(lc, nodes)
		n += mig_set_has(steps, lfirst(lc));
	return n;
}

/* Find the row of an applied revision, to be changed. */
static bool
find_applied(MigRowWriter *applied, const char *schema_name,
			 const MigNode *node)
{
	const char *key[] = {schema_name, node->revision};

	return mig_row_find_at(applied, &node->row.applied_place, lengthof(key),
						   key) ||
		mig_row_find(applied, "migrate_applied_pkey", lengthof(key), key);
}

/* Mark the row that was found, unless it has the mark. */
static void
set_tip(MigRowWriter *applied, bool tip)
{
	if (DatumGetBool(mig_row_value(applied, APPLIED_TIP)) != tip)
		mig_row_change(applied, APPLIED_TIP,
					   MIG_PARAM(BOOLOID, BoolGetDatum(tip)));
}

/* In the order of the columns. */
static void
insert_applied(MigRowWriter *applied, const MigOccasion *occasion,
			   const MigOutcome *outcome, bool tip)
{
	Interval	elapsed = {.time = outcome->elapsed};
	MigParam	columns[] = {
		mig_text_param(occasion->schema_name),
		mig_text_param(outcome->step->node->revision),
		MIG_PARAM(BOOLOID, BoolGetDatum(tip)),
		MIG_PARAM(BOOLOID, BoolGetDatum(false)),
		MIG_PARAM(TIMESTAMPTZOID, TimestampTzGetDatum(outcome->at)),
		mig_text_param(occasion->role),
		MIG_PARAM(INTERVALOID, IntervalPGetDatum(&elapsed)),
		mig_text_param(outcome->checksum),
		mig_text_param(occasion->tag),
		mig_text_param("ran"),
	};

	mig_row_insert(applied, lengthof(columns), columns);
}

/* Raise MG008 where the rows are not those that the plan was made for. */
static void
refuse_changed(const char *schema_name)
{
	ereport(ERROR,
			(errcode(ERRCODE_MIG_CONTRADICTION),
			 errmsg("what is recorded as applied was changed while the migration was running"),
			 errdetail("Rows of table \"migrate_applied\" were added or deleted by hand."),
			 errhint("SELECT * FROM %s shows what is recorded, and migrate_stamp() sets it; the next call makes a new plan.",
					 mig_call_text("migrate_current", NULL, schema_name))));
}

/*
 * Record a stamp, and log each revision whose state it changes.
 *
 * With purge even what is recorded of revisions that are not stored goes.  A
 * later "-1" takes the revision that was applied last; of those stamped at
 * once that is the one named first.  Marks of a revision under way go when it
 * is stamped as applied, when nothing is, and with purge.
 */
void
mig_journal_stamp(const MigSpi *spi, const MigOccasion *occasion,
				  const MigStampPlan *plan, const char *how, bool purge)
{
	MigParam	rows[] = {
		mig_text_param(occasion->schema_name),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(mig_node_ids(plan->added))),
		mig_text_param(occasion->role),
		mig_text_param(occasion->tag),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(mig_node_ids(plan->named))),
		MIG_PARAM(TIMESTAMPTZOID, TimestampTzGetDatum(GetCurrentTimestamp())),
		mig_text_param(how),
	};
	MigParam	tips[] = {
		mig_text_param(occasion->schema_name),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(mig_node_ids(plan->tips))),
	};
	MigParam	gone[] = {
		mig_text_param(occasion->schema_name),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(mig_node_ids(plan->removed))),
	};

	MigParam	marks[] = {
		mig_text_param(occasion->schema_name),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(mig_node_ids(plan->added))),
		MIG_PARAM(BOOLOID, BoolGetDatum(purge || plan->tips == NIL)),
	};

	if (purge)
		mig_spi_write(spi,
					  "DELETE FROM @migrate_applied a"
					  " WHERE schema_name = $1 AND NOT EXISTS (SELECT"
					  " FROM @migrate_revision r"
					  " WHERE r.revision = a.revision)",
					  1, gone);
	if (plan->removed != NIL)
		mig_spi_write(spi,
					  "DELETE FROM @migrate_applied"
					  " WHERE schema_name = $1 AND revision = ANY ($2)",
					  lengthof(gone), gone);
	if (plan->added != NIL)
		mig_spi_write(spi,
					  "INSERT INTO @migrate_applied (schema_name, revision,"
					  " tip, late, applied_at, applied_by, tag, how)"
					  " SELECT $1, u.revision, false, false, $6 - interval"
					  " '1 microsecond' * coalesce(pg_catalog.array_position($5, u.revision), 0),"
					  " $3, $4, $7"
					  " FROM pg_catalog.unnest($2) AS u (revision)",
					  lengthof(rows), rows);
	mig_spi_write(spi,
				  "UPDATE @migrate_applied SET tip = revision = ANY ($2)"
				  " WHERE schema_name = $1 AND tip <> (revision = ANY ($2))",
				  lengthof(tips), tips);
	mig_spi_write(spi,
				  "DELETE FROM @migrate_progress WHERE schema_name = $1"
				  " AND (revision = ANY ($2) OR $3)",
				  lengthof(marks), marks);
	log_names(spi, occasion, "stamp", plan->added);
	log_names(spi, occasion, "unstamp", plan->removed);
}

/* Nothing is written for an empty list. */
static void
log_names(const MigSpi *spi, const MigOccasion *occasion, const char *action,
		  const List *nodes)
{
	if (nodes != NIL)
		mig_journal_events(spi, occasion, action, mig_node_ids(nodes), NIL);
}

/* Log something that happened to a revision; message may be NULL. */
void
mig_journal_event(const MigSpi *spi, const MigOccasion *occasion,
				  const char *action, const char *revision,
				  const char *message)
{
	LogEntry	entry = {.action = action,.revision = revision};

	entry.message = message;
	log_one(spi, occasion, &entry);
}

/*
 * Log something that happened to many revisions; messages are as many, each a
 * string or NULL, or NIL.
 */
void
mig_journal_events(const MigSpi *spi, const MigOccasion *occasion,
				   const char *action, const List *revisions,
				   const List *messages)
{
	LogEntry	entry = {.action = action};
	ListCell   *lc;
	Log			log;

	log_begin(&log, spi);
	foreach(lc, revisions)
	{
		entry.revision = lfirst(lc);
		if (messages != NIL)
			entry.message = list_nth(messages, foreach_current_index(lc));
		log_add(&log, occasion, &entry);
	}
	log_end(&log);
}

/* Log a step that failed, and where its script had come to. */
void
mig_journal_failure(const MigSpi *spi, const MigOccasion *occasion,
					const MigStep *step, const ErrorData *edata,
					int statement, int line)
{
	LogEntry	entry = {.action = mig_direction_name(step->direction)};

	entry.revision = step->node->revision;
	entry.error = edata;
	entry.message = edata->message;
	entry.context = edata->context;
	entry.statement = statement;
	entry.line = line;
	log_one(spi, occasion, &entry);
}

/*
 * Log DDL that no migration made: the statement, the command within it or
 * NULL, and the objects concerned.
 */
void
mig_journal_ddl(const MigSpi *spi, const MigOccasion *occasion,
				const char *statement, const char *command,
				const List *objects)
{
	LogEntry	entry = {.action = "ddl",.message = statement};

	entry.context = command;
	entry.objects = objects;
	log_one(spi, occasion, &entry);
}

static void
log_one(const MigSpi *spi, const MigOccasion *occasion, const LogEntry *entry)
{
	Log			log;

	log_begin(&log, spi);
	log_add(&log, occasion, entry);
	log_end(&log);
}

static void
log_begin(Log *log, const MigSpi *spi)
{
	const char *name = "migrate_log_id_seq";

	log->sequence = get_relname_relid(name, spi->nsp);
	if (!OidIsValid(log->sequence))
		mig_refuse_missing(ERRCODE_UNDEFINED_TABLE,
						   psprintf("sequence \"%s\"", name), spi->nsp);
	mig_row_writer_begin(&log->writer, spi, "migrate_log");
}

/* In the order of the columns; what is not given is null. */
static void
log_add(Log *log, const MigOccasion *occasion, const LogEntry *entry)
{
	const ErrorData *error = entry->error;
	const MigOutcome *outcome = entry->outcome;
	Interval	elapsed = {.time = outcome == NULL ? 0 : outcome->elapsed};
	TimestampTz at = outcome == NULL ? GetCurrentTimestamp() : outcome->at;
	MigParam	columns[] = {
		MIG_PARAM(INT8OID,
				  Int64GetDatum(nextval_internal(log->sequence, false))),
		MIG_PARAM(TIMESTAMPTZOID, TimestampTzGetDatum(at)),
		mig_text_param(occasion->schema_name),
		mig_text_param(entry->action),
		mig_text_param(entry->revision),
		mig_text_param(error == NULL ? "done" : "failed"),
		{INT4OID, Int32GetDatum(outcome == NULL ? 0 : outcome->statements),
		outcome == NULL},
		{INTERVALOID, IntervalPGetDatum(&elapsed), outcome == NULL},
		mig_text_param(occasion->tag),
		mig_text_param(occasion->role),
		mig_text_param(occasion->session_role),
		mig_text_param(application_name),
		client_address(),
		mig_text_param(error == NULL ? NULL :
					   unpack_sql_state(error->sqlerrcode)),
		mig_text_param(entry->message),
		{INT4OID, Int32GetDatum(entry->statement), entry->statement == 0},
		{INT4OID, Int32GetDatum(entry->line), entry->line == 0},
		mig_text_param(entry->context),
		{TEXTARRAYOID, mig_text_array(entry->objects), entry->objects == NIL},
	};

	CHECK_FOR_INTERRUPTS();
	mig_row_insert(&log->writer, lengthof(columns), columns);
}

/* Null where the client is on a local socket. */
static MigParam
client_address(void)
{
	LOCAL_FCINFO(fcinfo, 0);
	Datum		address;

	InitFunctionCallInfoData(*fcinfo, NULL, 0, InvalidOid, NULL, NULL);
	address = inet_client_addr(fcinfo);
	return (MigParam)
	{
		INETOID, address, fcinfo->isnull
	};
}

static void
log_end(Log *log)
{
	mig_row_writer_end(&log->writer);
}

/*
 * Work out anew which applied revisions are tips, and which wait for a late
 * revision, and write what differs.
 *
 * graph must have been made after the last change; all of it is read.
 */
void
mig_journal_refresh(const MigSpi *spi, MigGraph *graph,
					const char *schema_name)
{
	List	   *tips;
	List	   *late;
	MigParam	params[3];

	mig_plan_applied(graph, &tips, &late);
	params[0] = mig_text_param(schema_name);
	params[1] = MIG_PARAM(TEXTARRAYOID, mig_text_array(mig_node_ids(tips)));
	params[2] = MIG_PARAM(TEXTARRAYOID, mig_text_array(mig_node_ids(late)));
	mig_spi_write(spi,
				  "UPDATE @migrate_applied"
				  " SET tip = revision = ANY ($2), late = revision = ANY ($3)"
				  " WHERE schema_name = $1 AND (tip <> (revision = ANY ($2))"
				  " OR late <> (revision = ANY ($3)))",
				  lengthof(params), params);
}

/* The target schemas in which some of the revisions are applied. */
List *
mig_journal_schemas_of(const MigSpi *spi, const List *revisions)
{
	List	   *schemas = NIL;
	MigParam	params[] = {
		MIG_PARAM(TEXTARRAYOID, mig_text_array(revisions)),
	};

	mig_spi_each(spi,
				 "SELECT DISTINCT schema_name FROM @migrate_applied"
				 " WHERE revision = ANY ($1)",
				 lengthof(params), params, mig_spi_add_text, &schemas);
	return schemas;
}
