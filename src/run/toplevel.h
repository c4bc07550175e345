/*-------------------------------------------------------------------------
 *
 * run/toplevel.h
 *	  One statement at top level, outside any transaction block.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_TOPLEVEL_H
#define MIG_TOPLEVEL_H

#include "nodes/parsenodes.h"

extern void mig_toplevel_run(RawStmt *raw, const char *source);
extern void mig_toplevel_run_text(const char *sql);
extern char *mig_toplevel_hint(const ErrorData *edata);

#endif							/* MIG_TOPLEVEL_H */
