# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154
# trace.sh - guests to trace, and the probe that does it: for live tests, after live.sh.

probe=${VFIOBENCH_BUILD:?}/vfiobench-probe-trace
instances=/sys/kernel/tracing/instances

need_tracing()
{
	need_root
	need_kvm
	need_command jq taskset unshare
	need_two_cpus
	[ -d $instances ] || skip "tracefs is not mounted at /sys/kernel/tracing"
}

# start_busy_guest OPTION...: ours, whose vCPU never halts; sets guest_pid
start_busy_guest()
{
	"$VFIOBENCH_BUILD/vfiobench-microguest" --cpus "$guest_cpu" --spin 1s --halt 0us "$@" \
		>"$scratch/guest" 2>&1 9>&- &
	guest_pid=$!
	later "end_process $guest_pid"
	wait_for 15 grep -qx ready "$scratch/guest" || fail "no guest: $(cat "$scratch/guest")"
}

# start_firmware NAME CPU OPTION...: QEMU with tests/lib/NAME.S, its vCPU on that CPU, all else on the
# host's; it logs to $scratch/log and listens at $scratch/qmp
start_firmware()
{
	firmware=$1 vcpu_cpu=$2
	shift 2
	"${CC:-cc}" -nostdlib -static -no-pie -Wl,--oformat=binary,-Ttext=0,--build-id=none \
		-o "$scratch/$firmware.rom" "$VFIOBENCH_SOURCE/tests/lib/$firmware.S" ||
		fail "cannot make $firmware.rom"
	rm -f "$scratch/log" "$scratch/qmp"
	start_qemu "vfiobench-live-$firmware" -bios "$scratch/$firmware.rom" \
		-qmp "unix:$scratch/qmp,server=on,wait=off" -chardev "file,id=log,path=$scratch/log" \
		-device isa-debugcon,iobase=0x402,chardev=log "$@" ||
		fail "$(cat "$scratch/vfiobench-live-$firmware.out")"
	for folder in /proc/"$guest_pid"/task/*; do
		taskset -pc "$host_cpu" "${folder##*/}" >/dev/null
	done
	taskset -pc "$vcpu_cpu" "$(vcpu_tid "$guest_pid" 0)" >/dev/null
	wait_busy "$guest_pid" 0
}

is_recording()
{
	grep -qx 1 "$instances/vfiobench.$probe_pid/tracing_on" 2>/dev/null || is_gone "$probe_pid"
}

# start_probe WINDOW [COMMAND...]: under a command, if given; until it records. Sets probe_pid.
start_probe()
{
	window_is=$1
	shift
	"$@" "$probe" --cpus "$guest_cpu" --guest-pid "$guest_pid" --rep-duration "$window_is" \
		>"$scratch/document" 2>"$scratch/err" 9>&- &
	probe_pid=$!
	later "end_process $probe_pid"
	wait_for 5 is_recording || fail "nothing is recorded"
}

# end_probe: when it ends by itself; its instance is gone then
end_probe()
{
	wait_for 20 is_gone "$probe_pid" || fail "the probe does not end"
	wait "$probe_pid" || fail "the probe: exit status $?: $(cat "$scratch/err")"
	[ ! -e "$instances/vfiobench.$probe_pid" ] || fail "the instance is left"
}

expect_rung()
{
	rung=$(value "$scratch/document" .data.rung)
	[ "$rung" = "$1" ] || fail "by $rung instead of $1: $(value "$scratch/document" .gaps)"
}

# expect_closure: what each vCPU's time adds up to
expect_closure()
{
	jq -r -f "$VFIOBENCH_SOURCE/tests/lib/check_trace.jq" "$scratch/document" >"$scratch/closure"
	cat "$scratch/closure"
	[ -s "$scratch/closure" ] || fail "no vCPU in the document"
	! grep '^bad' "$scratch/closure" >/dev/null || fail "the sums are wrong"
}

# expect_gap REGEX
expect_gap()
{
	jq -r '.gaps[] | "\(.field) \(.path): \(.error)"' "$scratch/document" | grep -E -- "$1" ||
		fail "does not say /$1/: $(value "$scratch/document" '.reason, .gaps')"
}
