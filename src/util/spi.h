/*-------------------------------------------------------------------------
 *
 * util/spi.h
 *	  Our own SQL statements, run as the owner of our tables.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SPI_H
#define MIG_SPI_H

#include "compat.h"

#include "executor/tuptable.h"
#include "nodes/pg_list.h"

/* What mig_spi_begin() found and mig_spi_end() puts back. */
typedef struct MigSpi
{
	Oid			nsp;			/* schema of the extension */
	bool		read_only;		/* statements see the active snapshot */
	Oid			save_user;
	int			save_context;
	int			guc_level;
	const char *names_path;		/* search_path for printing names, or NULL */
	MemoryContext context;		/* in which it was begun */
} MigSpi;

/* One parameter of a statement. */
typedef struct MigParam
{
	Oid			type;
	Datum		value;
	bool		isnull;
} MigParam;

#define MIG_PARAM(type_, value_) ((MigParam) {(type_), (value_), false})
#define MIG_NULL(type_)	((MigParam) {(type_), (Datum) 0, true})

/* Called with each row of a query. */
typedef void (*MigRowFunction) (TupleTableSlot *slot, void *arg);

extern MigParam mig_text_param(const char *value);
extern MigParam mig_oids_param(const List *oids);
extern void mig_spi_begin(MigSpi *spi, Oid nsp, bool read_only);
extern void mig_spi_begin_catalog(MigSpi *spi, const char *names_path);
extern void mig_spi_end(MigSpi *spi);
extern void mig_spi_write(const MigSpi *spi, const char *query, int nparams,
						  const MigParam *params);
pg_nodiscard extern uint64 mig_spi_change(const MigSpi *spi,
										  const char *query, int nparams,
										  const MigParam *params);
extern void mig_spi_each(const MigSpi *spi, const char *query, int nparams,
						 const MigParam *params, MigRowFunction function,
						 void *arg);

extern void mig_spi_add_text(TupleTableSlot *slot, void *arg);
extern char *mig_slot_text(TupleTableSlot *slot, int column);
extern Datum mig_slot_value(TupleTableSlot *slot, int column);
extern bool mig_slot_has_text(TupleTableSlot *slot, int column,
							  const char *value);
extern void mig_spi_once(const MigSpi *spi, const char *query,
						 MigRowFunction function, void *arg);

#endif							/* MIG_SPI_H */
