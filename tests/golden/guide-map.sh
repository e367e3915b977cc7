#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# docs/guide-map.md is what the catalogue says; VFIOBENCH_UPDATE_GOLDEN=1 writes it anew.
set -u

docs=${VFIOBENCH_BUILD:?}/vfiobench-docs
page=${VFIOBENCH_SOURCE:?}/docs/guide-map.md
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

"$docs" guide-map <"$VFIOBENCH_SOURCE/docs/guide-map.in.md" >"$work/page" || exit 1
if [ "${VFIOBENCH_UPDATE_GOLDEN:-0}" = 1 ]; then
	cp "$work/page" "$page"
elif ! diff -u "$page" "$work/page" | head -40 >"$work/diff" || [ -s "$work/diff" ]; then
	cat "$work/diff"
	echo "docs/guide-map.md is not what the catalogue says: VFIOBENCH_UPDATE_GOLDEN=1 writes it anew"
	exit 1
fi
