#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# 400 lines are a knock on the door, 600 are a wall: then the file has two jobs.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/files.sh"

{ files '*.c' '*.h' '*.S' '*.cmake' 'CMakeLists.txt' && scripts; } | sort -u | while read -r path; do
	echo "$(wc -l <"$path") $path"
done | sort -rn | awk '
	$1 > 600 { print $2 ": " $1 " lines, the wall is at 600"; bad = 1; next }
	$1 > 400 { print $2 ": " $1 " lines, more than 400" }
	END { exit bad }'
