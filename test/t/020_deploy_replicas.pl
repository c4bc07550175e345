# Many replicas deploy at once, with revisions that cannot run in a
# transaction: each revision runs exactly once, one works and nobody fails,
# also when some of them are terminated or killed.

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
$node->append_conf('postgresql.conf',
	"max_connections = 100\nrestart_after_crash = on");
$node->start;

# A lock that the test holds is waited for as long as it takes.
$ENV{PGOPTIONS} = '-c client_min_messages=warning -c migrate.lock_timeout=0';

# Each revision leaves a row, a table, and every third an index, built
# concurrently.  Number 9 builds one on the table "busy", and number 16 stops
# at the gate.
sub create_database
{
	my ($dbname) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $dbname");
	$node->safe_psql(
		$dbname, q{
		CREATE EXTENSION pg_migrations;
		CREATE TABLE ran (revision text);
		CREATE TABLE gate ();
		CREATE TABLE busy (id int);
		INSERT INTO busy SELECT generate_series(1, 100);
		DO $$
		DECLARE
			id text;
		BEGIN
			FOR i IN 1 .. 30 LOOP
				id := lpad(i::text, 4, '0');
				PERFORM migrate_revision('number ' || i,
					format('INSERT INTO ran VALUES (%L); CREATE TABLE t%s (id int)', 'r' || id, id)
					|| CASE WHEN i % 3 = 0 THEN format('; CREATE INDEX CONCURRENTLY i%s ON %s (id)', id,
						CASE i WHEN 9 THEN 'busy' ELSE 't' || id END) ELSE '' END
					|| CASE i WHEN 16 THEN '; LOCK TABLE gate' ELSE '' END,
					format('DROP TABLE t%s', id), rev_id => 'r' || id);
			END LOOP;
		END $$;
	});
	return;
}

sub check_once
{
	my ($dbname, $name) = @_;
	is( $node->safe_psql(
			$dbname, q{
			SELECT count(*), count(DISTINCT revision), min(revision), max(revision) FROM ran;
			SELECT count(*), count(*) FILTER (WHERE tip) FROM migrate_applied;
			SELECT count(*), count(DISTINCT revision) FROM migrate_log WHERE action = 'upgrade' AND outcome = 'done';
			SELECT string_agg(revision, ' ') FROM migrate_current();
			SELECT count(*) FROM pg_class WHERE relname ~ '^t\d+$';
			SELECT count(*), count(*) FILTER (WHERE indisvalid AND indisready AND indislive)
				FROM pg_index WHERE indexrelid::regclass::text ~ '^i\d+$';
			SELECT count(*) FROM pg_class WHERE relname ~ '_cc(new|old)';
			SELECT count(*) FROM migrate_progress;
			SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'}),
		"30|30|r0001|r0030\n30|1\n30|30\nr0030\n30\n10|10\n0\n0\n0",
		"$name: each revision exactly once");
	return;
}

# A session that holds everybody up: it edits.
sub hold
{
	my ($dbname) = @_;
	my $editor = $node->background_psql($dbname);
	$editor->query_safe(
		q{BEGIN; SELECT migrate_edit('r0001', message => 'never committed')});
	return $editor;
}

sub start_replicas
{
	my ($dbname, $number, $query) = @_;
	my @replicas =
	  map { start_call($node, $dbname, $query, name => 'replica') }
	  (1 .. $number);

	await_calls($node, $number);
	return @replicas;
}

# Revisions run by all, number of those that ran some, those that failed
sub finish_replicas
{
	my ($steps, $workers, @failed) = (0, 0);

	foreach my $replica (@_)
	{
		my ($out, $err, $ok) = end_call($replica);
		my ($applied) = $out =~ /^(\d+)\|r0030$/;

		if ($ok && defined $applied)
		{
			$steps += $applied;
			$workers++ if $applied > 0;
		}
		else
		{
			push @failed, "$out$err";
		}
	}
	return ($steps, $workers, @failed);
}

# Who works, once it waits for somebody
sub worker
{
	my ($dbname, $revision) = @_;
	my $query = qq{SELECT pid FROM migrate_status() WHERE revision = '$revision'
		AND waiting_for IS NOT NULL};

	await($node, "SELECT EXISTS ($query)", $dbname);
	return $node->safe_psql($dbname, $query);
}

my $DEPLOY = q{CALL migrate_deploy('head')};

#
# All at once
#
create_database('calm');
my $editor = hold('calm');
my @replicas = start_replicas('calm', 20, $DEPLOY);
$editor->query_safe('ROLLBACK');
my ($steps, $workers, @failed) = finish_replicas(@replicas);
is("@failed", '', 'nobody fails or complains');
is($workers, 1, 'one works');
is($steps, 30, 'and does all of it');
check_once('calm', 'all at once');

# Once more: nothing to do
$editor->query_safe(
	q{BEGIN; SELECT migrate_edit('r0001', message => 'never committed')});
is($node->safe_psql('calm', $DEPLOY),
	'0|r0030', 'a replica that starts later does not even wait');
$editor->query_safe('ROLLBACK');
$editor->quit;

#
# A third of fifty are terminated: four while they build the index of the
# ninth revision, four at the gate of the sixteenth, and the others while they
# wait.
#
create_database('stormy');
my $seed = int(rand(2**31));
srand($seed);
note "random seed: $seed";
$editor = hold('stormy');
my $writer = $node->background_psql('stormy');
$writer->query_safe('BEGIN; INSERT INTO busy VALUES (101)');
my $gatekeeper = $node->background_psql('stormy');
$gatekeeper->query_safe('BEGIN; LOCK TABLE gate IN ACCESS SHARE MODE');
@replicas = start_replicas('stormy', 50, $DEPLOY);
$editor->query_safe('ROLLBACK');
$editor->quit;

my %alive = map { $_->{pid} => 1 } @replicas;

sub terminate
{
	my ($victim) = @_;
	delete $alive{$victim};
	return $node->safe_psql('postgres',
		"SELECT pg_terminate_backend($victim, 180000)") eq 't';
}

foreach my $revision ('r0009', 'r0016')
{
	foreach my $i (1 .. 4)
	{
		my $worker = worker('stormy', $revision);
		my @waiting = grep { $_ != $worker } keys %alive;

		ok(terminate($waiting[ rand @waiting ]),
			"terminated number $i that waits");
		ok(terminate($worker), "terminated number $i in revision $revision");
	}
	is( $node->safe_psql(
			'stormy', 'SELECT count(*), count(DISTINCT revision) FROM ran'),
		$revision eq 'r0009' ? '9|9' : '15|15',
		"none of those in revision $revision ran a statement twice");
	($revision eq 'r0009' ? $writer : $gatekeeper)->query_safe('COMMIT');
}
$writer->quit;
$gatekeeper->quit;
($steps, $workers, @failed) = finish_replicas(@replicas);
is(scalar(@failed), 16, 'nobody fails but those that were terminated');
is(errors_of(join '', @failed), join(' ', ('57P01') x 16), 'and they were told');
is($workers, 1, 'one works to the end');
is($steps, 15, 'and does what was left');
check_once('stormy', 'with some terminated');

#
# Both forms at once: an upgrade either does it, or finds nothing to do, or is
# told at once that a deploy is running.
#
create_database('both_forms');
$node->safe_psql('both_forms',
	q{SELECT migrate_edit(revision, upgrade => regexp_replace(upgrade_sql, '; CREATE INDEX.*', ''))
	FROM migrate_revision WHERE NOT transactional});
$editor = hold('both_forms');
@replicas = (
	start_replicas('both_forms', 15, $DEPLOY),
	start_replicas(
		'both_forms', 15,
		q{SELECT count(*), 'r0030' FROM migrate_upgrade('head')}));
$editor->query_safe('ROLLBACK');
$editor->quit;
($steps, $workers, @failed) = finish_replicas(@replicas);
is($steps, 30, 'both forms: all is done once');
is(scalar(grep { errors_of($_) ne '55P03' || !/a deploy is running/ } @failed),
	0, 'both forms: who fails is told that a deploy is running');
ok(@failed <= 15, 'both forms: no deploy fails');
is( $node->safe_psql(
		'both_forms', q{
		SELECT count(*), count(DISTINCT revision) FROM ran;
		SELECT count(*) FROM migrate_applied}),
	"30|30\n30",
	'both forms: each revision exactly once');

#
# kill -9 takes all of them along; whoever comes next finishes.
#
create_database('killed');
foreach my $revision ('r0009', 'r0016', 'r0016')
{
	$editor = hold('killed');
	$writer = $node->background_psql('killed');
	$writer->query_safe('BEGIN; INSERT INTO busy VALUES (101)')
	  if $revision eq 'r0009';
	$gatekeeper = $node->background_psql('killed');
	$gatekeeper->query_safe('BEGIN; LOCK TABLE gate IN ACCESS SHARE MODE');
	@replicas = start_replicas('killed', 15, $DEPLOY);
	$editor->query_safe('ROLLBACK');
	my $worker = worker('killed', $revision);

	is(kill('KILL', $worker), 1, "kill -9 in revision $revision");
	(undef, undef, @failed) = finish_replicas(@replicas);
	is(scalar(@failed), 15, 'all sessions are gone');
	await($node, 'SELECT true');
	$_->{run}->kill_kill foreach ($editor, $writer, $gatekeeper);
}
is($node->safe_psql('killed', $DEPLOY), '15|r0030', 'the next deploy finishes');
check_once('killed', 'with kill -9');

done_testing();
