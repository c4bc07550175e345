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
typedef struct MigRenameMark
{
	ObjectType	type;			/* of the object: OBJECT_TABLE, ... */
	char	   *schema;			/* of the object; NULL: belongs to none */
	char	   *object;			/* its new name, or of the table it is on */
	char	   *member;			/* column, trigger, rule or policy, or NULL */
	bool		is_constraint;	/* the member is a constraint of a table */
	char	   *old;			/* name of the member, or else of the object */
	char	   *old_schema;		/* of an object, or NULL: the same */
	bool		behind;			/* of an object, none of whose members has the
								 * old name: one may be meant */
} MigRenameMark;

/* A mark "-- migrate:fill ..." of a model. */
typedef struct MigFillMark
{
	char	   *schema;			/* of the table; NULL: not known */
	char	   *table;
	char	   *column;
	char	   *value;			/* an expression */
} MigFillMark;

extern void mig_marks_read(const MigScript *script, const List *objects,
						   List **renames, List **fillings,
						   List **partitioned);

#endif							/* MIG_MARKS_H */
