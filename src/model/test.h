/*-------------------------------------------------------------------------
 *
 * model/test.h
 *	  Tests revisions in a shadow.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_TEST_H
#define MIG_TEST_H

#include "rev/incoming_order.h"

typedef enum MigTestResult
{
	MIG_TEST_OK,
	MIG_TEST_FAILED,
	MIG_TEST_SKIPPED,
	MIG_TEST_EXCUSED			/* skipped, since there is nothing to test */
} MigTestResult;

/* What came of a test. */
typedef struct MigTestRow
{
	const char *test;
	const char *revision;		/* NULL: of all */
	MigTestResult result;
	const char *detail;			/* or NULL */
} MigTestRow;

/* What is to be tested, and what came of it. */
typedef struct MigTest
{
	Oid			nsp;			/* schema of the extension */
	const char *range;			/* of revisions */
	const char *schema;			/* target schema, '' for the database */
	List	   *include;		/* of char *, schemas; NIL: those that the
								 * revisions use */
	List	   *exclude;		/* of char *, patterns */
	const MigIncomingBatch *files;	/* beside what is stored, or NULL */

	/* result */
	List	   *rows;			/* of MigTestRow * */
} MigTest;

extern void mig_test_run(MigTest *test);
extern void mig_test_refuse(const MigTest *test);
extern const char *mig_test_word(MigTestResult result);

#endif							/* MIG_TEST_H */
