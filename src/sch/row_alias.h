/*-------------------------------------------------------------------------
 *
 * sch/row_alias.h
 *	  Names that the server gives to columns of rows in FROM.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_ROW_ALIAS_H
#define MIG_ROW_ALIAS_H

#include "sch/sch.h"

extern void mig_row_alias_strip(MigSnapshot *snapshot);

#endif							/* MIG_ROW_ALIAS_H */
