#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Watching a guest: lines, documents, a screen that is given back; and ends of all kinds.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

need_root
need_kvm
need_command jq script python3
need_two_cpus

# watch ARG...: on CPU $guest_cpu
watch()
{
	run_tool watch --guest builtin --cpus "$guest_cpu" "$@"
}

# noise: takes a quarter of the guest's CPU until it is ended
noise()
{
	# A name of its own: that of a copy.
	cp /bin/sh "$scratch/vbnoise"
	taskset -c "$guest_cpu" "$scratch/vbnoise" -c 'while :; do :; done' 9>&- &
	noise_pid=$!
	later "end_process $noise_pid"
}
need_command taskset
noise

# By a file: a grep that runs meanwhile is something left over as well.
left_instances()
{
	left_over >"$scratch/list"
	grep /instances/ "$scratch/list"
}

echo "a line each second"
watch --duration 3s >"$scratch/out" 2>"$scratch/err" || fail "exit status $?: $(cat "$scratch/err")"
cat "$scratch/out"
[ "$(wc -l <"$scratch/out")" -ge 3 ] || fail "too few lines"
grep -q 'task vbnoise .*, look at isol.tasks-on-g' "$scratch/out" || fail "does not name vbnoise"

echo "a document each second"
# Whoever reads may have seen enough.
{ watch --json --duration 20s 2>"$scratch/err"; echo $? >"$scratch/status"; } | head -c 100 >/dev/null
[ "$(cat "$scratch/status")" -eq 141 ] || fail "a closed pipe: exit status $(cat "$scratch/status")"
[ ! -s "$scratch/err" ] || fail "a closed pipe: $(cat "$scratch/err")"
! left_instances || fail "a closed pipe left a tracing instance"

watch --json --duration 2s >"$scratch/out" 2>"$scratch/err" || fail "exit status $?: $(cat "$scratch/err")"
jq -se 'length >= 2 and all(.[]; .rung == "tracefs" and (.vcpus | length) == 1)' "$scratch/out" \
	>/dev/null || fail "documents: $(head -c 500 "$scratch/out")"
jq -se 'any(.[]; .culprits[0].name == "vbnoise")' "$scratch/out" >/dev/null || fail "no vbnoise"

echo "a screen, ended by a key"
(sleep 3; printf q; sleep 1) | timeout -k 5 20 script -qec \
	"stty rows 24 cols 80; '$tool' watch --guest builtin --cpus $guest_cpu" "$scratch/typescript" \
	>/dev/null 2>&1 9>&- || fail "exit status $?: $(cat "$scratch/typescript")"
grep -q 'vbnoise' "$scratch/typescript" || fail "the screen does not show vbnoise"
# The last that the terminal hears is to show the cursor and what was there before.
tail -c 200 "$scratch/typescript" | grep -q "$(printf '\033\\[?1049l')" || fail "the screen is not given back"

echo "a screen, stopped by Ctrl-Z, and gone on with; ended by Ctrl-\\"
python3 "$VFIOBENCH_SOURCE/tests/lib/suspend.py" "$tool" watch --guest builtin --cpus "$guest_cpu" \
	9>&- || fail "the terminal is not given back, or not taken again"
! left_instances || fail "Ctrl-\\ left a tracing instance"

echo "a terminal that nobody reads"
# unread HOW STATUS ARG...
unread()
{
	how=$1 status=$2
	shift 2
	timeout -k 5 60 python3 "$VFIOBENCH_SOURCE/tests/lib/unread.py" "$how" "$status" "$tool" watch \
		--guest builtin --cpus "$guest_cpu" "$@" 9>&- || fail "does not end as it should: $how $*"
	! left_instances || fail "$how left a tracing instance"
}
unread itself 0 --duration 2s
unread itself 0 --duration 2s --json
unread SIGINT 130
unread SIGTERM 143
unread ctrl-s 0 --duration 4s

echo "ended by signals"
# Not the one of the shell: dash knows no names there.
for signal in INT TERM HUP QUIT USR1 USR2 ALRM VTALRM XCPU; do
	timeout --preserve-status -s $signal -k 10 2 "$tool" watch --guest builtin --cpus "$guest_cpu" \
		>"$scratch/out" 2>"$scratch/err" 9>&-
	status=$?
	[ $status -eq $((128 + $(env kill -l $signal))) ] || fail "SIG$signal: status $status: $(cat "$scratch/err")"
	! left_instances || fail "SIG$signal left a tracing instance"
done
echo passed
