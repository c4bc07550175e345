/*-------------------------------------------------------------------------
 *
 * kind/domain.h
 *	  Domains and their constraints.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_DOMAIN_KIND_H
#define MIG_DOMAIN_KIND_H

#include "sch/sch.h"

extern bool mig_domain_has_constraints(const MigObject *domain);
extern bool mig_domain_is_plain(const MigObject *domain);
extern bool mig_domain_casts(const MigObject *from, const MigObject *to);

#endif							/* MIG_DOMAIN_KIND_H */
