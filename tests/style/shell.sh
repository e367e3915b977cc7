#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every script parses, by the shell that its first line names; shellcheck agrees where installed.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/files.sh"

posix=$(command -v dash || command -v sh)
scripts | {
	bad=0
	while read -r path; do
		shell=$posix
		head -n 1 "$path" | grep -q '^#!.*/bash' && shell=bash
		"$shell" -n "$path" || bad=1
		if command -v shellcheck >/dev/null 2>&1; then
			shellcheck -x -S warning -e SC1090,SC1091 "$path" || bad=1
		fi
	done
	exit $bad
}
