/*-------------------------------------------------------------------------
 *
 * model/extension_comment.h
 *	  What a model or revisions say as comments of extensions.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_EXTENSION_COMMENT_H
#define MIG_EXTENSION_COMMENT_H

#include "model/parse.h"
#include "sch/sch.h"

/* The last word about an extension. */
typedef struct MigExtensionComment
{
	const char *extension;
	const char *comment;		/* NULL: none */
} MigExtensionComment;

extern List *mig_extension_comment_add(List *said, const Node *stmt);
extern char *mig_extension_comments_text(const List *said);
extern void mig_extension_comments_replayed(const List *said,
											MigSnapshot *replayed);
extern void mig_extension_comments_wanted(const MigModel *model, bool database,
										  const MigSnapshot *live,
										  MigSnapshot *wanted);
extern void mig_extension_comments_lend(MigSnapshot *built,
										const MigSnapshot *wanted);
extern bool mig_extension_comments_stand(const MigModel *model, bool database);

#endif							/* MIG_EXTENSION_COMMENT_H */
