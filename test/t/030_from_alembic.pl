# Coming from Alembic: the project in test/data/alembic-project is upgraded by
# Alembic itself in one database, and through the client in another.
# Both end with the same schema and the same rows, up and down.

use strict;
use warnings FATAL => 'all';

use Cwd qw(abs_path);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;

$ENV{LC_ALL} = 'C.UTF-8';
$ENV{PGOPTIONS} = '-c client_min_messages=warning';
$ENV{PYTHONDONTWRITEBYTECODE} = 1;

# Debian's Alembic belongs to Debian's Python; PYTHONPATH leads to another.
my $python = '/usr/bin/python3';
my $project = abs_path('test/data/alembic-project');
my $tool = abs_path('client/src/pg_migrate/from_alembic.py');
my $dir = PostgreSQL::Test::Utils::tempdir;

# The URL of a database, for the project's env.py
sub url
{
	my ($dbname) = @_;
	return sprintf 'postgresql+psycopg2:///%s?host=%s&port=%s', $dbname,
	  $node->host, $node->port;
}

# Run a program in the project's folder: its exit status and what it said
sub in_project
{
	my (@command) = @_;
	my ($out, $err);
	IPC::Run::run([ 'env', '-C', $project, @command ], '>', \$out, '2>', \$err);
	return ($? >> 8, $out, $err);
}

sub run_alembic
{
	my ($dbname, @arguments) = @_;
	local $ENV{DATABASE_URL} = url($dbname);
	my ($status, $out, $err) = in_project($python, '-m', 'alembic', @arguments);
	is($status, 0, "alembic @arguments") or diag($err);
	return $out;
}

sub run_tool
{
	return in_project($python, $tool, @_);
}

sub slurp_files
{
	return map { slurp_file($_) } glob("$_[0]/*.sql");
}

# A database with the extension, and files imported
sub import_into
{
	my ($dbname, $folder) = @_;
	$node->safe_psql(
		$dbname, "CREATE SCHEMA IF NOT EXISTS migrate;
		CREATE EXTENSION IF NOT EXISTS pg_migrations SCHEMA migrate;
		ALTER DATABASE $dbname SET search_path = public, migrate");
	my $files = join '', slurp_files($folder);
	return $node->safe_psql($dbname, "SELECT migrate_import(\$import\$$files\$import\$)");
}

# Everything that is not the bookkeeping of either
sub contents
{
	my ($dbname) = @_;
	my ($out, $err);
	IPC::Run::run(
		[
			'pg_dump', '--inserts', '-N', 'migrate', '-T', 'alembic_version',
			$node->connstr($dbname)
		],
		'>', \$out, '2>', \$err)
	  or die $err;
	$out =~ s/^\\(un)?restrict.*\n//gm;
	$out =~ s/^--.*\n//gm;
	$out =~ s/^(CREATE|COMMENT ON) EXTENSION.*\n//gm;
	$out =~ s/\n{2,}/\n/g;
	return $out;
}

sub is_same
{
	my ($name) = @_;
	is(contents('imported'), contents('original'), "$name: same schema and rows");
	return;
}

#
# Writing the files
#
$ENV{DATABASE_URL} = 'postgresql+psycopg2://nowhere.invalid/none';
my ($status, $out, $err) = run_tool("$dir/files");
is($status, 0, 'everything can be rendered') or diag($err);
like(
	$err,
	qr/^migrations\/versions\/1a2b3c4d5e60_all_sorts_of_statements\.py:44: note: upgrade\(\) of 1a2b3c4d5e60 takes all tables of a MetaData as they are now$/m,
	'what may have changed since is pointed out');
like($out, qr/^10 revisions written to \Q$dir\E\/files$/, 'it says so');
like(
	$err,
	qr/^pg-migrate: models\.py has a naming convention: running env\.py$/m,
	'env.py is run where names depend on it, and connects to nothing');

my @files = map { s{.*/}{}r } glob("$dir/files/*");
is( "@files[0 .. 2]",
	'20240201_0915_5b1f0c7a2e10_create_accounts.sql 20240201_0915_a91c3d4e5f60_create_orders.sql 20240202_1200_e5d4c3b2a190_create_report.sql',
	'files are named as the extension names them');
is( slurp_file("$dir/files/$files[0]") =~ s/\n\n.*//sr, q{-- revision: 5b1f0c7a2e10
-- down_revision:
-- message: create accounts
-- branch_labels: core
-- depends_on:
-- transactional: yes
-- created: 2024-02-01 09:15:00.250000+00
--   An account belongs to a person; its state is an enum.},
	'the header of a file');
my $all = join '', slurp_files("$dir/files");
is( join(' ', $all =~ /^-- created: (.*)\+00$/gm),
	'2024-02-01 09:15:00.250000 2024-02-01 09:15:00.250001 2024-02-02 12:00:00.000000 2024-02-03 08:00:00.000000 2024-02-05 08:00:00.000001 2024-02-06 11:00:00.000000 2024-02-07 11:00:00.000000 2024-02-08 11:00:00.000000 2024-02-09 12:00:00.000000 2024-02-10 07:30:00.000001',
	'dates are kept, and told apart where they are equal');
unlike($all, qr/alembic_version|^\s*(BEGIN|COMMIT);/m,
	'no bookkeeping and no transactions of Alembic');

($status, $out) = run_tool('--metadata', 'models:metadata', "$dir/metadata");
is($status, 0, 'the naming convention can be taken from the models');
is(join('', slurp_files("$dir/metadata")), $all, 'that gives the same files');

($status, $out) = run_tool('--no-env', "$dir/without");
is($status, 0, 'env.py can be left alone');
unlike(join('', slurp_files("$dir/without")),
	qr/pk_account/, 'and so the naming convention');

append_to_file("$dir/files/$files[0]", "-- completed by hand\n");
($status, $out) = run_tool("$dir/files");
like($out, qr/^0 revisions written to .*, 10 kept$/, 'files that exist are kept');
like(slurp_file("$dir/files/$files[0]"),
	qr/completed by hand/, 'with what was done to them');
($status, $out) = run_tool('--overwrite', "$dir/files");
like($out, qr/^10 revisions written/, 'unless they are to be written anew');
is(join('', slurp_files("$dir/files")), $all, 'which gives the same again');

#
# Up
#
$node->safe_psql('postgres', "CREATE DATABASE $_")
  foreach ('original', 'imported', 'planned');
run_alembic('original', 'upgrade', '3f2e1d0c9b81');

is(import_into('imported', "$dir/files"),
	'c4b3a2918071, f6e5d4c3b2a1, 1a2b3c4d5e60', 'the files are imported: same heads');
is( $node->safe_psql(
		'imported', q{SELECT string_agg(migrate_export(revision), '')
		FROM (SELECT revision FROM migrate_revision ORDER BY created_at) r}),
	$all,
	'exported again they are the same, byte for byte');

$node->safe_psql('imported', "SELECT migrate_upgrade('3f2e1d0c9b81')");
is_same('to the merge');
is( $node->safe_psql('imported', 'SELECT count(*) FROM "order"'),
	0, 'there is a table that was created');

run_alembic('original', 'upgrade', 'heads');
$node->safe_psql('imported', "CALL migrate_deploy('heads')");
is_same('to the heads');
my $version = $node->safe_psql('original',
	"SELECT string_agg(version_num, ', ' ORDER BY version_num COLLATE \"C\") FROM alembic_version");
is( $node->safe_psql(
		'imported',
		"SELECT string_agg(revision, ', ' ORDER BY revision COLLATE \"C\") FROM migrate_version"
	),
	$version,
	'both say that they are at the same revisions');

# The order of a run.  Between independent heads Alembic goes by the names of
# files, or in old versions by chance; below one head nothing is left to that.
import_into('planned', "$dir/files");
foreach my $head ('c4b3a2918071', 'f6e5d4c3b2a1')
{
	my $order = qq{
from alembic.config import Config
from alembic.script import ScriptDirectory
script = ScriptDirectory.from_config(Config("alembic.ini"))
steps = [r.revision for r in script.iterate_revisions("$head", "base")]
print(" ".join(reversed(steps)))
};
	(undef, $out) = in_project($python, '-c', $order);
	chomp $out;
	is( $node->safe_psql('planned',
			"SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_plan('$head')"
		),
		$out,
		"the plan to $head is Alembic's");
}

#
# Down
#
run_alembic('original', 'downgrade', '9a8b7c6d5e41');
$node->safe_psql('imported', "SELECT migrate_downgrade('9a8b7c6d5e41')");
is_same('down to what cannot be undone');
(undef, undef, $err) = $node->psql('imported',
	"\\set VERBOSITY verbose\nSELECT migrate_downgrade('-1')");
like($err, qr/MG009/, 'NotImplementedError makes it irreversible');

foreach my $dbname ('original', 'imported')
{
	$node->safe_psql('postgres', "DROP DATABASE $dbname");
	$node->safe_psql('postgres', "CREATE DATABASE $dbname");
}
run_alembic('original', 'upgrade', '3f2e1d0c9b81');
run_alembic('original', 'upgrade', 'reporting@head');
import_into('imported', "$dir/files");
$node->safe_psql('imported',
	"SELECT migrate_upgrade('3f2e1d0c9b81, reporting\@head')");
is_same('two branches');

foreach my $target ('a91c3d4e5f60', 'base')
{
	run_alembic('original', 'downgrade', $target);
	$node->safe_psql('imported', "SELECT migrate_downgrade('$target')");
	is_same("down to $target");
}

#
# Servers without the extension: scripts that keep Alembic's table
#
$node->safe_psql('postgres', 'CREATE DATABASE scripted');
my $script = $node->safe_psql('planned',
	"SELECT migrate_sql('base:heads', version_table => 'alembic_version')");
$node->safe_psql('scripted', $script);
run_alembic('original', 'upgrade', 'heads');
is(contents('scripted'), contents('original'),
	'a script of all revisions: same schema and rows');
is( join(' ', sort split /\n/, run_alembic('scripted', 'current')),
	join(' ', sort split /\n/, run_alembic('original', 'current')),
	'Alembic itself finds the state it would have left');

#
# Adopting what Alembic has applied
#
my $before = contents('original');
import_into('original', "$dir/files");
is( $node->safe_psql(
		'original',
		"SELECT string_agg(head, ', ' ORDER BY head COLLATE \"C\") FROM regexp_split_to_table(migrate_adopt(), ', ') head"
	),
	$version, 'the state is taken from alembic_version');
is($node->safe_psql('original', "SELECT count(*) FROM migrate_upgrade('heads')"),
	0, 'nothing is left to do');
is( $node->safe_psql('original', "SELECT count(*) FROM migrate_applied"),
	10, 'every revision counts as applied');
is(contents('original'), $before, 'nothing has changed');
$node->safe_psql('original',
	"SELECT migrate_downgrade('9a8b7c6d5e41'); SELECT migrate_upgrade('heads')");
is(contents('original'), $before,
	'what Alembic applied can be undone and done again');

#
# What cannot be rendered
#
($status, $out, $err) = run_tool('-n', 'by_hand', "$dir/by_hand");
is($status, 3, 'the exit status says that something is left to do');
like($out, qr/^14 revisions written to .*, 4 of them to be completed$/,
	'so does the last line');
$err =~ s/^pg-migrate:.*\n//gm;
$err =~ s/.*: note: .*\n//g;
$err =~ s/ModuleNotFoundError: //g;
is($err, q{migrations/by_hand/d00000000001_read_accounts.py:20: upgrade() of d00000000001 not rendered: reads the result of: SELECT id, login FROM account
migrations/by_hand/d00000000002_look_before.py:18: upgrade() of d00000000002 not rendered: inspects the database
migrations/by_hand/d00000000002_look_before.py:18: downgrade() of d00000000002 not rendered: inspects the database
migrations/by_hand/d00000000003_use_a_session.py:27: downgrade() of d00000000003 not rendered: reads the result of: SELECT count(*) FROM account
migrations/by_hand/d00000000004_import_what_is_gone.py:10: upgrade() of d00000000004 not rendered: cannot be imported: No module named 'shop'
migrations/by_hand/d00000000004_import_what_is_gone.py:10: downgrade() of d00000000004 not rendered: cannot be imported: No module named 'shop'
}, 'each is named with its file, its line and the reason');
($status, $out, $err) = run_tool('-n', 'by_hand', "$dir/by_hand");
is($status, 3, 'and again as long as it is left to do');
like($out, qr/^0 revisions written to .*, 14 kept, 4 of them to be completed$/,
	'although nothing is written');
like(
	$err,
	qr/^pg-migrate: 20240301_1000_d00000000001_read_accounts\.sql is still to be completed$/m,
	'the files are named');
is(import_into('imported', "$dir/by_hand"),
	'f6e5d4c3b2a1, 1a2b3c4d5e60, d00000000004', 'the files can be imported nevertheless');
(undef, undef, $err) =
  $node->psql('imported', "CALL migrate_deploy('d00000000001')");
like(
	$err,
	qr/ERROR:  the upgrade of revision d00000000001 is not rendered from Alembic \(revision d00000000001, upgrade, line \d+\)\nDETAIL:  d00000000001_read_accounts\.py line 20: reads the result of: SELECT id, login FROM account\nHINT:  Complete the upgrade section of its file\./,
	'its script raises an error that says what to do');
is( $node->safe_psql('imported',
		q{SELECT downgrade_sql FROM migrate_revision WHERE revision = 'd00000000001'}),
	'ALTER TABLE account DROP COLUMN domain;',
	'its other script is rendered');
like(
	slurp_file((glob("$dir/by_hand/*d00000000001*"))[0]),
	qr/^--       for id_, login in bind\.execute\(.*^-- What it did until then:\n--\n--   ALTER TABLE account ADD COLUMN domain TEXT;$/ms,
	'the file shows what is to be written');
is( $node->safe_psql('imported',
		q{SELECT upgrade_sql FROM migrate_revision WHERE revision = 'd00000000003'}),
	"UPDATE account SET phone = '+43:1' WHERE id = 1;",
	'a session that reads nothing is rendered');

#
# A schema for each tenant
#
($status, $out, $err) =
  run_tool('-n', 'tenant', '-x', 'tenant=acme', '--schema', 'acme',
	"$dir/tenant");
is($status, 0, 'a tenant\'s revisions are rendered without its schema');
like(
	$err,
	qr/migrations\/tenant\/ab12cd34ef56_create_notes\.py:\d+: note: upgrade\(\) of ab12cd34ef56 still names schema acme/,
	'a name that stands in a text is pointed out');
$node->safe_psql('original', 'CREATE SCHEMA t1; CREATE SCHEMA t2');
is(import_into('original', "$dir/tenant"), 'ab12cd34ef56', 'imported');
$node->safe_psql('original',
	"SELECT migrate_upgrade('tenant\@head', schema => s) FROM (VALUES ('t1'), ('t2')) t(s)"
);
is( $node->safe_psql(
		'original',
		"SELECT conrelid::regclass, confrelid::regclass FROM pg_constraint WHERE conname = 'fk_note_parent_note' ORDER BY 1"
	),
	"t1.note|t1.note\nt2.note|t2.note",
	'each schema has a table of its own');

#
# Corners, in projects made for them
#
sub project
{
	my ($name, %revisions) = @_;
	mkdir "$dir/$name";
	mkdir "$dir/$name/versions";
	append_to_file("$dir/$name/alembic.ini",
		"[alembic]\nscript_location = $dir/$name\n");
	append_to_file("$dir/$name/env.py", "raise Exception\n");
	append_to_file("$dir/$name/versions/$_.py",
		qq{"""revision $_ of $name"""\nfrom alembic import context, op\nimport sqlalchemy as sa\n}
		  . qq{revision = "$_"\n$revisions{$_}})
	  foreach keys %revisions;
	return "$dir/$name/alembic.ini";
}

my $ini = project(
	'corners',
	c1 => q{down_revision = None
looked = context.is_offline_mode()
def upgrade():
    op.execute("CREATE TABLE alarm (every float)")
    if context.is_offline_mode() or op.get_context().as_sql or looked:
        op.execute("SELECT 'offline'")
        return
    op.execute("ALTER TABLE alarm ALTER every TYPE json USING to_json(every)")
def downgrade():
    op.execute("DROP TABLE alarm")
},
	c2 => q{down_revision = "c1"
def upgrade():
    schema = op.get_bind().execute(sa.text("SELECT current_schema()")).scalar()
    with op.get_context().autocommit_block():
        op.execute("CREATE INDEX CONCURRENTLY ON %s.alarm (every)" % schema)
def downgrade():
    pass
},
	c3 => q{down_revision = "c2"
def upgrade():
    op.create_unique_constraint(None, "alarm", ["every"])
def downgrade():
    op.drop_constraint(None, "alarm", type_="unique")
},
	c4 => q{down_revision = "c3"
class Thing:
    pass
def upgrade():
    op.execute("SELECT '%s'" % Thing())
def downgrade():
    op.execute("SELECT 1")
    raise KeyError("nothing like %r" % Thing())
});
($status, $out, $err) = run_tool('--no-env', '-c', $ini, "$dir/cornered");
is($status, 3, 'some have to be completed');
is( $err =~ s/^.*\/versions\///gmr,
	q{c2.py:7: upgrade() of c2 not rendered: reads the result of: SELECT current_schema()
c3.py:9: downgrade() of c3 not rendered: fails in Alembic, too: CompileError: Can't emit DROP CONSTRAINT for constraint UniqueConstraint(); it has no name
c4.py:9: upgrade() of c4 not rendered: a text holds the address of an object: SELECT '<c4_py.Thing object>'
c4.py:12: downgrade() of c4 not rendered: KeyError: 'nothing like <c4_py.Thing object>'
}, 'what fails in Alembic, too, is said, and no address is');
my %cornered = map { /^-- revision: (.*)$/m ? ($1 => $_) : () } slurp_files("$dir/cornered");
like($cornered{c1}, qr/^-- transactional: yes\n.*^ALTER TABLE alarm/ms,
	'a revision hears that it is not offline');
unlike($cornered{c1}, qr/'offline'/, 'in each way of asking');
like($cornered{c2}, qr/^-- transactional: no$/m,
	'a stand-in is as its function will have to be');
unlike($cornered{c3}, qr/^-- transactional:/m,
	'or as what will be written there');
like(
	$cornered{c3},
	qr/HINT = 'Complete the downgrade section of its file, or leave it out: then the revision is irreversible\.';/,
	'what has never worked can be left out');

# Two trees with the same ids in one database
my %tree = (
	a1 => qq{down_revision = None\ndef upgrade():\n    op.execute("SELECT '1')"\ndef downgrade():\n    pass\n},
	a2 => qq{down_revision = "a1"\ndef upgrade():\n    op.execute("SELECT 2")\ndef downgrade():\n    pass\n},
	a3 => qq{down_revision = "a2"\ndepends_on = "a1"\ndef upgrade():\n    pass\ndef downgrade():\n    pass\n});
$tree{a1} =~ s/'1'\)"/1")/;
project('core', %tree);
project('tenants', %tree, b1 => $tree{a1} =~ s/1"/'b'"/r);
$node->safe_psql('postgres', 'CREATE DATABASE trees');
is((run_tool('--no-env', '-c', "$dir/core/alembic.ini", '--label', 'core', "$dir/core_files"))[0],
	0, 'a tree gets a label');
is(import_into('trees', "$dir/core_files"), 'a3', 'it is imported');
($status, $out, $err) = run_tool('--no-env', '-c', "$dir/tenants/alembic.ini",
	'--label', 'tenants', "$dir/tenant_files");
is($status, 1, 'a label is for one base');
like($err, qr/--label tenants: there are the bases a1, b1; write --label tenants=BASE$/,
	'and the error names them');
is( (run_tool(
			'--no-env', '-c', "$dir/tenants/alembic.ini", '--label', 'tenants=a1', '--label', 'more=b1',
			'--prefix', 't_', "$dir/tenant_files"))[0],
	0, 'the other tree gets labels and a prefix');
is(import_into('trees', "$dir/tenant_files"), 't_b1, t_a3', 'it is imported beside the first');
is( $node->safe_psql(
		'trees',
		q{SELECT revision, down_revision, depends_on, branch_labels, message FROM migrate_revision ORDER BY revision COLLATE "C"}),
	q{a1|{}|{}|{core}|revision a1 of core
a2|{a1}|{}|{}|revision a2 of core
a3|{a2}|{a1}|{}|revision a3 of core
t_a1|{}|{}|{tenants}|revision a1 of tenants
t_a2|{t_a1}|{}|{}|revision a2 of tenants
t_a3|{t_a2}|{t_a1}|{}|revision a3 of tenants
t_b1|{}|{}|{more}|revision b1 of tenants},
	'both are whole');
is( $node->safe_psql(
		'trees',
		q{SELECT string_agg(revision, ' ' ORDER BY step) FROM migrate_upgrade('tenants@head')}),
	't_a1 t_a2 t_a3', 'the label tells them apart');
# a file that was saved with a byte order mark is known again
my ($kept) = glob("$dir/core_files/*_a1_*");
my $text = slurp_file($kept);
unlink $kept;
append_to_file($kept, "\xEF\xBB\xBF$text");
($status, $out) = run_tool('--no-env', '-c', "$dir/core/alembic.ini", '--label', 'core', "$dir/core_files");
like($out, qr/^0 revisions written to .*, 3 kept$/, 'byte order marks are read over');

#
# Misuse
#
($status, $out, $err) = run_tool();
is($status, 2, 'no directory: usage');
($status, $out, $err) = run_tool('-c', 'nowhere.ini', "$dir/none");
is($status, 1, 'no configuration');
is($err, "pg-migrate: no file nowhere.ini\n", 'it is named');
{
	local $ENV{DATABASE_URL};
	delete $ENV{DATABASE_URL};
	($status, $out, $err) = run_tool('--env', "$dir/none");
	is($status, 1, 'env.py fails');
	like(
		$err,
		qr/^pg-migrate: .*\/env\.py:18: KeyError: 'DATABASE_URL'\npg-migrate: see --no-env and --metadata$/m,
		'where and why');
}
ok(!-e "$dir/none", 'and nothing is written');

done_testing();
