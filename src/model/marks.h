/*-------------------------------------------------------------------------
 *
 * model/marks.h
 *	  Marks in the comments of a model.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_MARKS_H
#define MIG_MARKS_H

#include "model/creates.h"
#include "run/script.h"

/* A mark "-- migrate:renamed from ..." of a model. */
typedef struct MigRename
{
	ObjectType	type;			/* of the object: OBJECT_TABLE, ... */
	char	   *schema;			/* of the object; NULL: belongs to none */
	char	   *object;			/* its new name, or of the table it is on */
	char	   *member;			/* column, trigger, rule or policy, or NULL */
	char	   *old;			/* name of the member, or else of the object */
} MigRename;

/* A mark "-- migrate:fill ..." of a model. */
typedef struct MigFilling
{
	char	   *schema;			/* of the table; NULL: not known */
	char	   *table;
	char	   *column;
	char	   *value;			/* an expression */
} MigFilling;

extern void mig_rename_read(const MigScript *script, const List *objects,
							List **renames, List **fillings);

#endif							/* MIG_MARKS_H */
