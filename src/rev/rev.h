/*-------------------------------------------------------------------------
 *
 * rev/rev.h
 *	  Revisions, the graph that joins them, and plans, as plain structs.
 *
 * A MigGraph is the part of the revision graph that a job has looked at so
 * far.  A node exists from the moment somebody names it; it is "loaded" once
 * its row was read.  Everything lives in the graph's memory context and goes
 * away with it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_REV_H
#define MIG_REV_H

#include "datatype/timestamp.h"
#include "lib/stringinfo.h"
#include "nodes/bitmapset.h"
#include "nodes/pg_list.h"
#include "storage/itemptr.h"
#include "utils/hsearch.h"

/* longest id or label, in bytes */
#define MIG_MAX_NAME	63

/* the kinds of edges, as stored in migrate_edge.kind */
#define MIG_EDGE_PARENT		'p'
#define MIG_EDGE_DEPENDS	'd'
#define MIG_EDGE_LABEL		'l'
#define MIG_EDGE_ANY		'\0'

typedef enum MigDirection
{
	MIG_UPGRADE,
	MIG_DOWNGRADE,
} MigDirection;

/* The name of a direction in messages and tables. */
static inline const char *
mig_direction_name(MigDirection direction)
{
	return direction == MIG_UPGRADE ? "upgrade" : "downgrade";
}

/* Numbers of statements in the scripts of a revision. */
typedef struct MigCounts
{
	int			upgrade;
	int			downgrade;
	int			verify;
} MigCounts;

/* What planning needs of a row of migrate_revision and migrate_applied. */
typedef struct MigRow
{
	char	   *revision;
	char	   *message;
	char	   *stored_by;		/* role that last stored the scripts */
	List	   *down;			/* of char *, parents in order; NIL in a node,
								 * which has them itself */
	List	   *requires;		/* of char *, ids of the dependencies */
	List	   *depends_on;		/* of char *, dependencies as given */
	List	   *labels;			/* of char * */
	TimestampTz created_at;
	int			generation;
	bool		is_head;
	bool		is_real_head;
	bool		transactional;
	bool		irreversible;	/* has no downgrade script */
	bool		script_apart;	/* there was no room for it in script below */
	MigCounts	counts;
	bool		applied;		/* in the target schema of the job */
	bool		tip;			/* ... and nothing applied needs it */
	bool		late;			/* ... and something it needs is not */
	TimestampTz applied_at;
	ItemPointerData place;		/* where its row was read, or invalid */
	ItemPointerData applied_place;	/* ... and that of migrate_applied */
	text	   *script;			/* if the job wants scripts */
	const struct MigRevision *file; /* it comes from; NULL: it is stored */
} MigRow;

typedef struct MigNode
{
	char	   *revision;		/* hash key, must be first */
	int			number;			/* index in MigGraph.nodes */
	bool		loaded;			/* row was read; else only revision is set */
	bool		children_known; /* all children are in the lists below */
	MigRow		row;
	List	   *down;			/* of MigNode *, parents in order */
	List	   *deps;			/* of MigNode *, dependencies as written */
	List	   *children;		/* of MigNode *, by parents */
	List	   *dependants;		/* of MigNode *, by dependencies */
} MigNode;

struct MigGraph;

/*
 * Where a graph gets its rows from.  Each function adds what it finds through
 * mig_graph_add().  A graph that is complete calls no fetch_children() and no
 * fetch_generations().
 */
typedef struct MigGraphSource
{
	/* the row of one revision; false if there is none */
	bool		(*fetch) (struct MigGraph *graph, const char *revision);
	/* the rows of all children and dependants of a revision */
	void		(*fetch_children) (struct MigGraph *graph,
								   const char *revision);
	/* all rows with lo <= generation < hi */
	void		(*fetch_generations) (struct MigGraph *graph, int lo, int hi);
	/* ids of the heads, or of the real heads, at most limit (0: all) */
	List	   *(*heads) (struct MigGraph *graph, bool real, int limit);
	/* ids of the tips of the target schema */
	List	   *(*tips) (struct MigGraph *graph);
	/* ids of the revisions without parents */
	List	   *(*bases) (struct MigGraph *graph);
	/* id of the revision that has the label, or NULL */
	char	   *(*label) (struct MigGraph *graph, const char *label);
	/* ids and labels that begin with prefix: list of MigMatch * */
	List	   *(*matches) (struct MigGraph *graph, const char *prefix);
	/* ids and labels closest to a name, for a hint: list of char * */
	List	   *(*nearest) (struct MigGraph *graph, const char *name);
} MigGraphSource;

/* An id or label that begins with a prefix. */
typedef struct MigMatch
{
	char	   *name;			/* the id or label */
	char	   *revision;		/* the id, or that of the labelled revision */
} MigMatch;

typedef struct MigGraph
{
	MemoryContext context;		/* of everything below */
	const MigGraphSource *source;
	void	   *source_data;	/* the source's own state */
	const char *schema_name;	/* target schema, '' for the database */
	char	   *author;			/* who has stored the last row of a range */
	HTAB	   *by_revision;	/* revision -> MigNode */
	MigNode   **nodes;
	int			nnodes;
	int			maxnodes;
	int			known_from;		/* children are known from this generation */
	int			fetches;		/* single rows fetched so far */
	int			window_lo;		/* lower end of the last range read */
	int			window_width;	/* and how wide it was */
	int			children_width; /* how far below to read next for children */
} MigGraph;

/* A set of nodes: membership and order of arrival. */
typedef struct MigNodeSet
{
	List	   *list;			/* of MigNode * */
	Bitmapset  *members;		/* by node number */
} MigNodeSet;

/* One revision, one direction. */
typedef struct MigStep
{
	MigNode    *node;
	MigDirection direction;
} MigStep;

typedef struct MigPlan
{
	MigDirection direction;
	int			nsteps;
	MigStep    *steps;			/* in the order in which they run */
	List	   *targets;		/* of MigNode *, of an upgrade */
} MigPlan;

/* A revision with everything that is stored of it. */
typedef struct MigRevision
{
	char	   *revision;
	List	   *down;			/* of char * */
	List	   *depends_on;		/* of char *, as given */
	List	   *requires;		/* of char *, ids */
	List	   *labels;			/* of char * */
	char	   *message;
	char	   *description;
	char	   *upgrade_sql;
	char	   *downgrade_sql;	/* NULL: irreversible */
	char	   *verify_sql;
	bool		transactional;
	MigCounts	counts;
	char	   *checksum;
	TimestampTz created_at;
	char	   *created_by;
	char	   *stored_by;
} MigRevision;

#endif							/* MIG_REV_H */
