#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The gate as CI jobs of a repository have it, measuring for real: the first job makes the baseline,
# the next is not red, and one on a machine where something got in the way is, after fresh sessions
# showed it again.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

need_root
need_kvm
need_command git jq chrt
need_two_cpus
tool_limit=150
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY GITHUB_OUTPUT
export HOME="$scratch" GIT_CONFIG_NOSYSTEM=1

# git_in FOLDER ARG...
git_in()
{
	(
		cd "$1" || exit 1
		shift
		git -c user.name=job -c user.email=job@localhost "$@" 9>&-
	) >"$scratch/git" 2>&1 || fail "git $*: $(cat "$scratch/git")"
}

# job FOLDER ARG...: check in a fresh clone; sets status
job()
{
	folder=$scratch/$1
	shift
	git_in "$scratch" clone -q repository "$folder"
	status=0
	(cd "$folder" && run_tool check "$@" >"$scratch/out" 2>"$scratch/err") || status=$?
}

mkdir "$scratch/repository"
git_in "$scratch/repository" init -q -b main
printf 'aio.headroom > 1%%\nfinding:clocksource.tsc < problem\n' >"$scratch/repository/host.budget"
git_in "$scratch/repository" add host.budget
git_in "$scratch/repository" commit -qm 'What this host must keep'

# The first job has no baseline yet.
job first --baseline ci/runner.json --update --guest builtin --cpus "$guest_cpu" --reps 6 --rep-duration 2s
[ $status -eq 2 ] && grep -q 'ci/runner.json: No such file or directory' "$scratch/err" ||
	fail "a folder that is not there: $status: $(cat "$scratch/err")"
rm -rf "$scratch/first"
job first --baseline runner.json --budget host.budget --update --guest builtin --cpus "$guest_cpu" \
	--reps 6 --rep-duration 2s -o result
[ $status -eq 0 ] || fail "first job: $status: $(cat "$scratch/out" "$scratch/err")"
[ -s "$scratch/first/result/report.html" ] || fail 'first job: no report'
[ "$(jq '.sessions | length' "$scratch/first/runner.json")" -eq 1 ] || fail 'first job: no baseline'
valid "$scratch/first/runner.json"
git_in "$scratch/first" add runner.json
git_in "$scratch/first" commit -qm 'A first session'
git_in "$scratch/repository" checkout -q -b elsewhere
git_in "$scratch/first" push -q origin main
git_in "$scratch/repository" checkout -q main

# Nothing changed: measured as the baseline was, and not red.
job green --baseline runner.json --budget host.budget -o result
[ $status -eq 0 ] || fail "green job: $status: $(cat "$scratch/out" "$scratch/err")"
[ "$(jq -r '.run.profile, .probes.wake.data.n_reps, .probes.wake.data.rep_duration_ns' "$scratch/green/result/result.json" |
	tr '\n' ' ')" = 'custom 6 2000000000 ' ] || fail 'green job: not measured as the baseline was'
[ "$(jq -r '.cpus.measured, .cpus.source' "$scratch/green/result/result.json" | tr '\n' ' ')" = "$guest_cpu option " ] ||
	fail 'green job: not measured on the CPUs of the baseline'
echo "green: $(head -n 1 "$scratch/out")"

# Nobody named the CPUs: nor does the gate, though it measures on those of the baseline.
for i in 1 2; do
	status=0
	run_tool check --baseline "$scratch/guess.json" --update --guest builtin --reps 2 --rep-duration 1s \
		-o "$scratch/guess$i" --json >"$scratch/out" 2>"$scratch/err" || status=$?
	[ $status -eq 0 ] || fail "CPUs that nobody named: $status: $(cat "$scratch/out" "$scratch/err")"
	jq '[.cpus.measured, .cpus.source]' "$scratch/guess$i/result.json" >"$scratch/guess$i.cpus"
done
grep -q 'as the baseline was measured' "$scratch/err" || fail "not on the CPUs of the baseline: $(cat "$scratch/err")"
cmp "$scratch/guess1.cpus" "$scratch/guess2.cpus" || fail "CPUs that nobody named: $(cat "$scratch/guess2.cpus")"
[ "$(jq '[.findings[]? | select(.id == "cpu.isolcpus")] | length' "$scratch/out")" -eq 0 ] ||
	fail "the gate changed findings: $(jq -c .findings "$scratch/out")"

# Measured in another way
job other --baseline runner.json --cpus "$guest_cpu" --reps 2 --rep-duration 1s -o result
[ $status -eq 2 ] && grep -q 'Not comparable: they differ in rep_duration_ns: 2 s / 1 s' "$scratch/out" ||
	fail "not comparable: $status: $(cat "$scratch/out" "$scratch/err")"

# 5 ms of each 100 ms are gone, for whatever has less than the highest priority.
"$VFIOBENCH_BUILD/tests/noise" burner "$guest_cpu" "$host_cpu" 600000 >/dev/null 2>&1 9>&- &
burner=$!
later "end_process $burner"
sleep 0.5
chrt -f -p 98 $burner || fail 'the burner has no priority'

# Red after a fresh session, with numbers.
job red --baseline runner.json --budget host.budget --cpus "$guest_cpu" -o result --junit junit.xml --markdown summary.md
[ $status -eq 1 ] || fail "red job: $status: $(cat "$scratch/out" "$scratch/err")"
head -n 1 "$scratch/out" | grep -q '^Failed. Regressed: ' || fail "red job: $(cat "$scratch/out")"
[ -d "$scratch/red/result/confirm-1" ] || fail "red job: no fresh session: $(ls "$scratch/red/result")"
grep -qE '<failure type="regressed" message="wake-up latency, 99 %: [0-9.]+ [um]s -&gt; [0-9.]+ ms \(\+[0-9]+ %' \
	"$scratch/red/junit.xml" || fail "red job: no failure with numbers: $(grep '<failure' "$scratch/red/junit.xml")"
grep -q '^## vfiobench: .* failed' "$scratch/red/summary.md" || fail 'red job: no summary'
cmp -s "$scratch/red/runner.json" "$scratch/first/runner.json" || fail 'red job: the baseline was changed'
echo "red: $(tr '\n' ' ' <"$scratch/out" | cut -c 1-150)"
end_process $burner

# The job of somebody who measured before, through the script that ships.
(
	cd "$scratch/red" && PATH=$VFIOBENCH_BUILD:$PATH VFIOBENCH_BASELINE=runner.json VFIOBENCH_RESULT=result \
		GITHUB_STEP_SUMMARY="$scratch/summary" sh "$VFIOBENCH_SOURCE/contrib/github/check.sh" 9>&-
) >"$scratch/out" 2>"$scratch/err"
status=$?
[ $status -eq 1 ] || fail "the script: $status: $(cat "$scratch/out" "$scratch/err")"
grep -q '^## vfiobench: .* failed' "$scratch/summary" || fail 'the script: no summary'
