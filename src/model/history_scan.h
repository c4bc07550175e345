/*-------------------------------------------------------------------------
 *
 * model/history_scan.h
 *	  Where revisions build something, told from their scripts.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_HISTORY_SCAN_H
#define MIG_HISTORY_SCAN_H

#include "nodes/pg_list.h"
#include "run/script.h"

/* What scripts build, and where. */
typedef struct MigBuilt
{
	const char *first;			/* schema that scripts begin with, or NULL */
	List	   *schemas;		/* char *: that they create, or something in */
	List	   *made;			/* char *: that they create */
	List	   *globals;		/* MigModelObject *: of no schema, likewise */
	bool		defaults;		/* they set default privileges */
} MigBuilt;

extern void mig_history_scan_begin(MigBuilt *built, const char *schema_name);
extern void mig_history_scan(MigBuilt *built, const MigScript *script);
extern void mig_history_note_schema(MigBuilt *built, const char *name);
extern bool mig_history_can_build(const char *name);
extern void mig_history_note_made(MigBuilt *built, const char *name);

#endif							/* MIG_HISTORY_SCAN_H */
