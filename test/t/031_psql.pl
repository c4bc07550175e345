# The files in psql/, for people without the client: load.sql, save.sql and
# macros.psql.

use strict;
use warnings FATAL => 'all';

use Cwd qw(abs_path);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $psql = abs_path('psql');
my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;

$ENV{LC_ALL} = 'C';
$ENV{PGHOST} = $node->host;
$ENV{PGPORT} = $node->port;
$ENV{PGDATABASE} = 'app';
$ENV{PGOPTIONS} = '-c client_min_messages=warning';
delete $ENV{PGAPPNAME};
$node->safe_psql('postgres', 'CREATE DATABASE app');
$node->safe_psql('app',
	'CREATE SCHEMA "Mig ""x"; CREATE EXTENSION pg_migrations SCHEMA "Mig ""x";
	ALTER DATABASE app SET search_path = public, "Mig ""x"');

sub run_psql
{
	my (@arguments) = @_;
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'psql', '-X', @arguments ], '<', \undef, '>', \$out, '2>', \$err);
	return ($? >> 8, $out, $err);
}

sub write_file
{
	my ($path, $content) = @_;
	open(my $file, '>', $path) or die "$path: $!";
	print $file $content;
	close $file or die $!;
	return;
}

my $folder = PostgreSQL::Test::Utils::tempdir . q{/it's a $folder};
mkdir $folder or die $!;
mkdir "$folder/more" or die $!;
my $value = q{back\\slash \\n \\. :v :'v' $x `id` %s &amp;};
write_file("$folder/one.sql",
	"-- revision: aaaa1111\n-- down_revision:\n-- message: one\n\n"
	  . "-- migrate:upgrade\nCREATE TABLE one (t text);\nINSERT INTO one VALUES (\$q\$$value\$q\$);\n\n"
	  . "-- migrate:downgrade\nDROP TABLE one;\n");
write_file("$folder/more/two.sql",
	"-- revision: bbbb2222\n-- down_revision: aaaa1111\n-- message: two\n\n"
	  . "-- migrate:upgrade\nCREATE TABLE two ();\n\n-- migrate:downgrade\nDROP TABLE two;");

my @folder = ('-v', "folder=$folder");
my ($status, $out, $err) = run_psql(@folder, '-f', "$psql/load.sql");
is($status, 0, 'files are stored') or diag $err;
is($out, "heads: bbbb2222\n", '... and their head is told');
is($node->safe_psql('app', 'SELECT count(*) FROM migrate_current()'), 0,
	'... and not applied');

# macros, before and after
my @macros = ('-f', "$psql/macros.psql");
($status, $out, $err) = run_psql(@macros, '-c', ':plan');
unlike($out, qr/aaaa1111/, 'psql -c knows no variables');
sub macro
{
	my ($name) = @_;
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'psql', '-X', @macros, '-f', '-' ],
		'<', \":$name\n", '>', \$out, '2>', \$err);
	is($err, '', ":$name works");
	is_deeply([ grep { length > 80 } split /\n/, $out ], [], "... in 80 columns");
	return $out;
}
like(macro('plan'), qr/1 \| aaaa1111 .* one.*2 \| bbbb2222/s, '... the plan');
($status, $out, $err) =
  run_psql(@folder, '-v', 'upgrade=1', '-f', "$psql/load.sql");
is($status, 0, 'files are applied') or diag $err;
like($out, qr/1 \| aaaa1111 \| one .*2 \| bbbb2222 \| two .*heads: bbbb2222/s,
	'... and told');
is($node->safe_psql('app', 'TABLE one'), $value, '... byte for byte');
like(macro('current'), qr/bbbb2222 .* two/, '... what is applied');
like(macro('status'), qr/at +\| bbbb2222\n.*last +\| upgrade bbbb2222 done/s,
	'... the state');

# what fails leaves nothing
my $long = 'x' x 100;
write_file("$folder/three.sql",
	"-- revision: cccc3333\n-- down_revision: bbbb2222\n-- message: $long\n"
	  . "-- migrate:upgrade\nDO \$\$BEGIN RAISE '$long'; END\$\$;\n");
($status, $out, $err) =
  run_psql(@folder, '-v', 'upgrade=1', '-f', "$psql/load.sql");
is($status, 3, 'a script that fails');
is($node->safe_psql('app', 'SELECT count(*) FROM migrate_revision'), 2,
	'... leaves nothing');
run_psql(@folder, '-f', "$psql/load.sql");
run_psql('-c', 'CALL migrate_deploy()');
like(macro('failed'), qr/cccc3333 \| P0001/, '... the failures');
macro($_) foreach qw(plan status);
($status, $out, $err) = run_psql('-v', 'folder=/nowhere', '-f', "$psql/load.sql");
is($status, 3, 'no such folder');
like($err, qr/no revision files in \/nowhere/, '... which is said');

# into files: names are kept, the content is the same
$node->safe_psql('app',
	"SELECT migrate_revision('by hand', 'SELECT 1', '', rev_id => 'dddd4444')");
($status, $out, $err) = run_psql(@folder, '-f', "$psql/save.sql");
is($status, 0, 'revisions are saved') or diag $err;
like($out, qr/one\.sql\n.*more\/two\.sql\n.*three\.sql\n.*dddd4444_by_hand\.sql\n/s,
	'... each into its file');
($status, $out, $err) = run_psql(@folder, '-f', "$psql/load.sql");
is($out, "heads: dddd4444\n", '... which load again');
is( $node->safe_psql('app', q(SELECT count(*) FROM migrate_log WHERE action = 'edit')),
	0, '... and say the same');
($status, $out, $err) =
  run_psql(@folder, '-v', 'range=dddd', '-f', "$psql/save.sql");
like($out, qr/\A[^\n]*dddd4444_by_hand\.sql\n\z/, 'one of them');

done_testing();
