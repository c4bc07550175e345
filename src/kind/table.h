/*-------------------------------------------------------------------------
 *
 * kind/table.h
 *	  Tables: plain, partitioned and foreign ones, and partitions.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_TABLE_KIND_H
#define MIG_TABLE_KIND_H

#include "sch/sch.h"

extern const MigKind mig_table_kind;

#endif							/* MIG_TABLE_KIND_H */
