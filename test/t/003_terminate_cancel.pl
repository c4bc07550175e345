# A run is cancelled, terminated, or runs into a timeout, of the caller or of
# the script; timeouts that a script sets work and end with it.

use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;

$ENV{PGOPTIONS} = '-c client_min_messages=warning';

$node->safe_psql(
	'postgres', q{
	CREATE EXTENSION pg_migrations;
	CREATE TABLE gate ();
	CREATE TABLE seen (revision text, statement_timeout text, lock_timeout text);
	SELECT migrate_revision('create a', 'CREATE TABLE a ()', 'DROP TABLE a', rev_id => 'aaaa');
	SELECT migrate_revision('through the gate', 'CREATE TABLE b (); LOCK TABLE gate; CREATE TABLE bb ()',
		'DROP TABLE b, bb; LOCK TABLE gate', rev_id => 'bbbb');
});

my $gatekeeper = $node->background_psql('postgres');
my $session = $node->background_psql('postgres', on_error_stop => 0);
$session->query_safe('\set VERBOSITY verbose');
my $pid = $session->query_safe('SELECT pg_backend_pid()');

# Run a query in the session; its result and its messages
sub query
{
	my ($query) = @_;
	$session->{stderr} = '';
	my $out = $session->query($query);
	my $err = $session->{stderr};
	$session->{stderr} = '';
	return ($out, $err);
}

# Start a query in the session and come back when it waits at the gate.
sub start_query
{
	my ($query) = @_;
	$session->{stderr} = '';
	$session->query_until(qr/started/, "\\echo started\n$query;\n");
	$node->poll_query_until('postgres',
		qq{SELECT wait_event_type = 'Lock' AND application_name LIKE 'migrate %'
		FROM pg_stat_activity WHERE pid = $pid})
	  or die 'the run did not reach the gate';
	return;
}

sub close_gate
{
	$gatekeeper->query_safe('BEGIN; LOCK TABLE gate IN ACCESS SHARE MODE');
	return;
}

sub open_gate
{
	$gatekeeper->query_safe('COMMIT');
	return;
}

sub state_of
{
	return $node->safe_psql(
		'postgres', q{
		SELECT coalesce(string_agg(revision, ' ' ORDER BY revision), 'none') FROM migrate_applied;
		SELECT to_regclass('a') IS NULL, to_regclass('b') IS NULL;
		SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'});
}

my $nothing = "none\nt|t\n0";

#
# pg_cancel_backend
#
close_gate();
start_query(q{SELECT * FROM migrate_upgrade('head')});
is($node->safe_psql('postgres', "SELECT pg_cancel_backend($pid)"), 't', 'cancelled');
my ($out, $err) = query('SELECT 1');
is($out, '1', 'the session goes on after a cancel');
is(state_of(), $nothing, 'cancel: nothing happened');

# in a transaction block, with a savepoint
query(q{BEGIN; SELECT migrate_upgrade('aaaa'); SAVEPOINT s});
start_query(q{SELECT * FROM migrate_upgrade('head')});
$node->safe_psql('postgres', "SELECT pg_cancel_backend($pid)");
($out, $err) = query(
	q{ROLLBACK TO s; COMMIT; SELECT string_agg(revision, ' ') FROM migrate_current()});
is($out, 'aaaa', 'cancel in a subtransaction: what was before it stays');
($out, $err) = query(q{SELECT revision FROM migrate_downgrade('base')});
is($out, 'aaaa', 'and the next run works');

#
# statement_timeout of the caller
#
query(q{SET statement_timeout = '1s'});
($out, $err) = query(q{SELECT * FROM migrate_upgrade('head')});
like(
	$err,
	qr/ERROR:  57014: canceling statement due to statement timeout/,
	"the caller's statement_timeout bounds the run");
like($err, qr/statement 2, line 1 of upgrade script of revision "bbbb"/,
	'the error names the statement that was running');
query('RESET statement_timeout');
is(state_of(), $nothing, 'statement_timeout: nothing happened');

#
# pg_terminate_backend
#
start_query(q{SELECT * FROM migrate_upgrade('head')});
is($node->safe_psql('postgres', "SELECT pg_terminate_backend($pid, 180000)"),
	't', 'terminated');
eval { $session->{run}->finish };
like(
	$session->{stderr},
	qr/57P01: terminating connection due to administrator command/,
	'the client is told');
is(state_of(), $nothing, 'terminate: nothing happened');
open_gate();
is( $node->safe_psql(
		'postgres',
		q{SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_upgrade('head')}
	),
	'aaaa bbbb',
	'the next run works');

$session = $node->background_psql('postgres', on_error_stop => 0);
$session->query_safe('\set VERBOSITY verbose');
$pid = $session->query_safe('SELECT pg_backend_pid()');

#
# Timeouts that a script sets
#
my $note = q{INSERT INTO seen VALUES (%s, current_setting(''statement_timeout''), current_setting(''lock_timeout''))};
sub note_settings { return sprintf($note, "''$_[0]''") }

$node->safe_psql(
	'postgres', qq{
	SELECT migrate_revision('stops itself', 'SET statement_timeout = ''100ms''; LOCK TABLE gate', '', rev_id => 'cccc');
	SELECT migrate_revision('on top', '', '', rev_id => 'dddd');
});
close_gate();
query(q{SET statement_timeout = '30s'; SET lock_timeout = '29s'});
($out, $err) = query(q{SELECT * FROM migrate_upgrade('head')});
like($err, qr/ERROR:  57014: canceling statement due to statement timeout/,
	"a script's statement_timeout works");
like($err, qr/statement 2, line 1 of upgrade script of revision "cccc"/,
	'in the statement after it');
($out, $err) = query(
	q{SELECT current_setting('statement_timeout'), current_setting('lock_timeout')});
is($out, '30s|29s', 'and is gone after the error');

$node->safe_psql('postgres',
	q{SELECT migrate_edit('cccc', upgrade => 'SET LOCAL lock_timeout = ''100ms''; LOCK TABLE gate')}
);
($out, $err) = query(q{SELECT * FROM migrate_upgrade('head')});
like($err, qr/ERROR:  55P03: canceling statement due to lock timeout/,
	"a script's lock_timeout works");
($out, $err) = query(
	q{SELECT current_setting('statement_timeout'), current_setting('lock_timeout')});
is($out, '30s|29s', 'and is gone after the error');
open_gate();

# On success they are gone as well, for the next script and for the caller.
$node->safe_psql(
	'postgres', sprintf(
		q{SELECT migrate_edit('cccc', upgrade => 'SET statement_timeout = ''20s''; SET lock_timeout = ''19s''; %s');
		SELECT migrate_edit('dddd', upgrade => '%s');},
		note_settings('cccc'), note_settings('dddd')));
($out, $err) = query(q{SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_upgrade('head')});
is("$out$err", 'cccc dddd', 'both run');
is($node->safe_psql('postgres', 'SELECT * FROM seen ORDER BY revision'),
	"cccc|20s|19s\ndddd|30s|29s",
	"in force in the script that set them, not in the next");
($out, $err) = query(
	q{SELECT current_setting('statement_timeout'), current_setting('lock_timeout')});
is($out, '30s|29s', 'and not for the caller');

# statement_timeout = 0 in a script lifts the caller's, for the script alone:
# behind it the caller's timer runs again.
$node->safe_psql('postgres',
	q{SELECT migrate_revision('takes its time', 'SET statement_timeout = 0; SELECT pg_sleep(5.5)', '', rev_id => 'eeee')}
);
query(q{SET statement_timeout = '5s'; SET lock_timeout = 0});
($out, $err) = query(q{SELECT revision FROM migrate_upgrade('head')});
is("$out$err", 'eeee', "statement_timeout = 0 in a script lifts the caller's");
($out, $err) = query(q{SELECT revision FROM migrate_downgrade('-1')});
close_gate();
($out, $err) = query(
	q{DO $$ BEGIN PERFORM migrate_upgrade('head'); LOCK TABLE gate; END $$});
like($err, qr/ERROR:  57014: canceling statement due to statement timeout/,
	"behind the script the caller's timeout is back");
unlike($err, qr/revision "eeee"/, 'it was not the script that was cancelled');
is($node->safe_psql('postgres', 'SELECT revision FROM migrate_current()'),
	'dddd', 'and the run is undone with the statement');

# The other way round: a short one in a script does not go on behind it.
$node->safe_psql('postgres',
	q{SELECT migrate_edit('eeee', upgrade => 'SET statement_timeout = ''3s''; SELECT 1')}
);
query('RESET statement_timeout');
($out, $err) = query(
	q{DO $$ BEGIN PERFORM migrate_upgrade('head'); PERFORM pg_sleep(3.5); END $$});
is($err, '', "a script's timeout does not run on behind it");
is($node->safe_psql('postgres', 'SELECT revision FROM migrate_current()'),
	'eeee', 'the run is done');

# Each statement of such a script has the whole time.
$node->safe_psql('postgres',
	q{SELECT migrate_revision('four times', 'SET statement_timeout = ''4s''; SELECT pg_sleep(1.2); SELECT pg_sleep(1.2); SELECT pg_sleep(1.2); SELECT pg_sleep(1.2)', '', rev_id => 'ffff')}
);
($out, $err) = query(q{SELECT revision FROM migrate_upgrade('head')});
is("$out$err", 'ffff', "a script's timeout is for each of its statements");

open_gate();
$session->quit;
$gatekeeper->quit;

done_testing();
