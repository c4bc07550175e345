/*-------------------------------------------------------------------------
 *
 * run/squash.h
 *	  One revision instead of several in a line.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_SQUASH_H
#define MIG_SQUASH_H

/* Begins the line above each part of a squashed script; an id follows. */
#define MIG_SQUASH_PART		"-- from "

extern char *mig_squash(Oid nsp, const char *range, const char *message);

#endif							/* MIG_SQUASH_H */
