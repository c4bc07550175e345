/*-------------------------------------------------------------------------
 *
 * rev/stale_snapshot.h
 *	  Does a transaction's snapshot miss what others did?
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_STALE_SNAPSHOT_H
#define MIG_STALE_SNAPSHOT_H

extern bool mig_stale_snapshot(Oid nsp, const char *schema_name);

#endif							/* MIG_STALE_SNAPSHOT_H */
