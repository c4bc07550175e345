/*-------------------------------------------------------------------------
 *
 * rev/draw.h
 *	  Revisions as people see them: marks, long form, pictures of the graph.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_DRAW_H
#define MIG_DRAW_H

#include "rev/graph.h"

extern char *mig_draw_marks(const MigNode *node, const MigNodeSet *late);
extern char *mig_draw_text(const List *newest_first, const MigNodeSet *late);
extern char *mig_draw_dot(const List *newest_first, const MigNodeSet *late);
extern char *mig_draw_mermaid(const List *newest_first,
							  const MigNodeSet *late);

#endif							/* MIG_DRAW_H */
