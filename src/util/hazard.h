/*-------------------------------------------------------------------------
 *
 * util/hazard.h
 *	  Why a statement may hurt: the names.
 *
 * One list, of which the enum and the table are made.  A line is the enum's
 * value, the name by which the documentation has it, the mark by which a
 * script says it, and whether it is said when a script is generated: what is
 * about locks alone is not.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_HAZARD_H
#define MIG_HAZARD_H

#include "nodes/pg_list.h"

#define MIG_HAZARD_LIST(HAZARD) \
	HAZARD(MIG_LOSES_DATA, "loses-data", "LOSES DATA", true) \
	HAZARD(MIG_FORGETS_COUNTER, "forgets-counter", "FORGETS COUNTER", true) \
	HAZARD(MIG_MAY_FAIL, "may-fail", "MAY FAIL", true) \
	HAZARD(MIG_NEEDS_ATTENTION, "to-complete", "TO COMPLETE", true) \
	HAZARD(MIG_FILLS_ROWS, "fills-rows", "FILLS ROWS", true) \
	HAZARD(MIG_CHANGES_MEANING, "changes-meaning", "CHANGES MEANING", true) \
	HAZARD(MIG_WEAKENS_SECURITY, "weakens-security", "WEAKENS SECURITY", true) \
	HAZARD(MIG_ENUM_USED_AT_ONCE, "enum-used-at-once", "ENUM USED AT ONCE", true) \
	HAZARD(MIG_DEPENDS_OUTSIDE, "depends-outside", "DEPENDS OUTSIDE", true) \
	HAZARD(MIG_NOT_PROVEN, "not-proven", "NOT PROVEN", true) \
	HAZARD(MIG_REWRITES_TABLE, "rewrites-table", "rewrites the table", false) \
	HAZARD(MIG_SCANS_TABLE, "scans-table", "scans the table", false) \
	HAZARD(MIG_BLOCKS_WRITES, "blocks-writes", "blocks writes", false) \
	HAZARD(MIG_LOCKS_ANOTHER, "locks-another", "locks also", false) \
	HAZARD(MIG_WRITES_ALL_ROWS, "writes-all-rows", "writes all rows", false) \
	HAZARD(MIG_LOCKS_EXPLICITLY, "locks-explicitly", "locks explicitly", false) \
	HAZARD(MIG_UNIQUE_ON_PARTITIONS, "unique-on-partitions", "indexes all partitions", false) \
	HAZARD(MIG_NOT_NULL_WITHOUT_VALUE, "not-null-without-value", "NOT NULL WITHOUT VALUE", true) \
	HAZARD(MIG_CASCADES, "cascades", "CASCADES", true) \
	HAZARD(MIG_DISABLES_TRIGGERS, "disables-triggers", "DISABLES TRIGGERS", true) \
	HAZARD(MIG_NOT_KNOWN, "not-known", "NOT KNOWN", true) \
	HAZARD(MIG_RECREATES_DEPENDENTS, "recreates-dependents", "re-creates dependents", false)

/* Why a script is not proven whose lines ask for something */
#define MIG_INCOMPLETE "a line is to be completed"

/* What is to be completed by a statement that stands there as a comment */
#define MIG_NEEDS_VALUE "the rows that are there need a value in column"

#define MIG_HAZARD_CODE(code, name, mark, announced) code,

typedef enum MigHazardCode
{
	MIG_HAZARD_LIST(MIG_HAZARD_CODE)
	MIG_NHAZARDS
} MigHazardCode;

#undef MIG_HAZARD_CODE

extern const char *mig_hazard_mark(MigHazardCode code);
extern bool mig_hazard_is_announced(MigHazardCode code);
extern List *mig_say(List *lines, MigHazardCode code, const char *format,...)
			pg_attribute_printf(3, 4);

#endif							/* MIG_HAZARD_H */
