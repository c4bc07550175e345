/*-------------------------------------------------------------------------
 *
 * util/enum_labels.c
 *	  Labels of enums that the server takes for uncommitted.
 *
 * A label that ALTER TYPE ADD VALUE has added cannot be used before it is
 * committed (55P04): were the transaction rolled back, an index could keep it.
 * Where several transactions are played in a subtransaction that is rolled
 * back in any case, there is nothing to be kept, and the server's list of such
 * labels is emptied where a commit would be.
 *
 * Never do this where something may be committed.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "util/enum_labels.h"

#include "catalog/pg_enum.h"

struct MigEnumLabels
{
	Size		size;			/* of the list */
	char		list[FLEXIBLE_ARRAY_MEMBER];	/* as workers are given it */
};

/*
 * Note the labels that are uncommitted now, before the subtransaction begins;
 * in the current memory context.
 */
MigEnumLabels *
mig_enum_labels_note(void)
{
	Size		size = EstimateUncommittedEnumsSpace();
	MigEnumLabels *labels = palloc(offsetof(MigEnumLabels, list) + size);

	labels->size = size;
	SerializeUncommittedEnums(labels->list, size);
	return labels;
}

/* Let all labels count as committed; inside of the subtransaction alone. */
void
mig_enum_labels_commit(void)
{
	AtEOXact_Enum();
}

/* Put the list back as it was, behind the subtransaction; on errors, too. */
void
mig_enum_labels_restore(MigEnumLabels *labels)
{
	AtEOXact_Enum();
	RestoreUncommittedEnums(labels->list);
	pfree(labels);
}
