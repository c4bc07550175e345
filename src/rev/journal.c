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
#include "util/error.h"
#include "util/sql.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

/* The steps of a run as arrays. */
typedef struct StepArrays
{
	Datum	   *tip;
	Datum	   *at;
	Datum	   *elapsed;
	Datum	   *statements;
	List	   *revisions;		/* of char * */
	List	   *checksums;		/* of char * */
	List	   *below;			/* of char *, needed by a step and no step */
	int			nbelow;			/* so many of them were applied before */
} StepArrays;

/* Rows of the log: what they have in common, and what differs, as arrays. */
typedef struct LogRows
{
	const char *action;
	const ErrorData *error;		/* of what failed, or NULL */
	int			statement;		/* where it failed, or 0 */
	int			line;
	const char *context;		/* of what did not fail, or NULL */
	const List *objects;		/* of char *, or NIL */
	const List *revisions;		/* of char *, each may be NULL */
	const List *messages;		/* of char *, as many, or NIL */
	Datum		at;				/* arrays, or 0 */
	Datum		elapsed;
	Datum		statements;
} LogRows;

static void collect_steps(const MigOutcome *outcomes, int n,
						  StepArrays *arrays);
static bool is_needed(const MigNode *node, const MigNodeSet *steps);
static void record_upgrade(const MigSpi *spi, const MigOccasion *occasion,
						   const StepArrays *arrays, int n);
static void refuse_changed(const char *schema_name, uint64 found,
						   int expected);
static void record_downgrade(const MigSpi *spi, const char *schema_name,
							 const StepArrays *arrays);
static void log_steps(const MigSpi *spi, const MigOccasion *occasion,
					  const char *action, const StepArrays *arrays, int n);
static void write_log(const MigSpi *spi, const MigOccasion *occasion,
					  const LogRows *rows);
static Datum scalar_array(Datum *values, int n, Oid type);
static void log_names(const MigSpi *spi, const MigOccasion *occasion,
					  const char *action, const List *nodes);

/*
 * Record the steps of a run in one direction, in the order in which they ran.
 */
void
mig_journal_steps(const MigSpi *spi, const MigOccasion *occasion,
				  MigDirection direction, const MigOutcome *outcomes, int n)
{
	StepArrays	arrays = {0};

	collect_steps(outcomes, n, &arrays);
	if (direction == MIG_UPGRADE)
		record_upgrade(spi, occasion, &arrays, n);
	else
		record_downgrade(spi, occasion->schema_name, &arrays);
	log_steps(spi, occasion,
			  mig_direction_name(direction), &arrays, n);
}

/*
 * Arrays of one element for each step, so that a run is written by a few
 * statements, however long.
 */
static void
collect_steps(const MigOutcome *outcomes, int n, StepArrays *arrays)
{
	MigNodeSet *steps = mig_set_create();
	MigNodeSet *below = mig_set_create();

	arrays->tip = palloc(sizeof(Datum) * n);
	arrays->at = palloc(sizeof(Datum) * n);
	arrays->elapsed = palloc(sizeof(Datum) * n);
	arrays->statements = palloc(sizeof(Datum) * n);
	for (int i = 0; i < n; i++)
		mig_set_add(steps, outcomes[i].step->node);
	for (int i = 0; i < n; i++)
	{
		const MigOutcome *outcome = &outcomes[i];
		MigNode    *node = outcome->step->node;
		List	   *edges[2] = {node->down, node->deps};

		arrays->tip[i] = BoolGetDatum(!is_needed(node, steps));
		arrays->at[i] = TimestampTzGetDatum(outcome->at);
		arrays->elapsed[i] = Int64GetDatum(outcome->elapsed);
		arrays->statements[i] = Int32GetDatum(outcome->statements);
		arrays->revisions = lappend(arrays->revisions, node->revision);
		arrays->checksums = lappend(arrays->checksums, outcome->checksum);
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
	arrays->below = mig_node_ids(below->list);
	for (int i = 0; i < list_length(below->list); i++)
		arrays->nbelow += ((MigNode *) list_nth(below->list, i))->row.applied;
}

/* By another step of the same run, which makes it no tip. */
static bool
is_needed(const MigNode *node, const MigNodeSet *steps)
{
	const ListCell *lc;

	foreach(lc, node->children)
	{
		if (mig_set_has(steps, lfirst(lc)))
			return true;
	}
	foreach(lc, node->dependants)
	{
		if (mig_set_has(steps, lfirst(lc)))
			return true;
	}
	return false;
}

/* Those below cease to be tips in the same transaction. */
static void
record_upgrade(const MigSpi *spi, const MigOccasion *occasion,
			   const StepArrays *arrays, int n)
{
	MigParam	below[] = {
		mig_text_param(occasion->schema_name),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(arrays->below)),
	};
	MigParam	rows[] = {
		mig_text_param(occasion->schema_name),
		mig_text_param(occasion->role),
		mig_text_param(occasion->tag),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(arrays->revisions)),
		MIG_PARAM(BOOLARRAYOID, scalar_array(arrays->tip, n, BOOLOID)),
		MIG_PARAM(TIMESTAMPTZARRAYOID,
				  scalar_array(arrays->at, n, TIMESTAMPTZOID)),
		MIG_PARAM(INT8ARRAYOID, scalar_array(arrays->elapsed, n, INT8OID)),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(arrays->checksums)),
	};
	uint64		found = 0;

	if (arrays->below != NIL)
		found = mig_spi_change(spi,
							   "UPDATE @migrate_applied SET tip = false"
							   " WHERE schema_name = $1 AND revision = ANY ($2)",
							   lengthof(below), below);
	refuse_changed(occasion->schema_name, found, arrays->nbelow);
	found = mig_spi_change(spi,
						   "INSERT INTO @migrate_applied (schema_name, revision, tip,"
						   " late, applied_at, applied_by, elapsed, checksum, tag, how)"
						   " SELECT $1, u.revision, u.tip, false, u.at, $2,"
						   " u.elapsed * interval '1 microsecond', u.checksum, $3, 'ran'"
						   " FROM unnest($4, $5, $6, $7, $8)"
						   " AS u (revision, tip, at, elapsed, checksum)"
						   " ON CONFLICT DO NOTHING",
						   lengthof(rows), rows);
	refuse_changed(occasion->schema_name, found, n);
}

/* Raise MG008 if fewer rows were there than the plan was made for. */
static void
refuse_changed(const char *schema_name, uint64 found, int expected)
{
	if (found >= (uint64) expected)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_MIG_CONTRADICTION),
			 errmsg("what is recorded as applied was changed while the migration was running"),
			 errdetail("Rows of table \"migrate_applied\" were added or deleted by hand."),
			 errhint("SELECT * FROM %s shows what is recorded, and migrate_stamp() sets it; the next call makes a new plan.",
					 mig_call_text("migrate_current", NULL, schema_name))));
}

/* Those below become tips where nothing else that is applied needs them. */
static void
record_downgrade(const MigSpi *spi, const char *schema_name,
				 const StepArrays *arrays)
{
	MigParam	gone[] = {
		mig_text_param(schema_name),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(arrays->revisions)),
	};
	MigParam	below[] = {
		mig_text_param(schema_name),
		MIG_PARAM(TEXTARRAYOID, mig_text_array(arrays->below)),
	};

	refuse_changed(schema_name,
				   mig_spi_change(spi,
								  "DELETE FROM @migrate_applied"
								  " WHERE schema_name = $1"
								  " AND revision = ANY ($2)",
								  lengthof(gone), gone),
				   list_length(arrays->revisions));
	if (arrays->below != NIL)
		mig_spi_write(spi,
					  "UPDATE @migrate_applied a SET tip = true"
					  " WHERE schema_name = $1 AND revision = ANY ($2)"
					  " AND NOT tip AND NOT EXISTS (SELECT"
					  " FROM @migrate_edge e JOIN @migrate_applied c"
					  " ON c.schema_name = $1 AND c.revision = e.child"
					  " WHERE e.parent = a.revision AND e.kind IN ('p', 'd'))",
					  lengthof(below), below);
}

static void
log_steps(const MigSpi *spi, const MigOccasion *occasion, const char *action,
		  const StepArrays *arrays, int n)
{
	LogRows		rows = {.action = action,.revisions = arrays->revisions};

	rows.at = scalar_array(arrays->at, n, TIMESTAMPTZOID);
	rows.elapsed = scalar_array(arrays->elapsed, n, INT8OID);
	rows.statements = scalar_array(arrays->statements, n, INT4OID);
	write_log(spi, occasion, &rows);
}

/* values of a pass-by-value type */
static Datum
scalar_array(Datum *values, int n, Oid type)
{
	int16		length = type == BOOLOID ? 1 : type == INT4OID ? 4 : 8;
	char		align;

	align = type == BOOLOID ? TYPALIGN_CHAR :
		type == INT4OID ? TYPALIGN_INT : TYPALIGN_DOUBLE;
	return PointerGetDatum(construct_array(values, n, type, length, true,
										   align));
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
	LogRows		rows = {.action = action,.revisions = mig_node_ids(nodes)};

	if (nodes != NIL)
		write_log(spi, occasion, &rows);
}

/* Log something that happened to a revision; message may be NULL. */
void
mig_journal_event(const MigSpi *spi, const MigOccasion *occasion,
				  const char *action, const char *revision,
				  const char *message)
{
	mig_journal_events(spi, occasion, action,
					   list_make1(unconstify(char *, revision)),
					   list_make1(unconstify(char *, message)));
}

/*
 * Log something that happened to many revisions; messages are as many, each a
 * string or NULL.
 */
void
mig_journal_events(const MigSpi *spi, const MigOccasion *occasion,
				   const char *action, const List *revisions,
				   const List *messages)
{
	LogRows		rows = {.action = action,.revisions = revisions};

	rows.messages = messages;
	write_log(spi, occasion, &rows);
}

/* Log a step that failed, and where its script had come to. */
void
mig_journal_failure(const MigSpi *spi, const MigOccasion *occasion,
					const MigStep *step, const ErrorData *edata,
					int statement, int line)
{
	LogRows		rows = {.action = mig_direction_name(step->direction)};

	rows.revisions = list_make1(step->node->revision);
	rows.messages = list_make1(edata->message);
	rows.error = edata;
	rows.statement = statement;
	rows.line = line;
	write_log(spi, occasion, &rows);
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
	LogRows		rows = {.action = "ddl",.revisions = list_make1(NULL)};

	rows.messages = list_make1(unconstify(char *, statement));
	rows.context = command;
	rows.objects = objects;
	write_log(spi, occasion, &rows);
}

/* What is not given is null; without a time it is now. */
static void
write_log(const MigSpi *spi, const MigOccasion *occasion, const LogRows *rows)
{
	const ErrorData *error = rows->error;
	MigParam	params[] = {
		mig_text_param(occasion->schema_name),
		mig_text_param(rows->action),
		mig_text_param(error == NULL ? "done" : "failed"),
		mig_text_param(occasion->tag),
		mig_text_param(occasion->role),
		mig_text_param(occasion->session_role),
		mig_text_param(error == NULL ? NULL :
					   unpack_sql_state(error->sqlerrcode)),
		mig_text_param(error == NULL ? rows->context : error->context),
		{INT4OID, Int32GetDatum(rows->statement), rows->statement == 0},
		{INT4OID, Int32GetDatum(rows->line), rows->line == 0},
		MIG_PARAM(TEXTARRAYOID, mig_text_array_nulls(rows->revisions)),
		MIG_PARAM(TEXTARRAYOID, mig_text_array_nulls(rows->messages)),
		{TIMESTAMPTZARRAYOID, rows->at, rows->at == 0},
		{INT8ARRAYOID, rows->elapsed, rows->elapsed == 0},
		{INT4ARRAYOID, rows->statements, rows->statements == 0},
		{TEXTARRAYOID, mig_text_array(rows->objects), rows->objects == NIL},
	};

	mig_spi_write(spi,
				  "INSERT INTO @migrate_log (at, schema_name, action,"
				  " revision, outcome, statements, elapsed, tag, role_name,"
				  " session_role, application_name, client_addr, sqlstate,"
				  " message, statement, line, context, objects)"
				  " SELECT coalesce(u.at, pg_catalog.clock_timestamp()), $1, $2,"
				  " u.revision, $3, u.statements,"
				  " u.elapsed * interval '1 microsecond', $4, $5, $6,"
				  " pg_catalog.current_setting('application_name'),"
				  " pg_catalog.inet_client_addr(), $7, u.message, $9, $10, $8, $16"
				  " FROM unnest($11, $12, $13, $14, $15)"
				  " AS u (revision, message, at, elapsed, statements)",
				  lengthof(params), params);
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
