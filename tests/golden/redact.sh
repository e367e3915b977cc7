#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Rules judge a redacted result as they judge the one it was made of: the same findings with the same
# verdicts, of hosts, guests and everything there is to read here.
set -u

source=${VFIOBENCH_SOURCE:?}
program=${VFIOBENCH_BUILD:?}/vfiobench
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0 n=0

command -v jq >/dev/null 2>&1 || { echo 'needs jq'; exit 77; }

findings() # OUTPUT ARGUMENT...
{
	out=$1
	shift
	"$program" report --json "$@" >"$work/findings" || return 1
	jq -r '.findings[] | [.id, .verdict, .confidence, .fix.needs] | join(" ")' "$work/findings" | sort >"$out"
}

same() # NAME AUDIT-ARGUMENT...
{
	name=$1
	shift
	"$program" audit -q -o "$work/result.json" "$@" >/dev/null 2>"$work/err" ||
		{ echo "$name: $(cat "$work/err")"; bad=1; return; }
	if ! findings "$work/raw" --raw "$work/result.json" || ! findings "$work/shared" "$work/result.json"; then
		echo "$name: no findings"
		bad=1
	elif ! diff "$work/raw" "$work/shared"; then
		echo "$name: a redacted result is judged differently"
		bad=1
	fi
	[ -s "$work/raw" ] || { echo "$name: nothing was judged"; bad=1; }
	n=$((n + 1))
}

for bundle in "$source"/tests/hosts/*.host; do
	host=${bundle##*/} host=${host%.host}
	sh "$source/tests/lib/unpack_host.sh" "$bundle" "$work/$host" || exit 1
	same "$host" --sysroot "$work/$host"
	same "$host with a guest" --sysroot "$work/$host" --domain-xml "$source/tests/hosts/guide/domain.xml"
done

others=${VFIOBENCH_SHARED:-$VFIOBENCH_SOURCE/../shared}
guests=$work/guide-8700k
if [ -d "$others/captures/tars" ]; then
	. "$source/tests/lib/captures.sh"
	for tree in "${trees:?}"/*/; do
		same "$tree" --sysroot "$tree"
	done
fi
for xml in "$source"/tests/fuzz/seeds/domain-[fn]*.xml "$others"/cases/xml/*.xml; do
	[ ! -e "$xml" ] || same "$xml" --sysroot "$guests" --domain-xml "$xml"
done
for argv in "$source"/tests/fuzz/seeds/qemu-*.txt "$others"/cases/argv/*; do
	[ ! -e "$argv" ] || same "$argv" --sysroot "$guests" --qemu-argv "$argv"
done
echo "$n results judged twice"
exit $bad
