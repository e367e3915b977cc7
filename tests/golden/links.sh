#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Links of our pages lead somewhere, and rows of the catalogue that pages name are there.
set -u

cd "${VFIOBENCH_SOURCE:?}" || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0

wrong()
{
	echo "$*"
	bad=1
}

# The anchor of a heading as forges make it.
anchors()
{
	sed -n 's/^#\{1,6\} //p' "$1" | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

n=0
for page in ./*.md docs/*.md baselines/*.md contrib/*.md contrib/*/*.md tests/hosts/*.md; do
	case $page in *.in.md) continue ;; esac
	[ -e "$page" ] || continue
	grep -oE '\]\([^)]*\)' "$page" | sed 's/^](//; s/)$//; s/ ".*//' >"$work/links"
	while read -r link; do
		case $link in http://* | https://*) continue ;; esac
		n=$((n + 1))
		file=${link%%#*}
		target=$(dirname "$page")/$file
		[ "$file" ] || target=$page
		if [ ! -e "$target" ]; then
			wrong "$page: $link leads nowhere"
		elif [ "$link" != "$file" ] && ! anchors "$target" | grep -qxF "${link#*#}"; then
			wrong "$page: $link: no such heading"
		fi
	done <"$work/links"
done
[ $n -gt 10 ] || wrong "$n links only"

docs=${VFIOBENCH_BUILD:?}/vfiobench-docs
[ -x "$docs" ] || { echo 'rows were not looked for: vfiobench-docs is not built'; exit $bad; }
"$docs" ids >"$work/ids"
families=$(sed -n 's/[.].*//p' "$work/ids" | sort -u | tr '\n' '|' | sed 's/|$//')
for page in README.md CONTRIBUTING.md docs/reading-the-report.md docs/what-it-cannot-see.md docs/using-it.md docs/ci.md docs/man/*.in; do
	# Files, metrics and members of documents look alike.
	grep -oE "(^|[\` ])($families)[.][a-z0-9]+(-[a-z0-9]+)*([\`, ]|$)" "$page" | tr -d '`, ' | grep -vE '[.](md|json|html|in|p[0-9]+)$|^guest[.](lost|gap)$' |
		sort -u >"$work/named"
	grep -vxFf "$work/ids" "$work/named" | while read -r id; do
		echo "$page: no such row: $id"
	done >"$work/missing"
	[ ! -s "$work/missing" ] || wrong "$(cat "$work/missing")"
done
exit $bad
