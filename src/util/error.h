/*-------------------------------------------------------------------------
 *
 * util/error.h
 *	  The SQLSTATEs of our own class MG, and what raises them.
 *
 * A program can tell by them a refusal of ours from an error in a script,
 * which keeps its own SQLSTATE.
 *
 *-------------------------------------------------------------------------
 */
#ifndef MIG_ERROR_H
#define MIG_ERROR_H

#include "utils/elog.h"

#define MIG_ERRCODE(a, b, c) MAKE_SQLSTATE('M', 'G', a, b, c)

#define ERRCODE_MIG_SEVERAL_HEADS		MIG_ERRCODE('0', '0', '1')
#define ERRCODE_MIG_NO_SUCH_REVISION	MIG_ERRCODE('0', '0', '2')
#define ERRCODE_MIG_AMBIGUOUS_PREFIX	MIG_ERRCODE('0', '0', '3')
#define ERRCODE_MIG_NOT_ON_BRANCH		MIG_ERRCODE('0', '0', '4')
#define ERRCODE_MIG_AMBIGUOUS_WALK		MIG_ERRCODE('0', '0', '5')
#define ERRCODE_MIG_TOO_FAR				MIG_ERRCODE('0', '0', '6')
#define ERRCODE_MIG_BAD_DOWNGRADE		MIG_ERRCODE('0', '0', '7')
#define ERRCODE_MIG_CONTRADICTION		MIG_ERRCODE('0', '0', '8')
#define ERRCODE_MIG_IRREVERSIBLE		MIG_ERRCODE('0', '0', '9')
#define ERRCODE_MIG_BAD_IDENTIFIER		MIG_ERRCODE('0', '1', '0')
#define ERRCODE_MIG_NOT_A_RANGE			MIG_ERRCODE('0', '1', '1')
#define ERRCODE_MIG_BAD_PARENT			MIG_ERRCODE('0', '1', '2')
#define ERRCODE_MIG_BAD_NAME			MIG_ERRCODE('0', '1', '3')
#define ERRCODE_MIG_IS_APPLIED			MIG_ERRCODE('0', '1', '4')
#define ERRCODE_MIG_HAS_CHILDREN		MIG_ERRCODE('0', '1', '5')
#define ERRCODE_MIG_SCRIPT_REFUSED		MIG_ERRCODE('0', '1', '6')
#define ERRCODE_MIG_NOT_TRANSACTIONAL	MIG_ERRCODE('0', '1', '7')
#define ERRCODE_MIG_RUN_IN_RUN			MIG_ERRCODE('0', '1', '8')
#define ERRCODE_MIG_BEHIND				MIG_ERRCODE('0', '2', '0')
#define ERRCODE_MIG_DIFFERS				MIG_ERRCODE('0', '2', '1')
#define ERRCODE_MIG_NOT_APPLIED			MIG_ERRCODE('0', '2', '2')
#define ERRCODE_MIG_DRIFTED				MIG_ERRCODE('0', '2', '3')
#define ERRCODE_MIG_TEST_FAILED			MIG_ERRCODE('0', '2', '4')
#define ERRCODE_MIG_BAD_FILE			MIG_ERRCODE('0', '3', '0')
#define ERRCODE_MIG_OTHER_SCRIPT		MIG_ERRCODE('0', '3', '1')
#define ERRCODE_MIG_MODEL_INCOMPLETE	MIG_ERRCODE('0', '4', '0')
#define ERRCODE_MIG_MODEL_REFUSED		MIG_ERRCODE('0', '4', '1')
#define ERRCODE_MIG_NO_MODEL			MIG_ERRCODE('0', '4', '2')
#define ERRCODE_MIG_NOT_REPLAYED		MIG_ERRCODE('0', '4', '3')
#define ERRCODE_MIG_DISPROVEN			MIG_ERRCODE('0', '4', '4')

#endif							/* MIG_ERROR_H */
