/*-------------------------------------------------------------------------
 *
 * sch/snapshot.h
 *	  Reads a schema from the catalogs.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SNAPSHOT_H
#define MIG_SNAPSHOT_H

#include "sch/sch.h"

#include "utils/array.h"

/* A schema of a shadow in which others' tables stand, see model/stub.c. */
typedef struct MigStub
{
	const char *name;
	const char *schema;			/* that they are of */
	Oid			nsp;
} MigStub;

/* What is to be read. */
typedef struct MigScope
{
	List	   *namespaces;		/* of Oid, the managed schemas */
	const char *unqualified;	/* schema whose names are printed without it,
								 * or NULL */
	bool		database;		/* also database-wide objects */
	bool		privileges;		/* also grants on members of extensions */
	bool		is_empty;		/* there is nothing but what stands in an
								 * empty schema */
	const char *hidden;			/* prefix of names set aside, '' for none */
	const List *stubs;			/* of MigStub *: schemas that are called by
								 * another name */
	ArrayType  *only;			/* OIDs: what is read, see sch/narrow.c; NULL:
								 * all */
	bool		only_few;		/* ... which is little, see sch/snapshot.c */
} MigScope;

extern MigSnapshot *mig_snapshot_read(const MigScope *scope);
extern MigSnapshot *mig_snapshot_empty(void);
extern void mig_snapshot_enter(MigSnapshot *snapshot, MigObject *object);
extern MigObject *mig_snapshot_find(const MigSnapshot *snapshot,
									MigKindId kind, const char *identity);
extern MigObject *mig_snapshot_at(const MigSnapshot *snapshot, Oid classid,
								  Oid objid, int32 objsubid);
extern bool mig_snapshot_is_stray(const MigObject *object,
								  const MigSnapshot *other);
extern void mig_snapshot_ignore(MigObject *object);
extern char *mig_snapshot_summary(const MigSnapshot *snapshot);

#endif							/* MIG_SNAPSHOT_H */
