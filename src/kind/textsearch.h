/*-------------------------------------------------------------------------
 *
 * kind/textsearch.h
 *	  Text search parsers, templates, dictionaries and configurations.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_TEXTSEARCH_KIND_H
#define MIG_TEXTSEARCH_KIND_H

#include "sch/sch.h"

extern const MigKind mig_ts_parser_kind;
extern const MigKind mig_ts_template_kind;
extern const MigKind mig_ts_dictionary_kind;
extern const MigKind mig_ts_configuration_kind;

#endif							/* MIG_TEXTSEARCH_KIND_H */
