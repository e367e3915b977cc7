#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a run does without /dev/kvm, root, tracefs, gnuplot, a place for its files or a sound probe:
# it measures the rest, and says what is missing and why.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

need_root
need_kvm
need_command jq unshare setpriv
need_two_cpus

# A copy that anybody may run, and of which we may break a part.
mkdir "$scratch/bin"
cp "$VFIOBENCH_BUILD"/vfiobench "$VFIOBENCH_BUILD"/vfiobench-probe-* \
	"$VFIOBENCH_BUILD"/vfiobench-microguest "$scratch/bin" || fail "cannot copy the programs"
copy=$scratch/bin/vfiobench
short="--cpus $guest_cpu --profile quick --reps 1 --rep-duration 500ms"

# in_private COMMAND PROGRAM ARG...: the program where the command changed what is mounted
in_private()
{
	# shellcheck disable=SC2016 # for the inner shell
	timeout -k 5 90 unshare -m sh -c 'eval "$0" || exit 99; exec "$@"' "$@" \
		>"$scratch/out" 2>"$scratch/err" 9>&-
}

# status_is STATUS WHAT: of the last command, given as $?
status_is()
{
	[ "$1" -eq "$2" ] || fail "$3: exit status $1 instead of $2: $(cat "$scratch/err")"
}

is()
{
	[ "$(value "$result" "$1")" = "$2" ] || fail "$1 is $(value "$result" "$1") instead of $2"
}

echo "no /dev/kvm"
# shellcheck disable=SC2086 # options
in_private 'mount --bind /dev/null /dev/kvm' "$copy" run --guest auto $short -o "$scratch/no-kvm"
status_is $? 0 "no /dev/kvm"
grep 'no guest runs meanwhile' "$scratch/err" || fail "no warning: $(cat "$scratch/err")"
result=$scratch/no-kvm/result.json
is .guest.kind none
is '.run.warnings | length > 0' true
is .probes.wake.status ok
# shellcheck disable=SC2086
in_private 'mount --bind /dev/null /dev/kvm' "$copy" run -q --guest builtin $short -o "$scratch/none"
status_is $? 2 "--guest builtin without /dev/kvm"
sed 's/^/said: /' "$scratch/err"
[ "$(wc -l <"$scratch/err")" -eq 1 ] || fail "not one line"
[ ! -e "$scratch/none" ] || fail "a folder for nothing"

echo "a built-in guest that starts once and never again"
guest=${copy%/*}/vfiobench-microguest
mv "$guest" "$guest.kept"
cat >"$guest" <<END
#!/bin/sh
[ ! -e "$scratch/started" ] || { echo "not again" >&2; exit 2; }
: >"$scratch/started"
exec "$guest.kept" "\$@"
END
chmod +x "$guest"
# shellcheck disable=SC2086
"$copy" run -q --guest builtin $short -o "$scratch/once" >"$scratch/out" 2>"$scratch/err" 9>&-
status_is $? 2 "a guest that starts once"
result=$scratch/once/result.json
is .run.is_partial true
is .run.reason 'the built-in guest did not start: not again'
is '.probes.gap.status | IN("ok", "partial")' true
mv "$guest.kept" "$guest"

echo "not root"
mkdir "$scratch/theirs"
chmod 777 "$scratch/theirs"
as_nobody()
{
	timeout -k 5 60 setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs "$@" \
		>"$scratch/out" 2>"$scratch/err" 9>&-
}
as_nobody "$copy" audit --json
status_is $? 0 "audit, not root"
jq -e '.findings | length > 20' "$scratch/out" >/dev/null || fail "audit, not root: few findings"
# shellcheck disable=SC2086
as_nobody "$copy" run --guest none $short -o "$scratch/theirs/result"
status_is $? 0 "run, not root"
result=$scratch/theirs/result/result.json
is .probes.activity.status ok
is '.probes.wake.status | IN("skipped", "failed")' true
value "$result" .probes.wake.reason | grep -iE 'root|CAP_|permi|priv' || fail "does not say why"

echo "no tracefs, no gnuplot"
mkdir "$scratch/empty"
# shellcheck disable=SC2086
PATH=$scratch/empty:/usr/bin:/bin in_private \
	'umount /sys/kernel/tracing 2>/dev/null; umount /sys/kernel/debug 2>/dev/null; PATH=$scratch/empty' \
	"$copy" run --guest none $short -o "$scratch/plain"
status_is $? 0 "no tracefs, no gnuplot"
grep -q '</html>' "$scratch/plain/report.html" || fail "no gnuplot: no report"

echo "nowhere to write"
# shellcheck disable=SC2086
in_private "mount -t tmpfs -o ro none /mnt" "$copy" run -q --guest none $short -o /mnt/result
status_is $? 2 "read-only folder"
grep -E '/mnt/result: Read-only' "$scratch/err" || fail "unclear: $(cat "$scratch/err")"
# shellcheck disable=SC2086
in_private "mount -t tmpfs -o size=16k none /mnt; export TMPDIR='$scratch'" \
	"$copy" run --guest none $short -o /mnt/result
status_is $? 2 "full disk"
grep 'No space left' "$scratch/err" || fail "unclear: $(cat "$scratch/err")"
result=$(sed -n 's,.* saved as \(/.*/result.json\) .*,\1,p' "$scratch/err")
[ -s "$result" ] || fail "the result is lost: $(cat "$scratch/err")"
is .format vfiobench-result
is .probes.wake.status ok

echo "no room for the recording"
# shellcheck disable=SC2086
in_private "mount -t tmpfs -o size=16k none /mnt; export TMPDIR='$scratch'" \
	"$copy" run --guest builtin --keep-trace $short -o /mnt/result
status_is $? 2 "no room for the recording"
grep '/mnt/result/trace.dat: not written' "$scratch/err" || fail "not told: $(cat "$scratch/err")"

echo "twice into one folder"
for time in first second; do
	# shellcheck disable=SC2086
	"$copy" run --guest none $short --label $time -o "$scratch/twice" >/dev/null 2>"$scratch/err" 9>&-
	status_is $? 0 "the $time run into a folder"
done
grep 'the earlier result is kept as .*/twice/result.json.old' "$scratch/err" || fail "not told: $(cat "$scratch/err")"
result=$scratch/twice/result.json
is .run.label second
result=$scratch/twice/result.json.old
is .run.label first

echo "a guest that is killed in the middle"
# shellcheck disable=SC2086
timeout -k 5 90 "$copy" run --guest builtin --cpus $guest_cpu --reps 2 --rep-duration 3s \
	-o "$scratch/killed" >"$scratch/out" 2>"$scratch/err" 9>&- &
running=$!
until grep -q 'measuring while the guest runs' "$scratch/err"; do
	kill -0 $running || fail "no guest was started: $(cat "$scratch/err")"
	sleep 0.2
done
sleep 2
guest=$(pgrep -f "^$scratch/bin/vfiobench-microguest") || fail "no guest runs"
kill -KILL "$guest"
wait $running
result=$scratch/killed/result.json
grep 'built-in guest was killed (signal 9)' "$scratch/err" || fail "not told: $(cat "$scratch/err")"
grep -E 'Note: .*the guest ended after [0-9]+ s of 6 s' "$scratch/out" || fail "not in the report: $(cat "$scratch/out")"
grep -E '^The guest ended after [0-9]+ s: what was measured later is without it' "$scratch/out" ||
	fail "not said first: $(head -n 20 "$scratch/out")"
value "$result" '.run.warnings[]' | grep 'the guest ended after' || fail "no warning in the result"

echo "a probe that crashes, one that hangs"
rm "$scratch/bin/vfiobench-probe-aio" "$scratch/bin/vfiobench-probe-tsc"
# shellcheck disable=SC2016 # of the script
printf '#!/bin/sh\nkill -SEGV $$\n' >"$scratch/bin/vfiobench-probe-aio"
printf '#!/bin/sh\necho $$ >%s/hung\nexec sleep 600\n' "$scratch" >"$scratch/bin/vfiobench-probe-tsc"
chmod 755 "$scratch/bin/vfiobench-probe-aio" "$scratch/bin/vfiobench-probe-tsc"
# shellcheck disable=SC2086
timeout -k 5 90 "$copy" run --guest none $short -o "$scratch/broken" >"$scratch/out" 2>"$scratch/err" 9>&-
status_is $? 0 "broken probes"
result=$scratch/broken/result.json
is .probes.aio.status failed
is .probes.tsc.status failed
is .probes.wake.status ok
value "$result" .probes.aio.reason | grep -E 'SEGV|signal 11' || fail "$(value "$result" .probes.aio.reason)"
value "$result" .probes.tsc.reason | grep -iE 'time|seconds| s\b' || fail "$(value "$result" .probes.tsc.reason)"
is_gone "$(cat "$scratch/hung")" || fail "the probe that hung still runs"
echo passed
