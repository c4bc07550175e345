# What extensions that look at each statement are shown of a deploy, and that
# they do not stand in its way: pg_stat_statements, auto_explain and, where it
# is installed, pgaudit.  pgaudit 1.7.0, 16.0 and 17.0 do stand in the way of
# statements at top level: then the error says what to do.

use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
my $libdir = $node->config_data('--pkglibdir');
my @libraries = ('pg_stat_statements', 'auto_explain');
plan skip_all => 'the server has no contrib modules'
  if grep { !-e "$libdir/$_.so" } @libraries;
my $has_pgaudit = -e "$libdir/pgaudit.so";
unshift @libraries, 'pgaudit' if $has_pgaudit;

$node->init;
$node->append_conf('postgresql.conf',
	"shared_preload_libraries = '" . join(', ', @libraries) . "'
pgaudit.log = 'all'
pg_stat_statements.track = 'all'
auto_explain.log_min_duration = 0
auto_explain.log_nested_statements = on");
$node->start;
my $db = 'postgres';
$ENV{PGOPTIONS} = '-c client_min_messages=warning';
$node->safe_psql($db, "CREATE EXTENSION $_") foreach 'pg_migrations',
  'pg_stat_statements', $has_pgaudit ? 'pgaudit' : ();

# Run something; returns what was written to the server's log meanwhile.
sub logged
{
	my ($sql) = @_;
	my $before = -s $node->logfile;
	$node->safe_psql($db, $sql);
	return substr(slurp_file($node->logfile), $before);
}

###########################################################################
# A transactional deploy: each statement is seen by itself
###########################################################################
$node->safe_psql(
	$db, q{SELECT migrate_revision('transactional', $$-- a comment
CREATE TABLE item (id int, note text);
/* another */ CREATE INDEX item_id ON item (id);
INSERT INTO item SELECT n, 'ä' FROM generate_series(1, 3) n; DO 'BEGIN PERFORM 1; END';
UPDATE item SET note = 'changed' WHERE id = 2$$,
'DROP INDEX item_id; DROP TABLE item', rev_id => 'one')});
$node->safe_psql($db, 'SELECT pg_stat_statements_reset()');
my $log = logged('CALL migrate_deploy()');

is( $node->safe_psql(
		$db, q{SELECT query FROM pg_stat_statements WHERE query ~ 'item' AND query !~ 'migrate_|pg_stat'
			ORDER BY query COLLATE "C"}),
	q{CREATE INDEX item_id ON item (id)
CREATE TABLE item (id int, note text)
INSERT INTO item SELECT n, $1 FROM generate_series($2, $3) n
UPDATE item SET note = $1 WHERE id = $2},
	'pg_stat_statements has each statement');
like($log, qr/Query Text: UPDATE item SET note = 'changed' WHERE id = 2$/m,
	'auto_explain shows one alone');
is( $node->safe_psql($db, 'SELECT count(*) FROM item'),
	3, 'the deploy was done');

SKIP:
{
	skip 'pgaudit is not installed', 6 if !$has_pgaudit;

	like($log, qr/AUDIT: .*,DDL,CREATE INDEX,.*,CREATE INDEX item_id ON item \(id\),/,
		'pgaudit logs a utility statement alone');
	like($log, qr/AUDIT: .*,WRITE,UPDATE,,,UPDATE item SET note = 'changed' WHERE id = 2,/,
		'and a query');
	unlike($log, qr/AUDIT: .*,"?-- a comment/, 'and nothing between them');

	# an audited upgrade, downgrade and shadow
	$node->safe_psql($db, q{SELECT migrate_downgrade('base')});
	$node->safe_psql($db, q{SELECT migrate_upgrade()});
	is( $node->safe_psql($db,
			q{SELECT count(*) FROM migrate_diff(model => 'CREATE TABLE item (id int, note text); CREATE INDEX item_id ON item (id)')}
		),
		0, 'a model is compared');

	#######################################################################
	# A utility statement in a transaction, then one at top level
	#######################################################################
	$node->safe_psql(
		$db, q{SELECT migrate_revision('not transactional', $$ALTER TABLE item ADD extra int;
CREATE INDEX CONCURRENTLY item_extra ON item (extra); COMMENT ON INDEX item_extra IS 'built'; VACUUM item$$,
$$DROP INDEX CONCURRENTLY item_extra; ALTER TABLE item DROP extra; VACUUM item$$,
transactional => false, rev_id => 'two')});
	my ($rc, $stdout, $stderr) = $node->psql($db, 'CALL migrate_deploy()');
	if ($stderr =~ /pgaudit stack is not empty/)
	{
		note 'pgaudit is one that refuses statements at top level';
		like($stderr,
			qr/^HINT:  pgaudit 1\.7\.0, 16\.0 and 17\.0 refuse .*Install pgaudit 1\.7\.1, 16\.1, 17\.1/m,
			'the hint says what is to be done');
		is( $node->safe_psql(
				$db, q{SELECT statement, message FROM migrate_log WHERE outcome = 'failed'}
			) =~ s/ \(.*//r,
			'2|pgaudit stack is not empty', 'it was the second statement');
	}
	else
	{
		note 'pgaudit is one that lets statements at top level pass';
		is($stderr, '', 'it is deployed');
		is( $node->safe_psql($db, q{SELECT obj_description('item_extra'::regclass)}),
			'built', 'to its end');
		$node->safe_psql($db, q{CALL migrate_revert('one')});
		is($node->safe_psql($db, q{SELECT to_regclass('item_extra') IS NULL}),
			't', 'and reverted');
	}
}

done_testing();
