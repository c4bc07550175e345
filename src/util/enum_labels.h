/*-------------------------------------------------------------------------
 *
 * util/enum_labels.h
 *	  Labels of enums that the server takes for uncommitted.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_ENUM_LABELS_H
#define MIG_ENUM_LABELS_H

/* The server's list, as it was noted. */
typedef struct MigEnumLabels MigEnumLabels;

extern MigEnumLabels *mig_enum_labels_note(void);
extern void mig_enum_labels_commit(void);
extern void mig_enum_labels_admit(Oid type);
extern void mig_enum_labels_restore(MigEnumLabels *labels);

#endif							/* MIG_ENUM_LABELS_H */
