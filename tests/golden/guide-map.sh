#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# docs/guide-map.md and docs/what-it-cannot-see.md are what the catalogue says; VFIOBENCH_UPDATE_GOLDEN=1
# writes them anew.
set -u

docs=${VFIOBENCH_BUILD:?}/vfiobench-docs
pages=${VFIOBENCH_SOURCE:?}/docs
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0

same() # KIND PAGE
{
	"$docs" "$1" <"$pages/$2.in.md" >"$work/page" || exit 1
	if [ "${VFIOBENCH_UPDATE_GOLDEN:-0}" = 1 ]; then
		cp "$work/page" "$pages/$2.md"
	elif ! diff -u "$pages/$2.md" "$work/page" >"$work/diff"; then
		head -40 "$work/diff"
		echo "docs/$2.md is not what the catalogue says: VFIOBENCH_UPDATE_GOLDEN=1 writes it anew"
		bad=1
	fi
}

same guide-map guide-map
same unseen what-it-cannot-see
exit $bad
