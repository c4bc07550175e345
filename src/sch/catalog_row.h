/*-------------------------------------------------------------------------
 *
 * sch/catalog_row.h
 *	  Rows of catalogs without what is different in another schema.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_CATALOG_ROW_H
#define MIG_CATALOG_ROW_H

#include "postgres.h"

#include "access/htup.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/hsearch.h"
#include "utils/rel.h"

/* What becomes of a column of a catalog. */
typedef enum MigTreatment
{
	MIG_FIELD_TAKEN,			/* as it is */
	MIG_FIELD_LEFT_OUT,
	MIG_FIELD_OBJECT,			/* the name of what it refers to */
	MIG_FIELD_OBJECTS,			/* ... an array */
	MIG_FIELD_COLUMN,			/* the name of a column by its number */
	MIG_FIELD_COLUMNS,			/* ... an array */
	MIG_FIELD_PRINTED,
	MIG_FIELD_TOAST,			/* the options of that table */
	MIG_FIELD_OPTIONS			/* of a column */
} MigTreatment;

typedef struct MigField
{
	MigTreatment treatment;
	bool		identifies;		/* is it of what tells rows apart? */
	Oid			classid;		/* of what it refers to */
	int			of;				/* field with the relation of a column or an
								 * expression, -1: none */
	PGFunction	print;
} MigField;

/* An object of the schemas. */
typedef struct MigNamed
{
	Oid			key[2];			/* catalog, 0 for a TOAST table, and OID */
	uint64		name;			/* a number for it */
	char		relkind;		/* of a relation */
} MigNamed;

/* A column of a relation. */
typedef struct MigNamedColumn
{
	Oid			key[2];			/* relation and number */
	NameData	name;
} MigNamedColumn;

typedef struct MigNames
{
	HTAB	   *objects;		/* MigNamed */
	HTAB	   *columns;		/* MigNamedColumn */
	StringInfoData buf;			/* the row that is written */
	bool		is_unknown;		/* something cannot be told */
	Oid			highest;		/* OID that has a name */
	Oid			old;			/* the highest that is not new */
	bool		has_changed;	/* what is not new has another name */
} MigNames;

/* A row of a catalog */
typedef struct MigRow
{
	MigNames   *names;
	Relation	rel;
	const MigField *fields;
	int			oid;			/* a field, or -1 */
	Datum	   *values;
	bool	   *isnull;
} MigRow;

/* For a row of a catalog, in a context that is reset behind it. */
typedef void (*MigCatalogFunction) (Relation rel, HeapTuple tuple, void *arg);

extern void mig_catalog_each(Oid catalog, MigCatalogFunction function,
							 void *arg);
extern void mig_catalog_each_added(Oid catalog, Oid index,
								   MigCatalogFunction function, void *arg);
extern MigField *mig_fields_make(Relation rel, const char *identity,
								 const char *left_out);
extern int	mig_field_of(TupleDesc desc, const char *name);
extern int	mig_field_or_none(TupleDesc desc, const char *name);
extern HTAB *mig_members_read(void);
extern bool mig_members_has(HTAB *members, Oid classid, Oid oid);
extern void mig_names_begin(MigNames *names);
extern void mig_names_enter(MigNames *names, Oid classid, Oid oid,
							uint64 name, char relkind);
extern void mig_names_enter_column(MigNames *names, Oid relid,
								   int number, const NameData *name);
extern MigNamed *mig_names_find(const MigNames *names, Oid classid, Oid oid);
extern uint64 mig_names_number(const MigNames *names, Oid classid, Oid oid);
extern void mig_row_append(MigRow *row, int i);
extern void mig_names_append_column(MigNames *names, Oid relid, int number);
extern void mig_append_plain(StringInfo buf, Form_pg_attribute attribute,
							 Datum value);
extern void mig_append_number(StringInfo buf, uint64 number);

#endif							/* MIG_CATALOG_ROW_H */
