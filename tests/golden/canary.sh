#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Names of a host's owner, planted everywhere: none of them is in anything that is made to be shown
# to others, whatever the format, not in figures, nor in what they are made of. With --raw they are.
set -u

source=${VFIOBENCH_SOURCE:?}
program=${VFIOBENCH_BUILD:?}/vfiobench
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0 n=0

command -v jq >/dev/null 2>&1 || { echo 'needs jq'; exit 77; }

wrong()
{
	echo "$*"
	bad=1
}

# Names have "zq" in them; the numbers are parts of addresses, serial numbers and UUIDs.
names='zq|hektor|5a:?51|203\.0\.113|192\.0\.2\.51|2001:db8|desk of|by-id/ata-S|0000:5a|w11_VARS|domain-2-w11'

# A page's pictures are text in base 64.
plain() # FILE
{
	cat "$1"
	grep -oE 'data:[a-z/+-]*;base64,[A-Za-z0-9+/=]*' "$1" | while IFS=, read -r kind data; do
		echo "$data" | base64 -d | case $kind in
		*png*) strings 2>/dev/null || cat ;;
		*) cat ;;
		esac
	done
}

clean() # NAME FILE
{
	n=$((n + 1))
	[ -s "$2" ] || wrong "$1: nothing was written"
	if plain "$2" | grep -aiEn "$names" >"$work/found"; then
		wrong "$1: names are left:"
		cut -c1-240 "$work/found" | head -5
	fi
}

# The passwords of this guest: never collected in the first place.
host=$work/host
sh "$source/tests/lib/unpack_host.sh" "$source/tests/hosts/guide-8700k.host" "$host" || exit 1
sed 's,<devices>,<uuid>5a51c0de-aaaa-4222-8333-444455556666</uuid><title>zqtitle</title>\
<devices><graphics type="vnc" port="-1" passwd="PASSWORDONE"/><graphics type="spice" passwd="PASSWORDTWO"/>,
	s,<name>win10</name>,<name>w11-zqgame</name>,' "$source/tests/hosts/guide/domain.xml" >"$work/domain.xml"
grep -q PASSWORDTWO "$work/domain.xml" || wrong 'the XML has no password to hide'
"$program" audit -q --sysroot "$host" --domain-xml "$work/domain.xml" -o "$work/audit.json" >/dev/null || exit 1
grep -q PASSWORD "$work/audit.json" && wrong 'a password was collected'
jq -f "$source/tests/golden/canary.jq" "$work/audit.json" >"$work/result.json" || exit 1
jq '.run.label = "zqbefore" | .run.started_unix_ns = 2000000000 | .probes.kernel.data.cmdline += " zqother=1"
	| .probes.net.data.interfaces[0].name = "lanzq1" | .guest.name = "zqsecond"
	| .probes.domain.data.xml += ["<title>zq</title>"]' "$work/result.json" >"$work/zqlater.json"
"$program" compare --json "$work/result.json" "$work/zqlater.json" >"$work/comparison.json"
jq '.waivers = [{ id: "wake.p99", reason: "hektorzq said so", until: "2099-01-01", state: "used" }]
	| .budgets = [{ rule: "wake.p99/lanzq0 < 1 us", id: "wake.p99/lanzq0", verdict: "broken", value: "2 us", limit: "1 us", reason: "zqexcuse" }]
	| .findings += [{ id: "clock.tsc", title: "Clock", before: "pass", after: "problem", summary: "seen on tower-zq" }]
	| .tweaks = [{ id: "clock.tsc", title: "Clock", change: "gone", metric: "irq/lanzq0", verdict: "improved", sentence: "lanzq0 is gone" }]
	| .notes += ["of tower-zq"] | .metrics[0].reason = "zqreason" | .reason = "zqjudge decided"' \
	"$work/comparison.json" >"$work/compared.json" || exit 1

# Each format that the program knows, of whatever it can be made of.
formats=$("$program" report "$work/result.json" --format=nonesuch 2>&1 | sed -n 's/.*expected //p' | sed 's/ or /, /' | tr -d ',')
[ "$(echo "$formats" | wc -w)" -ge 7 ] || wrong "formats: $formats"
: >"$work/raw"
for format in $formats; do
	n_made=0
	for document in result compared; do
		out=$work/$document.$format
		"$program" report "$work/$document.json" --format="$format" -o "$out" 2>"$work/err" || continue
		n_made=$((n_made + 1))
		clean "$document as $format" "$out"
		"$program" report "$work/$document.json" --raw --format="$format" -o "$out.raw" 2>>"$work/err" ||
			wrong "$format --raw: $(cat "$work/err")"
		plain "$out.raw" >>"$work/raw"
	done
	[ $n_made -gt 0 ] || wrong "$format: neither of a result nor of a comparison: $(cat "$work/err")"
done
for document in result compared; do
	"$program" report "$work/$document.json" --json >"$work/json"
	clean "$document --json" "$work/json"
done
"$program" compare "$work/result.json" "$work/zqlater.json" --html "$work/page" >"$work/out" 2>&1
clean 'compare --html' "$work/page"
grep -q 'desk of hektorzq' "$work/out" || wrong 'compare: what is printed for its owner alone has lost names'
"$program" compare "$work/result.json" "$work/zqlater.json" --html "$work/page" --raw >/dev/null 2>&1
grep -q 'desk of hektorzq' "$work/page" || wrong 'compare --html --raw: no names'

# The gate of a job: files, and what goes to its log.
"$program" baseline save "$work/base.json" "$work/result.json" >/dev/null 2>"$work/err" || wrong "baseline: $(cat "$work/err")"
echo 'wake.p99 < 1us' >"$work/budget"
GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=$work/summary "$program" check --baseline "$work/base.json" --budget "$work/budget" \
	--junit "$work/junit" --openmetrics "$work/metrics" "$work/zqlater.json" >"$work/out" 2>"$work/log"
echo 'what it said:' >>"$work/log"
for file in junit metrics summary out log; do
	clean "check: $file" "$work/$file"
done

# For programs of one's own: as in a result.json, and it says so.
"$program" check --json --baseline "$work/base.json" "$work/zqlater.json" >"$work/checked.json" 2>"$work/err"
for document in comparison checked; do
	grep -q 'desk of hektorzq' "$work/$document.json" || wrong "$document.json has lost names"
done
for verb in check compare; do
	"$program" $verb --help | tr -s ' \n' ' ' | grep -qE 'document of --json,? keeps? them' ||
		wrong "$verb --help does not say that --json keeps names"
done

# A test that cannot fail is none: these are there to be found.
for name in w11-zqgame zqbackup lanzq0 cryptzq tower-zq hektorzq S3YZQNX0M5A51 /home/hektorzq zqimage vgzq zqwork w11_VARS; do
	grep -qa "$name" "$work/raw" || wrong "--raw: no $name anywhere"
done

# What they stand for, for the owner alone.
"$program" report "$work/result.json" --format=text -o "$work/text" --show-redactions "$work/map" || wrong 'no map'
[ "$(stat -c %a "$work/map")" = 600 ] || wrong "the map: mode $(stat -c %a "$work/map")"
for name in w11-zqgame zqbackup lanzq0 52:54:00:5a:51:01 5a51c0de-1111-4222-8333-444455556666 'desk of hektorzq'; do
	alias=$(awk -F '\t' -v name="$name" '$2 == name { print $1 }' "$work/map")
	[ "$alias" ] || wrong "the map has no $name"
done
alias=$(awk -F '\t' '$2 == "w11-zqgame" { print $1 }' "$work/map")
grep -q "$alias" "$work/text" || wrong "the guest is not called $alias"
# Another salt each time: pseudonyms of two reports cannot be joined.
"$program" report "$work/result.json" --format=text -o "$work/text" --show-redactions "$work/map.2"
[ "$(cut -f1 "$work/map" | sort)" != "$(cut -f1 "$work/map.2" | sort)" ] || wrong 'the same pseudonyms twice'
"$program" report "$work/result.json" --raw --show-redactions "$work/none" >/dev/null 2>"$work/err"
if [ $? != 2 ] || ! grep -q -e --raw "$work/err"; then
	wrong '--raw and --show-redactions together'
fi

# What a helper needs is there.
for word in isolcpus=1-3 root=UUID=uuid- 0000:05:00.0 'CPU 0/' i7-8700K; do
	grep -qaF "$word" "$work"/result.html || wrong "the page has lost $word"
done
echo "$n outputs looked through"
exit $bad
