/*-------------------------------------------------------------------------
 *
 * util/hazard.c
 *	  Why a statement may hurt: the names.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "util/hazard.h"
#include "util/sql.h"

static const struct
{
	const char *mark;
	bool		announced;
}			hazards[] = {
#define MIG_HAZARD_ROW(code, name, mark, announced) [code] = {mark, announced},
	MIG_HAZARD_LIST(MIG_HAZARD_ROW)
};

StaticAssertDecl(lengthof(hazards) == MIG_NHAZARDS,
				 "each hazard has a mark");

/* What stands before it in a script. */
const char *
mig_hazard_mark(MigHazardCode code)
{
	return hazards[code].mark;
}

/* Is it said when a script is generated? */
bool
mig_hazard_is_announced(MigHazardCode code)
{
	return hazards[code].announced;
}

/* Append the line that says it of a statement in a plan. */
List *
mig_say(List *lines, MigHazardCode code, const char *format,...)
{
	va_list		args;
	char	   *what;

	va_start(args, format);
	what = mig_format(format, args);
	va_end(args);
	return lappend(lines, psprintf("%s: %s", mig_hazard_mark(code), what));
}
