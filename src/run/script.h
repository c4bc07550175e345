/*-------------------------------------------------------------------------
 *
 * run/script.h
 *	  Scripts: split into statements, which errors point into.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SCRIPT_H
#define MIG_SCRIPT_H

#include "nodes/parsenodes.h"

/* A statement of a script. */
typedef struct MigStatement
{
	RawStmt    *raw;			/* its location is where the text begins */
	const char *text;			/* its own, if it was detached; else NULL */
	int			start;			/* first byte, behind comments */
	int			length;			/* in bytes, without the semicolon */
	int			origin;			/* where locations in the tree count from */
	int			line;			/* of the first byte, from 1 */
} MigStatement;

typedef struct MigScript
{
	const char *text;
	const char *title;			/* for messages: "upgrade script of ..." */
	const char *revision;		/* whose script it is; NULL: of none */
	const char *kind;			/* upgrade, downgrade or verify */
	int			nstatements;
	MigStatement *statements;
} MigScript;

/* Errors with a position point into a script. */
typedef struct MigScriptContext
{
	const char *text;
	const char *title;
	int			start;			/* positions count from here, in bytes */
	bool		is_only;		/* one statement, which is not parsed again */
	ErrorContextCallback callback;
} MigScriptContext;

extern char *mig_script_title(const char *kind, const char *revision);
extern MigScript *mig_script_parse(const char *source, const char *title);
extern MigScript *mig_script_parse_only(const char *source,
										const char *title);
extern void mig_script_detach(const MigScript *script, MigStatement *stmt);
extern const char *mig_script_terminator(const char *source);
extern int	mig_script_character(const char *source, int location);
extern void mig_script_context_begin(MigScriptContext *context,
									 const char *source, const char *title);
extern void mig_script_context_end(const MigScriptContext *context);
extern void mig_script_point_into(const char *source, int start, int length,
								  int position);

#endif							/* MIG_SCRIPT_H */
