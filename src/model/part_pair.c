/*-------------------------------------------------------------------------
 *
 * model/part_pair.c
 *	  Which statements of two models are the same.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/part_pair.h"

#include "common/hashfn.h"
#include "utils/hsearch.h"

/* A text of statements of a model. */
typedef struct Same
{
	const char *text;			/* these two are the hash key */
	int			length;
	List	   *places;			/* of int, that are not taken */
} Same;

static void take_longest(int *was, int n);
static HTAB *places_of(const MigModel *model);
static Same *same_text(HTAB *texts, const MigModel *model, int n, bool enter);
static uint32 text_hash(const void *key, Size keysize);
static int	text_match(const void *a, const void *b, Size keysize);

/*
 * Find the statements that are the same as before, in the same order, too; of
 * those that are not, the fewest have moved.
 */
void
mig_part_pair(MigPairing *pairing, const MigModel *model,
			  const MigModel *before)
{
	int			n = model->script->nstatements;
	HTAB	   *texts = places_of(before);

	memset(pairing, 0, sizeof(*pairing));
	pairing->was = palloc(sizeof(int) * (n + 1));
	pairing->stays = palloc0(sizeof(bool) *
							 (before->script->nstatements + 1));
	for (int i = 0; i < n; i++)
	{
		Same	   *same = same_text(texts, model, i, false);

		pairing->was[i] = -1;
		if (same == NULL || same->places == NIL)
			continue;
		pairing->was[i] = linitial_int(same->places);
		same->places = list_delete_first(same->places);
	}
	hash_destroy(texts);
	take_longest(pairing->was, n);
	for (int i = 0; i < n; i++)
	{
		if (pairing->was[i] < 0)
			continue;
		pairing->nsame++;
		pairing->stays[pairing->was[i]] = true;
		if (model->skipped[i] != before->skipped[pairing->was[i]])
			pairing->counts_otherwise = true;
	}
}

/* Forget the places of those that are not in the longest ascending row. */
static void
take_longest(int *was, int n)
{
	int		   *ends = palloc(sizeof(int) * (n + 1));	/* of rows by length */
	int		   *previous = palloc(sizeof(int) * (n + 1));
	int			length = 0;
	int			at;

	for (int i = 0; i < n; i++)
	{
		int			low = 0;
		int			high = length;

		if (was[i] < 0)
			continue;
		while (low < high)
		{
			int			middle = (low + high) / 2;

			if (was[ends[middle]] < was[i])
				low = middle + 1;
			else
				high = middle;
		}
		previous[i] = low > 0 ? ends[low - 1] : -1;
		ends[low] = i;
		length = Max(length, low + 1);
	}
	at = length > 0 ? ends[length - 1] : -1;
	for (int i = n - 1; i >= 0; i--)
	{
		if (i == at)
			at = previous[i];
		else
			was[i] = -1;
	}
}

/* The statements of a model by their texts. */
static HTAB *
places_of(const MigModel *model)
{
	HASHCTL		ctl = {.keysize = sizeof(Same),.entrysize = sizeof(Same),
		.hash = text_hash,.match = text_match,
	.hcxt = CurrentMemoryContext};
	HTAB	   *texts;

	texts = hash_create("pg_migrations statements of a model", 1024, &ctl,
						HASH_ELEM | HASH_FUNCTION | HASH_COMPARE |
						HASH_CONTEXT);
	for (int i = 0; i < model->script->nstatements; i++)
	{
		Same	   *same = same_text(texts, model, i, true);

		same->places = lappend_int(same->places, i);
	}
	return texts;
}

/* The entry of the text of a statement; NULL: there is none. */
static Same *
same_text(HTAB *texts, const MigModel *model, int n, bool enter)
{
	const MigStatement *stmt = &model->script->statements[n];
	Same		key = {model->script->text + stmt->start, stmt->length, NIL};
	bool		found;
	Same	   *same = hash_search(texts, &key, enter ? HASH_ENTER : HASH_FIND,
								   &found);

	if (same != NULL && !found)
		*same = key;
	return same;
}

static uint32
text_hash(const void *key, Size keysize)
{
	const Same *same = key;

	return hash_bytes((const unsigned char *) same->text,
					  same->length);
}

static int
text_match(const void *a, const void *b, Size keysize)
{
	const Same *one = a;
	const Same *other = b;

	return one->length != other->length ||
		memcmp(one->text, other->text, one->length) != 0;
}
