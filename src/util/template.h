/*-------------------------------------------------------------------------
 *
 * util/template.h
 *	  Names of files, made from a template.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_TEMPLATE_H
#define MIG_TEMPLATE_H

#include "datatype/timestamp.h"

extern const char *mig_template_fault(const char *template);
extern char *mig_template_expand(const char *template, const char *revision,
								 const char *message, TimestampTz created);

#endif							/* MIG_TEMPLATE_H */
