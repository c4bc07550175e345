/*-------------------------------------------------------------------------
 *
 * util/time.c
 *	  Times as files have them.
 *
 * Always in UTC, and whatever DateStyle and TimeZone are.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "util/time.h"

#include "compat.h"
#include "miscadmin.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

static bool decode(const char *value, struct pg_tm *fields, fsec_t *fraction,
				   int *zone);

/*
 * Read "YYYY-MM-DD HH:MM[:SS[.ffffff]][zone]" by the server's functions; the
 * zone is Z or an offset, and UTC if it is missing.  Between date and time
 * stands a blank or a T.
 *
 * The server knows more than that: words, whose sense depends on the day, on
 * settings and on the zones of the machine, and dates with the month or the
 * day before the year.  They are refused.
 */
bool
mig_time_parse(const char *value, TimestampTz *result)
{
	struct pg_tm fields;
	fsec_t		fraction;
	int			zone;
	char		date[MAXDATELEN + 1];

	/* a time with two zones is none */
	if (value[strspn(value, "0123456789-+:. TZ")] != '\0' ||
		(!decode(psprintf("%s+00", value), &fields, &fraction, &zone) &&
		 !decode(value, &fields, &fraction, &zone)))
		return false;
	EncodeDateOnly(&fields, USE_ISO_DATES, date);
	return strncmp(value, date, strlen(date)) == 0 &&
		tm2timestamp(&fields, fraction, &zone, result) == 0;
}

/* The parts of a time as the server reads it; false if it is none. */
static bool
decode(const char *value, struct pg_tm *fields, fsec_t *fraction, int *zone)
{
	char		buffer[MAXDATELEN + MAXDATEFIELDS];
	char	   *field[MAXDATEFIELDS];
	int			type[MAXDATEFIELDS];
	int			nfields;
	int			sort;

	return ParseDateTime(value, buffer, sizeof(buffer), field, type,
						 MAXDATEFIELDS, &nfields) == 0 &&
		mig_decode_time(field, type, nfields, &sort, fields, fraction,
						zone) == 0 && sort == DTK_DATE;
}

/* The parts of a time, in UTC. */
void
mig_time_fields(TimestampTz time, struct pg_tm *fields, int *microsecond)
{
	fsec_t		fraction;

	if (timestamp2tm(time, NULL, fields, &fraction, NULL, NULL) != 0)
		elog(ERROR, "timestamp out of range");
	*microsecond = fraction;
}

/* A time as mig_time_parse() reads it. */
char *
mig_time_text(TimestampTz time)
{
	struct pg_tm fields;
	int			microsecond;

	mig_time_fields(time, &fields, &microsecond);
	return psprintf("%04d-%02d-%02d %02d:%02d:%02d.%06d+00", fields.tm_year,
					fields.tm_mon, fields.tm_mday, fields.tm_hour,
					fields.tm_min, fields.tm_sec, microsecond);
}
