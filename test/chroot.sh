# shellcheck shell=bash
#
# Bare Debian systems in folders, for .ci/run and test/setup_states.  Needs
# root and the right to mount and to chroot.  Sourced, not run.

install_debootstrap()
{
	command -v debootstrap >/dev/null && return
	apt-get -qq update &&
		DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes \
			--no-install-recommends debootstrap
}

# bare_debian SUITE FOLDER: git and make, and what cannot be removed.
# debootstrap runs in a mount namespace, so that its mounts end with it.
bare_debian()
{
	install_debootstrap &&
		unshare --mount debootstrap --variant=minbase --include=git,make "$1" "$2"
}

files_of_tree()
{
	git ls-files --cached --others --exclude-standard | LC_ALL=C sort
}

# copy_tree FOLDER: the source tree we stand in, without what git ignores
copy_tree()
{
	mkdir -p "$1" && files_of_tree | tar -cf - --files-from=- | tar -C "$1" -xf -
}

# in_chroot FOLDER COMMAND...: its processes and mounts end with it; the shell
# stays as their first process, which must reap orphans.
in_chroot()
{
	# shellcheck disable=SC2016	# the inner shell expands
	unshare --mount --pid --fork --kill-child bash -euc '
		mount -t proc proc "$1/proc"
		mkdir -p "$1/dev/shm"
		mount -t tmpfs tmpfs "$1/dev/shm"
		status=0
		chroot "$@" || status=$?
		exit $status' - "$@"
}
