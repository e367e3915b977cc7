#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The numbers in docs/statistics.md are those of the method; VFIOBENCH_UPDATE_GOLDEN=1 writes it anew.
set -u

print=${VFIOBENCH_BUILD:?}/tests/print_statistics
page=${VFIOBENCH_SOURCE:?}/docs/statistics.md
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

"$print" <"$VFIOBENCH_SOURCE/docs/statistics.in.md" >"$work/page" || exit 1
if grep -nE '^@.*@$' "$work/page"; then
	echo "docs/statistics.in.md: a table that nobody prints"
	exit 1
fi
if [ "${VFIOBENCH_UPDATE_GOLDEN:-0}" = 1 ]; then
	cp "$work/page" "$page"
elif ! diff -u "$page" "$work/page" | head -40 >"$work/diff" || [ -s "$work/diff" ]; then
	cat "$work/diff"
	echo "docs/statistics.md is not what the method does: VFIOBENCH_UPDATE_GOLDEN=1 writes it anew"
	exit 1
fi
