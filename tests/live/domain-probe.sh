#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The domain probe on a guest of libvirt that really runs: from the daemon, from one that hangs, from
# what a stopped one left, and from QEMU's arguments. Whatever it starts is ended.
set -u

probe=${VFIOBENCH_BUILD:?}/vfiobench-probe-domain
skip() { echo "skipped: $1"; exit 77; }
[ "$(id -u)" -eq 0 ] || skip 'needs root to start a guest of libvirt'
PATH=$PATH:/usr/sbin
for program in libvirtd virtlogd virsh qemu-system-x86_64 python3; do
	command -v $program >/dev/null || skip "no $program"
done
daemon_runs() { pgrep -x libvirtd || pgrep -x virtqemud; } >/dev/null
daemon_runs && skip 'a libvirt daemon runs already: this test stops one'
ldd "$probe" | grep -q libvirt || skip 'built without libvirt'

dir=$(mktemp -d)
name=vfiobench-test-$$
ended() { ! kill -0 "$1" 2>/dev/null; }
stop() # PIDFILE
{
	[ -s "$1" ] || return 0
	pid=$(cat "$1")
	kill -CONT "$pid" 2>/dev/null
	kill "$pid" 2>/dev/null
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		ended "$pid" && break
		sleep 0.5
	done
	rm -f "$1"
}
# shellcheck disable=SC2317 # called by the trap
cleanup()
{
	[ ! -s "$dir/guest.pid" ] || ended "$(cat "$dir/guest.pid")" || kill "$(cat "$dir/guest.pid")"
	sleep 0.5
	stop "$dir/libvirtd.pid"
	stop "$dir/virtlogd.pid"
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

pgrep -x virtlogd >/dev/null || virtlogd -d -p "$dir/virtlogd.pid" || skip 'virtlogd does not start'
libvirtd -d -p "$dir/libvirtd.pid" || skip 'libvirtd does not start'
cat >"$dir/guest.xml" <<EOF
<domain type='qemu'><name>$name</name><memory unit='MiB'>64</memory><vcpu cpuset='0-1'>1</vcpu>
<cputune><vcpupin vcpu='0' cpuset='0'/><emulatorpin cpuset='0'/></cputune>
<os><type arch='x86_64'>hvm</type></os>
<devices><emulator>$(command -v qemu-system-x86_64)</emulator></devices></domain>
EOF
for _ in 1 2 3 4 5 6; do
	virsh -q -c qemu:///system create "$dir/guest.xml" >"$dir/said" 2>&1 && break
	sleep 0.5
done
cp "/run/libvirt/qemu/$name.pid" "$dir/guest.pid" 2>/dev/null || {
	cat "$dir/said"
	skip 'libvirt starts no guest here'
}

cat >"$dir/check.py" <<'EOF'
import json, sys

doc = json.load(open(sys.argv[1]))
name, source, gap = sys.argv[2:5]
data = doc["data"]
assert data["source"] == source and data["name"] == name, data
assert data["memory_kib"] == 65536 and data["n_vcpus"] == 1 and data["type"] == "qemu", data
if source == "libvirt":
    assert data["vcpu_pins"] == [{"id": 0, "cpus": "0"}] and data["emulator_pin"] == "0", data
    assert data["vcpu_cpuset"] == "0-1", data
assert [g["error"] for g in doc["gaps"]] == ([gap] if gap else []), doc["gaps"]
assert doc["run"]["duration_ns"] < 3e9, doc["run"]
EOF
bad=0
check() # WHAT SOURCE GAP [COMMAND...]
{
	what=$1 source=$2 gap=$3
	shift 3
	"$@" "$probe" --guest-pid "$(cat "$dir/guest.pid")" >"$dir/doc" || bad=1
	python3 "$dir/check.py" "$dir/doc" "$name" "$source" "$gap" && return
	echo "wrong: $what"
	cat "$dir/doc"
	bad=1
}

check 'daemon runs' libvirt '' env
kill -STOP "$(cat "$dir/libvirtd.pid")"
check 'daemon hangs' libvirt ETIMEDOUT env
stop "$dir/libvirtd.pid"
check 'daemon ended' libvirt '' env
if command -v setpriv >/dev/null && setpriv --reuid=65534 --regid=65534 --clear-groups "$probe" >/dev/null 2>&1; then
	check 'without root' argv '' setpriv --reuid=65534 --regid=65534 --clear-groups
fi
daemon_runs && { echo 'a daemon was started'; bad=1; }
exit $bad
