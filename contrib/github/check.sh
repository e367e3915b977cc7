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
#                       are written there
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
output folder "$folder"

# The arguments, one word each whatever is in them; values stand behind "=", so that none is an option.
set -- check "--junit=$folder/junit.xml" "--markdown=$folder/summary.md" \
	"--openmetrics=$folder/metrics.prom"
while IFS= read -r line; do
	[ -z "$line" ] || set -- "$@" "--baseline=$line"
done <<END
${VFIOBENCH_BASELINE:-}
END
[ -z "${VFIOBENCH_BUDGET:-}" ] || set -- "$@" "--budget=$VFIOBENCH_BUDGET"
[ "$#" -gt 4 ] || cannot "a baseline or a budget is expected"
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
	"$program" "$@" || status=$?
}

# An alarm counts when a fresh session raises it again. Where check measures it sees to that itself;
# here the first word is kept back until it is the last.
if [ -n "$unit" ]; then
	measure
	judge "$@" >"$folder/said" 2>"$folder/said.err"
	if [ "$status" -eq 1 ]; then
		echo "vfiobench check: measuring again to confirm the alarm" >&2
		measure
		judge "$@" >"$folder/said" 2>"$folder/said.err"
	fi
	cat "$folder/said"
	cat "$folder/said.err" >&2
	rm -f "$folder/said" "$folder/said.err"
else
	judge "$@"
fi

if [ -n "$result" ]; then
	for name in result.json report.html; do
		[ ! -f "$result/$name" ] || cp "$result/$name" "$folder/"
	done
	[ ! -f "$result" ] || cp "$result" "$folder/result.json"
fi
# GitHub drops a summary of more than 1 MiB whole; check stays below that by itself.
if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -f "$folder/summary.md" ]; then
	cat "$folder/summary.md" >>"$GITHUB_STEP_SUMMARY"
fi
output status "$status"
exit "$status"
