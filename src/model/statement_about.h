/*-------------------------------------------------------------------------
 *
 * model/statement_about.h
 *	  Which names a statement is about.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_STATEMENT_ABOUT_H
#define MIG_STATEMENT_ABOUT_H

#include "nodes/parsenodes.h"

typedef enum MigAbout
{
	MIG_ABOUT_ANYTHING,			/* who knows */
	MIG_ABOUT_ALL,				/* whatever comes behind it, or no object */
	MIG_ABOUT_NAMES				/* what has certain names */
} MigAbout;

extern MigAbout mig_statement_about(const Node *stmt, List **names);
extern const char *mig_statement_adds_key(const Node *stmt);

#endif							/* MIG_STATEMENT_ABOUT_H */
