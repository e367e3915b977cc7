#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The script of the GitHub action and the GitLab job: it ends with the status of check, gives each
# input as one argument whatever is in it, and leaves the files that later steps take.
set -u

script=${VFIOBENCH_SOURCE:?}/contrib/github/check.sh
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
bad=0
wrong()
{
	echo "$*"
	bad=1
}

# A check that ends with the next status of $scratch/plan, STATUS:ID,ID… with what regressed or with
# "broken" for a budget; asked with --json it tells of the one before, with everything beside that is
# no alarm. And a sudo that measures.
mkdir "$scratch/bin"
cat >"$scratch/bin/vfiobench" <<'END'
#!/bin/sh
# metric ID IS_GATED VERDICT
metric()
{
	printf '    {\n      "id": "%s",\n      "title": "of \\"verdict\\"",\n      "is_gated": %s,\n      "verdict": "%s",\n' "$@"
	printf '      "units_before": [\n        [\n          0,\n          1\n        ]\n      ]\n    },\n'
}
document()
{
	read -r what <"$SCRATCH/now"
	what=${what#*:}
	verdict=regressed
	[ "$what" != broken ] || verdict=no-change
	printf '{\n  "format": "vfiobench-comparison",\n  "version": 1,\n  "verdict": "%s",\n  "metrics": [\n' "$verdict"
	metric calm true no-change
	metric explains false regressed
	metric let.off true regressed
	for id in $(echo "$what" | tr ',' ' '); do
		[ "$id" = broken ] || metric "$id" true regressed
	done
	printf '    {\n      "id": "last",\n      "is_gated": true,\n      "verdict": "improved"\n    }\n  ],\n  "budgets": [\n'
	case $what in
	*broken) verdict=broken ;;
	*) verdict=held ;;
	esac
	printf '    {\n      "rule": "a < 1us",\n      "id": "a",\n      "verdict": "%s"\n    }\n  ],\n  "waivers": [\n' "$verdict"
	printf '    {\n      "id": "let.off",\n      "state": "used"\n    },\n    {\n      "id": "a",\n      "state": "unused"\n    }\n'
	printf '  ],\n  "notes": [\n    "regressed"\n  ]\n}\n'
}
if [ "$2" = --json ]; then
	printf '<%s>\n' "$@" >"$SCRATCH/asked"
	document
	exit 1
fi
printf '<%s>\n' "$@" >"$SCRATCH/args"
for a; do
	case $a in
	--junit=*) [ "${MUTE:-}" ] || echo '<testsuites/>' >"${a#*=}" ;;
	--markdown=*) echo "summary $(wc -l <"$SCRATCH/plan")" >"${a#*=}" ;;
	esac
done
echo "said $(wc -l <"$SCRATCH/plan")"
echo "::error::$(wc -l <"$SCRATCH/plan")" >&2
read -r status <"$SCRATCH/plan"
echo "$status" >"$SCRATCH/now"
sed -i 1d "$SCRATCH/plan"
exit "${status%%:*}"
END
cat >"$scratch/bin/sudo" <<'END'
#!/bin/sh
echo "$*" >>"$SCRATCH/sudo"
mkdir -p "$SCRATCH/measured" && echo '{}' >"$SCRATCH/measured/result.json"
exit "${SUDO_STATUS:-0}"
END
chmod +x "$scratch/bin/vfiobench" "$scratch/bin/sudo"

# job STATUSES VARIABLE=VALUE…: runs the script as a job would; sets status
job()
{
	rm -rf "$scratch/space" "$scratch/out" "$scratch/args" "$scratch/sudo" "$scratch/measured"
	mkdir "$scratch/space"
	for s in $1; do echo "$s"; done >"$scratch/plan"
	shift
	status=0
	(cd "$scratch/space" && env -i PATH="$scratch/bin:$PATH" SCRATCH="$scratch" \
		GITHUB_OUTPUT="$scratch/output" GITHUB_STEP_SUMMARY="$scratch/summary" \
		VFIOBENCH_BASELINE=base.json "$@" sh "$script") >"$scratch/out" 2>"$scratch/err" || status=$?
}
fresh() { rm -f "$scratch/output" "$scratch/summary"; }
outputs() { grep -qxF "$1" "$scratch/output" || wrong "no output $1: $(cat "$scratch/output")"; }

for wanted in 0 1 2 3; do
	fresh
	job $wanted
	[ $status -eq $wanted ] || wrong "check ended with $wanted, the script with $status"
	outputs "status=$wanted"
	outputs 'folder=vfiobench-check'
	[ -s "$scratch/space/vfiobench-check/junit.xml" ] || wrong "status $wanted: no junit.xml"
	grep -qx 'summary 1' "$scratch/summary" || wrong "status $wanted: no summary"
	[ "$(cat "$scratch/out" "$scratch/err" | tr '\n' ' ')" = 'said 1 ::error::1 ' ] ||
		wrong "status $wanted: said: $(cat "$scratch/out" "$scratch/err")"
done
# 128 + n of a signal is no success either.
fresh
job 143
[ $status -eq 143 ] || wrong "check ended with 143, the script with $status"

# Each value stays one word of its option; nothing in it is run.
hostile='a b$(touch pwned)`touch pwned`;"'\''*'
fresh
job 0 VFIOBENCH_BASELINE="$hostile
--strict

second.json" VFIOBENCH_BUDGET="-x $hostile" VFIOBENCH_GUEST="$hostile" VFIOBENCH_PROFILE=quick VFIOBENCH_STRICT=true
cat >"$scratch/wanted" <<END
<check>
<--junit=vfiobench-check/junit.xml>
<--markdown=vfiobench-check/summary.md>
<--openmetrics=vfiobench-check/metrics.prom>
<--baseline=$hostile>
<--baseline=--strict>
<--baseline=second.json>
<--budget=-x $hostile>
<--strict>
<--guest=$hostile>
<--profile=quick>
<--output=vfiobench-check>
END
diff "$scratch/wanted" "$scratch/args" || wrong "arguments differ: < wanted, > given"
[ ! -e "$scratch/space/pwned" ] || wrong "an input was run as a command"

# A result that is there is not measured again, and goes with the rest.
fresh
job 0 VFIOBENCH_RESULT=-weird.json
[ "$(tail -n 2 "$scratch/args" | tr -d '\n')" = '<--><-weird.json>' ] || wrong "result: $(cat "$scratch/args")"
[ ! -e "$scratch/sudo" ] || wrong "sudo was called without a unit"

# A unit measures; an alarm is measured again, and what alarms in both sessions is one. What fresh
# numbers would not change is not measured again.
unit='VFIOBENCH_UNIT=vfiobench-ci.service'
for plan in '0=0' '1:a 0=0' '1:a 1:a=1' '1:a,b 1:c,b=1' '1:a 3=3' '1:a 1:broken=1' '1:a 1:b,broken=1' '1:a 2=2' \
	'1:broken=1' '1:a,broken=1' '1:=1' '2=2' '3=3'; do
	fresh
	job "${plan%=*}" $unit VFIOBENCH_RESULT="$scratch/measured" VFIOBENCH_BUDGET=b
	n=$(echo "${plan%=*}" | wc -w)
	[ $status -eq "${plan#*=}" ] || wrong "with a unit, $plan: $status"
	[ ! -s "$scratch/plan" ] || wrong "with a unit, $plan: not judged often enough"
	[ "$(cat "$scratch/sudo")" = "$(for i in $(seq "$n"); do echo '-n systemctl start vfiobench-ci.service'; done)" ] ||
		wrong "with a unit, $plan: sudo $(cat "$scratch/sudo")"
	space=$scratch/space/vfiobench-check
	[ -f "$space/result.json" ] || wrong "with a unit, $plan: the result is not kept"
	[ "$(grep -c '^status=' "$scratch/output")" -eq 1 ] || wrong "with a unit, $plan: status is not told once"
	[ "$(cat "$scratch/out"; grep -c ::error "$scratch/err")" = "said 1
1" ] || wrong "with a unit, $plan: said: $(cat "$scratch/out" "$scratch/err")"
	[ "$(wc -l <"$scratch/summary")" -eq 1 ] || wrong "with a unit, $plan: not one summary"
	[ ! -e "$space/said" ] && [ ! -e "$space/second" ] || wrong "with a unit, $plan: left $(ls "$space")"
	if [ "$n" -eq 1 ]; then
		[ ! -e "$space/first" ] || wrong "with a unit, $plan: a first session of one"
	else
		[ "$(cat "$space/first/summary.md")" = 'summary 2' ] && [ -f "$space/first/junit.xml" ] &&
			[ -f "$space/first/result.json" ] && grep -qx 'said 2' "$space/first/check.txt" ||
			wrong "with a unit, $plan: the first session is not kept: $(ls "$space/first")"
	fi
done
# As check is asked to judge, it is asked to tell.
fresh
job '1:a 1:a' $unit VFIOBENCH_RESULT="$scratch/measured" VFIOBENCH_BUDGET="$hostile" VFIOBENCH_STRICT=true
grep -v '^<--\(junit\|markdown\|openmetrics\)=' "$scratch/args" | diff - "$scratch/asked" | grep -v '^[0-9]' >"$scratch/more"
[ "$(cat "$scratch/more")" = '> <--json>' ] || wrong "asked of something else: $(cat "$scratch/more")"

# Two alarms that are not the same are none: nothing that others read calls them so.
for strict in false=0 true=3; do
	fresh
	job '1:a,b 1:c' $unit VFIOBENCH_RESULT="$scratch/measured" VFIOBENCH_STRICT="${strict%=*}"
	space=$scratch/space/vfiobench-check
	[ $status -eq "${strict#*=}" ] || wrong "not the same twice, strict $strict: $status"
	outputs "status=${strict#*=}"
	why='not the same twice: a b at first, c in a fresh session'
	grep -qF "inconclusive: $why" "$scratch/err" || wrong "not the same twice: $(cat "$scratch/err")"
	! grep -q ::error "$scratch/out" "$scratch/err" || wrong "not the same twice: an error is told"
	grep -qx '::warning::1' "$scratch/err" || wrong "not the same twice: no warning"
	grep -qF "<skipped message=\"inconclusive: $why\"/>" "$space/junit.xml" && ! grep -q '<failure' "$space/junit.xml" ||
		wrong "not the same twice: $(cat "$space/junit.xml")"
	[ "$(head -n 1 "$scratch/summary")" = '## vfiobench: inconclusive' ] && grep -qx 'summary 1' "$scratch/summary" ||
		wrong "not the same twice: summary: $(cat "$scratch/summary")"
	for session in first second; do
		[ -f "$space/$session/junit.xml" ] && [ -f "$space/$session/result.json" ] || wrong "$session session is not kept"
	done
	if command -v xmllint >/dev/null; then
		xmllint --noout --schema "$VFIOBENCH_SOURCE/tests/lib/junit.xsd" "$space/junit.xml" 2>"$scratch/xml" || wrong "JUnit: $(cat "$scratch/xml")"
	fi
done

# refused PIECE VARIABLE=VALUE…: status 2 and one line, check is not called
refused()
{
	piece=$1
	shift
	fresh
	job 0 "$@"
	[ $status -eq 2 ] || wrong "$*: status $status"
	[ ! -e "$scratch/args" ] || wrong "$*: check was called"
	[ "$(wc -l <"$scratch/err")" -eq 1 ] && grep -qF -- "$piece" "$scratch/err" || wrong "$*: $(cat "$scratch/err")"
	outputs 'status=2'
	[ "$(grep -cv '^folder=[a-z-]*$' "$scratch/output")" -eq 1 ] || wrong "$*: outputs: $(cat "$scratch/output")"
}
refused 'a baseline or a budget' VFIOBENCH_BASELINE=
refused 'no such program' VFIOBENCH_PROGRAM=vfiobench-none
refused 'VFIOBENCH_FOLDER' VFIOBENCH_FOLDER=/etc
refused 'VFIOBENCH_FOLDER' VFIOBENCH_FOLDER=a/../../b
refused 'VFIOBENCH_FOLDER' VFIOBENCH_FOLDER='a
status=0'
refused 'VFIOBENCH_STRICT' VFIOBENCH_STRICT=yes
refused 'VFIOBENCH_UNIT' VFIOBENCH_UNIT=sshd VFIOBENCH_RESULT=r
refused 'VFIOBENCH_UNIT' VFIOBENCH_UNIT='a;b.service' VFIOBENCH_RESULT=r
refused 'VFIOBENCH_UNIT' VFIOBENCH_UNIT='--now x.service' VFIOBENCH_RESULT=r
refused 'VFIOBENCH_RESULT' $unit
refused 'did not measure' $unit VFIOBENCH_RESULT="$scratch/measured" SUDO_STATUS=1

# Without GitHub's files it works too: GitLab, a shell.
echo 1 >"$scratch/plan"
(cd "$scratch/space" && env -i PATH="$scratch/bin:$PATH" SCRATCH="$scratch" VFIOBENCH_BUDGET=b sh "$script") >/dev/null 2>&1
[ $? -eq 1 ] || wrong "without GitHub's files: not the status of check"

# What an earlier job left is not taken for this one's.
mkdir -p "$scratch/space/vfiobench-check" && echo old >"$scratch/space/vfiobench-check/junit.xml"
echo 2 >"$scratch/plan"
(cd "$scratch/space" && env -i PATH="$scratch/bin:$PATH" SCRATCH="$scratch" MUTE=1 VFIOBENCH_BUDGET=b sh "$script") >/dev/null 2>&1
[ ! -e "$scratch/space/vfiobench-check/junit.xml" ] || wrong "an old junit.xml stayed"
# What the real one says is read as it should be.
if command -v jq >/dev/null; then
	. "$VFIOBENCH_SOURCE/tests/lib/result.sh"
	real=$scratch/real
	mkdir "$real"
	for i in 1 2 3; do make_result "$real/r$i.json" "{\"session\":$i}"; done
	"${VFIOBENCH_BUILD:?}/vfiobench" baseline save "$real/base.json" "$real"/r?.json >/dev/null || wrong 'no baseline'
	printf 'wake.p99.9 < 100us\n' >"$real/tight.budget"
	printf 'waive wake.p99 until 2400-12-31: why\nwaive wake.stalls until 2400-12-31: why\n' >"$real/waived.budget"
	# real NAME BUDGET STATUS SESSIONS PERMILLE
	real_job()
	{
		fresh
		make_result "$real/result.json" "{\"session\":9,\"permille\":$5}"
		printf '#!/bin/sh\necho "$*" >>"%s/sudo"\ncp "%s/result.json" "%s/measured/"\n' "$scratch" "$real" "$scratch" >"$scratch/bin/sudo"
		rm -rf "$scratch/space" "$scratch/sudo" && mkdir -p "$scratch/space" "$scratch/measured"
		status=0
		(cd "$scratch/space" && env -i PATH="$scratch/bin:$PATH" VFIOBENCH_PROGRAM="$VFIOBENCH_BUILD/vfiobench" \
			VFIOBENCH_BASELINE="$real/base.json" VFIOBENCH_BUDGET="$2" $unit VFIOBENCH_RESULT="$scratch/measured" \
			sh "$script") >"$scratch/out" 2>"$scratch/err" || status=$?
		[ $status -eq "$3" ] && [ "$(wc -l <"$scratch/sudo")" -eq "$4" ] ||
			wrong "$1: status $status, $(wc -l <"$scratch/sudo") sessions: $(cat "$scratch/out" "$scratch/err")"
	}
	real_job 'no change' '' 0 1 1000
	real_job 'a regression' '' 1 2 1600
	grep -q 'measuring again to confirm: wake.p99 wake.p99.9 wake.stalls$' "$scratch/err" || wrong "a regression: $(cat "$scratch/err")"
	real_job 'a broken budget' "$real/tight.budget" 1 1 1600
	real_job 'two of three waived' "$real/waived.budget" 1 2 1600
	grep -q 'measuring again to confirm: wake.p99.9$' "$scratch/err" || wrong "waived: $(cat "$scratch/err")"
fi

exit $bad
