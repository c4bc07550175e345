# shellcheck shell=bash
#
# What test/run, test/demo/run and test/bench/run have in common: a folder of
# their own with a copy of the sources, an installation of the server and a
# cluster in it.  Nothing outside that folder is changed, no other server is
# spoken to, and the folder is removed in the end, however the end comes
# (KEEP=1 leaves the files for a look).
#
# Sourced, not run.  Sets
#	top		the source tree
#	work	the folder; work/src is the build, work/log what the tools said
#	bindir	the programs of the private installation

set -euo pipefail

unset CDPATH
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PG_CONFIG=${PG_CONFIG:-pg_config}
work=
bindir=
user=						# whom root becomes
running=					# process group of the step under way
dots=						# and of what prints dots meanwhile

# No variable of the caller's may lead to another server, and the options of
# a make above us are not meant for the makes below.
for variable in $(compgen -e PG); do
	[ "$variable" = PG_CONFIG ] || unset "$variable"
done
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES LANGUAGE variable
# PostgreSQL::Test takes LC_ALL away again.
export LANG=C.UTF-8 LC_ALL=C.UTF-8
umask 022

# shellcheck source=test/server.sh
source "$top/test/server.sh"

die()
{
	echo "$*" >&2
	exit 1
}

# set_up PURPOSE: what is missing, and the path of the pg_config to use
set_up()
{
	"$top/test/setup" "$1"
	PG_CONFIG=$(find_pg_config)
	export PG_CONFIG
}

# Servers refuse to run as root: root becomes the user that Debian's packages
# create or, with a server that came otherwise, the user of no files.
as_user()
{
	local path=${bindir:+$bindir:}$PATH
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups \
			env HOME="$work" TMPDIR="$work/tmp" PATH="$path" "$@"
	else
		env HOME="$work" TMPDIR="$work/tmp" PATH="$path" "$@"
	fi
}

# Commands that take time run in the background, because bash postpones a trap
# until a foreground command ends, and in a process group of their own ("set
# -m"), so that all of it can be ended.
wait_for()
{
	local status=0
	running=$1
	set +m
	wait "$running" || status=$?
	running=
	return $status
}

# A dot now and then, while something takes long
start_dots()
{
	set -m
	(
		sleep 5
		: >"$work/log/dots"
		while :; do
			printf .
			sleep 5
		done
	) &
	dots=$!
	set +m
}

stop_dots()
{
	[ -n "$dots" ] || return 0
	kill -- "-$dots" 2>/dev/null || :
	wait "$dots" 2>/dev/null || :
	dots=
	if [ -e "$work/log/dots" ]; then
		echo
		rm "$work/log/dots"
	fi
}

# step NAME COMMAND...: output goes to work/log/NAME, and is shown if the
# command fails.
step()
{
	local status=0
	start_dots
	set -m
	"${@:2}" >"$work/log/$1" 2>&1 </dev/null &
	wait_for $! || status=$?
	stop_dots
	[ $status = 0 ] || cat "$work/log/$1"
	return $status
}

# Ends every server whose data directory is in our folder.  A stale pid file
# may name a stranger, hence the look at the process's working directory.
stop_servers()
{
	local pidfile pid
	while IFS= read -r pidfile; do
		pid=$(head -n 1 "$pidfile" 2>/dev/null) || continue
		[ "$(readlink "/proc/$pid/cwd")" = "${pidfile%/*}" ] || continue
		kill -QUIT "$pid" 2>/dev/null || continue
		for _ in {1..100}; do
			[ -e "/proc/$pid" ] || break
			sleep 0.1
		done
	done < <(find "$work" -name postmaster.pid 2>/dev/null)
}

# For the sourcing script to redefine: the last word, given the exit status
at_end()
{
	return "$1"
}

clean_up()
{
	local status=$?
	trap - EXIT
	trap '' INT TERM HUP
	stop_dots
	if [ -n "$running" ]; then
		kill -TERM -- "-$running" 2>/dev/null || :
		wait "$running" 2>/dev/null || :
	fi
	if [ -n "$work" ]; then
		stop_servers
		if [ -n "${KEEP:-}" ]; then
			echo "kept: $work"
		else
			rm -rf "$work"
		fi
	fi
	# Without a number, exit in a trap repeats the status before the trap.
	at_end "$status" || exit $?
	exit 0
}

trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Can servers run below the folder, and programs?  The path of a socket has at
# most 107 bytes, and the tests put 31 behind that of the folder; make does not
# know paths with spaces.
usable()
{
	[ ${#1} -le 76 ] && [[ $1 != *[[:space:]]* ]] &&
		as_user cp /bin/true "$1/src/true" && as_user "$1/src/true" && rm "$1/src/true"
}

make_work_folder()
{
	local parent
	if [ "$(id -u)" = 0 ]; then
		user=postgres
		id "$user" >/dev/null 2>&1 || user=nobody
	fi
	# Where we were called may be out of reach for that user.
	cd /
	for parent in ${TMPDIR:+"$TMPDIR"} /tmp /var/tmp; do
		work=$(mktemp -d "$parent/pg_migrations.XXXXXX" 2>/dev/null) || continue
		mkdir "$work/src" "$work/tmp" "$work/log"
		[ -z "$user" ] || chown -R "$user:$(id -g "$user")" "$work"
		if usable "$work" 2>/dev/null; then
			cd "$work"
			return
		fi
		rm -r "$work"
		work=
	done
	die "no folder to work in: ${TMPDIR:+$TMPDIR, }/tmp and /var/tmp are" \
		"out of reach for ${user:-this user}, or programs cannot run there; set TMPDIR"
}

# Compiles a copy of the sources and installs it into a copy of the server's
# installation.  A server finds its libraries and extensions relative to its
# own program, so programs are copied, the rest is linked, and "make install
# DESTDIR=..." does what remains.  The system's installation stays as it is.
# Bitcode would double the time that this takes, and nothing here needs it.
build()
{
	local libdir sharedir libraries
	libdir=$("$PG_CONFIG" --pkglibdir)
	sharedir=$("$PG_CONFIG" --sharedir)
	bindir=$work/install$("$PG_CONFIG" --bindir)

	as_user mkdir -p "$bindir" "$work/install$libdir" "$work/install$sharedir"
	as_user cp -RL "$("$PG_CONFIG" --bindir)/." "$bindir"
	as_user cp -Rs "$libdir/." "$work/install$libdir"
	as_user cp -Rs "$sharedir/." "$work/install$sharedir"
	# The folders above may have such names too.
	as_user find "$work/install$libdir" "$work/install$sharedir" \
		-name 'pg_migrations*' -prune -exec rm -r {} +

	# Libraries that a package has beside itself are found from its programs.
	libraries=$(ldd "$("$PG_CONFIG" --bindir)/"{postgres,psql} 2>/dev/null |
		sed -n 's,.*=> \(/.*\)/[^/]*$,\1,p' | grep -vE '^(/usr)?/lib' | sort -u | paste -sd:) || :
	[ -z "$libraries" ] ||
		export LD_LIBRARY_PATH="$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"

	tar -C "$top" -cf - --exclude-vcs --exclude='*.o' --exclude='*.bc' \
		--exclude='*.d' --exclude='*.so' . | as_user tar -C "$work/src" -xf -
	step build as_user make -s -C "$work/src" -j "$(nproc)" PG_CONFIG="$PG_CONFIG" \
		with_llvm=no all
	step install as_user make -C "$work/src" PG_CONFIG="$PG_CONFIG" \
		with_llvm=no DESTDIR="$work/install" install
}

# make_cluster [SETTING=VALUE...]: a cluster that listens on a socket in our
# folder and nowhere else.  Checksums are what all have since 18, and pg_upgrade
# wants the same on both sides.
make_cluster()
{
	step initdb as_user initdb -D "$work/data" -A trust -U postgres -E UTF8 \
		--locale=C --data-checksums --no-instructions --no-sync
	printf '%s\n' "listen_addresses=''" "unix_socket_directories='$work'" \
		"wal_level=logical" "max_locks_per_transaction=256" \
		"max_prepared_transactions=10" "$@" |
		as_user tee -a "$work/data/postgresql.conf" >/dev/null
}

# PGHOST, PGPORT and PGUSER lead there afterwards.
start_cluster()
{
	step start as_user pg_ctl -D "$work/data" -l "$work/log/postmaster" -w start
	export PGHOST=$work PGPORT=5432 PGUSER=postgres
}

# start_server [SETTING=VALUE...]: both
start_server()
{
	make_cluster "$@"
	start_cluster
}
