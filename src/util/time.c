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

#include <ctype.h>

#include "util/time.h"

#include "utils/datetime.h"
#include "utils/timestamp.h"

static bool read_number(const char **at, int least, int most, int *result);
static bool read_fraction(const char **at, int *microsecond);
static bool read_zone(const char **at, int *seconds);

/*
 * Read "YYYY-MM-DD HH:MM[:SS[.ffffff]][zone]"; the zone is Z or an offset,
 * and UTC if it is missing.  Between date and time stands a blank or a T.
 *
 * The year has at most five digits: later times leave no room for what comes
 * after them.
 */
bool
mig_time_parse(const char *value, TimestampTz *result)
{
	const char *at = value;
	int			part[6] = {0};	/* year to second */
	int			microsecond = 0;
	int			zone = 0;

	if (!read_number(&at, 4, 5, &part[0]) || *at++ != '-' ||
		!read_number(&at, 2, 2, &part[1]) || *at++ != '-' ||
		!read_number(&at, 2, 2, &part[2]))
		return false;
	if (*at != ' ' && *at != 'T')
		return false;
	at++;
	if (!read_number(&at, 2, 2, &part[3]) || *at++ != ':' ||
		!read_number(&at, 2, 2, &part[4]))
		return false;
	if (*at == ':')
	{
		at++;
		if (!read_number(&at, 2, 2, &part[5]) ||
			!read_fraction(&at, &microsecond))
			return false;
	}
	if (!read_zone(&at, &zone) || *at != '\0')
		return false;
	if (!mig_time_make(part[0], part[1], part[2], part[3], part[4], part[5],
					   result))
		return false;
	*result += microsecond - zone * USECS_PER_SEC;
	return IS_VALID_TIMESTAMP(*result);
}

/* so many digits */
static bool
read_number(const char **at, int least, int most, int *result)
{
	int			digits;

	*result = 0;
	for (digits = 0; digits < most && isdigit((unsigned char) **at); digits++)
		*result = *result * 10 + *(*at)++ - '0';
	return digits >= least;
}

/* Up to six digits, as the server keeps; more is an error, not rounded. */
static bool
read_fraction(const char **at, int *microsecond)
{
	int			digits;

	if (**at != '.')
		return true;
	(*at)++;
	for (digits = 0; isdigit((unsigned char) **at); digits++)
		*microsecond = *microsecond * 10 + *(*at)++ - '0';
	if (digits == 0 || digits > 6)
		return false;
	for (; digits < 6; digits++)
		*microsecond *= 10;
	return true;
}

/* Z, or an offset of hours and maybe minutes, east of Greenwich positive */
static bool
read_zone(const char **at, int *seconds)
{
	int			hours;
	int			minutes = 0;
	char		sign = **at;

	if (sign == 'Z')
		(*at)++;
	if (sign != '+' && sign != '-')
		return true;
	(*at)++;
	if (!read_number(at, 2, 2, &hours))
		return false;
	if (**at == ':')
		(*at)++;
	if (**at != '\0' && !read_number(at, 2, 2, &minutes))
		return false;
	*seconds = (hours * 60 + minutes) * 60;
	if (sign == '-')
		*seconds = -*seconds;
	return hours < 24 && minutes < 60;
}

/* A time in UTC from its parts; false if there is no such time. */
bool
mig_time_make(int year, int month, int day, int hour, int minute, int second,
			  TimestampTz *result)
{
	struct pg_tm fields = {0};

	if (year < 1 || month < 1 || month > 12 || day < 1 ||
		day > day_tab[isleap(year)][month - 1] || hour > 23 || minute > 59 ||
		second > 59)
		return false;
	fields.tm_year = year;
	fields.tm_mon = month;
	fields.tm_mday = day;
	fields.tm_hour = hour;
	fields.tm_min = minute;
	fields.tm_sec = second;
	return tm2timestamp(&fields, 0, NULL, result) == 0;
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
