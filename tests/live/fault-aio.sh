#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fs.aio-max-nr too low for a guest's native-AIO disks: QEMU says so, we say so with the numbers,
# and after the printed command the guest starts and has all it asked for.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

need_root
need_qemu
need_command jq

# Beside the build: a file system that can do O_DIRECT, which the one of /tmp may not.
disks=$(mktemp -d "$VFIOBENCH_BUILD/live.XXXXXX") || exit 1
later "rm -rf '$disks'"
truncate -s 1M "$disks/one.raw" "$disks/two.raw"

# One context each: the main loop and two I/O threads.
n_wanted=3072
limit=/proc/sys/fs/aio-max-nr
n_used=$(cat /proc/sys/fs/aio-nr)

domain_parts="<iothreads>2</iothreads>"
for n in 1 2; do
	letter=$(echo $n | tr 12 ab)
	file=$disks/$(echo $n | sed 's/1/one/; s/2/two/').raw
	domain_devices="$domain_devices
    <disk type='file' device='disk'>
      <driver name='qemu' type='raw' cache='none' io='native' iothread='$n'/>
      <source file='$file'/>
      <target dev='vd$letter' bus='virtio'/>
    </disk>"
done
domain_xml vfiobench-live-aio 1 >"$scratch/domain.xml"

disk()
{
	echo "-object iothread,id=iothread$1
		-drive file=$disks/$2.raw,if=none,id=disk$1,format=raw,cache=none,aio=native
		-device virtio-blk-pci,drive=disk$1,iothread=iothread$1"
}

# With the firmware of QEMU: it looks for something to boot on the disks, so the threads open them.
start_guest()
{
	# shellcheck disable=SC2046 # words
	start_qemu "$1" -bios bios-256k.bin $(disk 1 one) $(disk 2 two)
}

has_all()
{
	[ $(($(cat /proc/sys/fs/aio-nr) - n_used)) -ge $n_wanted ]
}

echo "enough: nothing to say"
remember $limit
set_value $limit $((n_used + 65536))
audit --domain-xml "$scratch/domain.xml"
expect aio.headroom pass

echo "too few: QEMU does not start"
set_value $limit $((n_used + 512))
! start_guest starved || fail "QEMU started with 512 slots"
message='Unable to use native AIO: failed to create linux AIO context: Resource temporarily unavailable'
cat "$scratch/starved.out" "$scratch/starved.log" 2>/dev/null | grep -F "$message" ||
	fail "QEMU failed for another reason: $(cat "$scratch/starved.out")"

audit --domain-xml "$scratch/domain.xml"
expect aio.headroom problem "$n_wanted AIO slots .*512 of $((n_used + 512)) are free: it cannot start"

echo "enough for the start: an I/O thread goes without"
set_value $limit $((n_used + 2048))
audit --domain-xml "$scratch/domain.xml"
expect aio.headroom problem "2048 of $((n_used + 2048)) are free: its iothreads fall back to a pool of threads"
start_guest hungry || fail "QEMU does not start: $(cat "$scratch/hungry.out")"
wait_for 30 grep -F 'falling back to thread pool' "$scratch/hungry.log" || fail "QEMU is content"
end_process "$guest_pid"

echo "the fix"
type_fix aio.headroom
audit --domain-xml "$scratch/domain.xml"
expect aio.headroom pass
start_guest fed || fail "QEMU does not start after the fix: $(cat "$scratch/fed.out")"
wait_for 30 has_all || fail "aio-nr is $(cat /proc/sys/fs/aio-nr), $n_used before the guest"
! grep -F 'falling back' "$scratch/fed.log" || fail "QEMU fell back to threads"
echo passed
