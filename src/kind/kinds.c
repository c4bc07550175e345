/*-------------------------------------------------------------------------
 *
 * kind/kinds.c
 *	  The registry of kinds, and what is done alike for all of them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/kinds.h"

#include "kind/aggregate.h"
#include "kind/base_type.h"
#include "kind/cast.h"
#include "kind/collation.h"
#include "kind/column.h"
#include "kind/composite.h"
#include "kind/constraint.h"
#include "kind/default.h"
#include "kind/domain.h"
#include "kind/enum.h"
#include "kind/event_trigger.h"
#include "kind/index.h"
#include "kind/language.h"
#include "kind/operator.h"
#include "kind/policy.h"
#include "kind/privileges.h"
#include "kind/publication.h"
#include "kind/range.h"
#include "kind/routine.h"
#include "kind/rule.h"
#include "kind/schema.h"
#include "kind/sequence.h"
#include "kind/server.h"
#include "kind/statistics.h"
#include "kind/subscription.h"
#include "kind/table.h"
#include "kind/textsearch.h"
#include "kind/trigger.h"
#include "kind/view.h"
#include "sch/action.h"
#include "utils/builtins.h"

/* One row per kind, in the order of MigKindId. */
static const MigKind *const kinds[MIG_NKINDS] = {
	[MIG_SCHEMA] = &mig_schema_kind,
	[MIG_EXTENSION] = &mig_extension_kind,
	[MIG_LANGUAGE] = &mig_language_kind,
	[MIG_ACCESS_METHOD] = &mig_access_method_kind,
	[MIG_COLLATION] = &mig_collation_kind,
	[MIG_FDW] = &mig_fdw_kind,
	[MIG_SERVER] = &mig_server_kind,
	[MIG_USER_MAPPING] = &mig_user_mapping_kind,
	[MIG_ENUM] = &mig_enum_kind,
	[MIG_BASE_TYPE] = &mig_base_type_kind,
	[MIG_COMPOSITE] = &mig_composite_kind,
	[MIG_ATTRIBUTE] = &mig_attribute_kind,
	[MIG_DOMAIN] = &mig_domain_kind,
	[MIG_DOMAIN_CHECK] = &mig_domain_check_kind,
	[MIG_RANGE] = &mig_range_kind,
	[MIG_SEQUENCE] = &mig_sequence_kind,
	[MIG_TABLE] = &mig_table_kind,
	[MIG_COLUMN] = &mig_column_kind,
	[MIG_DEFAULT] = &mig_default_kind,
	[MIG_CONSTRAINT] = &mig_constraint_kind,
	[MIG_INDEX] = &mig_index_kind,
	[MIG_FOREIGN_KEY] = &mig_foreign_key_kind,
	[MIG_FUNCTION] = &mig_function_kind,
	[MIG_AGGREGATE] = &mig_aggregate_kind,
	[MIG_OPERATOR] = &mig_operator_kind,
	[MIG_OPFAMILY] = &mig_opfamily_kind,
	[MIG_OPCLASS] = &mig_opclass_kind,
	[MIG_CAST] = &mig_cast_kind,
	[MIG_CONVERSION] = &mig_conversion_kind,
	[MIG_TRANSFORM] = &mig_transform_kind,
	[MIG_TS_PARSER] = &mig_ts_parser_kind,
	[MIG_TS_TEMPLATE] = &mig_ts_template_kind,
	[MIG_TS_DICTIONARY] = &mig_ts_dictionary_kind,
	[MIG_TS_CONFIGURATION] = &mig_ts_configuration_kind,
	[MIG_VIEW] = &mig_view_kind,
	[MIG_VIEW_COLUMN] = &mig_view_column_kind,
	[MIG_STATISTICS] = &mig_statistics_kind,
	[MIG_RULE] = &mig_rule_kind,
	[MIG_TRIGGER] = &mig_trigger_kind,
	[MIG_POLICY] = &mig_policy_kind,
	[MIG_EVENT_TRIGGER] = &mig_event_trigger_kind,
	[MIG_PUBLICATION] = &mig_publication_kind,
	[MIG_PUBLICATION_TABLE] = &mig_publication_table_kind,
	[MIG_PUBLICATION_SCHEMA] = &mig_publication_schema_kind,
	[MIG_SUBSCRIPTION] = &mig_subscription_kind,
	[MIG_DEFAULT_PRIVILEGES] = &mig_default_privileges_kind,
};

/* The row of a kind, or NULL. */
const MigKind *
mig_kind(MigKindId id)
{
	return kinds[id];
}

/* Append the name by which SQL refers to an object. */
void
mig_kind_identify(StringInfo buf, const MigObject *object)
{
	if (object->kind->identify != NULL)
		object->kind->identify(buf, object);
	else if (object->schema != NULL)
		appendStringInfoString(buf,
							   quote_qualified_identifier(object->schema,
														  object->name));
	else
		appendStringInfoString(buf, quote_identifier(object->name));
}

/*
 * Append the statements that create an object.
 *
 * A type that columns have makes way for its successor under another name;
 * mig_kind_drop() drops it once they have changed over.
 */
void
mig_kind_create(StringInfo buf, const MigObject *object)
{
	const MigObject *old = object->predecessor;

	if (old != NULL && old->kind->give_way != NULL)
		old->kind->give_way(buf, old, mig_replaced_name(old));
	else if (old != NULL)
		appendStringInfo(buf, "ALTER %s %s RENAME TO %s;\n",
						 mig_kind_noun(old), old->identity,
						 quote_identifier(mig_replaced_name(old)));
	object->kind->create(buf, object);
}

/* Append the statement that drops an object, without semicolon. */
void
mig_kind_drop(StringInfo buf, const MigObject *object)
{
	const char *name;

	if (object->successor != NULL)
	{
		name = quote_qualified_identifier(object->schema,
										  mig_replaced_name(object));
		appendStringInfo(buf, "DROP %s %s", mig_kind_noun(object), name);
	}
	else if (object->kind->drop != NULL)
		object->kind->drop(buf, object);
	else
		appendStringInfo(buf, "DROP %s %s", mig_kind_noun(object),
						 object->identity);
}
