#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The domain probe on a guest of libvirt that really runs: from the daemon, from one that hangs, from
# what a stopped one left, and from QEMU's arguments.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

probe=$VFIOBENCH_BUILD/vfiobench-probe-domain
need_libvirt
need_command python3
! is_libvirt_up || skip 'a libvirt daemon runs already: this test stops one'
ldd "$probe" | grep -q libvirt || skip 'built without libvirt'
start_libvirt
daemon=$(cat "$scratch/libvirtd.pid")

name=vfiobench-live-domain
cat >"$scratch/guest.xml" <<EOF
<domain type='qemu'><name>$name</name><memory unit='MiB'>64</memory><vcpu cpuset='0-1'>1</vcpu>
<cputune><vcpupin vcpu='0' cpuset='0'/><emulatorpin cpuset='0'/></cputune>
<os><type arch='x86_64'>hvm</type></os>
<devices><emulator>$qemu</emulator></devices></domain>
EOF
start_domain $name "$scratch/guest.xml" || fail "$(cat "$scratch/virsh.out")"

cat >"$scratch/check.py" <<'EOF'
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

# check WHAT SOURCE GAP [COMMAND...]
check()
{
	what=$1 source=$2 gap=$3
	shift 3
	echo "$what"
	"$@" "$probe" --guest-pid "$guest_pid" >"$scratch/doc" 9>&- || fail "$what: exit status $?"
	python3 "$scratch/check.py" "$scratch/doc" "$name" "$source" "$gap" && return
	fail "$what: $(cat "$scratch/doc")"
}

# Not root, and able to run it where it is.
as_nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'

check 'daemon runs' libvirt '' env
kill -STOP "$daemon"
check 'daemon hangs' libvirt ETIMEDOUT env
end_process "$daemon"
check 'daemon ended' libvirt '' env
if $as_nobody "$probe" >/dev/null 2>&1; then
	# shellcheck disable=SC2086 # words
	check 'without root' argv '' $as_nobody
fi
! is_libvirt_up || fail 'a daemon was started'
echo passed
