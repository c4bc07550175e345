/*-------------------------------------------------------------------------
 *
 * kind/column_values.h
 *	  The attributes of columns, for those who write about columns.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_COLUMN_VALUES_H
#define MIG_COLUMN_VALUES_H

#include "kind/type.h"

enum
{
	TYPE = MIG_TYPE_ATTRIBUTE,
	COLLATION,
	NOT_NULL,
	IDENTITY,
	SEQUENCE,
	GENERATED,
	STORAGE,
	COMPRESSION,
	STATISTICS,
	OPTIONS,
	FOREIGN_OPTIONS,
	TYPE_STORAGE,				/* what STORAGE is where it is NULL */
	CAST_TYPE,					/* OID of a type of the server, or '0' */
	INHERITED,
	LOCAL,						/* not, or not only, inherited */
	PARTITIONS,					/* its table is partitioned by it */
	SEQUENCE_NAME,				/* of an identity column, "schema.name" */
	EXPRESSION_TREE,			/* of default, domain's default, generation */
	STORED,						/* "STORED" or "VIRTUAL", if generated */
	NOT_NULL_NAME,				/* of the constraint, if not inherited */
	NOT_NULL_VALIDATED,			/* these are NULL on servers before 18 */
	NOT_NULL_NO_INHERIT,
	NOT_NULL_COMMENT,
	NOT_NULL_CONSTRAINT,		/* its name, in any case */
	NOT_NULL_LOCAL,				/* not, or not only, inherited */
	SEQUENCE_GIVEN,				/* its name, if the server has not chosen it */
	NATTRIBUTES
};

/* Is a column of pg_class c in the key by which that is partitioned? */
#define MIG_IN_PARTITION_KEY \
	"(relkind = 'p' AND EXISTS (SELECT FROM pg_catalog.pg_depend" \
	" WHERE classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND objid = c.oid AND objsubid = attnum" \
	" AND refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND refobjid = c.oid AND refobjsubid = 0" \
	" AND deptype = 'i'))::pg_catalog.text"

#endif							/* MIG_COLUMN_VALUES_H */
