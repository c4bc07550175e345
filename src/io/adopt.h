/*-------------------------------------------------------------------------
 *
 * io/adopt.h
 *	  Takes over what another tool has applied.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_ADOPT_H
#define MIG_ADOPT_H

extern char *mig_adopt(Oid nsp, const char *table, const char *schema_name);

#endif							/* MIG_ADOPT_H */
