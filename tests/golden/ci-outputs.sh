#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What CI systems and monitoring get of results and comparisons is what they can read: JUnit by its
# schema, Markdown by a renderer, metrics by promtool; whatever strangers wrote into the documents.
set -u

vfiobench=${VFIOBENCH_BUILD:?}/vfiobench
write=$VFIOBENCH_BUILD/tests/write_comparison
schema=${VFIOBENCH_SOURCE:?}/tests/lib/junit.xsd
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0 n=0 missing=''

for tool in xmllint promtool cmark-gfm jq; do
	command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
done
case $missing in *xmllint* | *jq*)
	echo "not here:$missing"
	exit 77
	;;
esac

wrong()
{
	echo "$*"
	bad=1
}

has()
{
	case $missing in *"$1"*) return 1 ;; esac
}

report() # DOCUMENT FORMAT OUTPUT
{
	"$vfiobench" report "$1" --format "$2" -o "$3" 2>"$work/err" && [ -e "$3" ] && return
	wrong "$1: no $2: $(cat "$work/err")"
	return 1
}

check_junit() # FILE NAME
{
	xmllint --noout --nonet --schema "$schema" "$1" 2>"$work/err" || wrong "$2: $(cat "$work/err")"
}

# All that is left of mark-up is ours.
check_markdown() # FILE NAME
{
	has cmark-gfm || return 0
	cmark-gfm --unsafe -e table -e autolink -e strikethrough "$1" >"$work/html" ||
		wrong "$2: not rendered"
	tr '<' '\n' <"$work/html" | sed -n 's/[ >].*//p' | sort -u |
		grep -vxE '/?(h2|h3|p|ul|li|table|thead|tbody|tr|th|td|details|summary|pre|em)|!--|' >"$work/tags" &&
		wrong "$2: elements of strangers: $(cat "$work/tags")"
	grep -qE 'href|src=|<!--[^>]*[^ >-]' "$work/html" && wrong "$2: a link, an image or a comment of strangers"
}

check_metrics() # FILE NAME
{
	[ "$(tail -c 1 "$1" | od -An -c | tr -d ' ')" = '\n' ] || wrong "$2: no line feed at its end"
	has promtool || return 0
	promtool check metrics <"$1" >"$work/lint" 2>&1 || wrong "$2: $(cat "$work/lint")"
	[ ! -s "$work/lint" ] || wrong "$2: $(cat "$work/lint")"
}

check_comparison() # DOCUMENT NAME
{
	report "$1" junit "$work/junit.xml" && check_junit "$work/junit.xml" "$2"
	for format in markdown github; do
		report "$1" $format "$work/summary.md" && check_markdown "$work/summary.md" "$2"
	done
	report "$1" text "$work/text"
	report "$1" html "$work/page.html"
	if report "$1" annotations "$work/lines"; then
		grep -vE '^::(error|warning) title=[^:,]*::' "$work/lines" && wrong "$2: not a line for GitHub"
	fi
	n=$((n + 1))
}

hostile=$(cat <<'END'
</failure>]]><script>x</script>|`a`*b*_c_[x](http://e.vil)![i](j)"&' @name #12 www.e.vil a@e.vil ::error::x
%0A <!-- x -->\
END
)
for name in $("$write"); do
	"$write" "$name" >"$work/$name.json" || wrong "$name: not written"
	"$write" "$name" "$hostile" >"$work/hostile.json" || wrong "$name: not written"
	case $name in
	empty) ;; # is no comparison: below
	*)
		check_comparison "$work/$name.json" "$name"
		check_comparison "$work/hostile.json" "$name, hostile"
		;;
	esac
done

# What each of them says.
count() # DOCUMENT FORMAT PATTERN EXPECTED
{
	report "$work/$1.json" "$2" "$work/out" || return
	found=$(grep -cE "$3" "$work/out")
	[ "$found" = "$4" ] || wrong "$1: $found lines of $2 with $3, not $4"
}
count red junit '<failure ' 2
count red junit 'message="wake-up latency, 99.9 %: 88 us -&gt; 134 us \(\+52 %, 95 % \+38 to \+71 %\), margin 25 %"' 1
count red annotations '^::error ' 2
count red markdown '❌ regressed' 2
count green junit '<failure ' 0
count waived junit '<failure ' 0
count waived junit '<skipped message="waived: ' 2
count inconclusive junit '<failure ' 0
count inconclusive junit '<skipped message="inconclusive: ' 6
count not-comparable junit '<skipped message="not-comparable: ' 7

# Results: those of the captured hosts have no measurement, what is not known is not there.
sh "$VFIOBENCH_SOURCE/tests/lib/unpack_host.sh" "$VFIOBENCH_SOURCE/tests/hosts/ryzen-5950x-2m-pages.host" \
	"$work/host" || wrong 'no captured host'
"$write" red "$hostile" | jq .reason >"$work/text.json"
cat >"$work/result.json" <<'END'
{ "format": "vfiobench-result", "version": 1, "tool": { "name": "vfiobench", "version": "9" },
"run": { "started_unix_ns": 1717250400000000000, "duration_ns": 60000000000 },
"host": { "kernel": "6.1", "n_cpus": 4 }, "guest": { "kind": "builtin" },
"cpus": { "guest": "1-2", "host": "0,3", "measured": "1-2", "source": "option" },
"probes": {
"aio": { "format": "vfiobench-probe", "version": 1, "probe": "aio", "status": "ok", "data": { "nr": 512, "max_nr": 65536, "holders": [] }, "gaps": [] },
"wake": { "format": "vfiobench-probe", "version": 1, "probe": "wake", "status": "ok", "gaps": [],
  "data": { "interval_ns": 1000000, "rep_duration_ns": 1000000000, "n_reps": 1, "units": [
    { "rep": 0, "cpu": 1, "n_expected": 3, "missed": 0,
      "hist": { "n": 3, "min_ns": 200, "max_ns": 1000, "sum_ns": 1400, "buckets": [ [200, 2], [506, 1] ] },
      "hist_corrected": { "n": 3, "min_ns": 200, "max_ns": 1000, "sum_ns": 1400, "buckets": [ [200, 2], [506, 1] ] } } ] } }
} }
END
jq --slurpfile text "$work/text.json" '.host.kernel = $text[0] | .run.label = $text[0] | .run.warnings = $text' \
	"$work/result.json" >"$work/hostile.json"
for name in result hostile; do
	report "$work/$name.json" junit "$work/junit.xml" && check_junit "$work/junit.xml" "$name"
	report "$work/$name.json" github "$work/summary.md" && check_markdown "$work/summary.md" "$name"
	report "$work/$name.json" openmetrics "$work/metrics" && check_metrics "$work/metrics" "$name"
	n=$((n + 1))
done
for line in 'vfiobench_aio_headroom_ratio 0.992187' 'vfiobench_last_run_timestamp_seconds 1717250400.000000000' \
	'vfiobench_wake_latency_seconds_bucket{guest="builtin",le="1e-06"} 3' \
	'vfiobench_wake_latency_seconds_sum{guest="builtin"} 0.000001400'; do
	grep -qxF "$line" "$work/metrics" || wrong "no line: $line"
done
grep -q vfiobench_guest_ "$work/metrics" && wrong 'numbers of what was not measured'

# What cannot be said of it, in one line.
refused() # DOCUMENT FORMAT WORDS
{
	"$vfiobench" report "$work/$1.json" --format "$2" >"$work/out" 2>"$work/err"
	status=$?
	if [ $status != 2 ] || [ -s "$work/out" ] || [ "$(wc -l <"$work/err")" != 1 ] ||
		! grep -q -- "$3" "$work/err"; then
		wrong "$1 as $2: exit status $status: $(cat "$work/err")"
	fi
}
refused red openmetrics 'expected html, text, plain, markdown, bbcode, reddit, github, junit or annotations'
refused result annotations 'expected html, text, plain, markdown, bbcode, reddit, github, junit, openmetrics or chrome-trace'
refused empty text 'verdict is missing'
jq '.version = 99' "$work/red.json" >"$work/newer.json"
refused newer text 'newer'
jq '.metrics = 5' "$work/red.json" >"$work/broken.json"
refused broken junit 'metrics'
"$vfiobench" report "$work/red.json" --json | jq -e '.verdict == "regressed"' >/dev/null ||
	wrong 'no comparison with --json'
"$vfiobench" report "$work/red.json" >"$work/out" && grep -q '^<!doctype html>' "$work/out" || wrong 'no page by default'
[ "$n" -ge 14 ] || wrong "only $n documents"
[ -z "$missing" ] || echo "not checked, for it is not here:$missing"
exit $bad
