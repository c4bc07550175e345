/*-------------------------------------------------------------------------
 *
 * run/script.h
 *	  Scripts: split into statements, checked, classified.
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
	int			start;			/* first byte, behind comments */
	int			length;			/* in bytes, without the semicolon */
	int			line;			/* of the first byte, from 1 */
} MigStatement;

typedef struct MigScript
{
	const char *text;
	const char *title;			/* for messages: "upgrade script of ..." */
	int			nstatements;
	MigStatement *statements;
} MigScript;

extern MigScript *mig_script_parse(const char *text, const char *title);
extern char *mig_script_check(const char *text, const char *title,
							  int *statements, int *nontransactional);
extern const char *mig_script_terminator(const char *source);
extern void mig_script_point_into(const char *text, int start, int length,
								  int position);

#endif							/* MIG_SCRIPT_H */
