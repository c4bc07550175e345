/*-------------------------------------------------------------------------
 *
 * util/time.h
 *	  Times as files have them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_TIME_H
#define MIG_TIME_H

#include "datatype/timestamp.h"
#include "pgtime.h"

extern bool mig_time_parse(const char *value, TimestampTz *result);
extern void mig_time_fields(TimestampTz time, struct pg_tm *fields,
							int *microsecond);
extern char *mig_time_text(TimestampTz time);

#endif							/* MIG_TIME_H */
