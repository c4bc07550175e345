# Fifty replicas of an application start at once with the same files, which
# are new or changed: one stores them, each revision runs once, and nobody
# fails.  Then many files in one call.

use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $REPLICAS = 50;
my $REVISIONS = 40;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', "max_connections = 100\nlog_statement = none");
$node->start;
$ENV{PGOPTIONS} = '-c client_min_messages=error';

# Each revision leaves a row; a release has more revisions, and other messages.
$node->safe_psql('postgres', qq{
	CREATE EXTENSION pg_migrations;
	CREATE TABLE ran (revision int);
	CREATE FUNCTION files(n int, release text) RETURNS text LANGUAGE sql AS \$f\$
		SELECT string_agg(format(E'-- revision: r%s\\n-- down_revision: %s\\n-- message: %s in %s\\n'
				'-- migrate:upgrade\\nCREATE TABLE t%1\$s (id int);\\nINSERT INTO ran VALUES (%1\$s);\\n'
				'-- migrate:downgrade\\nDROP TABLE t%1\$s;\\n',
				i, CASE WHEN i > 1 THEN 'r' || i - 1 END, i, release), '' ORDER BY md5(i::text))
		FROM generate_series(1, n) i
	\$f\$;
});

# All replicas at once; the text of what went wrong
sub start_replicas
{
	my ($sql) = @_;
	my $script = PostgreSQL::Test::Utils::tempdir . '/start.sql';
	open(my $out, '>', $script) or die $!;
	print $out "$sql\n";
	close $out;
	my ($stdout, $stderr);
	my $ok = IPC::Run::run(
		[ $node->installed_command('pgbench'), '-n', '-c', $REPLICAS, '-j', 4, '-t', 1, '-M', 'simple',
			'-f', $script, '-h', $node->host, '-p', $node->port, 'postgres' ], '>', \$stdout, '2>', \$stderr);
	return join "\n", grep { /error|abort/i } split /\n/, "$stdout\n$stderr" if !$ok || $stderr =~ /error|abort/i;
	return '';
}

sub state_of
{
	return $node->safe_psql('postgres', q{
		SELECT count(*), count(DISTINCT revision), (SELECT count(*) FROM migrate_revision),
			(SELECT count(*) FROM migrate_applied), (SELECT string_agg(revision, ',') FROM migrate_version),
			(SELECT count(*) FROM migrate_log WHERE action = 'import')
		FROM ran});
}

is(start_replicas("SELECT count(*) FROM migrate_upgrade(migrate_import(files($REVISIONS, 'one')))"), '',
	"$REPLICAS replicas with new files");
is(state_of(), "$REVISIONS|$REVISIONS|$REVISIONS|$REVISIONS|r$REVISIONS|$REVISIONS", 'each is stored and runs once');

is(start_replicas("SELECT count(*) FROM migrate_upgrade(migrate_import(files($REVISIONS, 'one')))"), '', 'again');
is(state_of(), "$REVISIONS|$REVISIONS|$REVISIONS|$REVISIONS|r$REVISIONS|$REVISIONS", 'nothing happens');

# All messages change, and there are new ones; one changes what is stored
# while all others wait
my $more = 2 * $REVISIONS;
my $logged = $REVISIONS + $more;
is(start_replicas("SELECT count(*) FROM migrate_upgrade(migrate_import(files($more, 'two')))"), '', 'with changed files');
is(state_of(), "$more|$more|$more|$more|r$more|$logged", 'changed once, each runs once');

# With transactions of their own
my $most = 3 * $REVISIONS;
$logged += $REVISIONS;
is(start_replicas("CALL migrate_deploy(migrate_import(files($most, 'two')))"), '', 'with a deploy');
is(state_of(), "$most|$most|$most|$most|r$most|$logged", 'each is stored and runs once');

# Old and new releases side by side: neither undoes what the other has; a
# message is that of the one that came last
is(start_replicas("\\set n random(1, $most)\nSELECT count(*) FROM migrate_upgrade(migrate_import(files(:n, 'two')))"), '',
	'releases side by side');
is(state_of(), "$most|$most|$most|$most|r$most|$logged", 'nothing happens');

# Very many files
$node->safe_psql('postgres', 'CREATE DATABASE many');
is($node->safe_psql('many', q{
	CREATE EXTENSION pg_migrations;
	CREATE TABLE files AS
		SELECT string_agg(format(E'-- revision: r%s\n-- down_revision: %s\n-- message: number %1$s\n'
				'-- migrate:upgrade\nCREATE TABLE t%1$s (id int);\n-- migrate:downgrade\nDROP TABLE t%1$s;\n',
				i, CASE WHEN i > 1 THEN 'r' || i - 1 END), '' ORDER BY md5(i::text)) AS content
		FROM generate_series(1, 10000) i;
	SELECT migrate_import(content) FROM files;
	SELECT migrate_import(content) FROM files;
	SELECT count(*), max(generation), max(head_count) FROM migrate_revision;
	SELECT count(*) FROM migrate_log;
	SELECT migrate_export('base:heads') IS NOT NULL;
}), "r10000\nr10000\n10000|10000|1\n10000\nt", '10,000 files in one call');

$node->stop;
done_testing();
