/*-------------------------------------------------------------------------
 *
 * kind/kinds.c
 *	  The registry of kinds, and what is done alike for all of them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "kind/kinds.h"

#include "sch/action.h"
#include "utils/builtins.h"

#define MIG_KIND(id, row, body, step) \
	[id] = &row,

static const MigKind *const kinds[MIG_NKINDS] = {
#include "sch/kindlist.h"
};

#undef MIG_KIND

/* The row of a kind. */
const MigKind *
mig_kind(MigKindId id)
{
	Assert(kinds[id]->id == id);
	Assert(kinds[id]->nattributes <= MIG_MAX_ATTRIBUTES);
	for (int i = 0; i < kinds[id]->nattributes; i++)
		Assert(kinds[id]->attributes[i].name != NULL);
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

/* The name of what is called by the table that it is on. */
void
mig_kind_identify_on_parent(StringInfo buf, const MigObject *object)
{
	appendStringInfo(buf, "%s ON %s", quote_identifier(object->name),
					 object->parent->identity);
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
	const char *arguments;		/* of a routine */

	if (object->successor != NULL)
	{
		name = quote_qualified_identifier(object->schema, object->name);
		arguments = object->identity + strlen(name);
		name = quote_qualified_identifier(object->schema,
										  mig_replaced_name(object));
		appendStringInfo(buf, "DROP %s %s%s", mig_kind_noun(object), name,
						 arguments);
	}
	else if (object->kind->drop != NULL)
		object->kind->drop(buf, object);
	else
		appendStringInfo(buf, "DROP %s %s", mig_kind_noun(object),
						 object->identity);
}
