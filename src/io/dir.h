/*-------------------------------------------------------------------------
 *
 * io/dir.h
 *	  Files of revisions in a directory of the server.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_DIR_H
#define MIG_DIR_H

#include "io/revfile.h"

extern char *mig_dir_check(const char *path, bool write);
extern List *mig_dir_read(const char *path);
extern HTAB *mig_dir_names(void);
extern bool mig_dir_has(const char *path, const char *name);
extern void mig_dir_write(const char *path, const char *name,
						  const char *content);

#endif							/* MIG_DIR_H */
