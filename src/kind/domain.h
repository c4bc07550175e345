/*-------------------------------------------------------------------------
 *
 * kind/domain.h
 *	  Domains and their constraints.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_DOMAIN_KIND_H
#define MIG_DOMAIN_KIND_H

#include "kind/type.h"
#include "sch/sch.h"

extern const MigObject *mig_domain_of(const MigObject *column);
extern const char *mig_domain_default_of(const MigObject *column);
extern const char *mig_domain_open_type(const MigObject *domain);
extern Oid	mig_domain_base_type(const MigObject *domain);
extern const char *mig_domain_base_name(const MigObject *domain);
extern bool mig_domain_has_constraints(const MigObject *domain);
extern const char *mig_domain_default(const MigObject *domain);
extern bool mig_domain_is_plain(const MigObject *domain);
extern char *mig_domain_refused(const MigObject *domain, const char *value,
								const char *source);
extern MigCast mig_domain_cast(const MigObject *from, const MigObject *to);

#endif							/* MIG_DOMAIN_KIND_H */
