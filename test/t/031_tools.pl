# The programs that carry revision files to the database and back:
# migrate-load, migrate-save, migrate-new, and migrate-psql, which connects.

use strict;
use warnings FATAL => 'all';

use Cwd            qw(abs_path);
use File::Basename qw(basename dirname);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $tools = abs_path(dirname(__FILE__) . '/../../tools');
my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;

my $temp = PostgreSQL::Test::Utils::tempdir;
my $databases = 0;

# Messages must not depend on who runs the test.
$ENV{LC_ALL} = 'C';
$ENV{PGHOST} = $node->host;
$ENV{PGPORT} = $node->port;
delete @ENV{qw(DATABASE_URL PGAPPNAME)};

# A database with the extension, where the tools go from now on.  Its schema
# is not on the search_path.
sub new_database
{
	$ENV{PGDATABASE} = 'db' . ++$databases;
	$node->safe_psql('postgres', "CREATE DATABASE $ENV{PGDATABASE}");
	$node->safe_psql($ENV{PGDATABASE},
		'CREATE SCHEMA "Mig ""x"; CREATE EXTENSION pg_migrations SCHEMA "Mig ""x"'
	);
	return;
}

sub query
{
	my ($sql) = @_;
	return $node->safe_psql($ENV{PGDATABASE},
		qq{SET search_path = public, "Mig ""x"; $sql});
}

# What the database has: revisions with parents, and what is applied
sub state_of_database
{
	return query(
		q{SELECT string_agg(revision || '<' || array_to_string(down_revision, '+'), ' ' ORDER BY generation, revision)
			FROM migrate_revision;
		SELECT string_agg(schema_name || ':' || revision, ' ' ORDER BY schema_name, revision) FROM migrate_applied}
	);
}

# Run a tool: exit status, what it printed, what it complained
sub tool
{
	my ($name, @arguments) = @_;
	my ($out, $err) = ('', '');
	IPC::Run::run([ "$tools/$name", @arguments ],
		'<', \undef, '>', \$out, '2>', \$err);
	return ($? >> 8, $out, $err);
}

# It must succeed; what it printed
sub run_tool
{
	my ($name, @arguments) = @_;
	my ($status, $out, $err) = tool($name, @arguments);
	is($status, 0, "$name @arguments[1 .. $#arguments] succeeds")
	  or diag($err);
	return $out;
}

# It must fail so
sub fails_with
{
	my ($status, $pattern, @command) = @_;
	my ($got, $out, $err) = tool(@command);
	is($got, $status, "exit status $status");
	like($err, $pattern, '... with its reason');
	return $out;
}

sub new_folder
{
	my ($name) = @_;
	my $folder = "$temp/$name";
	mkdir $folder or die "$folder: $!";
	return $folder;
}

sub write_file
{
	my ($folder, $name, $content) = @_;
	open(my $file, '>:raw', "$folder/$name") or die "$folder/$name: $!";
	print $file $content;
	close $file or die $!;
	return;
}

# A revision that makes a table of its name
sub write_revision
{
	my ($folder, $id, $parents, %other) = @_;
	my $up = $other{up} // "CREATE TABLE $id ();";
	my $down = $other{down} // "DROP TABLE $id;";
	my $label = $other{label} // '';
	write_file(
		$folder,
		$other{file} // "$id.sql",
		"-- revision: $id\n-- down_revision: $parents\n-- message: make $id\n"
		  . "-- branch_labels: $label\n\n"
		  . "-- migrate:upgrade\n$up\n\n-- migrate:downgrade\n$down\n");
	return;
}

#
# Connections
#
$node->safe_psql('postgres',
	'CREATE DATABASE "an app"; CREATE ROLE "the user" LOGIN SUPERUSER');
{
	my $where = 'host=' . $ENV{PGHOST} . '&port=' . $ENV{PGPORT};
	my $ask =
	  q{SELECT current_user, current_database(), current_setting('search_path'),
		current_setting('application_name'), current_setting('work_mem')};
	local %ENV = %ENV;
	delete @ENV{qw(PGHOST PGPORT PGDATABASE)};

	foreach my $scheme (
		qw(postgresql postgres postgresql+asyncpg postgresql+psycopg2
		postgresql+psycopg jdbc:postgresql))
	{
		$ENV{DATABASE_URL} =
		  "$scheme://the%20user:p%40ss%2F%25'\"\$x@/an%20app?$where";
		is( run_tool('migrate-psql', '-XAtc', $ask),
			"the user|an app|\"\$user\", public|psql|4MB\n",
			"$scheme:// connects");
		is( run_tool(
				'migrate-psql', '-XAt', '-c', '\! printf %s "$PGPASSWORD"'),
			"p\@ss/%'\"\$x",
			'the password goes through the environment');
	}
	$ENV{DATABASE_URL} =
		"postgresql+asyncpg://the%20user@/an%20app?$where&ssl=prefer"
	  . '&prepared_statement_cache_size=0&application_name=it%26me'
	  . '&search_path=a,%20b&options=-cwork_mem%3D5MB&command_timeout=3';
	my ($status, $out, $err) = tool('migrate-psql', '-XAtc', $ask);
	is($out, "the user|an app|a, b|it&me|5MB\n", 'parameters are kept');
	is( $err,
		"migrate-psql: left out of DATABASE_URL: prepared_statement_cache_size command_timeout\n",
		'those that libpq does not know are named');

	$ENV{DATABASE_URL} = "postgresql:///postgres?$where&ssl=maybe";
	fails_with(2, qr/cannot tell what ssl=maybe means/, 'migrate-psql');
	$ENV{DATABASE_URL} = 'mysql://root@localhost/app';
	fails_with(2, qr/not the URL of a PostgreSQL database/, 'migrate-psql');
	$ENV{DATABASE_URL} =
	  "host=" . $node->host . ' port=' . $node->port . ' dbname=postgres';
	is(run_tool('migrate-psql', '-XAtc', 'SELECT current_database()'),
		"postgres\n", 'keywords and values');

	my $folder = new_folder('connection');
	write_revision($folder, 'aaaa', '');
	fails_with(3, qr/"postgres" does not have the extension pg_migrations/,
		'migrate-load', $folder);
	fails_with(3, qr/"postgres" does not have the extension pg_migrations/,
		'migrate-save', $folder);
	$ENV{DATABASE_URL} = "postgresql:///nosuch?$where";
	fails_with(3, qr/database "nosuch" does not exist/,
		'migrate-load', $folder);
	fails_with(3, qr/database "nosuch" does not exist/,
		'migrate-save', $folder);
}

#
# Wrong usage
#
new_database();
{
	my $folder = new_folder('usage');
	fails_with(2, qr/no revision files in/, 'migrate-load', $folder);
	write_revision($folder, 'aaaa', '');
	fails_with(2, qr/^usage:/, $_)
	  foreach qw(migrate-load migrate-save migrate-new);
	fails_with(2, qr/no such option: --exakt/,
		'migrate-load', '--exakt', $folder);
	fails_with(2, qr/no such option: --x/, 'migrate-save', '--x', $folder);
	fails_with(2, qr/no such option: --x/, 'migrate-new', '--x', $folder);
	fails_with(2, qr/the name of the folder is empty/, 'migrate-load', '');
	fails_with(2, qr/no such folder: .*nosuch/, $_, "$folder/nosuch", 'x')
	  foreach qw(migrate-save migrate-new);
	fails_with(2, qr/no such folder: .*nosuch/,
		'migrate-load', "$folder/nosuch");
	fails_with(2, qr/one folder, please/, 'migrate-load', $folder, $folder);
	fails_with(2, qr/no such format: flyway/,
		'migrate-load', '--format', 'flyway', $folder);
	like(run_tool($_, '--help'), qr/^usage: $_/, "$_ explains itself")
	  foreach qw(migrate-load migrate-save migrate-new);
	mkdir "$folder/dir.sql";
	fails_with(2, qr/cannot read .*dir\.sql/, 'migrate-load', $folder);
	fails_with(2, qr/cannot read .*dir\.sql/, 'migrate-save', $folder);
	fails_with(2, qr/cannot read .*dir\.sql/, 'migrate-new', $folder, 'x');
	rmdir "$folder/dir.sql";
	write_file($folder, "line\nbreak.sql", '');
	fails_with(2, qr/its name has a line break/, 'migrate-load', $folder);
	fails_with(2, qr/its name has a line break/, 'migrate-new', $folder, 'x');
	is(state_of_database(), "\n", 'nothing was stored by all that');
}

#
# Names and contents that are hard to quote
#
{
	my $folder = new_folder(q{it's "a" $folder; \\ %s *});
	my $value = q{back\\slash \\n \\. :v :'v' $x `id` %s &amp; ümläut};
	write_revision($folder, 'aaaa', '',
		file => q{first 'one' "x" \\n $(id) `id` %s *.sql});
	write_revision(
		$folder, 'bbbb', 'aaaa',
		file => '-- -rf.sql',
		up =>
		  "CREATE TABLE bbbb (t text);\nINSERT INTO bbbb VALUES (\$q\$$value\n\ta tab\n\\.\nend\$q\$);"
	);
	my $out = run_tool('migrate-load', '--upgrade', $folder);
	is( $out,
		q{stored         aaaa  first 'one' "x" \\n $(id) `id` %s *.sql
stored         bbbb  -- -rf.sql
applied        aaaa  make aaaa
applied        bbbb  make bbbb
2 of 2 revisions are in the folder; its heads: bbbb
}, 'stored and applied');
	is( query('TABLE bbbb'),
		"$value\n\ta tab\n\\.\nend",
		'not a byte was changed');
	is( run_tool('migrate-load', $folder),
		"2 of 2 revisions are in the folder; its heads: bbbb\n",
		'a second time there is nothing to do');
	is( query(
			q{SELECT count(*) FROM pg_class WHERE relname ~ 'migrate_load'}),
		0,
		'nothing of the tool stays');

	chdir $temp;
	rename $folder, "$temp/-x";
	is( run_tool('migrate-load', '--', '-x'),
		"2 of 2 revisions are in the folder; its heads: bbbb\n",
		'a folder that looks like an option');
	rename "$temp/-x", "$temp/x=y";
	is( run_tool('migrate-load', 'x=y'),
		"2 of 2 revisions are in the folder; its heads: bbbb\n",
		'a folder that looks like an assignment');

	# Their files are known by the id, whatever they are called.
	run_tool('migrate-save', 'x=y');
	is( join('|', map { basename($_) } sort glob("x=y/*")),
		q{-- -rf.sql|first 'one' "x" \\n $(id) `id` %s *.sql},
		'migrate-save keeps the names');
	run_tool('migrate-load', 'x=y');
	is(query('SELECT count(*) FROM migrate_log WHERE action = $$edit$$'),
		0, 'and what it writes is the same to migrate-load');
}

#
# All or nothing
#
new_database();
{
	my $folder = new_folder('failing');
	write_revision($folder, 'aaaa', '');
	write_revision($folder, 'bbbb', 'aaaa', up => 'CREATE TABLE (;');
	my $out = fails_with(3, qr/syntax error/, 'migrate-load', $folder);
	is($out, '', 'nothing is said to be stored');
	is(state_of_database(), "\n",
		'a script with a syntax error: nothing is stored');

	write_revision($folder, 'bbbb', 'nosuch');
	fails_with(3, qr/b\.sql.*nosuch|nosuch.*b\.sql|nosuch/s,
		'migrate-load', $folder);
	is(state_of_database(), "\n", 'an unknown parent: nothing is stored');

	write_revision($folder, 'bbbb', 'aaaa', up => 'SELECT 1/0;');
	fails_with(3, qr/division by zero/, 'migrate-load', '--upgrade', $folder);
	is(state_of_database(), "\n", 'a script that fails: nothing is stored');

	write_file($folder, 'bbbb.sql', "\xff\xfe-\0-\0");
	fails_with(3, qr/invalid byte sequence/, 'migrate-load', $folder);
	is(state_of_database(), "\n", 'not UTF-8: nothing is stored');

	write_revision($folder, 'bbbb', 'aaaa');
	my ($status, $report, $err) =
	  tool('migrate-load', '--dry-run', '--upgrade', $folder);
	is($status, 0, 'a dry run');
	like(
		$report,
		qr/stored +aaaa .*stored +bbbb .*applied +bbbb/s,
		'... says what it does');
	like(
		$err,
		qr/nothing was changed \(--dry-run\)/,
		'... and that it did not');
	is(state_of_database(), "\n", '... which is so');

	# Without its header a file is none.
	write_file($folder, 'cccc.sql', "CREATE TABLE cccc ();\n");
	fails_with(3, qr/cccc\.sql/, 'migrate-load', $folder);
	fails_with(2, qr/not a revision file: .*cccc\.sql/,
		'migrate-save', $folder);
	fails_with(2, qr/not a revision file: .*cccc\.sql/,
		'migrate-new', $folder, 'x');
}

#
# --strict
#
new_database();
{
	my $folder = new_folder('strict');
	write_revision($folder, 'aaaa', '');
	write_revision($folder, 'bbbb', 'aaaa');
	run_tool('migrate-load', '--strict', '--upgrade', $folder);
	unlink "$folder/bbbb.sql";
	write_revision($folder, 'cccc', 'aaaa');
	my $out = run_tool('migrate-load', '--dry-run', $folder);
	like(
		$out,
		qr/^database only  bbbb  make bbbb$/m,
		'what only the database has is listed');
	$out =
	  fails_with(1, qr/the database has revisions that are not in the folder/,
		'migrate-load', '--strict', '--upgrade', $folder);
	like(
		$out,
		qr/^stored         cccc.*^database only  bbbb/ms,
		'... with what was found');
	is( state_of_database(),
		"aaaa< bbbb<aaaa\n:aaaa :bbbb",
		'... and nothing is stored');

	write_revision($folder, 'bbbb', 'aaaa');
	fails_with(1, qr/there is more than one head/,
		'migrate-load', '--strict', $folder);
	is( state_of_database(),
		"aaaa< bbbb<aaaa\n:aaaa :bbbb",
		'... and nothing is stored');

	my $file = run_tool('migrate-new', '--merge', $folder);
	chomp $file;
	run_tool('migrate-load', '--strict', '--upgrade', $folder);
	like(state_of_database(), qr/<bbbb\+cccc\n:/, 'a merge mends it');

	# Heads that depend on each other are not a fork.
	unlink $file, "$folder/cccc.sql";
	run_tool('migrate-load', '--exact', $folder);
	write_file($folder, 'dddd.sql',
		"-- revision: dddd\n-- down_revision:\n-- depends_on: bbbb\n-- migrate:upgrade\n"
	);
	run_tool('migrate-load', '--strict', $folder);
}

#
# --exact: switch between branches
#
new_database();
{
	my $main = new_folder('main');
	my $feature = new_folder('feature');
	foreach my $folder ($main, $feature)
	{
		write_revision($folder, 'aaaa', '');
		write_revision($folder, 'bbbb', 'aaaa');
	}
	write_revision($main, 'cccc', 'bbbb');
	write_revision($feature, 'ffff', 'bbbb');
	write_revision($feature, 'gggg', 'ffff', label => 'mine');
	my @there =
	  ('migrate-load', '--exact', '--strict', '--upgrade', $feature);
	my @back = ('migrate-load', '--exact', '--strict', '--upgrade', $main);

	run_tool('migrate-load', '--upgrade', $main);
	is( run_tool(@there),
		'undone         cccc
removed        cccc
stored         ffff  ffff.sql
stored         gggg  gggg.sql
applied        ffff  make ffff
applied        gggg  make gggg
4 of 4 revisions are in the folder; its heads: gggg
', 'to a branch');
	is( state_of_database(),
		"aaaa< bbbb<aaaa ffff<bbbb gggg<ffff\n:aaaa :bbbb :ffff :gggg",
		'... and there it is');
	is( query(
			"SELECT string_agg(tablename, ' ' ORDER BY 1) FROM pg_tables WHERE schemaname = 'public'"
		),
		'aaaa bbbb ffff gggg',
		'... with its tables');
	my $before = state_of_database();
	my ($status, $report, $err) =
	  tool('migrate-load', '--exact', '--upgrade', '--dry-run', $main);
	like(
		$report,
		qr/^undone         ffff\n.*^removed        gggg\n/ms,
		'a dry run of the way back');
	is(state_of_database(), $before, '... changes nothing');
	run_tool(@back);
	is(state_of_database(), "aaaa< bbbb<aaaa cccc<bbbb\n:aaaa :bbbb :cccc",
		'and back');
	is( run_tool(@back),
		"3 of 3 revisions are in the folder; its heads: cccc\n",
		'a second time there is nothing to do');

	# A row that the switch loses and one that it must not
	query(
		'ALTER TABLE aaaa ADD kept text; INSERT INTO aaaa VALUES ($$yes$$)');
	run_tool(@there);
	is(query('TABLE aaaa'), 'yes', 'what both branches have is left alone');

	# Another target schema has it, too.
	query(
		q{CREATE SCHEMA "tenant ""a"; SELECT FROM migrate_upgrade(schema => 'tenant "a')}
	);
	$report = run_tool(@back);
	like(
		$report,
		qr/^undone         gggg  in schema "tenant ""a"$/m,
		'undone in other schemas, too');
	is( state_of_database(),
		"aaaa< bbbb<aaaa cccc<bbbb\n:aaaa :bbbb :cccc tenant \"a:aaaa tenant \"a:bbbb",
		'... and only that');

	# No way back
	write_revision($feature, 'gggg', 'ffff', down => 'SELECT 1/0;');
	run_tool(@there);
	$before = state_of_database();
	fails_with(3, qr/division by zero/, @back);
	is(state_of_database(), $before,
		'a downgrade that fails: nothing has changed');
	write_file($feature, 'gggg.sql',
		"-- revision: gggg\n-- down_revision: ffff\n-- branch_labels: mine\n-- migrate:upgrade\nCREATE TABLE gggg ();\n"
	);
	run_tool('migrate-load', $feature);
	fails_with(3, qr/irreversible|cannot be undone|no downgrade/, @back);
	is(state_of_database(), $before,
		'an irreversible revision: nothing has changed');

	# A file is missing in the middle.
	write_revision($feature, 'gggg', 'ffff', label => 'mine');
	run_tool('migrate-load', $feature);
	unlink "$feature/ffff.sql";
	fails_with(3, qr/ffff/, @there);
	is(state_of_database(), $before,
		'a folder with a gap: nothing has changed');
}

#
# --exact: delete mine, pull, generate anew
#
new_database();
{
	my $folder = new_folder('regenerate');
	write_revision($folder, 'aaaa', '');
	write_revision($folder, 'mine', 'aaaa', label => 'work');
	run_tool('migrate-load', '--upgrade', $folder);
	unlink "$folder/mine.sql";
	write_revision($folder, 'theirs', 'aaaa');
	write_revision(
		$folder, 'again', 'theirs',
		label => 'work',
		up => 'CREATE TABLE mine ();',
		down => 'DROP TABLE mine;');
	run_tool('migrate-load', '--exact', '--strict', '--upgrade', $folder);
	is( state_of_database(),
		"aaaa< theirs<aaaa again<theirs\n:aaaa :again :theirs",
		'with the label of the one before');

	# The same id with another script
	write_revision(
		$folder, 'again', 'theirs',
		label => 'work',
		up => 'CREATE TABLE mine (id int);',
		down => 'DROP TABLE mine;');
	fails_with(3, qr/again/, 'migrate-load', '--upgrade', $folder);
	is( run_tool('migrate-load', '--exact', '--upgrade', $folder),
		'undone         again
replaced       again  again.sql
applied        again  make again
3 of 3 revisions are in the folder; its heads: again
', 'generated anew under the same id');
	is( query(
			'SELECT count(*) FROM pg_attribute WHERE attrelid = $$mine$$::regclass AND attnum > 0'
		),
		1,
		'... and run anew');

	# Two that differ, one above the other
	write_revision($folder, 'theirs', 'aaaa',
		up => 'CREATE TABLE theirs (id int);');
	write_revision(
		$folder, 'again', 'theirs',
		label => 'work',
		up => 'CREATE TABLE mine (a int, b int);',
		down => 'DROP TABLE mine;');
	run_tool('migrate-load', '--exact', '--upgrade', $folder);
	is( query(
			'SELECT count(*) FROM pg_attribute WHERE attrelid = $$mine$$::regclass AND attnum > 0'
		),
		2,
		'several, one above the other');

	# Only the downgrade script
	write_revision(
		$folder, 'again', 'theirs',
		label => 'work',
		up => 'CREATE TABLE mine (a int, b int);',
		down => 'DROP TABLE IF EXISTS mine;');
	like(
		run_tool('migrate-load', '--exact', '--upgrade', $folder),
		qr/^updated        again  again\.sql$/m,
		'a better downgrade undoes nothing');

	# Rebased: one below is gone, one above stays
	write_revision(
		$folder, 'again', 'aaaa',
		label => 'work',
		up => 'CREATE TABLE mine (a int, b int);',
		down => 'DROP TABLE mine;');
	unlink "$folder/theirs.sql";
	run_tool('migrate-load', '--exact', '--strict', '--upgrade', $folder);
	is( state_of_database(),
		"aaaa< again<aaaa\n:aaaa :again",
		'what stood on a file that is gone');

	# Its label goes to the one that stood on it.
	write_revision($folder, 'below', 'aaaa', label => 'side');
	write_revision($folder, 'above', 'below');
	run_tool('migrate-load', '--heads', $folder);
	unlink "$folder/below.sql";
	fails_with(
		3,
		qr/"above\.sql" at line 2.*Parent "below"/s,
		'migrate-load', '--exact', $folder);
	write_revision($folder, 'above', 'aaaa', label => 'side');
	run_tool('migrate-load', '--exact', '--heads', $folder);
	is( state_of_database(),
		"aaaa< above<aaaa again<aaaa\n:aaaa :above :again",
		'the label of one that is gone on one that stood on it');
}

#
# Functions of others, folders of others
#
new_database();
{
	my $folder = new_folder('others');
	write_revision($folder, 'aaaa', '',
		up =>
		  'CREATE TABLE aaaa (path text DEFAULT current_setting($$search_path$$)); INSERT INTO aaaa DEFAULT VALUES;'
	);
	query(
		q{
		CREATE FUNCTION public.format(text, text) RETURNS text LANGUAGE sql AS $$SELECT 'trap ' || 1/0$$;
		CREATE FUNCTION public.format(text, text, text) RETURNS text LANGUAGE sql AS $$SELECT 'trap ' || 1/0$$;
		CREATE FUNCTION public.format(text, text, text, text) RETURNS text LANGUAGE sql AS $$SELECT 'trap ' || 1/0$$;
		CREATE FUNCTION public.count(text) RETURNS bigint LANGUAGE sql AS $$SELECT 1/0$$}
	);
	mkdir "$temp/temp dir's";
	local $ENV{TMPDIR} = "$temp/temp dir's";
	local $ENV{PGOPTIONS} = '-csearch_path=public,nosuch';
	run_tool('migrate-load', '--upgrade', '--exact', $folder);
	is(query('TABLE aaaa'), 'public,nosuch',
		'scripts run with the search_path of the connection');
	write_revision($folder, 'aaaa', '',
		down =>
		  q{DO $$ BEGIN ASSERT current_setting('search_path') = 'public,nosuch'; END $$; DROP TABLE aaaa}
	);
	run_tool('migrate-load', '--upgrade', '--exact', $folder);
	write_revision($folder, 'bbbb', '', file => 'aaaa.sql');
	run_tool('migrate-load', '--upgrade', '--exact', $folder);
	is(state_of_database(), "bbbb<\n:bbbb", 'downgrade scripts, too');
	write_revision($folder, 'bbbb', 'nosuch', file => 'aaaa.sql');
	fails_with(3, qr/nosuch/, 'migrate-load', $folder);
	unlink "$folder/aaaa.sql";
	write_revision($folder, 'cccc', '');
	fails_with(1, qr/not in the folder/, 'migrate-load', '--strict', $folder);
	is(() = glob("'$ENV{TMPDIR}/*'"), 0, 'no temporary file is left');

	# Marks of the byte order, ends of lines
	$folder = new_folder('windows');
	write_file($folder, 'bbbb.sql',
		"\xef\xbb\xbf-- revision: bbbb\r\n-- down_revision:\r\n-- message: make bbbb\r\n-- migrate:upgrade\r\nCREATE TABLE bbbb ();\r\n-- migrate:downgrade\r\nDROP TABLE bbbb;\r\n"
	);
	is( run_tool('migrate-load', '--strict', '--exact', $folder),
		"1 of 1 revisions are in the folder; its heads: bbbb\n",
		'a file from Windows says the same');
	is(run_tool('migrate-save', $folder), '', '... and stays');
	fails_with(2, qr/revision bbbb exists/,
		'migrate-new', '--rev-id', 'bbbb', $folder, 'x');

	# The same script, which must not run in a transaction now
	write_file($folder, 'bbbb.sql',
		"-- revision: bbbb\n-- down_revision:\n-- message: make bbbb\n-- transactional: no\n-- migrate:upgrade\nCREATE TABLE bbbb ();\n"
	);
	fails_with(3, qr/transactional/, 'migrate-load', $folder);
	like(
		run_tool('migrate-load', '--exact', $folder),
		qr/^undone         bbbb\nupdated        bbbb/,
		'not transactional any more');
}

#
# A role that may not read scripts
#
new_database();
{
	my $folder = new_folder('roles');
	write_revision($folder, 'aaaa', '');
	query(
		q{
		CREATE ROLE regress_mig_deployer LOGIN;
		GRANT USAGE ON SCHEMA "Mig ""x" TO regress_mig_deployer;
		GRANT CREATE ON SCHEMA public TO regress_mig_deployer;
		GRANT EXECUTE ON FUNCTION migrate_import, migrate_upgrade, migrate_downgrade, migrate_remove TO regress_mig_deployer}
	);
	local $ENV{PGUSER} = 'regress_mig_deployer';
	like(
		run_tool('migrate-load', '--exact', '--upgrade', $folder),
		qr/stored         aaaa.*applied        aaaa/s,
		'EXECUTE is enough');
	write_revision($folder, 'aaaa', '', up => 'CREATE TABLE aaaa (id int);');
	like(
		run_tool('migrate-load', '--exact', '--upgrade', $folder),
		qr/undone         aaaa.*replaced       aaaa.*applied        aaaa/s,
		'... for all of it');
}

#
# Files of other tools
#
{
	my %made = (
		goose => {
			'00001_create_a.sql' =>
			  "-- +goose Up\nCREATE TABLE a ();\n-- +goose Down\nDROP TABLE a;\n",
			'00002_create b.sql' =>
			  "-- +goose Up\n-- +goose StatementBegin\nDO \$\$ BEGIN EXECUTE 'CREATE TABLE b ()'; END \$\$;\n-- +goose StatementEnd\n"
			  . "-- +goose Down\nDROP TABLE b;\n",
		},
		dbmate => {
			'20240101000001_create_a.sql' =>
			  "-- migrate:up\nCREATE TABLE a ();\n\n-- migrate:down\nDROP TABLE a;\n",
			'20240101000002_create_b.sql' =>
			  "-- migrate:up\nCREATE TABLE b ();\n\n-- migrate:down\nDROP TABLE b;\n",
		},
		'golang-migrate' => {
			'000001_create_a.up.sql' =>
			  "BEGIN;\nCREATE TABLE a ();\nCOMMIT;\n",
			'000001_create_a.down.sql' => "DROP TABLE a;\n",
			'000002_create_b.up.sql' => "CREATE TABLE b ();\n",
			'000002_create_b.down.sql' => "DROP TABLE b;\n",
		});
	foreach my $format (sort keys %made)
	{
		my $folder = new_folder($format);
		write_file($folder, $_, $made{$format}->{$_})
		  foreach keys %{ $made{$format} };
		new_database();
		fails_with(3, qr/is not a file of native/,
			'migrate-load', '--format', 'native', $folder);
		run_tool('migrate-load', '--format', $format, '--upgrade',
			'--strict', $folder);
		is(query("SELECT to_regclass('a'), to_regclass('b')"),
			'a|b', "$format: up");
		is( query(
				'SELECT count(*) FROM migrate_history() WHERE cardinality(down_revision) = 1'
			),
			1,
			'... one on the other');
		unlink glob("$folder/*2_*");
		like(
			run_tool('migrate-load', '--exact', $folder),
			qr/^removed +20240101000002$/m,
			'... --exact knows their numbers') if $format eq 'dbmate';
		run_tool('migrate-load', '--exact', '--strict', $folder);
		is(query("SELECT to_regclass('a'), to_regclass('b')"),
			'a|', '... down');
	}
}

#
# migrate-new needs no database
#
new_database();
{
	my $folder = new_folder('new');
	local %ENV = %ENV;
	my $host = $ENV{PGHOST};
	$ENV{PGHOST} = '/nowhere';

	my $first = run_tool('migrate-new', $folder,
		"Create the user's \"table\" ../../x\n\nand more\nlines");
	like(
		$first,
		qr{^\Q$folder\E/\d{8}_\d{4}_[0-9a-f]{12}_create_the_user_s_table_x\.sql\n$},
		'the name');
	my $second =
	  run_tool('migrate-new', $folder, 'second', '--rev-id', 'bbbb');
	fails_with(2, qr/revision bbbb exists/,
		'migrate-new', '--rev-id', 'bbbb', $folder, 'x');
	fails_with(2, qr/not an id/, 'migrate-new', '--rev-id', '../x', $folder,
		'x');
	run_tool(
		'migrate-new', $folder, 'root', '--head',
		'base', '--rev-id', 'rrrr', '--branch-label',
		'side', '--depends-on', 'bbbb');
	run_tool('migrate-new', $folder, 'on the only real head',
		'--rev-id', 'ssss');
	fails_with(2, qr/not a head/, 'migrate-new', '--head', 'rrrr', $folder,
		'x');
	run_tool('migrate-new', $folder, 'fork', '--head', 'rrr', '--splice',
		'--rev-id', 'tttt');
	fails_with(2, qr/several heads: bbbb, ssss, tttt|several heads/,
		'migrate-new', $folder, 'x');
	run_tool('migrate-new', $folder, 'join', '--merge', '--head',
		'ssss,tttt', '--rev-id', 'mmmm');
	run_tool('migrate-new', $folder, '--merge', '--rev-id', 'nnnn');
	fails_with(2, qr/nothing to merge/, 'migrate-new', $folder, '--merge');
	fails_with(2, qr/A message is missing/, 'migrate-new', $folder);

	$ENV{PGHOST} = $host;
	run_tool('migrate-load', '--strict', '--upgrade', $folder);
	my $id = query(
		"SELECT revision FROM migrate_revision WHERE message = 'Create the user''s \"table\" ../../x'"
	);
	is( state_of_database(),
		"$id< bbbb<$id rrrr< ssss<rrrr tttt<rrrr mmmm<ssss+tttt nnnn<bbbb+mmmm\n:"
		  . join(' :', sort $id, qw(bbbb mmmm nnnn rrrr ssss tttt)),
		'what it wrote is read as it was meant');
	is( query(
			"SELECT description FROM migrate_revision WHERE revision = '$id'"
		),
		"and more\nlines",
		'the description');
	run_tool('migrate-save', $folder);
	unlike(
		run_tool('migrate-load', $folder),
		qr/updated|replaced/,
		'saving it again loses nothing');
}

#
# migrate-save
#
new_database();
{
	my $folder = new_folder('save');
	is(run_tool('migrate-save', $folder), '', 'an empty database');
	query(
		q{
		SELECT migrate_revision('create a', E'CREATE TABLE a (t text DEFAULT E''\\\\x\\ty'');\n-- ünï \\ code', 'DROP TABLE a', rev_id => 'aaaa');
		SELECT migrate_import(E'-- revision: bb$`''"b\n-- down_revision: aaaa\n-- message: it''s / "b"\n--   with\n--\n--   a description\n\n-- migrate:upgrade\nSELECT $$a\tb\\\\n\r\n$$\n');
		SELECT migrate_revision('c', 'CREATE TABLE c ()', '', rev_id => 'cccc')});
	my $out = run_tool('migrate-save', $folder);
	is(() = $out =~ /^written /mg, 3, 'three files are written');
	my @files = sort glob("$folder/*");
	is(scalar(@files), 3, '... and there');
	like($files[0], qr{/\d{8}_\d{4}_aaaa_create_a\.sql$}, 'the name');
	my @stats = map { [ (stat $_)[ 1, 9 ] ] } @files;
	is(run_tool('migrate-save', $folder),
		'', 'a second time there is nothing to do');
	is_deeply([ map { [ (stat $_)[ 1, 9 ] ] } @files ],
		\@stats, '... and no file is touched');

	my $exported = query('SELECT migrate_export($$aaaa$$)');
	is(slurp_file($files[0]), $exported, 'the bytes of migrate_export()');

	# The file that a revision has, and what stays alone
	rename $files[0], "$folder/my own name.sql";
	append_to_file("$folder/my own name.sql", "-- a change\n");
	write_revision($folder, 'dddd', 'cccc');
	is( run_tool('migrate-save', $folder),
		"changed      aaaa  my own name.sql\nfolder only  dddd  dddd.sql\n",
		'a changed file is replaced');
	is(slurp_file("$folder/my own name.sql"), $exported,
		'... under its name');
	is(slurp_file("$folder/dddd.sql") =~ /CREATE TABLE dddd/,
		1, 'nothing is deleted');
	is(() = glob("$folder/.*migrate*"), 0, 'no temporary file is left');

	# Single ones and ranges
	unlink glob("'$folder/*'");
	unlink "$folder/my own name.sql";
	run_tool('migrate-save', $folder, 'head');
	is(() = glob("$folder/*_cccc_*"), 1, 'one that is named');
	unlink glob("$folder/*");
	run_tool('migrate-save', $folder, ':aaaa', 'cccc', 'cccc');
	is( join(' ',
			map { basename($_) =~ /_([a-z]{4})_/ } sort glob("$folder/*")),
		'aaaa cccc',
		'a range and one more');
	fails_with(3, qr/nosuch/, 'migrate-save', $folder, 'nosuch');

	# The other way round: an empty database from the files
	run_tool('migrate-save', $folder);
	my $rows = query(
		'SELECT revision, down_revision, message, description, upgrade_sql, downgrade_sql, transactional, checksum, created_at FROM migrate_revision ORDER BY 1'
	);
	new_database();
	run_tool('migrate-load', '--strict', $folder);
	is( query(
			'SELECT revision, down_revision, message, description, upgrade_sql, downgrade_sql, transactional, checksum, created_at FROM migrate_revision ORDER BY 1'
		),
		$rows,
		'loaded into an empty database: the same');
	is(run_tool('migrate-save', $folder), '',
		'... and saved: the same files');

	# Names with folders
	{
		my $deep = new_folder('deep');
		local $ENV{PGOPTIONS} =
		  q{-cmigrate.file_template=it's/YYYY/<revision>};
		run_tool('migrate-save', $deep);
		is(() = glob("$deep/*/*/aaaa.sql"), 1, 'a template with folders');
		is(run_tool('migrate-save', $deep),
			'', '... whose files are found again');
		is( run_tool('migrate-load', '--strict', '--exact', $deep),
			'3 of 3 revisions are in the folder; its heads: cccc' . "\n",
			'... by migrate-load, too');
		fails_with(2, qr/revision aaaa exists: .*aaaa\.sql/,
			'migrate-new', '--rev-id', 'aaaa', $deep, 'x');
	}

  SKIP:
	{
		skip 'root may write everywhere', 1 if $> == 0;
		chmod 0555, $folder;
		fails_with(2, qr/cannot write into/, 'migrate-save', $folder);
		chmod 0755, $folder;
	}
}

#
# Many
#
new_database();
{
	my $folder = new_folder('many');
	my $parent = '';
	foreach my $i (1 .. 5000)
	{
		my $id = sprintf 'r%05d', $i;
		write_revision(
			$folder, $id, $parent,
			file => sprintf('20260101_0000_%s_%s.sql', $id, 'x' x 100),
			up => 'SELECT 1;',
			down => '');
		$parent = $id;
	}
	like(
		run_tool('migrate-load', '--strict', $folder),
		qr/^5000 of 5000 revisions are in the folder; its heads: r05000$/m,
		'5,000 files');
	is( run_tool('migrate-load', '--exact', $folder),
		"5000 of 5000 revisions are in the folder; its heads: r05000\n",
		'... and again');
	run_tool('migrate-save', $folder);
	is(scalar(my @files = glob("$folder/*")), 5000, '... and back');
	is(run_tool('migrate-save', $folder), '', '... with nothing to do then');
	like(run_tool('migrate-new', $folder, 'one more'),
		qr/one_more/, '... and a new one');
}

#
# Two heads, an emptied database, files that were changed after they were saved
#
{
	my $folder = new_folder('two_heads');
	new_database();
	write_revision($folder, 'aaaa', '');
	write_revision($folder, 'bbbb', 'aaaa');
	write_revision($folder, 'cccc', 'aaaa');
	fails_with(3, qr/ERROR:  the folder has several heads: bbbb, cccc\nHINT:  Join them with migrate-new --merge; migrate-load --heads applies them all\./,
		'migrate-load', '--upgrade', $folder);
	is(state_of_database(), "\n", 'nothing has happened');
	run_tool('migrate-load', $folder);
	fails_with(3, qr/several heads/, 'migrate-load', '--upgrade', $folder);
	run_tool('migrate-load', '--heads', $folder);
	is(query('SELECT string_agg(revision, $$ $$ ORDER BY revision) FROM migrate_version'),
		'bbbb cccc', 'with --heads both are applied');
	write_revision($folder, 'cccc', 'aaaa', up => 'CREATE TABLE cccc ();', file => 'cccc.sql');
	write_file($folder, 'dddd.sql',
		"-- revision: dddd\n-- down_revision: bbbb\n-- depends_on: cccc\n-- migrate:upgrade\nCREATE TABLE dddd ();\n"
	);
	run_tool('migrate-load', '--upgrade', $folder);

	my ($status, $out, $err) = tool('migrate-load', '--upgrade', $folder);
	unlike($err, qr/migrate_stamp/, 'no warning while the tables are there');
	$node->safe_psql($ENV{PGDATABASE}, 'DROP SCHEMA public CASCADE; CREATE SCHEMA public');
	($status, $out, $err) = tool('migrate-load', '--upgrade', $folder);
	is($status, 0, 'the database was emptied');
	is( $err,
		qq{NOTICE:  nothing to apply: already at "dddd"
migrate-load: 4 revisions are applied, and there is no table, view or function there;
migrate-load: if they were dropped, SELECT "Mig ""x".migrate_stamp('base') says so\n},
		'a warning says what to do');
	query("SELECT migrate_stamp('base')");
	run_tool('migrate-load', '--upgrade', $folder);
	is(query(q{SELECT count(*) FROM pg_tables WHERE schemaname = 'public'}),
		4, 'and that helps');

	query(q{SELECT migrate_revision('eeee', 'CREATE TABLE wrong ()', 'DROP TABLE wrong', head => 'dddd', rev_id => 'eeee')});
	($status, $out, $err) = tool('migrate-save', $folder);
	like($err, qr/^migrate-save: if you change a file, migrate-load --upgrade \Q$folder\E stores and applies it$/m,
		'whoever saves a new revision hears what applies its file');
	my ($file) = glob("$folder/*eeee*");
	my $text = slurp_file($file) =~ s/wrong/mended/gr;
	unlink $file;
	write_file($folder, basename($file), $text);
	run_tool('migrate-load', '--upgrade', $folder);
	is(query(q{SELECT to_regclass('public.mended') IS NOT NULL}), 't', 'the file counts');

	# byte order marks anywhere in a file
	new_database();
	$folder = new_folder('marks');
	my $bom = "\xEF\xBB\xBF";
	write_file($folder, 'both.sql',
		"$bom-- revision: aaaa\r\n-- down_revision:\r\n-- migrate:upgrade\r\nSELECT 1;\r\n"
		  . "$bom-- revision: bbbb\n-- down_revision: aaaa\n-- migrate:upgrade\nSELECT 2;\n");
	like(run_tool('migrate-load', '--strict', '--upgrade', $folder),
		qr/^2 of 2 revisions are in the folder; its heads: bbbb$/m,
		'byte order marks are read over');
}

$node->stop;
done_testing();
