# shellcheck shell=bash
#
# Which server to build for.  Sourced, not run.

# The first major version that the extension can be built for
oldest_server=15

# major_of PG_CONFIG: the major version of a server, nothing if it says none
major_of()
{
	local version
	version=$("$1" --version 2>/dev/null) || return 0
	version=${version#PostgreSQL }
	echo "${version%%[!0-9]*}"
}

# May it be built for the server of this pg_config?
fit_for_use()
{
	local major
	major=$(major_of "$1")
	[ "${major:-0}" -ge "$oldest_server" ] &&
		[ -x "$("$1" --bindir)/postgres" ] && [ -x "$("$1" --bindir)/initdb" ] &&
		[ -e "$("$1" --pgxs)" ] && [ -e "$("$1" --includedir-server)/postgres.h" ]
}

# The path of the pg_config to use: the one of PG_CONFIG if that is set, else
# the one in PATH or, if that one lacks something, the newest of Debian's
# folders that lacks nothing.  Debian's pg_config in PATH speaks for the newest
# client, whose server need not be there.
find_pg_config()
{
	local candidate
	while IFS= read -r candidate; do
		if candidate=$(command -v "$candidate") && fit_for_use "$candidate"; then
			realpath -s "$candidate"
			return
		fi
	done < <(
		echo "${PG_CONFIG:-pg_config}"
		[ "${PG_CONFIG:-pg_config}" != pg_config ] ||
			printf '%s\n' /usr/lib/postgresql/*/bin/pg_config | sort -rV
	)
	return 1
}
