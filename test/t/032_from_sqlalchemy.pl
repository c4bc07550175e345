# Models in SQLAlchemy: what the client prints builds the same schema as create_all()
# of the SQLAlchemy that is installed; how it finds models; what it refuses.
#
# Set PYTHON to test with the interpreter of another environment.

use strict;
use warnings FATAL => 'all';

use Cwd;
use File::Basename;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $python = $ENV{PYTHON} || '/usr/bin/python3';
my $top = dirname(dirname(dirname(Cwd::abs_path(__FILE__))));
my $models = "$top/test/data/sqlalchemy";

if (system("$python -c 'import sqlalchemy, psycopg2' 2>/dev/null") != 0)
{
	plan skip_all => "$python has no SQLAlchemy with psycopg2";
}

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
my $url = sprintf 'postgresql+psycopg2:///%%s?host=%s&port=%s', $node->host,
  $node->port;

# Output is the same wherever the test runs.
$ENV{LC_ALL} = 'C';
$ENV{PYTHONDONTWRITEBYTECODE} = 1;
$ENV{PGOPTIONS} = '-c client_min_messages=warning';

# Runs a command in the folder of the models; (status, stdout, stderr)
sub run_there
{
	my (@command) = @_;
	my ($out, $err) = ('', '');
	my $here = getcwd;
	chdir $models or die "$models: $!";
	IPC::Run::run(\@command, '>', \$out, '2>', \$err);
	my $status = $? >> 8;
	chdir $here or die "$here: $!";
	return ($status, $out, $err);
}

sub from_sqlalchemy
{
	return run_there($python, "$top/client/src/pg_migrate/from_sqlalchemy.py", @_);
}

sub fails_like
{
	my ($name, $pattern, @arguments) = @_;
	my ($status, $out, $err) = from_sqlalchemy(@arguments);
	is($status, 1, "$name: exit status 1");
	is($out, '', "$name: nothing is printed");
	like($err, $pattern, "$name: the reason");
	return;
}

# pg_dump -s, without the key that each dump draws anew
sub schema_of
{
	my ($dbname) = @_;
	my ($out, $err);
	IPC::Run::run([ 'pg_dump', '-s', $node->connstr($dbname) ],
		'>', \$out, '2>', \$err)
	  or die "pg_dump: $err";
	$out =~ s/^\\(un)?restrict .*\n//gm;
	return $out;
}

# The marks of printed DDL as statements: one UPDATE each
sub fills
{
	my ($ddl) = @_;
	my ($table, $sql) = ('', '');
	foreach my $line (split /\n/, $ddl)
	{
		$table = $1 if $line =~ /^CREATE TABLE (\S+) \($/;
		$sql .= "UPDATE $table SET $1 = $2;\n"
		  if $line =~ /^    (\S+) .* -- migrate:fill (.*)$/;
	}
	return $sql;
}

# Whether a package can be imported
sub has
{
	my ($package) = @_;
	return (run_there($python, '-c', "import $package"))[0] == 0;
}

my ($version) = (run_there($python, '-c',
		'import sqlalchemy; print(sqlalchemy.__version__)'))[1];
chomp $version;
my ($major) = $version =~ /^(\d+)/;
my $server = $node->safe_psql('postgres',
	"SELECT current_setting('server_version_num')::int / 10000");
note "SQLAlchemy $version, PostgreSQL $server";

#
# The same as create_all()
#
my %why_not = (
	chat => has('sqlmodel') ? undef : 'SQLModel is not installed',
	documents => !has('pgvector.sqlalchemy')
	? 'the package pgvector is not installed'
	: $node->safe_psql('postgres',
		"SELECT 1 FROM pg_available_extensions WHERE name = 'vector'")
	? undef
	: 'the server has no extension vector',
	factory => $major < 2 ? 'needs SQLAlchemy 2'
	: $server < 15 ? 'needs NULLS NOT DISTINCT'
	: undef);

foreach my $model (
	qw(library:metadata forum:Base factory:Base chat:SQLModel documents:Base))
{
	my ($name) = $model =~ /^(\w+)/;
  SKIP:
	{
		skip "$name: $why_not{$name}", 5 if $why_not{$name};

		$node->safe_psql('postgres',
			"CREATE DATABASE ${name}_app; CREATE DATABASE ${name}_ddl");
		my ($status, $out, $err) = run_there($python, 'create_all.py', $model,
			sprintf($url, "${name}_app"));
		is($status, 0, "$name: create_all()") or diag $err;

		($status, $out, $err) =
		  from_sqlalchemy('--server-version', $server, $model);
		is($status, 0, "$name: printed") or diag $err;
		$node->safe_psql("${name}_ddl", $out);
		is(schema_of("${name}_ddl"),
			schema_of("${name}_app"), "$name: the same schema");
		my $fills = fills($out);
		ok($fills && $node->psql("${name}_ddl", $fills, on_error_stop => 1) == 0,
			"$name: constants of Python are valid")
		  or diag $fills;

		# Sets of Python have another order in each process.
		my @again = map {
			(from_sqlalchemy('--server-version', $server, $model))[1]
		} 1 .. 3;
		is_deeply([ grep { $_ ne $out } @again ],
			[], "$name: the same text each time");
	}
}

#
# What only the text shows
#
my ($status, $ddl, $err) = from_sqlalchemy('forum');
is($status, 0, 'the only MetaData of a module is found');
like($ddl, qr/^    full_name VARCHAR\(100\), -- migrate:renamed from name$/m,
	'a column that was renamed');
like($ddl, qr/^-- migrate:renamed from "Team"\nCREATE TABLE "group" \($/m,
	'a table that was renamed');
foreach my $fill (
	[ 'is_bot BOOLEAN', 'false' ],
	[ 'karma INTEGER', '0' ],
	[ 'role role', q{'GUEST'} ],
	[ 'motto TEXT', q{E'it''s\nme'} ],
	[ 'settings JSONB', q{'{}'} ],
	[ 'flags JSON', q('{"beta": false}') ],
	[ 'labels VARCHAR\(30\)\[\]', q{'{}'} ])
{
	my ($column, $literal) = @$fill;
	like($ddl, qr/^    $column NOT NULL, -- migrate:fill \Q$literal\E$/m,
		"a default of Python's: $literal");
}
unlike($ddl, qr/^ *(id|title|changed) .*migrate:fill/m,
	'no other default is a constant of Python');
is(() = $ddl =~ /CREATE TYPE role /g, 1, 'a type is created once');
like($ddl, qr/\ACREATE EXTENSION IF NOT EXISTS citext;
CREATE EXTENSION IF NOT EXISTS pg_trgm;\n/, 'extensions come first');
unlike($ddl, qr/INSERT|SELECT 1|never/,
	'neither rows, nor questions, nor what is for other databases');
like($err, qr/no part of a schema, left out: INSERT/,
	'which is said');
unlike($ddl, qr/[ \t]$/m, 'no white space at the end of a line');

(undef, $ddl) = from_sqlalchemy('library:metadata');
unlike($ddl, qr/CONCURRENTLY/, 'an index is never built concurrently');
like($ddl, qr/\ACREATE SCHEMA IF NOT EXISTS library;
CREATE SCHEMA IF NOT EXISTS people;\n/, 'schemas come first');
like($ddl, qr/'lost, \\ or ''gone'''/, 'a backslash stays single');
like($ddl, qr/it''s 100% "ours"/, 'a percent sign, too');
like($ddl, qr/ausleihen m\xc3\xb6chte/, 'text is UTF-8 in any locale');

#
# Finding models
#
my @import = ('--import', 'shop.models.article', '--import',
	'shop.models.stock');
($status, $ddl, $err) = from_sqlalchemy('shop:Base', @import);
is($status, 0, '--import') or diag $err;
is(join(' ', $ddl =~ /^CREATE TABLE (\w+)/gm),
	'article stock', '--import: the tables');
like($err, qr/talks while/, 'output of the application is no DDL');
(undef, my $all) = from_sqlalchemy('shop:Base', '--import', 'shop.models.*');
is($all, $ddl, '--import PACKAGE.*');
foreach my $target ([ 'shop:both', @import ],
	[ 'shop:Base', 'shop:other', @import ])
{
	(undef, $ddl) = from_sqlalchemy(@$target);
	is(join(' ', $ddl =~ /^CREATE TABLE (\w+)/gm),
		'article stock audit', "$target->[0]: several MetaData");
}
(undef, $ddl) = from_sqlalchemy('shop/models/article.py:Base');
like($ddl, qr/CREATE TABLE article/, 'the path of a file');

fails_like('not imported', qr/no tables in shop:Base\nUsual causes:.*setting import/s,
	'shop:Base');
fails_like('a module with several', qr/has several: Base \(2 tables\), other \(1/,
	'shop', @import);
fails_like('no such module', qr/no module named shop\.nothing\n/,
	'shop.nothing');
fails_like('enums of one name',
	qr/type s is defined twice:\n  column orders.state: new, paid\n  column bills.state: open, paid\n/,
	'twice:enum');
fails_like('indexes of one name',
	qr/relation i is defined twice:\n  Index of table orders \(id\)\n  Index of table bills \(no\)\n/,
	'twice:index');
fails_like('an index of nothing',
	qr/index i of table orders has no columns\n/, 'twice:empty');
fails_like('constraints of one name',
	qr/constraint orders.c is defined twice:\n  CheckConstraint of table orders \(id > 0\)\n.*\(id > 1\)\n/,
	'twice:check');
fails_like('tables of one name',
	qr/relation orders is defined twice:\n  table orders of MetaData 1: columns id\n.*MetaData 2: columns no\n/,
	'twice:tables');
is((from_sqlalchemy('twice:key'))[0], 0, 'the same key twice is one');
fails_like('no such attribute', qr/shop has no attribute Nothing/,
	'shop:Nothing');
fails_like('something else', qr/shop:__name__ is neither .* type str/,
	'shop:__name__');
fails_like('a module that fails',
	qr/line 1.*broken could not be imported: ZeroDivisionError/s, 'broken');

#
# As revisions
#
# pg-migrate in the folder of the models, and a folder of revisions elsewhere
my $folder = PostgreSQL::Test::Utils::tempdir;
$ENV{PYTHONPATH} = "$top/client/src";
my $has_client = has('click, psycopg');

sub pg_migrate
{
	my ($dbname, @arguments) = @_;
	my $url = sprintf 'postgresql:///%s?host=%s&port=%s', $dbname, $node->host,
	  $node->port;
	mkdir "$folder/$dbname";
	return run_there($python, '-m', 'pg_migrate', @arguments, '--url', $url,
		'--folder', "$folder/$dbname", '--python', $python);
}

# The schema, without the one of the extension
sub application_of
{
	my ($dbname) = @_;
	my $dump = schema_of($dbname);
	$dump =~ s/^--\n-- Name: .*\n--\n\n.*(\bmigrate\b|pg_migrations)(?s:.*?)\n(?=--\n)//gm;
	return $dump;
}

delete $ENV{PGOPTIONS};
foreach my $model (
	qw(library:metadata forum:Base factory:Base chat:SQLModel documents:Base))
{
	my ($name) = $model =~ /^(\w+)/;
	my $db = "${name}_gen";
  SKIP:
	{
		skip "$name: $why_not{$name}", 5 if $why_not{$name};
		skip "$name: $python lacks what the client needs", 5 unless $has_client;
		$node->safe_psql('postgres', "CREATE DATABASE $db");
		$node->safe_psql($db,
			'CREATE SCHEMA migrate; CREATE EXTENSION pg_migrations SCHEMA migrate');
		my @models = ('--models', $model);
		my ($status, $out, $err) =
		  pg_migrate($db, 'revision', '--autogenerate', '-m', 'all', @models);
		is($status, 0, "$name: generated") or diag $err;
		($status, $out, $err) = pg_migrate($db, 'upgrade');
		is($status, 0, "$name: upgraded") or diag $err;
		is(application_of($db), schema_of("${name}_app"),
			"$name: upgraded to the same schema");
		($status, $out, $err) = pg_migrate($db, 'check', @models);
		is($status, 0, "$name: database and models agree") or diag $err;
		($status, $out, $err) =
		  pg_migrate($db, 'revision', '--autogenerate', '-m', 'more', @models);
		is("$status$out", "0$model: no changes\n", "$name: nothing more to generate")
		  or diag $err;
	}
}
is((from_sqlalchemy('growing', '--what'))[0], 2, 'wrong usage');

done_testing();
