/*-------------------------------------------------------------------------
 *
 * pg_migrations.c
 *	  Schema migrations kept and run inside the server.
 *
 * The layers are the folders beside this file: api (what SQL calls), run
 * (doing it), rev (revisions and their graph), util.  One call reads
 *
 *		api/migrate.c -> run/pipeline.c: rev/store.c loads, rev/resolve.c
 *		resolves, rev/plan.c plans -> run/atomic.c: run/step.c runs each
 *		step -> rev/journal.c records
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/code_trust.h"
#include "model/guard.h"
#include "model/repeatable.h"
#include "util/guc.h"

#include "fmgr.h"

PG_MODULE_MAGIC;

void		_PG_init(void);

void
_PG_init(void)
{
	mig_guc_define();
	mig_guard_install();
	mig_watch_install();
	mig_repeatable_install();
}
