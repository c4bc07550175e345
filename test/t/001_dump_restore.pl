# Dump and restore: a full dump keeps everything and pg_dump has nothing to
# warn about; what the partial kinds of dump keep.

use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;

# pg_dump's messages must not depend on who runs the test
$ENV{LC_ALL} = 'C';
$ENV{PGOPTIONS} = '-c client_min_messages=warning';

my $dir = PostgreSQL::Test::Utils::tempdir;
my @tables = map { "\"Mig Schema\".migrate_$_" }
  qw(revision edge applied progress log model guard);

# All rows of all tables, as text
sub contents
{
	my ($dbname) = @_;
	return $node->safe_psql(
		$dbname,
		join(
			'', map { "SELECT '$_', t FROM $_ t ORDER BY t::text COLLATE \"C\";\n" }
			  @tables));
}

# What the functions say
sub answers
{
	my ($dbname) = @_;
	return $node->safe_psql(
		$dbname, q{
		SET search_path = app, "Mig Schema";
		SELECT * FROM migrate_history();
		SELECT * FROM migrate_current();
		SELECT * FROM migrate_current('tenant "a"');
		SELECT * FROM migrate_pending();
		SELECT * FROM migrate_heads();
		SELECT * FROM migrate_branches();
		SELECT migrate_graph();
		SELECT migrate_show('bbbb');
		SELECT migrate_sql();
	});
}

# Run a program that must succeed without a word on stderr.
sub quietly
{
	my ($name, @command) = @_;
	my ($out, $err);
	my $ok = IPC::Run::run(\@command, '>', \$out, '2>', \$err);
	ok($ok, "$name succeeds");
	is($err, '', "$name prints no warning");
	return;
}

sub quiet_dump
{
	my ($name, $dbname, @options) = @_;
	my $file = "$dir/$name.dump";
	quietly("pg_dump $name", 'pg_dump', '-f', $file, @options,
		$node->connstr($dbname));
	return $file;
}

sub quiet_restore
{
	my ($name, $dbname, $file, @options) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $dbname");
	quietly(
		"restore $name",
		@options
		? ('pg_restore', @options, '-d', $node->connstr($dbname), $file)
		: (
			'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-d',
			$node->connstr($dbname), '-f', $file));
	return;
}

# A database with something in every table: branches, labels, dependencies, a
# merge, a late revision, texts that are hard to quote.
$node->safe_psql('postgres', 'CREATE DATABASE source');
$node->safe_psql(
	'source', q{
	CREATE SCHEMA "Mig Schema";
	CREATE EXTENSION pg_migrations SCHEMA "Mig Schema";
	CREATE SCHEMA app;
	CREATE SCHEMA "tenant ""a""";
	SET search_path = app, "Mig Schema";
	SELECT migrate_revision('create a', 'CREATE TABLE a (id int)', 'DROP TABLE a', rev_id => 'aaaa', branch_label => 'main');
	SELECT migrate_revision(E'it''s b\nwith a description\n\ttab, \\backslash, "quotes", ümläut',
		E'CREATE TABLE b (t text);\nINSERT INTO b VALUES (E''line\\n\t''), (''\\.''), (NULL)',
		'DROP TABLE b', 'SELECT 1/count(*) FROM b', rev_id => 'bbbb');
	SELECT migrate_revision('other branch', 'CREATE TABLE c ()', rev_id => 'cccc', head => 'aaaa', splice => true, branch_label => 'side');
	SELECT migrate_revision('own root', '', rev_id => 'dddd', head => 'base', depends_on => 'side');
	SELECT migrate_merge('bbbb, cccc', rev_id => 'mmmm');
	SELECT migrate_revision('on top', 'CREATE TABLE e ()', 'DROP TABLE e', rev_id => 'eeee', head => 'mmmm');
	SELECT migrate_upgrade('heads', tag => 'first');
	SELECT migrate_downgrade('mmmm');
	SELECT migrate_stamp('bbbb', schema => 'tenant "a"', tag => 'by hand');
	SELECT migrate_edit('eeee', message => 'on top, edited');
	SELECT migrate_revision('slipped in', 'CREATE TABLE late ()', rev_id => 'llll', head => 'aaaa', splice => true);
	SELECT migrate_edit('bbbb', head => 'llll');
	INSERT INTO migrate_model VALUES ('', 'CREATE TABLE a (id int)', '{app}', NULL, now(), 'me');
	INSERT INTO migrate_progress VALUES ('', 'eeee', 'upgrade', 1, now(), true);
	INSERT INTO migrate_guard VALUES ('log', '{app}', '{job_*}', now(), 'me');
});
my $contents = contents('source');
my $answers = answers('source');
my $last_id = $node->safe_psql('source',
	'SELECT max(id) FROM "Mig Schema".migrate_log');

cmp_ok(scalar(grep { $contents !~ /^\Q$_\E\|/m } @tables),
	'==', 0, 'every table has a row');
like($answers, qr/\blate\b/, 'a revision is late');

#
# Full dumps
#
my %full = (
	plain => [ ['-Fp'] ],
	inserts => [ [ '-Fp', '--column-inserts' ] ],
	custom => [ ['-Fc'], '--exit-on-error' ],
	directory => [ ['-Fd'], '--exit-on-error', '-j2' ],
	tar => [ ['-Ft'], '--exit-on-error', '--single-transaction' ]);

foreach my $name (sort keys %full)
{
	my ($dump_options, @restore_options) = @{ $full{$name} };
	my $file = quiet_dump($name, 'source', @$dump_options);
	my $dbname = "restored_$name";

	quiet_restore($name, $dbname, $file, @restore_options);
	is(contents($dbname), $contents, "$name: every row is there");
	is(answers($dbname), $answers, "$name: the functions say the same");
	is( $node->safe_psql(
			$dbname, q{SELECT extnamespace::regnamespace FROM pg_extension
			WHERE extname = 'pg_migrations'}),
		'"Mig Schema"',
		"$name: the extension is in its schema");

	# It goes on from there.
	is( $node->safe_psql(
			$dbname, q{SET search_path = app, "Mig Schema";
			SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_upgrade('heads')}
		),
		'llll eeee',
		"$name: what was pending runs");
	is( $node->safe_psql(
			$dbname, q{SELECT min(id) FROM "Mig Schema".migrate_log
			WHERE revision = 'llll' AND action = 'upgrade'}),
		$last_id + 1,
		"$name: the numbers of the log continue");
	is( $node->safe_psql(
			$dbname, q{SET search_path = app, "Mig Schema";
			SELECT migrate_revision('after the restore', rev_id => 'ffff', head => 'eeee')}
		),
		'ffff',
		"$name: a new revision can be stored");
}

# A dump of what was restored is the same again, that is: the order of the
# rows and the quoting are stable, and nothing was lost on the way.
my $again = quiet_dump('again', 'restored_plain', '-Fp');
quiet_restore('again', 'restored_again', $again);
is(contents('restored_again'), contents('restored_plain'),
	'dumped and restored once more: every row is there');

# Into a database that has it all already
quiet_restore('for --clean', 'restored_clean', "$dir/custom.dump",
	'--exit-on-error');
$node->safe_psql(
	'restored_clean', q{SET search_path = app, "Mig Schema";
	SELECT migrate_stamp('base');
	SELECT migrate_remove('eeee')});
isnt(contents('restored_clean'), $contents, 'something is different');
quietly(
	'pg_restore --clean', 'pg_restore', '--clean', '--if-exists',
	'--exit-on-error', '-d', $node->connstr('restored_clean'),
	"$dir/custom.dump");
is(contents('restored_clean'),
	$contents, '--clean: as in the dump, not as before');

#
# Partial dumps
#
my $schema_only = quiet_dump('schema_only', 'source', '-s');
quiet_restore('schema only', 'restored_schema_only', $schema_only);
is( $node->safe_psql(
		'restored_schema_only', q{SELECT count(*) FROM "Mig Schema".migrate_revision;
		SELECT count(*) FROM "Mig Schema".migrate_applied;
		SELECT to_regclass('app.b')}),
	"0\n0\napp.b",
	'-s: the tables of the application, the extension, and no revision');
is( $node->safe_psql(
		'restored_schema_only', q{SET search_path = app, "Mig Schema";
		SELECT migrate_revision('create g', 'CREATE TABLE g ()', rev_id => 'gggg');
		SELECT revision FROM migrate_upgrade()}),
	"gggg\ngggg",
	'-s: one can begin anew');

my $application = quiet_dump('application', 'source', '-n', 'app');
quiet_restore('-n application', 'restored_application', $application);
is( $node->safe_psql(
		'restored_application', q{SELECT count(*) FROM pg_extension
		WHERE extname = 'pg_migrations';
		SELECT count(*) FROM app.b}),
	"0\n3",
	'-n application: its tables with their rows, and nothing of migrations');

my $own = quiet_dump('own', 'source', '-n', '"Mig Schema"', '-e',
	'pg_migrations');
quiet_restore('-n own schema -e', 'restored_own', $own);
is(contents('restored_own'), $contents,
	'-n own schema -e pg_migrations: every row is there');
is($node->safe_psql('restored_own', q{SELECT to_regnamespace('app') IS NULL}),
	't', '-n own schema -e pg_migrations: nothing of the application');

my $data_only = quiet_dump('data_only', 'source', '-a');
quiet_restore('schema for data', 'restored_data', $schema_only);
quietly('restore data only', 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-o',
	'/dev/null', '-d', $node->connstr('restored_data'), '-f', $data_only);
is(contents('restored_data'), $contents,
	'-s, then -a: every row is there');
is( $node->safe_psql(
		'restored_data', q{SET search_path = app, "Mig Schema";
		SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_upgrade('heads')}
	),
	'llll eeee',
	'-s, then -a: what was pending runs');

# A copy of the database
$node->safe_psql('postgres', 'CREATE DATABASE copied TEMPLATE source');
is(answers('copied'), $answers, 'CREATE DATABASE ... TEMPLATE keeps it all');

done_testing();
