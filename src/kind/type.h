/*-------------------------------------------------------------------------
 *
 * kind/type.h
 *	  What all types have in common: who uses them, and casts.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_TYPE_KIND_H
#define MIG_TYPE_KIND_H

#include "sch/sch.h"

/*
 * The type of a column or attribute, or that a domain is over, as SQL has it
 * without collation; the first of the values of these kinds.
 */
#define MIG_TYPE_ATTRIBUTE		0
#define MIG_TYPE_NAME(object)	((object)->values[MIG_TYPE_ATTRIBUTE])

/*
 * In a query on pg_attribute with pg_type t: a type of the server, or 0.  A
 * domain is what it is over, also as that of the elements of an array.
 */
#define MIG_CAST_TYPE \
	"CASE WHEN atttypid < 16384 THEN atttypid WHEN t.typbasetype BETWEEN 1 AND 16383" \
	" THEN t.typbasetype ELSE COALESCE((SELECT b.typarray" \
	" FROM pg_catalog.pg_type e JOIN pg_catalog.pg_type b ON b.oid = e.typbasetype" \
	" WHERE e.oid = t.typelem AND b.oid < 16384), 0) END::pg_catalog.text"

/* How values of one type become values of another. */
typedef enum MigCast
{
	MIG_CAST_ASSIGNMENT,		/* by themselves */
	MIG_CAST_EXPLICIT,			/* by a cast */
	MIG_CAST_TEXT				/* by way of text */
} MigCast;

/* The sort of a view, and its columns with their types; its first values */
#define MIG_VIEW_RELKIND	0
#define MIG_VIEW_COLUMNS	1

extern List *mig_type_users(const MigObject *type);
extern List *mig_type_built_on(const MigObject *type);
extern List *mig_type_columns(const MigObject *type);
extern bool mig_type_is_nested(const MigObject *type);
extern bool mig_type_is_of(const MigObject *object, const MigObject *type);
extern bool mig_type_is_array(const char *type);
extern bool mig_type_is_ours(const MigObject *column);
extern bool mig_type_is_hstore(const MigObject *object);
extern Oid	mig_type_known(const MigObject *column, Oid type);
extern MigCast mig_type_cast(Oid source, Oid target);
extern bool mig_type_is_truth(Oid source, Oid target);
extern char mig_type_category(Oid type);
extern bool mig_type_may_read(Oid source, Oid target);

#endif							/* MIG_TYPE_KIND_H */
