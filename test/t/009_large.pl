# A long history: 10,000 revisions stored and applied in parts, thousands
# undone; and what happens where one transaction cannot hold that many locks.

use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf(
	'postgresql.conf', q{
max_connections = 10
max_prepared_transactions = 0
max_locks_per_transaction = 10
max_wal_size = 2GB
});
$node->start;

$ENV{PGOPTIONS} = '-c client_min_messages=warning';

#
# 10,000 revisions
#
$node->safe_psql(
	'postgres', q{
	CREATE EXTENSION pg_migrations;
	CREATE TABLE ran (n int);
	DO $$
	BEGIN
		FOR i IN 1 .. 10000 LOOP
			PERFORM migrate_revision('number ' || i, format('INSERT INTO ran VALUES (%s)', i),
				format('DELETE FROM ran WHERE n = %s', i), rev_id => 'r' || lpad(i::text, 6, '0'));
		END LOOP;
	END $$;
	CREATE INDEX ON ran (n);
});
is($node->safe_psql('postgres', q{SELECT count(*), max(generation) FROM migrate_revision}),
	'10000|10000', 'stored');
is($node->safe_psql('postgres', q{SELECT count(*), min(revision), max(revision) FROM migrate_pending()}),
	'10000|r000001|r010000', 'pending');

my @parts = ('+2500', 'r005000', '+2500', 'head');
foreach my $i (0 .. 3)
{
	is( $node->safe_psql(
			'postgres',
			"SELECT count(*), min(revision), max(revision), max(step) FROM migrate_upgrade('$parts[$i]')"
		),
		sprintf('2500|r%06d|r%06d|2500', 2500 * $i + 1, 2500 * ($i + 1)),
		"upgraded to $parts[$i]");
}
is( $node->safe_psql(
		'postgres', q{SELECT count(*), count(DISTINCT n), min(n), max(n) FROM ran;
		SELECT count(*), count(*) FILTER (WHERE tip) FROM migrate_applied;
		SELECT revision, marks FROM migrate_current();
		SELECT count(*) FROM migrate_history()}),
	"10000|10000|1|10000\n10000|1\nr010000|head, current\n10000",
	'all have run once');

is( $node->safe_psql(
		'postgres', q{SELECT count(*), max(revision), min(revision) FROM migrate_downgrade('-5000');
		SELECT count(*), max(n) FROM ran;
		SELECT revision FROM migrate_current();
		SELECT count(*) FROM migrate_pending()}),
	"5000|r010000|r005001\n5000|5000\nr005000\n5000",
	'5,000 are undone');
is( $node->safe_psql(
		'postgres', q{SELECT migrate_stamp('head');
		SELECT count(*) FROM migrate_upgrade('head');
		SELECT count(*) FROM ran;
		SELECT migrate_stamp('r005000');
		SELECT count(*) FROM migrate_upgrade('head');
		SELECT count(*) FROM ran}),
	"\n0\n5000\n\n5000\n10000",
	'stamped up and down');

#
# A script of 200,000 statements: stored, moved and run in either way
#
$node->safe_psql('postgres', 'CREATE DATABASE statements');
is( $node->safe_psql(
		'statements', q{
	CREATE EXTENSION pg_migrations;
	CREATE TABLE data (n int);
	SELECT migrate_revision('data', (SELECT string_agg(format('INSERT INTO data VALUES (%s)', n), E';\n')
		FROM generate_series(1, 200000) n), 'TRUNCATE data', rev_id => 'large');
	SELECT statements FROM migrate_plan('large');
	SELECT count(*) > 200000 FROM migrate_sql();
	SELECT statements FROM migrate_upgrade('large');
	SELECT count(*), sum(n) FROM data;
	SELECT statements FROM migrate_downgrade('base');
	CREATE TABLE file AS SELECT migrate_export('large') AS text;
	SELECT migrate_remove('large');
	SELECT migrate_import(text) FROM file;
	CALL migrate_deploy('large');
	SELECT count(*), sum(n) FROM data}),
	join("\n",
		'large', '200000', 't', '200000', '200000|20000100000',
		'1', '', 'large', '1|large', '200000|20000100000'),
	'200,000 statements');

#
# More locks than there is room for
#
$node->safe_psql('postgres', 'CREATE DATABASE locks');
$node->safe_psql(
	'locks', q{
	CREATE EXTENSION pg_migrations;
	DO $$
	BEGIN
		FOR i IN 1 .. 3000 LOOP
			PERFORM migrate_revision('table ' || i, format('CREATE TABLE t%s ()', i),
				format('DROP TABLE t%s', i), rev_id => 'r' || lpad(i::text, 6, '0'));
		END LOOP;
	END $$;
});
my ($rc, $out, $err) =
  $node->psql('locks', q{SELECT count(*) FROM migrate_upgrade('head')},
	extra_params => [ '-v', 'VERBOSITY=verbose' ]);
isnt($rc, 0, 'too many locks for one transaction');
like($err, qr/ERROR:  53200: out of shared memory/, 'the error is the server\'s');
like($err, qr/CONTEXT:  .*upgrade script of revision "r00\d+"/,
	'it names the revision reached');
like(
	$err,
	qr/HINT:  .* in parts \(for example '\+\d+'\).* max_locks_per_transaction/,
	'with our hint');
is( $node->safe_psql(
		'locks', q{SELECT count(*) FROM migrate_applied;
		SELECT count(*) FROM pg_class WHERE relname ~ '^t[0-9]+$';
		SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'}),
	"0\n0\n0",
	'nothing has happened');

# Follow the hint.
my ($part) = $err =~ /for example '(\+\d+)'/;
my $runs = 0;
while ($node->safe_psql('locks', q{SELECT count(*) FROM migrate_pending()}) > 0)
{
	my $remaining =
	  $node->safe_psql('locks', q{SELECT count(*) FROM migrate_pending()});
	my $target = $remaining > substr($part, 1) ? $part : 'head';
	$node->safe_psql('locks', "SELECT migrate_upgrade('$target')");
	last if ++$runs > 100;
}
is( $node->safe_psql(
		'locks', q{SELECT revision, marks FROM migrate_current();
		SELECT count(*) FROM migrate_applied;
		SELECT count(*) FROM pg_class WHERE relname ~ '^t[0-9]+$'}),
	"r003000|head, current\n3000\n3000",
	"the hint works: $part, in $runs runs");
cmp_ok($runs, '>', 1, 'in more than one');

# The same way down
($rc, $out, $err) =
  $node->psql('locks', q{SELECT count(*) FROM migrate_downgrade('base')},
	extra_params => [ '-v', 'VERBOSITY=verbose' ]);
like($err, qr/ERROR:  53200: out of shared memory/, 'a downgrade has its limit, too');
like($err, qr/CONTEXT:  .*downgrade script of revision "r00\d+"/,
	'it names the revision reached');
like(
	$err,
	qr/HINT:  .* in parts \(for example '-\d+'\).* max_locks_per_transaction/,
	'with a hint that fits');
is($node->safe_psql('locks', q{SELECT count(*) FROM migrate_applied}),
	'3000', 'nothing has happened');

done_testing();
