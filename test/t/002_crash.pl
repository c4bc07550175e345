# A backend, then the whole server, dies in the middle of a run: afterwards
# nothing is half done, no lock is left, and the next run works.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib "$FindBin::RealBin/lib";

use Deploy;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', 'restart_after_crash = on');
$node->start;

$ENV{PGOPTIONS} = '-c client_min_messages=warning';

# The third revision waits at a gate when half of its work is done.
$node->safe_psql(
	'postgres', q{
	CREATE EXTENSION pg_migrations;
	CREATE TABLE gate ();
	SELECT migrate_revision('create a', 'CREATE TABLE a (id int PRIMARY KEY)', 'DROP TABLE a', rev_id => 'aaaa');
	SELECT migrate_revision('fill a', 'INSERT INTO a SELECT generate_series(1, 1000)', 'DELETE FROM a', rev_id => 'bbbb');
	SELECT migrate_revision('through the gate',
		'CREATE TABLE c (); DELETE FROM a WHERE id > 500; LOCK TABLE gate; CREATE TABLE cc ()',
		'DROP TABLE cc; LOCK TABLE gate; DROP TABLE c', rev_id => 'cccc');
	SELECT migrate_revision('create d', 'CREATE TABLE d ()', 'DROP TABLE d', rev_id => 'dddd');
	SELECT migrate_upgrade('aaaa');
});

# What is recorded and what is there, log included
sub state_of
{
	return $node->safe_psql(
		'postgres', q{
		SELECT string_agg(revision, ' ' ORDER BY revision) FROM migrate_applied;
		SELECT string_agg(relname, ' ' ORDER BY relname COLLATE "C") FROM pg_class
		WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname !~ '^migrate_';
		SELECT count(*) FROM a;
		SELECT count(*) FROM migrate_log WHERE action IN ('upgrade', 'downgrade');
		SELECT count(*) FROM pg_locks WHERE locktype = 'advisory';
	});
}

# Start a statement with the gate closed, and come back when it waits there.
# Returns its handle, its output, its process and the gatekeeper's session.
sub run_to_the_gate
{
	my ($query) = @_;
	my ($out, $err) = ('', '');
	my $gatekeeper = $node->background_psql('postgres');
	$gatekeeper->query_safe('BEGIN; LOCK TABLE gate IN ACCESS SHARE MODE');

	my $run = IPC::Run::start(
		[ 'psql', '-XAt', '-d', $node->connstr('postgres'), '-c', $query ],
		'>', \$out, '2>', \$err,
		IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
	$node->poll_query_until(
		'postgres', q{SELECT count(*) = 1 FROM pg_stat_activity
		WHERE application_name LIKE 'migrate %' AND wait_event_type = 'Lock'})
	  or die 'the run did not reach the gate';
	my $pid = $node->safe_psql('postgres',
		q{SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'migrate %'}
	);
	return ($run, \$err, $pid, $gatekeeper);
}

sub end_of
{
	my ($run, $err, $gatekeeper, $name) = @_;
	ok(!$run->finish, "$name: the client is told");
	like(
		$$err,
		qr/server closed the connection unexpectedly|terminating connection|the database system is shutting down/,
		"$name: by the end of its connection");
	$gatekeeper->{run}->kill_kill;
	return;
}

my $before = state_of();
is($before, "aaaa\na gate\n0\n1\n0", 'one revision is applied');

#
# kill -9 of the backend
#
foreach my $round (1, 2)
{
	my $name = "kill -9, round $round";
	my ($run, $err, $pid, $gatekeeper) =
	  run_to_the_gate(q{SELECT * FROM migrate_upgrade('head')});

	is(kill('KILL', $pid), 1, "$name: killed");
	end_of($run, $err, $gatekeeper, $name);
	await($node, 'SELECT true');
	is(state_of(), $before, "$name: nothing is half done");
}
is( $node->safe_psql(
		'postgres',
		q{SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_upgrade('head')}
	),
	'bbbb cccc dddd',
	'the next upgrade does all of it');
my $top = state_of();
is($top, "aaaa bbbb cccc dddd\na c cc d gate\n500\n4\n0", 'everything is there');

{
	my $name = 'kill -9 of a downgrade';
	my ($run, $err, $pid, $gatekeeper) =
	  run_to_the_gate(q{SELECT * FROM migrate_downgrade('base')});

	is(kill('KILL', $pid), 1, "$name: killed");
	end_of($run, $err, $gatekeeper, $name);
	await($node, 'SELECT true');
	is(state_of(), $top, "$name: nothing is half undone");
}

#
# An immediate shutdown
#
$node->safe_psql('postgres', q{SELECT migrate_downgrade('aaaa')});
$before = state_of();
is($before, "aaaa\na gate\n0\n7\n0", 'downgraded');
foreach my $query (
	q{SELECT * FROM migrate_upgrade('head')},
	q{BEGIN; SELECT migrate_upgrade('bbbb'); SELECT migrate_upgrade('head')})
{
	my $name = "immediate shutdown: $query";
	my ($run, $err, $pid, $gatekeeper) = run_to_the_gate($query);

	$node->stop('immediate');
	end_of($run, $err, $gatekeeper, $name);
	$node->start;
	is(state_of(), $before, "$name: nothing is half done");
}
is( $node->safe_psql(
		'postgres',
		q{SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_upgrade('head')}
	),
	'bbbb cccc dddd',
	'the next upgrade does all of it');
is($node->safe_psql('postgres', q{SELECT count(*) = count(DISTINCT id) FROM migrate_log}),
	't', 'the numbers of the log are unique');

# What was committed survives the same.
$top = state_of();
$node->stop('immediate');
$node->start;
is(state_of(), $top, 'a run that was committed survives');

done_testing();
