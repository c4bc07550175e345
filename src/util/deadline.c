/*-------------------------------------------------------------------------
 *
 * util/deadline.c
 *	  A time after which what goes on is cancelled.
 *
 * The server's statement_timeout is the client's, and one at a time is enough.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <signal.h>

#include "util/deadline.h"

#include "miscadmin.h"
#include "storage/latch.h"
#include "utils/timeout.h"

static TimeoutId timeout = MAX_TIMEOUTS;
static volatile sig_atomic_t is_over = false;

static void cancel(void);

/* Let it begin; 0: none.  mig_deadline_end() must follow, on errors too. */
void
mig_deadline_begin(int milliseconds)
{
	if (timeout == MAX_TIMEOUTS)
		timeout = RegisterTimeout(USER_TIMEOUT, cancel);
	is_over = false;
	if (milliseconds > 0)
		enable_timeout_after(timeout, milliseconds);
}

/* In a signal handler: as if the client had cancelled. */
static void
cancel(void)
{
	is_over = true;
	InterruptPending = true;
	QueryCancelPending = true;
	SetLatch(MyLatch);
}

/* Was it over?  Then nothing is left to be cancelled. */
bool
mig_deadline_end(void)
{
	disable_timeout(timeout, false);
	if (is_over)
		QueryCancelPending = false;
	return is_over;
}
