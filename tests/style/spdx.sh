#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The licence is named in the first line of each source file (the second, after #!).
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/files.sh"

id='SPDX-License-Identifier: GPL-2.0-or-later'
{
	files '*.c' '*.h' '*.S' '*.css' | while read -r path; do
		[ "$(head -n 1 "$path")" = "/* $id */" ] || echo "$path"
	done
	{ files '*.cmake' 'CMakeLists.txt' && scripts; } | sort -u | while read -r path; do
		sed '1{/^#!/d;}' "$path" | head -n 1 | grep -qxF "# $id" || echo "$path"
	done
} | sed 's,$,: its first line is not the licence,' | grep . && exit 1
exit 0
