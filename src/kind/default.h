/*-------------------------------------------------------------------------
 *
 * kind/default.h
 *	  Defaults of columns, of tables and views.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_DEFAULT_KIND_H
#define MIG_DEFAULT_KIND_H

#include "sch/sch.h"

extern const MigKind mig_default_kind;

#endif							/* MIG_DEFAULT_KIND_H */
