#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The gate of a CI job: calls `vfiobench check`, keeps what it writes, ends with its status.
#
# In (environment, all optional but one of the first two):
#   VFIOBENCH_BASELINE  baseline files, one a line
#   VFIOBENCH_BUDGET    budget file
#   VFIOBENCH_RESULT    result.json or its folder, measured before; else check measures
#   VFIOBENCH_UNIT      systemd unit that measures into VFIOBENCH_RESULT, started by sudo
#   VFIOBENCH_GUEST, VFIOBENCH_PROFILE, VFIOBENCH_STRICT (true), VFIOBENCH_PROGRAM
#   VFIOBENCH_FOLDER    below the current folder; junit.xml, summary.md, metrics.prom and the result
#                       are written there; below it first/ (and second/, where that did not confirm
#                       it) when an alarm was measured again
# Out: $GITHUB_OUTPUT gets status and folder, $GITHUB_STEP_SUMMARY the summary, where they are set.
# Exit status: of check (0 passed, 1 got worse, 2 could not be done, 3 inconclusive).
set -u
LC_ALL=C
export LC_ALL

program=${VFIOBENCH_PROGRAM:-vfiobench}
folder=${VFIOBENCH_FOLDER:-vfiobench-check}
unit=${VFIOBENCH_UNIT:-}
result=${VFIOBENCH_RESULT:-}
status=2

output() # NAME VALUE: for later steps
{
	[ -z "${GITHUB_OUTPUT:-}" ] || printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

cannot() # WHY: status 2, for people and for later steps
{
	echo "vfiobench check: $1" >&2
	[ -z "${GITHUB_ACTIONS:-}" ] || printf '::error title=vfiobench check::%s\n' "$1"
	output status 2
	exit 2
}

# One line of $GITHUB_OUTPUT, and nothing outside of the workspace.
case $folder in
/* | -* | .. | ../* | */.. | */../*) cannot "VFIOBENCH_FOLDER: a folder below this one is expected" ;;
*[!A-Za-z0-9._/-]*) cannot "VFIOBENCH_FOLDER: letters, digits and ._/- are expected" ;;
esac
case $unit in
*[!A-Za-z0-9._@-]* | -*) cannot "VFIOBENCH_UNIT: the name of a unit is expected" ;;
'' | *.service) ;;
*) cannot "VFIOBENCH_UNIT: a name that ends in .service is expected" ;;
esac
case ${VFIOBENCH_STRICT:-false} in
true | false) ;;
*) cannot "VFIOBENCH_STRICT: true or false is expected" ;;
esac
[ -z "$unit" ] || [ -n "$result" ] || cannot "VFIOBENCH_UNIT needs VFIOBENCH_RESULT: where it measures to"
command -v "$program" >/dev/null 2>&1 || cannot "$(printf '%s' "$program" | tr -dc '[:graph:]'): no such program: install vfiobench on this runner"
mkdir -p "$folder" || cannot "$folder: cannot be made"
# What an earlier job left must not be taken for what this one found.
rm -f "$folder/junit.xml" "$folder/summary.md" "$folder/metrics.prom" "$folder/result.json" \
	"$folder/report.html"
rm -rf "$folder/first" "$folder/second"
output folder "$folder"

# The arguments, one word each whatever is in them; values stand behind "=", so that none is an option.
set --
while IFS= read -r line; do
	[ -z "$line" ] || set -- "$@" "--baseline=$line"
done <<END
${VFIOBENCH_BASELINE:-}
END
[ -z "${VFIOBENCH_BUDGET:-}" ] || set -- "$@" "--budget=$VFIOBENCH_BUDGET"
[ "$#" -gt 0 ] || cannot "a baseline or a budget is expected"
[ "${VFIOBENCH_STRICT:-false}" = false ] || set -- "$@" --strict
if [ -n "$result" ]; then
	set -- "$@" -- "$result"
else
	[ -z "${VFIOBENCH_GUEST:-}" ] || set -- "$@" "--guest=$VFIOBENCH_GUEST"
	[ -z "${VFIOBENCH_PROFILE:-}" ] || set -- "$@" "--profile=$VFIOBENCH_PROFILE"
	set -- "$@" "--output=$folder"
fi

measure()
{
	[ -z "$unit" ] || sudo -n systemctl start "$unit" ||
		cannot "$unit: did not measure: see 'systemctl status $unit' on the runner"
}

judge()
{
	status=0
	"$program" check "--junit=$folder/junit.xml" "--markdown=$folder/summary.md" \
		"--openmetrics=$folder/metrics.prom" "$@" || status=$?
}

# What a regression is made of, a line each: metrics that regressed and are not waived; or "broken",
# where a budget is and fresh numbers would not help. Nothing: no regression.
alarms()
{
	"$program" check --json "$@" 2>/dev/null | awk '
		function value() { sub(/^ *"[a-z_]*": "?/, ""); sub(/"?,?$/, ""); return $0 }
		/^  "verdict": / { verdict = value(); next }
		/^  "[a-z_]*": / { part = $1; next }
		/^    [{]/ { id = ""; gated = "" }
		/^      "id": / { id = value() }
		/^      "is_gated": / { gated = value() }
		part == "\"metrics\":" && /^      "verdict": "regressed"/ && gated == "true" { regressed[++n] = id }
		part == "\"budgets\":" && /^      "verdict": "broken"/ { broken = 1 }
		part == "\"waivers\":" && /^      "state": "used"/ { waived[id] = 1 }
		END {
			if (verdict != "regressed" || broken) {
				if (broken) print "broken"
				exit
			}
			for (i = 1; i <= n; i++)
				if (!(regressed[i] in waived)) print regressed[i]
		}'
}

# keep_result FOLDER: what was measured goes with what was said of it
keep_result()
{
	for name in result.json report.html; do
		[ ! -f "$result/$name" ] || cp "$result/$name" "$1/"
	done
	[ ! -f "$result" ] || cp "$result" "$1/result.json"
}

# keep NAME: what check wrote of this session, into a folder of its own
keep()
{
	mkdir -p "$folder/$1" || cannot "$folder/$1: cannot be made"
	for name in junit.xml summary.md metrics.prom; do
		[ ! -f "$folder/$name" ] || cp "$folder/$name" "$folder/$1/"
	done
	cat "$folder/said" "$folder/said.err" >"$folder/$1/check.txt"
	keep_result "$folder/$1"
}

# No metric of the first session in the second: neither is an alarm, and nothing may call it one.
unconfirmed()
{
	keep second
	why="not the same twice: $(echo $1) at first, $(echo $2) in a fresh session"
	status=0
	[ "${VFIOBENCH_STRICT:-false}" = false ] || status=3
	cat >"$folder/junit.xml" <<END
<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
	<testsuite name="confirmation" package="vfiobench" id="0" tests="1" failures="0" errors="0" skipped="1" hostname="localhost" timestamp="$(date -u +%Y-%m-%dT%H:%M:%S)" time="0.000">
		<properties/>
		<testcase classname="vfiobench.confirmation" name="confirmation" time="0.000">
			<skipped message="inconclusive: $why"/>
		</testcase>
		<system-out/>
		<system-err/>
	</testsuite>
</testsuites>
END
	{
		printf '## vfiobench: inconclusive\n\n%s. What follows is of the second session alone.\n\n' "$why"
		[ ! -f "$folder/second/summary.md" ] || cat "$folder/second/summary.md"
	} >"$folder/summary.md"
	sed -i 's/^::error\([ :]\)/::warning\1/' "$folder/said" "$folder/said.err"
	echo "vfiobench check: inconclusive: $why" >&2
}

# An alarm counts when a fresh session raises it again. Where check measures it sees to that itself;
# here the first word is kept back until it is the last.
if [ -n "$unit" ]; then
	measure
	judge "$@" >"$folder/said" 2>"$folder/said.err"
	first=
	[ "$status" -ne 1 ] || first=$(alarms "$@")
	if [ -n "$first" ] && [ "$first" != broken ]; then
		keep first
		echo "vfiobench check: measuring again to confirm: $(echo $first)" >&2
		measure
		judge "$@" >"$folder/said" 2>"$folder/said.err"
		second=
		[ "$status" -ne 1 ] || second=$(alarms "$@")
		if [ -n "$second" ] && [ "$second" != broken ] &&
			! printf '%s\n' "$first" | grep -qxF -e "$second"; then
			unconfirmed "$first" "$second"
		fi
	fi
	cat "$folder/said"
	cat "$folder/said.err" >&2
	rm -f "$folder/said" "$folder/said.err"
else
	judge "$@"
fi

[ -z "$result" ] || keep_result "$folder"
# GitHub drops a summary of more than 1 MiB whole; check stays below that by itself.
if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -f "$folder/summary.md" ]; then
	cat "$folder/summary.md" >>"$GITHUB_STEP_SUMMARY"
fi
output status "$status"
exit "$status"
