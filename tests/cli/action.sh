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

# A check that ends with the next status of $scratch/plan, and a sudo that measures.
mkdir "$scratch/bin"
cat >"$scratch/bin/vfiobench" <<'END'
#!/bin/sh
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
sed -i 1d "$SCRATCH/plan"
exit "$status"
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

# A unit measures; an alarm is measured again, and the second session decides.
unit='VFIOBENCH_UNIT=vfiobench-ci.service'
for plan in '0=0' '1 0=0' '1 1=1' '1 3=3' '2=2' '3=3'; do
	fresh
	job "${plan%=*}" $unit VFIOBENCH_RESULT="$scratch/measured"
	[ $status -eq "${plan#*=}" ] || wrong "with a unit, $plan: $status"
	[ ! -s "$scratch/plan" ] || wrong "with a unit, $plan: not judged often enough"
	[ "$(sort -u "$scratch/sudo")" = '-n systemctl start vfiobench-ci.service' ] || wrong "sudo $(cat "$scratch/sudo")"
	[ -f "$scratch/space/vfiobench-check/result.json" ] || wrong "with a unit, $plan: the result is not kept"
	[ "$(grep -c '^status=' "$scratch/output")" -eq 1 ] || wrong "with a unit, $plan: status is not told once"
	[ "$(cat "$scratch/out"; grep -c ::error "$scratch/err")" = "said 1
1" ] || wrong "with a unit, $plan: said: $(cat "$scratch/out" "$scratch/err")"
	[ "$(wc -l <"$scratch/summary")" -eq 1 ] || wrong "with a unit, $plan: not one summary"
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
exit $bad
