/*-------------------------------------------------------------------------
 *
 * model/hazard_rows.h
 *	  What the rows that are there say about hazards.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_HAZARD_ROWS_H
#define MIG_HAZARD_ROWS_H

#include "model/rename.h"
#include "sch/sch.h"

extern void mig_rows_ask(const List *actions, const MigSnapshot *live,
						 const MigRenames *aliases);
extern void mig_rows_forget_harmless(const List *actions,
									 const MigSnapshot *live,
									 const MigRenames *aliases);
extern void mig_rows_refuse_to_empty(const MigAction *action);

#endif							/* MIG_HAZARD_ROWS_H */
