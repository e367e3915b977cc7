#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# libvirt makes QEMU's arguments of the XML that a plan writes: that of the guide's own guest, and
# they hold what the plan changed.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

need_libvirt
need_command jq
start_libvirt

host=$VFIOBENCH_SOURCE/tests/hosts/guide-8700k.host
sh "$VFIOBENCH_SOURCE/tests/lib/unpack_host.sh" "$host" "$scratch/host" || fail "cannot unpack $host"
run_tool audit --json --sysroot "$scratch/host" --domain-xml "$VFIOBENCH_SOURCE/tests/hosts/guide/domain.xml" \
	-o "$scratch/result" >"$scratch/out" 2>&1 || fail "audit: $(cat "$scratch/out")"
run_tool plan "$scratch/result" -o "$scratch/plan" >"$scratch/out" 2>&1 || fail "plan: $(cat "$scratch/out")"
plan=$scratch/plan/guest.xml

# without_parts FILE: without what this machine may lack, and what is no matter of a plan: SMBIOS tables of a
# board, huge pages, a TPM, the devices that are passed through
without_parts()
{
	sed -e '/<smbios mode="host"/d' -e '/<hugepages/d' -e '/<tpm /,/<\/tpm>/d' \
		-e '/<hostdev /,/<\/hostdev>/d' "$1"
}

without_parts "$plan" >"$scratch/guest.xml"

# to_native FILE: QEMU's arguments, one per line
to_native()
{
	virsh -q domxml-to-native qemu-argv "$1" >"$scratch/native" 2>"$scratch/err" || return 1
	tr ' ' '\n' <"$scratch/native" >"$scratch/args"
}

to_native "$scratch/guest.xml" || fail "domxml-to-native: $(cat "$scratch/err")"
for piece in hv-time hv-stimer hv-stimer-direct hv-ipi 'migratable=off' 'invtsc=on' 'host-cache-info=on' \
	iothread1 'input-linux,id=mouse1' 'virtio-keyboard' 'hv-vpindex'; do
	grep -qF -- "$piece" "$scratch/args" || fail "QEMU's arguments have no $piece: $(cat "$scratch/native")"
done
for piece in sr-iov hv-spinlocks hypervisor=off virtio-balloon mem-lock=on; do
	! grep -qF -- "$piece" "$scratch/args" || fail "QEMU's arguments still have $piece"
done

# The XML as the guide prints it is refused, or loses what it says.
! to_native "$VFIOBENCH_SOURCE/tests/hosts/guide/domain-as-printed.xml" ||
	fail "libvirt takes the XML as printed: the test is blind"
without_parts "$VFIOBENCH_SOURCE/tests/hosts/guide/domain.xml" >"$scratch/former.xml"
! to_native "$scratch/former.xml" || fail "libvirt takes the guide's XML: the test is blind"
grep -qi iothread "$scratch/err" || fail "refused for another reason: $(cat "$scratch/err")"
echo "libvirt makes $(wc -l <"$scratch/args") arguments of the plan's XML"
