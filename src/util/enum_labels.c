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
 * Never do this where something may be committed.  There the labels of a type
 * can be taken off the list if no index that lasts can have them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "util/enum_labels.h"

#include "access/htup_details.h"
#include "catalog/pg_enum.h"
#include "utils/syscache.h"

static bool is_label_of(Oid label, Oid type);

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

/*
 * Let the labels of a type count as committed; for the transaction's end all
 * the same.  See run/new_label.c.
 */
void
mig_enum_labels_admit(Oid type)
{
	MigEnumLabels *labels = mig_enum_labels_note();
	Oid		   *list = (Oid *) labels->list;
	Size		n = 0;

	/* zeros end its parts, and may be more than that at the end */
	for (Size i = 0; i < labels->size / sizeof(Oid); i++)
	{
		Oid			label = list[i];

		list[i] = InvalidOid;
		if (!is_label_of(label, type))
			list[n++] = label;
	}
	mig_enum_labels_restore(labels);
}

static bool
is_label_of(Oid label, Oid type)
{
	HeapTuple	tuple = SearchSysCache1(ENUMOID, ObjectIdGetDatum(label));
	bool		found;

	if (!HeapTupleIsValid(tuple))
		return false;
	found = ((Form_pg_enum) GETSTRUCT(tuple))->enumtypid == type;
	ReleaseSysCache(tuple);
	return found;
}

/* Put the list back as it was, behind the subtransaction; on errors, too. */
void
mig_enum_labels_restore(MigEnumLabels *labels)
{
	AtEOXact_Enum();
	RestoreUncommittedEnums(labels->list);
	pfree(labels);
}
