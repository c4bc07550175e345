# Extensions of others: versions that models and revisions ask for, and types
# into which values of columns change.

use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $share = `pg_config --sharedir`;
chomp($share);
$share .= '/extension';
plan skip_all => "needs to write into $share" unless -w $share;

my @made = map { "$share/mig_versions$_" }
  ('.control', '--1.sql', '--1--2.sql', '--2--3.sql');
END { unlink @made }
append_to_file($made[0], "default_version = '2'\nrelocatable = true\n");
append_to_file($made[1], "CREATE FUNCTION ext_one() RETURNS int LANGUAGE sql AS 'SELECT 1';");
append_to_file($made[2], "CREATE FUNCTION ext_two() RETURNS int LANGUAGE sql AS 'SELECT 2';");
append_to_file($made[3], 'DROP FUNCTION ext_one();');

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
$ENV{PGOPTIONS} = '-c client_min_messages=warning';
foreach my $db (qw(app other))
{
	$node->safe_psql('postgres', "CREATE DATABASE $db");
	$node->safe_psql($db, 'CREATE EXTENSION pg_migrations');
}

sub sql { return $node->safe_psql(@_) }

# What is said besides the result
sub said
{
	my ($out, $err);
	local $ENV{PGOPTIONS} = '';
	$node->psql('app', $_[0], stdout => \$out, stderr => \$err);
	return $err;
}

my $old = q{CREATE EXTENSION mig_versions VERSION '1'; CREATE TABLE t (a int DEFAULT ext_one());};
my $new = q{CREATE EXTENSION mig_versions VERSION '2'; CREATE TABLE t (a int DEFAULT ext_two());};

# The version that the model says is the one that is created
like(
	sql('app', "SELECT upgrade FROM migrate_autogenerate_sql(\$\$$old\$\$)"),
	qr/^CREATE EXTENSION mig_versions SCHEMA public VERSION '1';/,
	'the version of the model is created');
like(
	sql('app', "SELECT upgrade FROM migrate_autogenerate_sql(\$\$$new\$\$)"),
	qr/^CREATE EXTENSION mig_versions SCHEMA public;/,
	'the default version goes without saying');

# One that is installed stays as it is
sql('app', $old);
is(sql('app', "SELECT count(*) FROM migrate_diff(\$\$$old\$\$)"),
	'0', 'a version that is there is no difference');
unlike(said("SELECT * FROM migrate_diff(\$\$$old\$\$)"),
	qr/NOTICE/, 'nor is anything said');
my $said = said("SELECT * FROM migrate_diff(\$\$$new\$\$)");
like(
	$said,
	qr/NOTICE:  extension "mig_versions" has version 1, in the model it has 2\nHINT:.*ALTER EXTENSION mig_versions UPDATE TO '2'\./,
	'another version is told');
like($said, qr/ext_two\(\) does not exist/, 'before what it would be for');
sql('app', 'DROP TABLE t; DROP EXTENSION mig_versions');

# Revisions update it
foreach my $revision (
	[ '1a', $old, 'DROP TABLE t; DROP EXTENSION mig_versions' ],
	[ '2b', q{ALTER EXTENSION mig_versions UPDATE TO '2'; ALTER TABLE t ALTER a SET DEFAULT ext_two();},
		'ALTER TABLE t ALTER a SET DEFAULT ext_one()' ],
	[ '3c', q{ALTER EXTENSION mig_versions UPDATE TO '3';}, undef ])
{
	my ($id, $up, $down) = @$revision;
	$down = defined $down ? ", '$down'" : '';
	sql($_, "SELECT migrate_revision('r', \$\$$up\$\$$down, rev_id => '$id')")
	  foreach qw(app other);
}
my $results =
  "SELECT string_agg(revision || ' ' || test || ' ' || result, ', ') FROM migrate_test()";
my $good = '1a upgrade ok, 1a downgrade ok, 1a upgrade again ok, '
  . '2b upgrade ok, 2b downgrade ok, 2b upgrade again ok, '
  . '3c upgrade ok, 3c downgrade skipped';
is(sql('app', $results), $good, 'a replay updates what it has created');
sql('app', 'SELECT * FROM migrate_upgrade()');
is(sql('app', 'SELECT extversion FROM pg_extension WHERE extname = $$mig_versions$$'),
	'3', 'an upgrade updates it');
is( sql('other',
		"SELECT upgrade FROM migrate_autogenerate_sql(\$\$CREATE EXTENSION mig_versions; CREATE TABLE t (a int DEFAULT ext_two(), b int)\$\$, against => 'head')"),
	"ALTER TABLE public.t ADD COLUMN b integer;\n",
	'and a comparison with revisions');
is(sql('other', 'SELECT count(*) FROM pg_extension WHERE extname = $$mig_versions$$'),
	'0', 'nothing of it stays');

# Values become such of an extension's type, and back
SKIP:
{
	skip 'there is no hstore', 5 unless -e "$share/hstore.control";
	my $rows = 'SELECT string_agg(a::text, $$;$$ ORDER BY id) FROM conv';
	my $model = sub { "\$\$CREATE EXTENSION hstore; CREATE TABLE conv (id int, a $_[0]);\$\$" };
	sql('other', 'SELECT migrate_remove(r) FROM unnest(ARRAY[$$3c$$, $$2b$$, $$1a$$]) r');
	sql('other', q{CREATE EXTENSION hstore; CREATE TABLE conv (id int, a jsonb);
		INSERT INTO conv VALUES (1, '{"a": 1, "b": null, "c": "x\"y\n", "d": {"e": [2]}}'), (2, '{}'), (3, NULL)});
	my $before = sql('other', $rows);
	sql('other', 'SELECT migrate_autogenerate($$hstore$$, model => ' . $model->('hstore') . ')');
	sql('other', 'SELECT * FROM migrate_upgrade()');
	is( sql('other', 'SELECT string_agg(id || (SELECT coalesce(string_agg(key || $$=$$ || coalesce(value, $$null$$), $$,$$ ORDER BY key), $$-$$) FROM each(a)), $$;$$ ORDER BY id) FROM conv'),
		"1a=1,b=null,c=x\"y\n,d={\"e\": [2]};2-;3-",
		'keys and values of JSON');
	is(sql('other', 'SELECT a IS NULL FROM conv WHERE id = 3'), 't', 'NULL is that');
	sql('other', q{SELECT * FROM migrate_downgrade('-1')});
	is( sql('other', $rows),
		'{"a": "1", "b": null, "c": "x\"y\n", "d": "{\"e\": [2]}"};{}',
		'and back, as text');
	sql('other', 'SELECT migrate_remove($$head$$)');
	sql('other', 'ALTER TABLE conv ALTER a TYPE json; DROP EXTENSION hstore');
	sql('other', 'SELECT migrate_autogenerate($$hstore$$, model => ' . $model->('hstore') . ')');
	sql('other', 'SELECT * FROM migrate_upgrade()');
	is( sql('other', $rows),
		qq{"a"=>"1", "b"=>NULL, "c"=>"x\\"y\n", "d"=>"{\\"e\\": [2]}";},
		'so they do where the extension comes with them');
	sql('other', q{SELECT * FROM migrate_downgrade('-1')});
	is( sql('other', $rows),
		'{"a": "1", "b": null, "c": "x\"y\n", "d": "{\"e\": [2]}"};{}',
		'and goes');
}

SKIP:
{
	skip 'there is no citext', 1 unless -e "$share/citext.control";
	sql('other', 'CREATE EXTENSION citext; CREATE TABLE letters (a text UNIQUE, b citext UNIQUE)');
	is( sql('other',
			'SELECT object || $$: $$ || hazard FROM migrate_diff($$CREATE EXTENSION hstore; CREATE EXTENSION citext; CREATE TABLE conv (id int, a json); CREATE TABLE letters (a citext UNIQUE, b text UNIQUE)$$) WHERE hazard IS NOT NULL'),
		'public.letters.a: MAY FAIL: rows that are equal in constraint "letters_a_key" by the new type (0 rows now); '
		  . 'blocks writes: no session can read or write the table while index "letters_a_key" is built anew (0 rows now)' . "\n"
		  . 'public.letters.b: blocks writes: no session can read or write the table while index "letters_b_key" is built anew (0 rows now)',
		'what is equal changes, and the index, but no value');
}

$node->stop;
done_testing();
