/*-------------------------------------------------------------------------
 *
 * model/rename_swap.h
 *	  Objects that are to have each other's names.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_RENAME_SWAP_H
#define MIG_RENAME_SWAP_H

#include "model/rename_find.h"

extern MigRenameWish *mig_rename_swap_first(MigRenames *aliases,
											MigRenameLevel level);
extern List *mig_rename_swap_steps(MigRenameWish *wish,
								   const ObjectAddress *object);
extern List *mig_rename_swap_view(const MigRenames *aliases);
extern bool mig_rename_swap_has_view(const MigRenames *aliases,
									 const MigRenameWish *wish);
extern bool mig_rename_is_swap(const MigRenames *aliases,
							   const MigRenameWish *wish);
extern MigSwap *mig_rename_open_swap(const MigRenames *aliases);
extern List *mig_rename_unknown_swaps(const MigRenames *aliases);

#endif							/* MIG_RENAME_SWAP_H */
