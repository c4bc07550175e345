/*-------------------------------------------------------------------------
 *
 * rev/nearest.c
 *	  Names that may have been meant.
 *
 * Those that differ from another in a third of it at most, and not in more
 * than others do.  Of longer ones the beginning alone may have been meant.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "rev/nearest.h"
#include "rev/rev.h"

#include "mb/pg_wchar.h"
#include "utils/varlena.h"

/* names with more edits between them have nothing to do with each other */
#define MOST_EDITS		4

/* shorter names are not taken for beginnings of others */
#define SHORTEST_PREFIX 4

/* so many are named */
#define MOST_NAMES		3

static int	distance_to(const MigNearest *nearest, const char *name,
						int length);

/* Begin to look for a name; false if it is none. */
bool
mig_nearest_begin(MigNearest *nearest, const char *name)
{
	nearest->name = name;
	nearest->best = Min(MOST_EDITS, Max((int) strlen(name) / 3, 1));
	nearest->found = NIL;
	return strlen(name) <= MIG_MAX_NAME;
}

/* Look at one that there is; they come in order. */
void
mig_nearest_weigh(MigNearest *nearest, const char *name)
{
	size_t		length = strlen(nearest->name);
	int			distance;

	distance = distance_to(nearest, name, strlen(name));
	if (strlen(name) > length && length >= SHORTEST_PREFIX)
	{
		int			beginning = pg_mbcliplen(name, strlen(name), length);

		distance = Min(distance, distance_to(nearest, name, beginning));
	}
	if (distance < nearest->best)
	{
		nearest->best = distance;
		nearest->found = NIL;
	}
	if (distance == nearest->best &&
		list_length(nearest->found) < MOST_NAMES)
		nearest->found = lappend(nearest->found, psprintf("\"%s\"", name));
}

/* How many edits lead to the beginning of a name; more than best: too many. */
static int
distance_to(const MigNearest *nearest, const char *name, int length)
{
	return varstr_levenshtein_less_equal(nearest->name, strlen(nearest->name),
										 name, length, 1, 1, 1, nearest->best,
										 true);
}
