# A streaming standby: looking works, an upgrade with nothing to do works,
# everything else is refused with 25006; after promotion it works.

use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $primary = PostgreSQL::Test::Cluster->new('primary');
$primary->init(allows_streaming => 1);
$primary->start;

$ENV{PGOPTIONS} = '-c client_min_messages=warning';

$primary->safe_psql(
	'postgres', q{
	CREATE EXTENSION pg_migrations;
	CREATE SCHEMA tenant;
	SELECT migrate_revision('create a', 'CREATE TABLE a ()', 'DROP TABLE a', rev_id => 'aaaa', branch_label => 'main');
	SELECT migrate_revision('create b', 'CREATE TABLE b ()', 'DROP TABLE b', rev_id => 'bbbb');
	SELECT migrate_upgrade('head');
	CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);
	INSERT INTO alembic_version VALUES ('bbbb');
	SELECT migrate_upgrade('aaaa', schema => 'tenant');
});

$primary->backup('backup');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'backup', has_streaming => 1);
$standby->start;
$primary->wait_for_catchup($standby);
is($standby->safe_psql('postgres', 'SELECT pg_is_in_recovery()'),
	't', 'the standby is one');

# The SQLSTATE of a query's error, or its result
sub result_of
{
	my ($node, $query) = @_;
	my ($rc, $out, $err) = $node->psql('postgres', $query,
		extra_params => [ '-v', 'VERBOSITY=sqlstate' ]);
	return $rc == 0 ? $out : $err =~ /ERROR:  (\S+)/ ? $1 : $err;
}

my @looking = (
	q{SELECT * FROM migrate_current()},
	q{SELECT * FROM migrate_current('tenant')},
	q{SELECT * FROM migrate_history()},
	q{SELECT * FROM migrate_heads()},
	q{SELECT * FROM migrate_branches()},
	q{SELECT * FROM migrate_pending()},
	q{SELECT * FROM migrate_pending('tenant')},
	q{SELECT * FROM migrate_plan('base', downgrade => true)},
	q{SELECT * FROM migrate_plan(schema => 'tenant')},
	q{SELECT * FROM migrate_plan('heads', files => E'-- revision: new1\n-- down_revision: bbbb\n-- message: x\n-- migrate:upgrade\nSELECT 1')},
	q{SELECT migrate_show('bbbb')},
	q{SELECT migrate_graph()},
	q{SELECT migrate_graph('dot')},
	q{SELECT migrate_sql()},
	q{SELECT migrate_export('base:heads', file_names => true)},
	q{SELECT migrate_adopt()},
	q{SELECT * FROM migrate_version},
	q{SELECT migrate_require('heads')},
	q{SELECT migrate_require('nowhere')},
	q{SELECT migrate_require('main@head', schema => 'tenant')});

foreach my $query (@looking)
{
	is(result_of($standby, $query), result_of($primary, $query), $query);
}

# Nothing to do
foreach my $query (
	q{SELECT count(*) FROM migrate_upgrade('head')},
	q{SELECT count(*) FROM migrate_upgrade('heads')},
	q{SELECT count(*) FROM migrate_upgrade('aaaa')},
	q{SELECT count(*) FROM migrate_upgrade(migrate_import(migrate_export('base:heads')))},
	q{SELECT count(*) FROM migrate_upgrade('aaaa', schema => 'tenant')},
	q{SELECT count(*) FROM migrate_downgrade('base', schema => 'public')})
{
	is(result_of($standby, $query), '0', "on the standby: $query");
}

# A model that was built on the primary
$primary->safe_psql('postgres',
	q{SELECT migrate_set_model('CREATE TABLE a (); CREATE TABLE b ()', include => '{public}', exclude => '{migrate_*,alembic_version}')}
);
$primary->wait_for_catchup($standby);
foreach my $query (
	q{SELECT migrate_check()},
	q{SELECT count(*) FROM migrate_diff()})
{
	is(result_of($standby, $query), result_of($primary, $query),
		"on the standby: $query");
}
is(result_of($standby, q{SELECT migrate_check('CREATE TABLE a ()')}),
	'25006', 'another model would have to be built');

# A copy of the database has what is kept, and does not believe it
$primary->safe_psql('template1', 'CREATE DATABASE copy TEMPLATE postgres');
is( $primary->safe_psql('copy', 'SELECT count(*) FROM migrate_built'),
	'1', 'the copy has the snapshot');
my ($rc0, $out0, $refused) = $primary->psql('copy',
	'BEGIN READ ONLY; SELECT migrate_check(); COMMIT');
like($refused, qr/cannot execute.*no longer holds: database/s,
	'the copy does not believe it');
is($primary->psql('copy', 'SELECT migrate_check()'), 0, 'and builds it');
$primary->safe_psql('template1', 'DROP DATABASE copy');
$primary->wait_for_catchup($standby);

# Something to do
foreach my $query (
	q{SELECT * FROM migrate_upgrade('head', schema => 'tenant')},
	q{SELECT * FROM migrate_downgrade('-1')},
	q{SELECT * FROM migrate_redo()},
	q{SELECT migrate_stamp('base')},
	q{SELECT migrate_revision('create c')},
	q{SELECT migrate_merge('aaaa, bbbb')},
	q{SELECT migrate_edit('bbbb', message => 'edited')},
	q{SELECT migrate_remove('bbbb')},
	q{SELECT migrate_import(replace(migrate_export('bbbb'), 'message: create', 'message: made'))},
	q{SELECT migrate_import(E'-- revision: cccc\n-- down_revision:\n-- migrate:upgrade\n')},
	q{SELECT migrate_squash('aaaa:bbbb', 'both')})
{
	is(result_of($standby, $query), '25006', "on the standby: $query");
}

# An application that starts on the standby before the primary is upgraded
$primary->safe_psql('postgres',
	q{SELECT migrate_revision('create c', 'CREATE TABLE c ()', 'DROP TABLE c', rev_id => 'cccc')}
);
$primary->wait_for_catchup($standby);
is(result_of($standby, q{SELECT * FROM migrate_upgrade('head')}),
	'25006', 'with pending work an upgrade is refused');
is(result_of($standby, q{SELECT migrate_require('heads')}),
	'MG022', 'migrate_require() tells');
is($standby->safe_psql('postgres', q{SELECT revision FROM migrate_pending()}),
	'cccc', 'migrate_pending() tells');
my ($rc, $out, $err) =
  $standby->psql('postgres', q{SELECT * FROM migrate_upgrade('head')});
like($err, qr/cannot execute migrate_upgrade\(\) (during recovery|in a read-only transaction)/,
	'the message says why');

$primary->safe_psql('postgres', q{SELECT migrate_upgrade('head')});
$primary->wait_for_catchup($standby);
is(result_of($standby, q{SELECT count(*) FROM migrate_upgrade('head')}),
	'0', 'then there is nothing to do again');
is(result_of($standby, q{SELECT migrate_require('cccc')}),
	'', 'and migrate_require() is content');

# After promotion
$primary->safe_psql('postgres',
	q{SELECT migrate_revision('create d', 'CREATE TABLE d ()', 'DROP TABLE d', rev_id => 'dddd')}
);
$primary->wait_for_catchup($standby);
$primary->stop;
$standby->promote;
is( $standby->safe_psql(
		'postgres', q{SELECT revision FROM migrate_upgrade('head');
		SELECT to_regclass('d') IS NOT NULL}),
	"dddd\nt",
	'promoted: the upgrade runs');
is( $standby->safe_psql(
		'postgres', q{SELECT count(*) = count(DISTINCT id) FROM migrate_log;
		SELECT revision FROM migrate_log ORDER BY id DESC LIMIT 1}),
	"t\ndddd",
	'promoted: the log goes on');

done_testing();
