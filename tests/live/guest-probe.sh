#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The guest probe on guests that really run: with and without names of threads, on huge pages where
# some can be had. Whatever it starts or changes is put back.
set -u

probe=${VFIOBENCH_BUILD:?}/vfiobench-probe-guest
skip() { echo "skipped: $1"; exit 77; }
[ "$(id -u)" -eq 0 ] || skip 'needs root to see the memory of a guest'
[ -w /dev/kvm ] || skip 'no /dev/kvm'
command -v qemu-system-x86_64 >/dev/null || skip 'no qemu-system-x86_64'
command -v python3 >/dev/null || skip 'no python3 to read the documents'

dir=$(mktemp -d)
debugfs=
cleanup()
{
	for file in "$dir"/*.pid; do
		[ ! -s "$file" ] || kill "$(cat "$file")" 2>/dev/null
	done
	[ -z "$debugfs" ] || umount /sys/kernel/debug
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

start() # FILE OPTION...
{
	file=$1
	shift
	qemu-system-x86_64 -accel kvm -display none -nodefaults -daemonize \
		-pidfile "$dir/$file.pid" "$@" 2>"$dir/$file.err" && return
	cat "$dir/$file.err"
	exit 1
}

start named -name guest=named,debug-threads=on -m 64 -smp 2 -object iothread,id=io0 \
	-object secret,id=s0,data=QUJD -vnc "unix:$dir/vnc,password=on"
start plain -name plain -smp 3 -m 128 -machine pc,memory-backend=ram \
	-object memory-backend-memfd,id=ram,size=128M,prealloc=on
[ -d /sys/kernel/debug/kvm ] || ! mount -t debugfs nodev /sys/kernel/debug 2>/dev/null || debugfs=mounted

cat >"$dir/check.py" <<'EOF'
import json, sys

def pid(name):
    return int(open("%s/%s.pid" % (sys.argv[1], name)).read())

doc = json.load(open(sys.argv[1] + "/doc"))
guests = {g["pid"]: g for g in doc["data"]["guests"]}

named = guests[pid("named")]
assert named["name"] == "named" and named["kind"] == "qemu", named
assert named["manager"] == "plain" and named["program"] == "qemu-system-x86_64", named
assert "secret,id=s0,data=***" in named["argv"] and "QUJD" not in str(named), named["argv"]
roles = [t["role"] for t in named["threads"]]
assert roles.count("emulator") == 1 and roles.count("iothread") == 1, roles
vcpus = {t["vcpu"]: t for t in named["threads"] if t["role"] == "vcpu"}
assert sorted(vcpus) == [0, 1], roles
for t in vcpus.values():
    task = "/proc/%d/task/%d/" % (named["pid"], t["tid"])
    assert open(task + "comm").read() == "CPU %d/KVM\n" % t["vcpu"], t
    status = dict(l.rstrip("\n").split(":\t", 1) for l in open(task + "status") if ":\t" in l)
    assert t["affinity"] == status["Cpus_allowed_list"], t
    assert t["policy"] == "other" and t["rt_priority"] == 0 and "last_cpu" in t, t
assert [b["size_kib"] for b in named["backing"]] == [65536], named["backing"]

plain = guests[pid("plain")]
assert plain["backing"][0]["resident_kib"] == 131072, plain["backing"]
assert not plain["backing"][0]["is_hugetlb"], plain["backing"]
vcpus = [t["vcpu"] for t in plain["threads"] if "vcpu" in t]
if sys.argv[2] == "debugfs":
    assert sorted(vcpus) == [0, 1, 2], plain["threads"]
else:
    assert not vcpus, plain["threads"]
gaps = [g for g in doc["gaps"] if g["field"] == "guest.guests.threads.role"]
assert any("/%d/" % plain["pid"] in g["path"] for g in gaps), doc["gaps"]
assert not any("/%d/" % named["pid"] in g["path"] for g in gaps), doc["gaps"]

if sys.argv[3] == "huge":
    huge = guests[pid("huge")]
    assert [(b["page_kib"], b["is_hugetlb"], b["size_kib"], b["resident_kib"])
            for b in huge["backing"]] == [(2048, True, 65536, 65536)], huge["backing"]
print("%d guests read in %.1f ms" % (len(guests), doc["run"]["duration_ns"] / 1e6))
EOF

huge=none
pool=/sys/kernel/mm/hugepages/hugepages-2048kB
free=$(cat $pool/free_hugepages 2>/dev/null)
if [ "${free:-0}" -ge 32 ]; then
	start huge -name huge,debug-threads=on -m 64 -machine pc,memory-backend=ram \
		-object memory-backend-memfd,id=ram,size=64M,hugetlb=on,hugetlbsize=2M,prealloc=on
	huge=huge
else
	before=$(cat $pool/nr_hugepages 2>/dev/null)
	if [ -n "$before" ] && echo $((before + 32)) >$pool/nr_hugepages &&
		[ "$(cat $pool/free_hugepages)" -ge 32 ]; then
		start huge -name huge,debug-threads=on -m 64 -machine pc,memory-backend=ram \
			-object memory-backend-memfd,id=ram,size=64M,hugetlb=on,hugetlbsize=2M,prealloc=on
		huge=huge
	fi
	# Pages in use stay until their guest ends; then the pool is as small as it was.
	[ -z "$before" ] || echo "$before" >$pool/nr_hugepages
fi

"$probe" >"$dir/doc" || { echo 'the probe failed'; exit 1; }
[ -d /sys/kernel/debug/kvm ] && debug=debugfs || debug=none
python3 "$dir/check.py" "$dir" $debug $huge || { cat "$dir/doc"; exit 1; }
echo "vCPUs of threads without names: $debug; huge pages: $huge"

# One that ends leaves no trace, however far it was read.
kill "$(cat "$dir/named.pid")"
rm -f "$dir/named.pid"
"$probe" >/dev/null || { echo 'the probe failed while a guest ended'; exit 1; }
