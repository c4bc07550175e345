/*-------------------------------------------------------------------------
 *
 * kind/sequence_options.h
 *	  The options of sequences, and of those of identity columns.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SEQUENCE_OPTIONS_H
#define MIG_SEQUENCE_OPTIONS_H

#include "sch/sch.h"

/* The first attributes of sequences */
#define MIG_SEQUENCE_TYPE		0
#define MIG_SEQUENCE_GIVEN		1	/* the options, see below */
#define MIG_SEQUENCE_PERSISTENCE	2

/*
 * The options of a sequence that are not the default of its type, from the
 * columns of pg_sequence, as a list "name=value".
 */
#define MIG_SEQUENCE_MAXIMUM \
	"(CASE seqtypid WHEN 21 THEN 32767 WHEN 23 THEN 2147483647" \
	" ELSE 9223372036854775807 END)"
#define MIG_SEQUENCE_LEAST \
	"(CASE WHEN seqincrement > 0 THEN 1 ELSE -1 - " MIG_SEQUENCE_MAXIMUM " END)"
#define MIG_SEQUENCE_MOST \
	"(CASE WHEN seqincrement > 0 THEN " MIG_SEQUENCE_MAXIMUM " ELSE -1 END)"
#define MIG_SEQUENCE_OPTIONS \
	"pg_catalog.array_to_string(ARRAY[" \
	"CASE WHEN seqstart <> CASE WHEN seqincrement > 0 THEN seqmin ELSE seqmax END" \
	" THEN 'start=' || seqstart END," \
	" CASE WHEN seqincrement <> 1 THEN 'increment=' || seqincrement END," \
	" CASE WHEN seqmin <> " MIG_SEQUENCE_LEAST " THEN 'minvalue=' || seqmin END," \
	" CASE WHEN seqmax <> " MIG_SEQUENCE_MOST " THEN 'maxvalue=' || seqmax END," \
	" CASE WHEN seqcache <> 1 THEN 'cache=' || seqcache END," \
	" CASE WHEN seqcycle THEN 'cycle=' END], E'\\x01')"

/* Between what a sequence counts, and from where. */
typedef struct MigSequenceBounds
{
	bool		runs_down;
	bool		is_least_given; /* else it is what the type has */
	bool		is_most_given;
	int64		least;
	int64		most;
	int64		start;
} MigSequenceBounds;

extern MigSequenceBounds mig_sequence_bounds(const char *type,
											 const char *given);
extern void mig_sequence_append_options(StringInfo buf, const char *given);
extern void mig_sequence_alter_options(StringInfo buf, const char *from,
									   const char *to, bool retyped,
									   const char *prefix);
extern char *mig_sequence_move(const char *from, const char *to,
							   const char *name, bool *restart);

#endif							/* MIG_SEQUENCE_OPTIONS_H */
