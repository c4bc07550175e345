# Progress: while a run goes on, its notices arrive and other sessions see in
# pg_stat_activity how far it is; afterwards the session has its name back,
# however the run ended.

use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;

# Every revision waits at a gate of its own.
$node->safe_psql(
	'postgres', q{
	SET client_min_messages = warning;
	CREATE EXTENSION pg_migrations;
	CREATE TABLE gate1 ();
	CREATE TABLE gate2 ();
	CREATE TABLE seen (revision text, name text);
	SELECT migrate_revision('first', 'INSERT INTO seen VALUES (''aaaa'', current_setting(''application_name'')); LOCK TABLE gate1',
		'LOCK TABLE gate1', rev_id => 'aaaa');
	SELECT migrate_revision('second', 'LOCK TABLE gate2; INSERT INTO seen VALUES (''bbbb'', current_setting(''application_name''))',
		'LOCK TABLE gate2', rev_id => 'bbbb');
});

my @keepers = map { $node->background_psql('postgres') } (1, 2);
$ENV{PGAPPNAME} = 'my application';
my $session = $node->background_psql('postgres', on_error_stop => 0);
delete $ENV{PGAPPNAME};
my $pid = $session->query_safe('SELECT pg_backend_pid()');

sub close_gates
{
	$keepers[ $_ - 1 ]->query_safe("BEGIN; LOCK TABLE gate$_ IN ACCESS SHARE MODE")
	  foreach 1, 2;
	return;
}

sub open_gate
{
	$keepers[ $_[0] - 1 ]->query_safe('COMMIT');
	return;
}

sub start_query
{
	my ($query) = @_;
	$session->{stderr} = '';
	$session->query_until(qr/started/, "\\echo started\n$query;\n");
	return;
}

# Its result and all messages since it was started
sub end_of_query
{
	my $out = $session->query('');
	return ($out, $session->{stderr});
}

# Wait until the session shows a name while it waits at a gate.
sub await_name
{
	my ($name) = @_;
	ok( $node->poll_query_until(
			'postgres',
			"SELECT application_name = '$name' AND wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = $pid"
		),
		"others see \"$name\"");
	return;
}

sub await_notice
{
	my ($notice) = @_;
	ok( pump_until(
			$session->{run}, $session->{timeout}, \$session->{stderr}, $notice),
		"the notice $notice has arrived");
	return;
}

sub name_of
{
	return $node->safe_psql('postgres',
		"SELECT application_name FROM pg_stat_activity WHERE pid = $pid");
}

is(name_of(), 'my application', 'before');

#
# Upgrade
#
close_gates();
start_query(q{SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_upgrade('head')});
await_name('migrate 1/2 aaaa');
await_notice(qr/NOTICE:  \[1\/2\] upgrade base -> aaaa, first\n/);
unlike($session->{stderr}, qr/\[2\/2\]/, 'the second notice has not');
open_gate(1);
await_name('migrate 2/2 bbbb');
await_notice(qr/NOTICE:  \[2\/2\] upgrade aaaa -> bbbb, second\n/);
is( $node->safe_psql('postgres', q{SELECT count(*) FROM migrate_current()}),
	'0', 'the run is not over');
open_gate(2);
my ($out, $err) = end_of_query();
is($out, 'aaaa bbbb', 'the upgrade ends');
is(name_of(), 'my application', 'the name is back');
is($node->safe_psql('postgres', 'SELECT * FROM seen ORDER BY revision'),
	"aaaa|my application\nbbbb|my application",
	'the setting was never touched');
is( $node->safe_psql(
		'postgres',
		q{SELECT DISTINCT application_name FROM migrate_log WHERE action = 'upgrade'}
	),
	'my application',
	'the log has the name of the application');

#
# Downgrade, redo
#
close_gates();
start_query(q{SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_downgrade('base')});
await_name('migrate 1/2 bbbb');
await_notice(qr/NOTICE:  \[1\/2\] downgrade bbbb -> aaaa, second\n/);
open_gate(2);
await_name('migrate 2/2 aaaa');
await_notice(qr/NOTICE:  \[2\/2\] downgrade aaaa -> base, first\n/);
open_gate(1);
($out, $err) = end_of_query();
is($out, 'bbbb aaaa', 'the downgrade ends');
is(name_of(), 'my application', 'the name is back');

$session->query(q{SELECT migrate_upgrade('head')});
close_gates();
start_query(q{SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_redo()});
await_name('migrate 1/2 bbbb');
open_gate(2);
($out, $err) = end_of_query();
is($out, 'bbbb bbbb', 'the redo ends');
like(
	$err,
	qr/\[1\/2\] downgrade bbbb -> aaaa, second\n.*\[2\/2\] upgrade aaaa -> bbbb, second$/s,
	'with both notices');
is(name_of(), 'my application', 'the name is back');
open_gate(1);

#
# Ends that are not good
#
$node->safe_psql(
	'postgres', q{SET client_min_messages = warning;
	SELECT migrate_revision('fails', 'SELECT 1/0', '', rev_id => 'cccc')});
$session->{stderr} = '';
$session->query(q{SELECT migrate_upgrade('head')});
like($session->{stderr}, qr/division by zero/, 'an error');
is(name_of(), 'my application', 'the name is back after it');

# in a transaction block that is still open
$session->query('ROLLBACK; BEGIN');
$session->query(q{SELECT migrate_upgrade('head')});
is(name_of(), 'my application', 'in a failed transaction block too');
$session->query('ROLLBACK');

# caught: the name is back at once, in the same statement
$session->{stderr} = '';
$out = $session->query(
	q{DO $$
	BEGIN
		PERFORM migrate_upgrade('head');
	EXCEPTION WHEN division_by_zero THEN
		RAISE NOTICE 'caught, %', (SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid());
	END $$});
like($session->{stderr}, qr/NOTICE:  caught, my application$/,
	'the name is back after an error that was caught');
is(name_of(), 'my application', 'and stays');

# cancelled
close_gates();
start_query(q{SELECT migrate_downgrade('base')});
await_name('migrate 1/2 bbbb');
$node->safe_psql('postgres', "SELECT pg_cancel_backend($pid)");
($out, $err) = end_of_query();
like($err, qr/ERROR:  canceling statement due to user request/, 'cancelled');
is(name_of(), 'my application', 'the name is back after a cancel');
open_gate(1);
open_gate(2);

# set anew by a script: it ends with the script, as any setting does
$node->safe_psql('postgres',
	q{SET client_min_messages = warning;
	SELECT migrate_edit('cccc', upgrade => 'SET application_name = ''not mine''')});
$session->query(q{SELECT migrate_upgrade('head')});
is(name_of(), 'my application', 'a script cannot change the name for good');
is($session->query('SHOW application_name'),
	'my application', 'nor the setting');

# set anew by the caller between two runs
$session->query(q{SET application_name = 'another name'});
$session->query(q{SELECT migrate_downgrade('-1')});
is(name_of(), 'another name', 'the name is that of the setting');

# a long one
my $long = 'x' x 63;
$node->safe_psql(
	'postgres', qq{SET client_min_messages = warning;
	SELECT migrate_remove('cccc');
	SELECT migrate_revision('long', 'LOCK TABLE gate1', '', rev_id => '$long')});
close_gates();
start_query(q{SELECT revision FROM migrate_upgrade('head')});
await_name(substr("migrate 1/1 $long", 0, 63));
open_gate(1);
open_gate(2);
($out, $err) = end_of_query();
is($out, $long, 'a long id');
is(name_of(), 'another name', 'the name is back');

#
# Quiet
#
$session->{stderr} = '';
$session->query(q{SET client_min_messages = warning; SELECT migrate_downgrade('base'); SELECT migrate_upgrade('head')});
is($session->{stderr}, '', 'client_min_messages = warning: no notices');

$session->quit;
$_->quit foreach @keepers;

done_testing();
