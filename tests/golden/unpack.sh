#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# capture --unpack: what it makes of a good bundle, and that it refuses bad ones.
set -u
unpack=${VFIOBENCH_SOURCE:?}/tests/lib/unpack_host.sh
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
bad=0

wrong()
{
	echo "$*"
	bad=1
}

# $1: the text behind the first line, as a format of printf
bundle()
{
	# shellcheck disable=SC2059 # escapes of the text are wanted
	printf "vfiobench-host 1\n$1" >"$scratch/host"
	rm -rf "$scratch/tree"
}

is() # FILE TEXT, both as formats of printf
{
	# shellcheck disable=SC2059
	printf "$2" | cmp -s - "$scratch/tree/$1" || wrong "$1: is not '$2' after: $(cat "$scratch/host")"
}

makes() # BUNDLE
{
	bundle "$1"
	sh "$unpack" "$scratch/host" "$scratch/tree" || wrong "refused: $1"
}

refuses() # BUNDLE
{
	bundle "$1"
	sh "$unpack" "$scratch/host" "$scratch/tree" 2>"$scratch/said" && wrong "accepted: $1"
	[ -s "$scratch/said" ] || wrong "refused without a word: $1"
	[ ! -e "$scratch/out" ] || wrong "wrote outside of the tree: $1"
}

makes '# what it is\n\nline /a/b one two\nline /a/empty \nfile /f\n\tone\n\t\ttwo\n\t\nfile /none\ndir /d/e\n'
is a/b 'one two\n'
is a/empty '\n'
is f 'one\n\ttwo\n\n'
is none ''
[ -d "$scratch/tree/d/e" ] || wrong 'no directory d/e'

makes 'script /bin/do\n\t#!/bin/sh\nfile /etc/x\n'
is bin/do '#!/bin/sh\n'
[ -x "$scratch/tree/bin/do" ] || wrong 'bin/do may not be executed'
[ ! -x "$scratch/tree/etc/x" ] || wrong 'etc/x may be executed'

makes 'args /proc/7/cmdline\n\tqemu\n\t-name\n\ta b\nline /proc/7/comm qemu\n'
is proc/7/cmdline 'qemu\000-name\000a b\000'

makes 'line /cpu[0-2,10]/id 5\nfile /n[0-1]/x[3]\n\ttext\nline /s/a\\\\x2db.scope/p 1\n'
for cpu in 0 1 2 10; do
	is "cpu$cpu/id" '5\n'
done
is n1/x3 'text\n'
is 's/a\\x2db.scope/p' '1\n'

makes 'link /l/a ../f\nline /f text\nlink /abs /f\n'
is l/a 'text\n'
[ "$(readlink "$scratch/tree/abs")" = /f ] || wrong 'link abs'

refuses 'line relative x\n'
refuses 'line /../out x\n'
refuses 'line /a/../../out x\n'
refuses 'line /a/.. x\n'
refuses 'line /a//b x\n'
refuses 'line /a/ x\n'
refuses "line /a'b x\n"
refuses 'line /a$(id) x\n'
refuses 'line /a x\nline /a y\n'
refuses 'line /a x\nline /a/b y\n'
refuses "link /a $scratch\nline /a/out x\n"
refuses 'link /a\n'
refuses "link /a b'c\n"
refuses 'dir /a\nlink /a b\n'
refuses '\tlost\n'
refuses 'line /a x\n\tlost\n'
refuses 'what /a x\n'
refuses 'file /a text\n'
refuses 'line /cpu[0-x] y\n'
refuses 'line /cpu[0-1]/x y\nline /cpu1/x z\n'

bundle ''
printf 'vfiobench-host 2\n' >"$scratch/host"
sh "$unpack" "$scratch/host" "$scratch/tree" 2>/dev/null && wrong 'accepted a newer version'
makes 'line /a x\n'
sh "$unpack" "$scratch/host" "$scratch/tree" 2>/dev/null && wrong 'unpacked into a directory that is not empty'
exit $bad
