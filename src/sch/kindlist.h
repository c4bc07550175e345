/*-------------------------------------------------------------------------
 *
 * sch/kindlist.h
 *	  The kinds of objects that are compared, and the table row of each.
 *
 * In the order in which their objects are created where nothing else decides.
 * Both the enum of sch/sch.h and the table of kind/kinds.c are made of this
 * list, so that a kind without operations does not compile.  The rest of a
 * line is what others have to know of each kind:
 *
 *	body	how the text of a routine's body may use it: NAMED; UNNAMED, or
 *			under one of many words; UNUSED (sch/body.c)
 *	step	what is made in two steps, to break a loop, needs it for the FIRST,
 *			or for the SECOND alone (sch/edges.c)
 *
 * There is deliberately no #ifndef around it: it is included more than once,
 * each time with another MIG_KIND(id, row, body, step).
 *
 *-------------------------------------------------------------------------
 */
MIG_KIND(MIG_SCHEMA, mig_schema_kind, UNUSED, FIRST)
MIG_KIND(MIG_EXTENSION, mig_extension_kind, UNNAMED, FIRST)
MIG_KIND(MIG_LANGUAGE, mig_language_kind, UNUSED, FIRST)
MIG_KIND(MIG_ACCESS_METHOD, mig_access_method_kind, UNUSED, FIRST)
MIG_KIND(MIG_COLLATION, mig_collation_kind, NAMED, FIRST)
MIG_KIND(MIG_FDW, mig_fdw_kind, UNUSED, FIRST)
MIG_KIND(MIG_SERVER, mig_server_kind, UNUSED, FIRST)
MIG_KIND(MIG_USER_MAPPING, mig_user_mapping_kind, UNUSED, FIRST)
MIG_KIND(MIG_ENUM, mig_enum_kind, NAMED, FIRST)
MIG_KIND(MIG_BASE_TYPE, mig_base_type_kind, NAMED, FIRST)
MIG_KIND(MIG_COMPOSITE, mig_composite_kind, NAMED, FIRST)
/* attributes of composite types */
MIG_KIND(MIG_ATTRIBUTE, mig_attribute_kind, UNUSED, FIRST)
MIG_KIND(MIG_DOMAIN, mig_domain_kind, NAMED, FIRST)
MIG_KIND(MIG_DOMAIN_CHECK, mig_domain_check_kind, UNUSED, FIRST)
MIG_KIND(MIG_RANGE, mig_range_kind, NAMED, FIRST)
MIG_KIND(MIG_SEQUENCE, mig_sequence_kind, NAMED, FIRST)
/* partitioned and foreign, too */
MIG_KIND(MIG_TABLE, mig_table_kind, NAMED, FIRST)
MIG_KIND(MIG_COLUMN, mig_column_kind, NAMED, FIRST)
MIG_KIND(MIG_IDENTITY_SEQUENCE, mig_identity_sequence_kind, UNUSED, FIRST)
/* of columns */
MIG_KIND(MIG_DEFAULT, mig_default_kind, UNUSED, FIRST)
/* all but foreign keys */
MIG_KIND(MIG_CONSTRAINT, mig_constraint_kind, UNUSED, FIRST)
MIG_KIND(MIG_INDEX, mig_index_kind, UNUSED, FIRST)
MIG_KIND(MIG_FOREIGN_KEY, mig_foreign_key_kind, UNUSED, FIRST)
/* procedures and window functions, too */
MIG_KIND(MIG_FUNCTION, mig_function_kind, NAMED, SECOND)
MIG_KIND(MIG_AGGREGATE, mig_aggregate_kind, NAMED, SECOND)
MIG_KIND(MIG_OPERATOR, mig_operator_kind, UNNAMED, FIRST)
MIG_KIND(MIG_OPFAMILY, mig_opfamily_kind, UNUSED, FIRST)
MIG_KIND(MIG_OPCLASS, mig_opclass_kind, UNNAMED, FIRST)
MIG_KIND(MIG_CAST, mig_cast_kind, UNNAMED, FIRST)
MIG_KIND(MIG_CONVERSION, mig_conversion_kind, UNUSED, FIRST)
MIG_KIND(MIG_TRANSFORM, mig_transform_kind, UNNAMED, FIRST)
MIG_KIND(MIG_TS_PARSER, mig_ts_parser_kind, UNUSED, FIRST)
MIG_KIND(MIG_TS_TEMPLATE, mig_ts_template_kind, UNUSED, FIRST)
MIG_KIND(MIG_TS_DICTIONARY, mig_ts_dictionary_kind, NAMED, FIRST)
MIG_KIND(MIG_TS_CONFIGURATION, mig_ts_configuration_kind, NAMED, FIRST)
/* materialized, too */
MIG_KIND(MIG_VIEW, mig_view_kind, NAMED, SECOND)
MIG_KIND(MIG_VIEW_COLUMN, mig_view_column_kind, UNUSED, SECOND)
MIG_KIND(MIG_STATISTICS, mig_statistics_kind, UNUSED, FIRST)
MIG_KIND(MIG_RULE, mig_rule_kind, UNUSED, FIRST)
MIG_KIND(MIG_TRIGGER, mig_trigger_kind, UNUSED, FIRST)
MIG_KIND(MIG_POLICY, mig_policy_kind, UNUSED, FIRST)
MIG_KIND(MIG_EVENT_TRIGGER, mig_event_trigger_kind, UNUSED, FIRST)
MIG_KIND(MIG_PUBLICATION, mig_publication_kind, UNUSED, FIRST)
MIG_KIND(MIG_PUBLICATION_TABLE, mig_publication_table_kind, UNUSED, FIRST)
MIG_KIND(MIG_PUBLICATION_SCHEMA, mig_publication_schema_kind, UNUSED, FIRST)
MIG_KIND(MIG_SUBSCRIPTION, mig_subscription_kind, UNUSED, FIRST)
MIG_KIND(MIG_MEMBER_GRANTS, mig_member_grants_kind, UNUSED, FIRST)
MIG_KIND(MIG_DEFAULT_PRIVILEGES, mig_default_privileges_kind, UNUSED, FIRST)
