/*-------------------------------------------------------------------------
 *
 * kind/language.h
 *	  Languages and access methods.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_LANGUAGE_KIND_H
#define MIG_LANGUAGE_KIND_H

#include "sch/sch.h"

extern const MigKind mig_language_kind;
extern const MigKind mig_access_method_kind;

#endif							/* MIG_LANGUAGE_KIND_H */
