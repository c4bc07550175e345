/*-------------------------------------------------------------------------
 *
 * model/extension_comment.c
 *	  What a model or revisions say as comments of extensions.
 *
 * An extension that is installed stands in every shadow as it is, with its
 * comment, and belongs to somebody else.  COMMENT ON EXTENSION does not run
 * there, for others would wait; it is read off the statements, and put into
 * what was read of the shadow.
 *
 * What nothing is said of keeps the comment that it has, unless the whole
 * database is compared: then it is that of the control file, which an object
 * of a snapshot has for NULL, see kind/metadata.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "model/extension_comment.h"
#include "model/guard.h"
#include "sch/action.h"
#include "sch/snapshot.h"

#include "catalog/pg_extension.h"
#include "commands/comment.h"
#include "commands/extension.h"
#include "utils/builtins.h"

static List *said_by(const MigModel *model);
static const MigExtensionComment *find(const List *said, const char *name);
static bool creates(const MigModel *model, const char *extension);

/* With what a statement says, if it is about the comment of an extension. */
List *
mig_extension_comment_add(List *said, const Node *stmt)
{
	const CommentStmt *comment = (const CommentStmt *) stmt;
	MigExtensionComment *added;

	if (!IsA(stmt, CommentStmt) || comment->objtype != OBJECT_EXTENSION)
		return said;
	added = palloc(sizeof(MigExtensionComment));
	added->extension = pstrdup(strVal(comment->object));
	/* the server takes an empty one for none */
	added->comment = comment->comment == NULL ||
		comment->comment[0] == '\0' ? NULL : pstrdup(comment->comment);
	return lcons(added, said);
}

/* What was said, as a text that is another where that is. */
char *
mig_extension_comments_text(const List *said)
{
	StringInfoData buf;
	const ListCell *lc;

	initStringInfo(&buf);
	foreach(lc, said)
	{
		const MigExtensionComment *comment = lfirst(lc);

		if (find(said, comment->extension) == comment)
			appendStringInfo(&buf, "%s %s\n",
							 quote_identifier(comment->extension),
							 comment->comment == NULL ? "" :
							 quote_literal_cstr(comment->comment));
	}
	return buf.data;
}

/* Put what revisions have said into what was read of their shadow. */
void
mig_extension_comments_replayed(const List *said, MigSnapshot *replayed)
{
	const ListCell *lc;

	foreach(lc, replayed->objects)
	{
		MigObject  *object = lfirst(lc);
		const MigExtensionComment *comment;

		if (object->kind->id != MIG_EXTENSION ||
			mig_guard_has_created(ExtensionRelationId,
								  object->address.objid))
			continue;
		comment = find(said, object->name);
		object->comment = comment == NULL ? NULL : comment->comment;
	}
}

/*
 * Put what the model says into what was read of it; without one, where
 * revisions have been replayed, what they leave unsaid is seen to.
 */
void
mig_extension_comments_wanted(const MigModel *model, bool database,
							  const MigSnapshot *live, MigSnapshot *wanted)
{
	List	   *said = said_by(model);
	const ListCell *lc;

	foreach(lc, wanted->objects)
	{
		MigObject  *object = lfirst(lc);
		const MigExtensionComment *comment = NULL;
		const MigObject *twin;

		if (object->kind->id != MIG_EXTENSION)
			continue;
		twin = mig_snapshot_find(live, MIG_EXTENSION, object->identity);
		if (twin == NULL)
			continue;
		comment = find(said, object->name);
		if (comment != NULL)
			object->comment = comment->comment;
		else if (model != NULL)
			object->comment = NULL;
		if (object->comment == NULL &&
			!(database && (model == NULL || creates(model, object->name))))
			object->comment = twin->comment;
	}
}

/* A proof takes it as read that the comments become what they are to be. */
void
mig_extension_comments_lend(MigSnapshot *built, const MigSnapshot *wanted)
{
	const ListCell *lc;

	foreach(lc, built->objects)
	{
		MigObject  *object = lfirst(lc);
		const MigObject *twin;

		if (object->kind->id != MIG_EXTENSION)
			continue;
		twin = mig_snapshot_find(wanted, MIG_EXTENSION, object->identity);
		if (twin != NULL)
			object->comment = twin->comment;
	}
}

/*
 * Are the comments those that the model says?  False where that takes a look
 * at the control files.
 */
bool
mig_extension_comments_stand(const MigModel *model, bool database)
{
	List	   *said = said_by(model);
	const ListCell *lc;

	foreach(lc, said)
	{
		const MigExtensionComment *comment = lfirst(lc);
		Oid			oid = get_extension_oid(comment->extension, true);
		char	   *live;

		if (find(said, comment->extension) != comment || !OidIsValid(oid))
			continue;
		live = GetComment(oid, ExtensionRelationId, 0);
		if (comment->comment == NULL || live == NULL ||
			strcmp(live, comment->comment) != 0)
			return false;
	}
	foreach(lc, database ? model->objects : NIL)
	{
		const MigModelObject *object = lfirst(lc);

		if (object->type == OBJECT_EXTENSION && object->name != NULL &&
			find(said, object->name) == NULL)
			return false;
	}
	return true;
}

/* The last word comes first. */
static List *
said_by(const MigModel *model)
{
	List	   *said = NIL;

	for (int i = 0; model != NULL && i < model->script->nstatements; i++)
	{
		const MigStatement *statement = &model->script->statements[i];

		said = mig_extension_comment_add(said, statement->raw->stmt);
	}
	return said;
}

static const MigExtensionComment *
find(const List *said, const char *name)
{
	const ListCell *lc;

	foreach(lc, said)
	{
		const MigExtensionComment *comment = lfirst(lc);

		if (strcmp(comment->extension, name) == 0)
			return comment;
	}
	return NULL;
}

static bool
creates(const MigModel *model, const char *extension)
{
	const ListCell *lc;

	foreach(lc, model->objects)
	{
		const MigModelObject *object = lfirst(lc);

		if (object->type == OBJECT_EXTENSION && object->name != NULL &&
			strcmp(object->name, extension) == 0)
			return true;
	}
	return false;
}
