#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What no file may hold: calls without bounds or with a shell, unfinished notes, paths of a machine.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/files.sh"

calls='strcpy|strcat|v?sprintf|atoi|atol|atoll|atof|strtok|gets|system|popen|alloca'
# Written so that this file does not match itself.
notes='(TO[D]O|FIX[M]E|XX[X])'
paths='/(wor[k]|tmp/[w])'

bad=0
complain() # WHAT PATTERN; paths on stdin
{
	while read -r path; do
		grep -nIE -- "$2" "$path" | sed "s,^,$path:,"
	done | grep . && { echo "^ $1"; bad=1; }
}

files '*.c' '*.h' >"${list:=$(mktemp)}"
trap 'rm -f "$list"' EXIT
complain 'banned call' "(^|[^A-Za-z0-9_.>])($calls)\\(" <"$list"

files '*' >"$list"
complain 'path of one machine' "(^|[^A-Za-z0-9_.}/*-])$paths(/|[^A-Za-z0-9_-]|\$)" <"$list"

# Texts of real hosts say what they say.
files '*' | grep -vE '^tests/(hosts|golden|fuzz)/' >"$list"
complain 'unfinished' "(^|[^A-Za-z0-9_])$notes([^A-Za-z0-9_]|\$)" <"$list"
exit $bad
