# While a proof of a thousand tables is under way nobody waits for it: not for
# the tables that its scripts are about, nor for others of its schema.

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
$node->start;

# The default of a new column is evaluated when the column is added, which is
# in the proof.  It goes on while somebody has an advisory lock.
my $held = q{
	CREATE FUNCTION held() RETURNS int LANGUAGE plpgsql STABLE AS $held$
	BEGIN
		RAISE LOG 'the proof is held';
		WHILE EXISTS (SELECT FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND objid = 4711) LOOP
			PERFORM pg_catalog.pg_sleep(0.01);
		END LOOP;
		RETURN 1;
	END $held$;
};
my $tables = join('', map { "CREATE TABLE t$_ (a int);\n" } 2 .. 1000);
my $model = "$held $tables CREATE TABLE t1 (a int PRIMARY KEY, b int DEFAULT held());";

$node->safe_psql('postgres', qq{
	CREATE SCHEMA mig;
	CREATE EXTENSION pg_migrations SCHEMA mig;
	CREATE SCHEMA app;
	ALTER DATABASE postgres SET search_path = app, mig;
	SET search_path = app;
	$held $tables
	CREATE TABLE t1 (a int PRIMARY KEY);
});

my $holder = session($node, 'postgres');
say_in($holder, 'SELECT pg_advisory_lock(4711)');
my $from = -s $node->logfile;
my $proof = start_call($node, 'postgres',
	"SELECT upgrade FROM migrate_autogenerate_sql(\$model\$$model\$model\$)");
# by its own words, not those of the model in a logged statement
$node->wait_for_log(qr/LOG:  the proof is held/, $from);

is( $node->safe_psql('postgres',
		"SELECT count(*) FROM pg_locks JOIN pg_class c ON c.oid = relation WHERE pid = $proof->{pid} AND c.oid >= 16384 AND mode <> 'AccessShareLock'"),
	'0', 'it has no lock on anything that is there but to read it');

# Whoever had to wait would do so until the proof goes on, which is after this.
foreach my $statement (
	'INSERT INTO app.t1 VALUES (1)',
	'UPDATE app.t1 SET a = 2',
	'ALTER TABLE app.t1 ADD COLUMN c int',
	'TRUNCATE app.t1',
	'DROP TABLE app.t2',
	'CREATE INDEX ON app.t3 (a)',
	'ALTER TABLE app.t5 RENAME TO t5_old',
	'VACUUM (FULL, ANALYZE) app.t6',
	'CREATE TABLE app.more (a int REFERENCES app.t1)',
	'CREATE TABLE public.more (a int)',
	'GRANT SELECT ON app.t7 TO PUBLIC',
	"COMMENT ON SCHEMA app IS 'it'",
	'CREATE OR REPLACE FUNCTION app.held() RETURNS int LANGUAGE sql AS $$SELECT 1$$',
	'CREATE SCHEMA other',
	'VACUUM pg_catalog.pg_class',
	'VACUUM pg_catalog.pg_namespace')
{
	local $ENV{PGOPTIONS} = '-c lock_timeout=60s -c client_min_messages=warning';
	my ($status, $stdout, $stderr) = $node->psql('postgres', $statement);
	is($status, 0, "meanwhile: $statement");
	diag $stderr if $status;
}

ok($proof->{run}->pumpable && $node->safe_psql('postgres',
		"SELECT state FROM pg_stat_activity WHERE pid = $proof->{pid}") eq 'active', 'it goes on all the while');
say_in($holder, 'SELECT pg_advisory_unlock(4711)');
my ($out, $err, $ok) = end_call($proof);
ok($ok, 'it ends when it can');
like($out, qr/^ALTER TABLE app\.t1 ADD COLUMN b integer DEFAULT app\.held\(\);/m, 'with a script')
  or diag $out;
unlike($out, qr/NOT PROVEN/, 'that is proven');
is($node->safe_psql('postgres', "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'migrate\\_%'"),
	'0', 'and leaves nothing behind');

done_testing();
