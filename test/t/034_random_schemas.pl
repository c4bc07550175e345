# Pairs of random schemas A and B: the generated scripts lead from A to B and
# back to A, and each time the comparison finds nothing more.
#
# MIG_SEED=n repeats a run, MIG_PAIRS=n sets its length.  The first pairs have
# seeds that never change; a failure names its seed.

use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $pairs = $ENV{MIG_PAIRS} // 12;
my $first = $ENV{MIG_SEED} // 1;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', "fsync = off\nautovacuum = off");
$node->start;
$ENV{PGOPTIONS} = '-c client_min_messages=warning';
$node->safe_psql('postgres', 'CREATE SCHEMA mig; CREATE EXTENSION pg_migrations SCHEMA mig');

# What B takes over from A: a generator that draws from the same seed makes the
# same objects, and then changes some.
my @types = (
	'int', 'bigint', 'smallint', 'text', 'varchar(20)', 'varchar(30)', 'char(3)', 'numeric(10,2)', 'numeric(12,2)',
	'numeric', 'boolean', 'date', 'timestamp', 'timestamptz(3)', 'interval', 'uuid', 'bytea', 'jsonb', 'json',
	'real', 'double precision', 'inet', 'int[]', 'text[]', 'int4range', 'tstzrange', 'bit(8)', 'varbit', 'point', 'xid', 'tsvector');
my %defaults = (
	'int' => [ '7', '-1', '1 + 2', '(3 * 4)' ],
	'bigint' => [ '12345678901', 'length(\'x\')' ],
	'text' => [ q{'a'}, q{'it''s'}, q{CURRENT_USER}, q{E'\n'}, q{upper('x')} ],
	'varchar(20)' => [q{'b'}],
	'numeric(10,2)' => [ '1.50', '0' ],
	'boolean' => [ 'true', 'false', '(NOT true)' ],
	'date' => [ 'CURRENT_DATE', q{'2020-01-01'} ],
	'timestamp' => [ 'now()', 'LOCALTIMESTAMP' ],
	'uuid' => ['gen_random_uuid()'],
	'jsonb' => [ q{'{}'}, q{'{"a": [1, 2]}'::jsonb} ],
	'int[]' => [ q{'{}'}, 'ARRAY[1, 2]' ],
	'text[]' => [q{ARRAY['a', 'b']::text[]}],
	'interval' => [q{'1 day'}]);
my @names = ('a', 'b', 'c', 'name', 'Value', 'a b', 'select', 'x1', 'über', 'due_at', 'n');

sub pick { return $_[ int rand @_ ]; }

sub chance { my ($p) = @_; return rand() < $p; }

sub quoted { my ($name) = @_; $name =~ s/"/""/g; return qq{"$name"}; }

# A schema is a hash of lists; order of creation is that of the printer.
sub random_schema
{
	my $s = { enums => {}, domains => {}, sequences => {}, tables => {}, functions => {}, views => {} };

	$s->{enums}{"e$_"} = [ map { "v$_" } 1 .. 1 + int rand 5 ] for 1 .. int rand 3;
	$s->{domains}{"d$_"} = random_domain() for 1 .. int rand 3;
	$s->{sequences}{"s$_"} = random_sequence() for 1 .. int rand 3;
	$s->{functions}{"f$_"} = random_function() for 1 .. int rand 4;
	$s->{tables}{"t$_"} = random_table($s) for 1 .. 1 + int rand 5;
	foreign_keys($s);
	$s->{views}{"v$_"} = random_view($s) for 1 .. int rand 4;
	return $s;
}

sub random_domain
{
	return { base => pick('int', 'text', 'numeric(10,2)'), check => chance(0.6) ? 'VALUE IS NOT NULL' : undef, not_null => chance(0.1), default => undef };
}

sub random_sequence
{
	return { increment => 1 + int rand 3, start => 1 + int rand 50, cycle => chance(0.3), type => pick('bigint', 'int') };
}

sub random_function
{
	return {
		args => pick('', 'x int', 'x int, y text DEFAULT \'q\'', 'VARIADIC z int[]'),
		body => pick('SELECT 1', 'SELECT 2', 'SELECT 40 + 2'),
		volatility => pick('IMMUTABLE', 'STABLE', 'VOLATILE'),
		strict => chance(0.3),
		plpgsql => chance(0.3) };
}

sub random_column
{
	my ($s) = @_;
	my $type = pick(@types, @types, (sort keys %{ $s->{enums} }), (sort keys %{ $s->{domains} }));
	my $column = { type => $type, not_null => chance(0.3), comment => chance(0.2) ? 'c' . int rand 9 : undef };

	if ($defaults{$type} && chance(0.5)) { $column->{default} = pick(@{ $defaults{$type} }); }
	elsif ($s->{enums}{$type} && chance(0.5)) { $column->{default} = "'v1'"; }
	elsif ($type =~ /^(int|bigint|smallint)$/ && chance(0.15)) { $column->{identity} = pick('ALWAYS', 'BY DEFAULT'); $column->{not_null} = 1; }
	elsif ($type eq 'bigint' && %{ $s->{sequences} } && chance(0.5)) { $column->{default} = 'nextval(\'' . pick(sort keys %{ $s->{sequences} }) . '\')'; }
	$column->{collate} = 'C' if $type eq 'text' && chance(0.2);
	$column->{storage} = pick('EXTERNAL', 'MAIN') if $type =~ /^(text|jsonb|bytea)$/ && chance(0.1);
	$column->{statistics} = 100 * (1 + int rand 5) if chance(0.1);
	return $column;
}

sub random_table
{
	my ($s) = @_;
	my $t = { columns => {}, keys => {}, checks => {}, indexes => {}, comment => chance(0.3) ? 'table ' . int rand 9 : undef };

	$t->{columns}{id} = { type => pick('int', 'bigint'), not_null => 1 };
	$t->{columns}{ pick(@names) } = random_column($s) for 1 .. 1 + int rand 6;
	$t->{primary} = chance(0.8);
	$t->{unlogged} = chance(0.1);
	$t->{fillfactor} = 50 + 10 * int rand 5 if chance(0.15);
	$t->{rls} = chance(0.15);
	$t->{policy} = chance(0.15) ? 'id > ' . int rand 9 : undef;
	$t->{checks}{"k$_"} = 'id > ' . int rand 9 for 1 .. int rand 2.5;
	$t->{trigger} = chance(0.2) ? pick('BEFORE UPDATE', 'AFTER INSERT OR DELETE') : undef;
	random_index($t) for 1 .. int rand 3;
	if (chance(0.2))
	{
		$t->{columns}{g} = { type => 'int', generated => 'id::int * ' . (2 + int rand 3) };
	}
	return $t;
}

sub random_index
{
	my ($t) = @_;
	my @able = grep { $t->{columns}{$_}{type} =~ /^(int|bigint|text|varchar|date|uuid|numeric|boolean|timestamp)/ } sort keys %{ $t->{columns} };
	my $column = quoted(pick(@able));

	$t->{indexes}{ 'i' . int rand 5 } = pick("($column)", "($column DESC NULLS LAST)", "USING hash ($column)", "(id, $column)",
		"($column) WHERE id > 3", "((id + 1))", "(id) INCLUDE ($column)");
	return;
}

sub foreign_keys
{
	my ($s) = @_;
	my @targets = grep { $s->{tables}{$_}{primary} } sort keys %{ $s->{tables} };

	return unless @targets;
	for my $name (sort keys %{ $s->{tables} })
	{
		my $target = pick(@targets);
		next unless chance(0.5);
		$s->{tables}{$name}{columns}{ref} = { type => $s->{tables}{$target}{columns}{id}{type} };
		$s->{tables}{$name}{foreign} = { table => $target, rest => pick('', 'ON DELETE CASCADE', 'ON UPDATE SET NULL', 'DEFERRABLE INITIALLY DEFERRED', 'NOT VALID') };
	}
	return;
}

sub random_view
{
	my ($s) = @_;
	my $table = pick(sort keys %{ $s->{tables} });
	my @columns = grep { chance(0.5) } sort keys %{ $s->{tables}{$table}{columns} };

	return { table => $table, columns => [ 'id', grep { $_ ne 'id' } @columns ], where => chance(0.5) ? 'id > ' . int rand 9 : undef, materialized => chance(0.25) };
}

# Change some of it; dependents are made anew where they would not fit.
sub change_schema
{
	my ($s) = @_;

	for my $labels (values_of($s->{enums}))
	{
		push @$labels, 'w' . int rand 9 if chance(0.3);
		splice @$labels, 1, 1 if @$labels > 2 && chance(0.2);
		my %seen;
		@$labels = grep { !$seen{$_}++ } @$labels;
	}
	$s->{domains}{$_} = random_domain() for grep { chance(0.2) } sort keys %{ $s->{domains} };
	$s->{sequences}{$_} = random_sequence() for grep { chance(0.3) } sort keys %{ $s->{sequences} };
	$s->{functions}{$_} = random_function() for grep { chance(0.4) } sort keys %{ $s->{functions} };
	$s->{functions}{f9} = random_function() if chance(0.3);
	delete $s->{functions}{ pick(sort keys %{ $s->{functions} }) } if %{ $s->{functions} } && chance(0.2);
	for my $name (sort keys %{ $s->{tables} })
	{
		if (chance(0.1) && keys %{ $s->{tables} } > 1) { delete $s->{tables}{$name}; next; }
		change_table($s, $s->{tables}{$name});
	}
	$s->{tables}{t9} = random_table($s) if chance(0.4);
	delete $_->{foreign} for values_of($s->{tables});
	foreign_keys($s);
	$s->{views} = {};
	$s->{views}{"v$_"} = random_view($s) for 1 .. int rand 4;
	return $s;
}

sub values_of { my ($hash) = @_; return map { $hash->{$_} } sort keys %$hash; }

sub change_table
{
	my ($s, $t) = @_;

	for my $name (sort keys %{ $t->{columns} })
	{
		next if $name eq 'id';
		if (chance(0.15)) { delete $t->{columns}{$name}; }
		elsif (chance(0.3)) { $t->{columns}{$name} = random_column($s); }
	}
	$t->{columns}{ pick(@names) } = random_column($s) if chance(0.5);
	$t->{columns}{id}{type} = pick('int', 'bigint') if chance(0.2);
	$t->{primary} = !$t->{primary} if chance(0.1);
	$t->{unlogged} = !$t->{unlogged} if chance(0.05);
	$t->{rls} = !$t->{rls} if chance(0.1);
	$t->{comment} = 'other' if chance(0.2);
	$t->{policy} = 'id > ' . int rand 9 if chance(0.2);
	$t->{checks} = {} if chance(0.2);
	$t->{checks}{ 'k' . int rand 3 } = 'id > ' . int rand 9 if chance(0.3);
	$t->{trigger} = pick(undef, 'BEFORE UPDATE', 'AFTER INSERT') if chance(0.2);
	$t->{indexes} = {};
	random_index($t) for 1 .. int rand 3;
	return;
}

# The schema as DDL
sub ddl_of
{
	my ($s) = @_;
	my @ddl = ("CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'");
	my @later;

	push @ddl, "CREATE TYPE $_ AS ENUM (" . join(', ', map { "'$_'" } @{ $s->{enums}{$_} }) . ')' for sort keys %{ $s->{enums} };
	push @ddl, ddl_of_domain($_, $s->{domains}{$_}) for sort keys %{ $s->{domains} };
	for my $name (sort keys %{ $s->{sequences} })
	{
		my $q = $s->{sequences}{$name};
		push @ddl, "CREATE SEQUENCE $name AS $q->{type} INCREMENT $q->{increment} START $q->{start}" . ($q->{cycle} ? ' CYCLE' : '');
	}
	push @ddl, ddl_of_function($_, $s->{functions}{$_}) for sort keys %{ $s->{functions} };
	push @ddl, ddl_of_table($_, $s->{tables}{$_}, \@later) for sort keys %{ $s->{tables} };
	push @ddl, @later;
	for my $name (sort keys %{ $s->{views} })
	{
		my $v = $s->{views}{$name};
		my $list = join(', ', map { quoted($_) } @{ $v->{columns} });
		push @ddl, 'CREATE ' . ($v->{materialized} ? 'MATERIALIZED ' : '') . "VIEW $name AS SELECT $list FROM $v->{table}" . ($v->{where} ? " WHERE $v->{where}" : '');
	}
	return join(";\n", @ddl) . ";\n";
}

sub ddl_of_domain
{
	my ($name, $d) = @_;
	return "CREATE DOMAIN $name AS $d->{base}" . ($d->{check} ? " CHECK ($d->{check})" : '') . ($d->{not_null} ? ' NOT NULL' : '');
}

sub ddl_of_function
{
	my ($name, $f) = @_;
	my $body = $f->{plpgsql} ? "BEGIN RETURN ($f->{body}); END" : $f->{body};
	return "CREATE FUNCTION $name($f->{args}) RETURNS int LANGUAGE " . ($f->{plpgsql} ? 'plpgsql' : 'sql') . " $f->{volatility}" . ($f->{strict} ? ' STRICT' : '') . " AS '$body'";
}

sub ddl_of_table
{
	my ($name, $t, $later) = @_;
	my @parts;
	my @ddl;

	for my $column (sort keys %{ $t->{columns} })
	{
		my $c = $t->{columns}{$column};
		my $q = quoted($column);
		push @parts, "$q $c->{type}" . ($c->{collate} ? " COLLATE \"$c->{collate}\"" : '')
		  . ($c->{generated} ? " GENERATED ALWAYS AS ($c->{generated}) STORED" : '')
		  . ($c->{identity} ? " GENERATED $c->{identity} AS IDENTITY" : '')
		  . (defined $c->{default} ? " DEFAULT $c->{default}" : '') . ($c->{not_null} ? ' NOT NULL' : '');
		push @ddl, "COMMENT ON COLUMN $name.$q IS '$c->{comment}'" if $c->{comment};
		push @ddl, "ALTER TABLE $name ALTER $q SET STORAGE $c->{storage}" if $c->{storage};
		push @ddl, "ALTER TABLE $name ALTER $q SET STATISTICS $c->{statistics}" if $c->{statistics};
	}
	push @parts, 'PRIMARY KEY (id)' if $t->{primary};
	push @parts, "CONSTRAINT $_ CHECK ($t->{checks}{$_})" for sort keys %{ $t->{checks} };
	unshift @ddl, 'CREATE ' . ($t->{unlogged} ? 'UNLOGGED ' : '') . "TABLE $name (" . join(', ', @parts) . ')' . ($t->{fillfactor} ? " WITH (fillfactor = $t->{fillfactor})" : '');
	push @ddl, "COMMENT ON TABLE $name IS '$t->{comment}'" if $t->{comment};
	push @ddl, "CREATE INDEX ${name}_$_ ON $name $t->{indexes}{$_}" for sort keys %{ $t->{indexes} };
	push @ddl, "ALTER TABLE $name ENABLE ROW LEVEL SECURITY" if $t->{rls};
	push @ddl, "CREATE POLICY p ON $name USING ($t->{policy})" if $t->{policy};
	push @ddl, "CREATE TRIGGER tr $t->{trigger} ON $name FOR EACH ROW EXECUTE FUNCTION tf()" if $t->{trigger};
	# an unlogged table cannot be referred to by others
	push @$later, "ALTER TABLE $name ADD FOREIGN KEY (ref) REFERENCES $t->{foreign}{table} $t->{foreign}{rest}" if $t->{foreign};
	return @ddl;
}

# Without unlogged tables where there are foreign keys, and with keys where
# others refer to
sub repair
{
	my ($s) = @_;
	if (grep { $_->{foreign} } values_of($s->{tables})) { $_->{unlogged} = 0 for values_of($s->{tables}); }
	for my $t (values_of($s->{tables}))
	{
		delete $t->{foreign} if $t->{foreign} && !($s->{tables}{ $t->{foreign}{table} } // {})->{primary};
		delete $t->{foreign} unless $t->{columns}{ref};
		for my $c (values_of($t->{columns}))
		{
			my $old = $c->{default} // '';
			delete $c->{default} if $old =~ /^nextval\('(\w+)'\)/ && !$s->{sequences}{$1};
		}
	}
	return $s;
}

sub clone
{
	my ($x) = @_;
	return ref $x eq 'HASH' ? { map { $_ => clone($x->{$_}) } keys %$x } : ref $x eq 'ARRAY' ? [ map { clone($_) } @$x ] : $x;
}

my $dollar = '$model$';

# One call in psql: 1 and its output, or 0 and its messages
sub ask
{
	my ($sql) = @_;
	my ($rc, $out, $err) = $node->psql('postgres', "SET search_path = app, mig;\n$sql", on_error_stop => 1);
	return $rc == 0 ? (1, $out) : (0, $err);
}

# Go from what is there to a model; what the scripts are is returned.
sub go
{
	my ($name, $ddl, $script) = @_;
	my ($ok, $found);

	if (!defined $script)
	{
		($ok, $script) = ask("SELECT upgrade FROM migrate_autogenerate_sql($dollar$ddl$dollar)");
		return fail("$name: " . $script) unless $ok;
	}
	($ok, $found) = ask("BEGIN;\n$script\n;COMMIT;");
	return fail("$name: $found\n$script") unless $ok;
	($ok, $found) = ask("SELECT upgrade FROM migrate_diff($dollar$ddl$dollar)");
	return fail("$name: $found") unless $ok;
	return is($found, '', "$name: nothing is left to do") || diag($script);
}

for my $seed ($first .. $first + $pairs - 1)
{
	srand($seed);
	my $from = repair(random_schema());
	my $to = repair(change_schema(clone($from)));
	my ($a, $b) = (ddl_of($from), ddl_of($to));
	my ($ok, $back);

	$node->safe_psql('postgres', 'DROP SCHEMA IF EXISTS app CASCADE; CREATE SCHEMA app');
	go("seed $seed, nothing to A", $a) or next;
	($ok, $back) = ask("SELECT downgrade FROM migrate_autogenerate_sql($dollar$b$dollar)");
	go("seed $seed, A to B", $b) or next;
	go("seed $seed, back to A by the downgrade", $a, $back) or next;
	go("seed $seed, A to B once more", $b) or next;
	go("seed $seed, B to A by a comparison", $a);
}

$node->stop;
done_testing();
