# Directories of revision files on the server: what is read and what is not,
# names, links, rights, and that a file is never half written.

use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
$node->safe_psql('postgres', q{
	CREATE EXTENSION pg_migrations;
	CREATE ROLE reader IN ROLE pg_read_server_files;
	CREATE ROLE writer IN ROLE pg_write_server_files;
	CREATE ROLE other;
	GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO reader, writer, other;
});
$ENV{PGOPTIONS} = '-c client_min_messages=warning';

my $dir = PostgreSQL::Test::Utils::tempdir;
my $outside = PostgreSQL::Test::Utils::tempdir;

sub write_file
{
	my ($name, $content) = @_;
	open(my $out, '>:raw', "$dir/$name") or die "$name: $!";
	print $out $content;
	close $out or die "$name: $!";
	return;
}

sub revision
{
	my ($id, $down, $script, $message) = @_;
	$message //= "number $id";
	return "-- revision: $id\n-- down_revision: $down\n-- message: $message\n"
	  . "-- created: 2026-01-0$id 10:00:00.000000+00\n\n-- migrate:upgrade\n$script\n";
}

# Rows as file|revision|action
sub rows
{
	my ($call, $role) = @_;
	$role //= 'postgres_is_superuser';
	my $set = $role eq 'postgres_is_superuser' ? '' : "SET ROLE $role;";
	my ($rc, $out, $err) = $node->psql('postgres', "$set SELECT * FROM $call");
	return $rc == 0 ? $out : $err;
}

sub import_directory { return rows("migrate_import_directory('$dir')", @_); }
sub export_directory { return rows("migrate_export_directory('$dir')", @_); }

# Files in any order, in folders, through links; nothing else
write_file('b.sql', revision(1, '', 'CREATE TABLE t1 ();'));
write_file('a.sql', revision(2, '1', 'CREATE TABLE t2 ();') . "\n" . revision(3, '2', 'CREATE TABLE t3 ();'));
mkdir "$dir/sub" or die $!;
mkdir "$dir/.git" or die $!;
write_file('sub/c.sql', "\xEF\xBB\xBF" . (revision(4, '3', "SELECT '\xC3\xA4';") =~ s/\n/\r\n/gr));
write_file('.git/x.sql', 'not read');
write_file('.hidden.sql', 'not read');
write_file('README', 'not read');
symlink($dir, "$dir/sub/loop") or die $!;
{
	open(my $out, '>', "$outside/d.txt") or die $!;
	print $out revision(5, '4', 'SELECT 5;');
	close $out;
}
symlink("$outside/d.txt", "$dir/d.sql") or die $!;
symlink("$outside/nothing", "$dir/e.sql") or die $!;

is(import_directory(), "a.sql|2|stored\na.sql|3|stored\nb.sql|1|stored\nd.sql|5|stored\nsub/c.sql|4|stored",
	'files are stored, in any order');
is($node->safe_psql('postgres', q{SELECT upgrade_sql FROM migrate_revision WHERE revision = '4'}),
	"SELECT '\xC3\xA4';", 'carriage returns and byte order mark are dropped');
unlike(import_directory(), qr/stored|updated|replaced|missing/, 'then they are unchanged');
is(import_directory('reader'), import_directory(), 'a reader may do it');
like(import_directory('writer'), qr/permission denied to read files on the server/, 'a writer may not read');
like(import_directory('other'), qr/permission denied to read files on the server/, 'nor others');

# What changes, what is missing
write_file('b.sql', revision(1, '', 'CREATE TABLE t1 ();', 'renamed'));
write_file('sub/c.sql', revision(4, '3', 'SELECT 4;'));
unlink "$dir/d.sql";
is(import_directory(), "a.sql|2|unchanged\na.sql|3|unchanged\nb.sql|1|updated\nsub/c.sql|4|replaced\n|5|missing",
	'each file tells what became of it');
is($node->safe_psql('postgres', 'SELECT count(*) FROM migrate_revision'), 5, 'what is missing stays');

# Malformed files: name, line, and nothing is stored
write_file('f.sql', revision(6, '5', 'SELECT 6;'));
write_file('g.sql', revision(7, '6', "\n\nSELECT '\xE4'"));
like(import_directory(), qr/malformed revision file "g\.sql" at line 9\b.*not valid UTF-8/s, 'not UTF-8');
write_file('g.sql', revision(7, '6', "\0"));
like(import_directory(), qr/malformed revision file "g\.sql" at line 7\b.*not valid UTF-8/s, 'zero byte');
write_file('g.sql', '');
like(import_directory(), qr/malformed revision file "g\.sql" at line 1\b.*nothing in it/s, 'empty');
write_file('g.sql', 'SELECT 1');
like(import_directory(), qr/malformed revision file "g\.sql" at line 1\b.*SQL stands before/s, 'no revision');
like(export_directory(), qr/malformed revision file "g\.sql"/, 'export refuses it as well');
write_file('g.sql', revision(1, '', 'SELECT 1'));
like(import_directory(), qr/Revision "1" is given twice, first in file "b\.sql", line 1/, 'given twice');
is($node->safe_psql('postgres', 'SELECT count(*) FROM migrate_revision'), 5, 'nothing was stored');
unlink "$dir/g.sql";
like(rows("migrate_import_directory('$dir/none')"), qr/could not open directory/, 'no directory');
like(rows("migrate_import_directory('data')"), qr/path "data" is not absolute/, 'not absolute');
like(rows("migrate_import_directory(NULL)"), qr/must not be null/, 'null');

# Export: files keep their names, new ones are named by the template
my %before = map { $_ => -M "$dir/$_" } qw(a.sql b.sql sub/c.sql);
is(export_directory(), "b.sql|1|unchanged\na.sql|2|unchanged\na.sql|3|unchanged\nsub/c.sql|4|unchanged\n"
	. "20260105_1000_5_number_5.sql|5|written\nf.sql|6|not stored", 'export writes what is missing');
is_deeply({ map { $_ => -M "$dir/$_" } keys %before }, \%before, 'and leaves the others alone');
my $written = slurp_file("$dir/20260105_1000_5_number_5.sql");
is($written, $node->safe_psql('postgres', q{SELECT migrate_export('5')}), 'a file is what migrate_export() gives');
is((stat "$dir/20260105_1000_5_number_5.sql")[2] & 0777, 0644, 'others may read it');
is(export_directory(), export_directory('writer'), 'a writer may do it');
like(export_directory('reader'), qr/permission denied to write files on the server/, 'a reader may not write');
like(export_directory('other'), qr/permission denied to write files on the server/, 'nor others');

$node->safe_psql('postgres', q{SELECT migrate_edit('1', message => 'as stored')});
like(export_directory(), qr/^b\.sql\|1\|updated$/m, 'a file that differs is written anew');
like(slurp_file("$dir/b.sql"), qr/^-- message: as stored$/m, 'as it is stored');
$node->safe_psql('postgres', q{SELECT migrate_edit('2', message => 'as stored')});
like(export_directory(), qr/file "a\.sql" differs from revision "2" and holds other revisions, too/,
	'but not one that holds others');
write_file('a.sql', revision(2, '1', 'CREATE TABLE t2 ();'));
write_file('a3.sql', revision(3, '2', 'CREATE TABLE t3 ();'));
like(export_directory(), qr/^a\.sql\|2\|updated\na3\.sql\|3\|unchanged$/m, 'each in its own file');
is_deeply([ grep { /tmp/ } map { s{.*/}{}r } glob("$dir/.* $dir/*") ], [], 'nothing is left over');

# What the file system refuses
sub error_of
{
	my ($rc, $out, $err) = $node->psql('postgres', @_);
	return $err;
}
SKIP:
{
	skip 'root may do everything', 4 if $> == 0;
	my $closed = PostgreSQL::Test::Utils::tempdir;
	my $export = "migrate_export_directory('$closed', '5')";

	chmod 0555, $closed;
	like(rows($export), qr/could not create "\Q$closed\E\/\.migrate\.\d+\.tmp": Permission denied/, 'a folder that is closed');
	like(error_of("SET migrate.file_template = 'YYYY/<revision>'; SELECT * FROM $export"),
		qr/could not create "\Q$closed\E\/2026": Permission denied/, 'nor can a folder be made in it');
	chmod 0755, $closed;
	is(rows($export), '20260105_1000_5_number_5.sql|5|written', 'and that is opened again');
	chmod 0, "$closed/20260105_1000_5_number_5.sql";
	like(rows($export), qr/could not open "[^"]*number_5\.sql": Permission denied/, 'a file that is closed');
	chmod 0644, "$closed/20260105_1000_5_number_5.sql";
}

# A range, folders in names, and never outside
unlink "$dir/20260105_1000_5_number_5.sql", "$dir/a3.sql";
$node->safe_psql('postgres', q{ALTER ROLE writer SET migrate.file_template = 'YYYY/<revision>-<slug>'});
is(rows("migrate_export_directory('$dir', '5')"), "20260105_1000_5_number_5.sql|5|written\nf.sql|6|not stored", 'one revision');
unlink "$dir/20260105_1000_5_number_5.sql";
sub export_with
{
	my ($template) = @_;
	my ($rc, $out, $err) = $node->psql('postgres',
		"SET migrate.file_template = '$template'; SELECT file FROM migrate_export_directory('$dir', '5') WHERE action = 'written'");
	return $rc == 0 ? $out : $err;
}
is(export_with('YYYY/<revision>-<slug>'), '2026/5-number_5.sql', 'folders are made');
ok(-f "$dir/2026/5-number_5.sql", 'and files in them');
unlink "$dir/2026/5-number_5.sql";
rmdir "$dir/2026";
symlink($outside, "$dir/2026") or die $!;
like(export_with('YYYY/<revision>-<slug>'), qr/is not a directory.*Symbolic links are not followed/s, 'links are not followed');
unlink "$dir/2026";
write_file('5.sql.txt', 'another');
rename "$dir/5.sql.txt", "$dir/5" or die $!;
like(export_with('5/<revision>'), qr/"[^"]*5" is not a directory/, 'nor is a file a folder');
symlink("$outside/d.txt", "$dir/x5.sql") or die $!;
unlink "$outside/d.txt";
like(export_with('x<revision>'), qr/file "x5\.sql" exists and does not hold revision "5"/, 'a link is not written through');
ok(!-e "$outside/d.txt", 'nothing is written outside');
unlink "$dir/x5.sql", "$dir/5";

# Other tools' files keep their format
write_file('20240101000000_goose.sql', "-- +goose Up\nSELECT 1;\n");
like(import_directory(), qr/^20240101000000_goose\.sql\|20240101000000\|stored$/m, 'a goose file');
like(export_directory(), qr/^20240101000000_goose\.sql\|20240101000000\|unchanged$/m, 'is not written');
$node->safe_psql('postgres', q{SELECT migrate_edit('20240101000000', message => 'changed')});
like(export_directory(), qr/file "20240101000000_goose\.sql" differs from revision "20240101000000" and is in the format of goose/,
	'nor overwritten');
unlink "$dir/20240101000000_goose.sql";

# Names: two that collide, and one that is not UTF-8
$node->safe_psql('postgres', q{SELECT migrate_import(E'-- revision: c\n-- down_revision:\n-- message: d_\n-- migrate:upgrade\n'
	'-- revision: c_d\n-- down_revision:\n-- message:\n-- migrate:upgrade\n')});
like(rows("(SELECT set_config('migrate.file_template', '<revision>_<slug>', false)) s, migrate_export_directory('$dir', 'c, c_d')"),
	qr/file "c_d_\.sql" exists and does not hold revision "c_d"/, 'a name is not given twice');
write_file("n\xE4me.sql", revision(9, '5', 'SELECT 9;'));
like(import_directory(), qr/the name of a revision file is not valid UTF-8.*It begins with "n"/s, 'a name in another encoding');
unlink "$dir/n\xE4me.sql";
$node->safe_psql('postgres', q{SELECT migrate_remove('c_d'), migrate_remove('c')});

# The whole history into an empty directory of another database, and back
my $copy = PostgreSQL::Test::Utils::tempdir;
$node->safe_psql('postgres', "SELECT * FROM migrate_export_directory('$copy')");
$node->safe_psql('postgres', 'CREATE DATABASE other');
$node->safe_psql('other', "CREATE EXTENSION pg_migrations; SELECT * FROM migrate_import_directory('$copy')");
is($node->safe_psql('other', q{SELECT migrate_export('base:heads')}),
	$node->safe_psql('postgres', q{SELECT migrate_export('base:heads')}), 'the same in another database');
is($node->safe_psql('other', "SELECT count(*) FROM migrate_export_directory('$copy') WHERE action <> 'unchanged'"),
	0, 'whose export changes nothing');

# A database in another encoding reads and writes UTF-8
$node->safe_psql('postgres', q{CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0});
$node->safe_psql('latin', "CREATE EXTENSION pg_migrations; SELECT * FROM migrate_import_directory('$copy')");
write_file('../' . ($copy =~ s{.*/}{}r) . '/u.sql', revision(8, '5', "SELECT '\xC3\xA4'", "m\xC3\xA4h"));
$node->safe_psql('latin', "SELECT * FROM migrate_import_directory('$copy')");
is($node->safe_psql('latin', q{SELECT octet_length(message) FROM migrate_revision WHERE revision = '8'}), 3, 'converted');
unlink "$copy/u.sql";
$node->safe_psql('latin', "SELECT * FROM migrate_export_directory('$copy', '8')");
my ($new) = glob("$copy/*_8_*");
like(slurp_file($new), qr/^SELECT '\xC3\xA4'$/m, 'and back');
like($new, qr/_8_m\xC3\xA4h\.sql$/, 'its name, too');
is($node->safe_psql('latin', "SELECT action FROM migrate_import_directory('$copy') WHERE revision = '8'"), 'unchanged', 'which is read');

$node->stop;
done_testing();
