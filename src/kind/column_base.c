/*-------------------------------------------------------------------------
 *
 * kind/column_base.c
 *	  What types of the server the values of a column are in the end.
 *
 * The values of a domain are those of its base type, and change over to
 * another type as these do: what is known of that holds for the domain, too.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/column_base.h"

#include "kind/column_values.h"
#include "kind/domain.h"
#include "kind/type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

static const MigObject *domain_of(const MigObject *column);
static bool is_of_elements(const MigObject *column, const MigObject *domain);
static bool find_base(const MigObject *column, const MigObject *domain,
					  Oid *type, const char **name);

/*
 * Let a change be one of base types, where the column is or was of a domain,
 * or of an array of such.  It stays as it is if they are not known, or if its
 * values change over by something else than a cast; then false is returned.
 */
bool
mig_column_base_take(MigColumnRetype *change, const MigObject *from)
{
	const MigObject *to = change->column;
	const char *column = quote_identifier(to->name);
	const MigObject *old = domain_of(from);
	const MigObject *new = domain_of(to);
	MigColumnRetype base = *change;
	bool		by_text = false;

	if (change->conversion != NULL)
	{
		by_text = strcmp(change->conversion,
						 psprintf("%s::text::%s", column,
								  MIG_TYPE_NAME(to))) == 0;
		if (!by_text && strcmp(change->conversion,
							   psprintf("%s::%s", column,
										MIG_TYPE_NAME(to))) != 0)
			return false;
	}
	if ((old == NULL && new == NULL) ||
		!find_base(from, old, &base.source, &base.source_type) ||
		!find_base(to, new, &base.target, &base.target_type))
		return false;
	if (change->conversion != NULL)
		base.conversion = psprintf("%s%s::%s", column, by_text ? "::text" : "",
								   base.target_type);
	base.by_element = is_of_elements(from, old) || is_of_elements(to, new);
	*change = base;
	return true;
}

/* Is a column, or are its elements, of a domain that takes any value? */
bool
mig_column_base_takes_all(const MigObject *column, const MigObject *domain)
{
	return domain == domain_of(column) && !mig_domain_has_constraints(domain);
}

/* The domain that a column or its elements are of, or NULL. */
static const MigObject *
domain_of(const MigObject *column)
{
	const ListCell *lc;

	foreach(lc, column->depends)
	{
		const MigObject *on = ((MigDepend *) lfirst(lc))->object;

		if (on->kind->id == MIG_DOMAIN && mig_type_is_of(column, on))
			return on;
	}
	return NULL;
}

static bool
is_of_elements(const MigObject *column, const MigObject *domain)
{
	return domain != NULL && mig_type_is_array(MIG_TYPE_NAME(column));
}

static bool
find_base(const MigObject *column, const MigObject *domain, Oid *type,
		  const char **name)
{
	if (domain == NULL)
	{
		*type = mig_type_known(column, atooid(column->values[CAST_TYPE]));
		*name = MIG_TYPE_NAME(column);
		return OidIsValid(*type);
	}
	*type = mig_domain_base_type(domain);
	*name = mig_domain_base_name(domain);
	if (OidIsValid(*type) && is_of_elements(column, domain))
	{
		*type = get_array_type(*type);
		*name = psprintf("%s[]", *name);
	}
	return OidIsValid(*type);
}
