/*-------------------------------------------------------------------------
 *
 * io/foreign.h
 *	  Migration files of other tools.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_FOREIGN_H
#define MIG_FOREIGN_H

#include "io/revfile.h"

typedef enum MigFormat
{
	MIG_FORMAT_OWN,
	MIG_FORMAT_GOOSE,
	MIG_FORMAT_DBMATE,
	MIG_FORMAT_PAIR,			/* NAME.up.sql and NAME.down.sql */
	MIG_FORMAT_UNKNOWN,
} MigFormat;

extern MigFormat mig_foreign_format(const MigSource *source);
extern MigIncoming *mig_foreign_parse(const MigSource *source,
									  MigFormat format);
extern List *mig_foreign_chain(List *incoming);

#endif							/* MIG_FOREIGN_H */
