/*-------------------------------------------------------------------------
 *
 * kind/type_modifiers.c
 *	  What is written of a type behind its name: lengths, digits, fields.
 *
 * Types are given as the server prints them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/type_modifiers.h"

/* How an interval of some fields begins; one of all has no blank */
#define INTERVAL_OF	"interval "

/* The fields of an interval; it has all above its last one */
static const char *const fields[] = {
	"year", "month", "day", "hour", "minute", "second",
};

static int	last_field(const char *type);

/* (10) or (10,2), also before "with time zone" */
MigModifiers
mig_modifiers_of(const char *type)
{
	MigModifiers modifiers = {-1, -1};
	const char *open = strchr(type, '(');
	const char *comma;

	if (open == NULL)
		return modifiers;
	modifiers.first = atoi(open + 1);
	comma = strchr(open, ',');
	if (comma != NULL)
		modifiers.second = atoi(comma + 1);
	return modifiers;
}

/*
 * Has an interval fields down to "month" alone, say, and had others below it?
 * Those above the first one are kept.
 */
bool
mig_modifiers_have_less_fields(const char *from, const char *to)
{
	return last_field(to) < last_field(from);
}

/* Has an interval all fields down to those that have fractions? */
bool
mig_modifiers_have_seconds(const char *type)
{
	return last_field(type) == (int) lengthof(fields) - 1;
}

/* The last field of an interval; any other type is like one of all. */
static int
last_field(const char *type)
{
	int			last = lengthof(fields) - 1;
	size_t		length = strcspn(type, "(");

	if (strncmp(type, INTERVAL_OF, strlen(INTERVAL_OF)) != 0)
		return last;
	for (int i = 0; i < last; i++)
	{
		size_t		n = strlen(fields[i]);

		if (length >= n && strncmp(type + length - n, fields[i], n) == 0)
			return i;
	}
	return last;
}
