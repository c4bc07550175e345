/*-------------------------------------------------------------------------
 *
 * rev/undo_hint.h
 *	  How an applied revision is undone, for hints.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_UNDO_HINT_H
#define MIG_UNDO_HINT_H

extern char *mig_undo_text(Oid nsp, const char *revision);

#endif							/* MIG_UNDO_HINT_H */
