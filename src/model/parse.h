/*-------------------------------------------------------------------------
 *
 * model/parse.h
 *	  A model: DDL text, parsed, checked, and what it creates where.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_PARSE_H
#define MIG_PARSE_H

#include "model/creates.h"
#include "model/marks.h"
#include "run/script.h"

typedef struct MigModel
{
	MigScript  *script;			/* of the text as it was given */
	bool	   *skipped;		/* statements that mean nothing in a shadow */
	const char *search_path;	/* that it begins with */
	const char *first_schema;	/* of it; NULL: none */
	List	   *path;			/* char *: names of it, and of those that the
								 * model sets */
	List	   *schemas;		/* char *: that it creates, or something in;
								 * each once, as they appear */
	List	   *objects;		/* MigModelObject: what it creates */
	List	   *renames;		/* MigRenameMark: marks in comments */
	List	   *fillings;		/* MigFillMark: likewise */
	List	   *partitioned;	/* MigRenameMark: tables whose partitions
								 * others make */
	List	   *absent_roles;	/* char *: named, but not there */
	char	   *dump;			/* version of a later server's pg_dump that
								 * has written it; NULL: none */
	List	   *code;			/* char *: what DO blocks run, lower case */
	bool		defines_nothing;	/* but extensions, at most */
} MigModel;

extern MigModel *mig_model_read(const char *source, const char *first_schema,
								const char *own_schema);
extern MigModel *mig_model_parse(const char *source, const char *first_schema,
								 const char *own_schema);
extern void mig_model_name_dump(ErrorContextCallback *callback,
								const MigModel *model);
extern bool mig_model_has_elements(const MigModel *model, const char *name);
extern bool mig_model_keeps_public(const MigModel *model,
								   const MigModelObject *schema);
extern void mig_model_check_scope(const MigModel *model, const List *schemas);

#endif							/* MIG_PARSE_H */
