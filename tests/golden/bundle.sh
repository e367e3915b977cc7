#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A bundle says what the files said that it was made of: the same document of every probe and the same
# findings, byte for byte; with names replaced the same verdicts, and no name in it. Damaged ones are
# refused in one line, and nothing of what was unpacked is left.
set -u

source=${VFIOBENCH_SOURCE:?}
build=${VFIOBENCH_BUILD:?}
program=$build/vfiobench
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export TMPDIR="$work/tmp"
mkdir "$TMPDIR"
bad=0 n=0

wrong()
{
	echo "$*"
	bad=1
}

audit() # NAME SYSROOT: leaves NAME.json, the findings, and NAME.result, the documents of all probes
{
	"$program" audit --json --sysroot "$2" -o "$work/$1.result" >"$work/$1.json" 2>"$work/err" ||
		wrong "$2: exit status $?: $(cat "$work/err")"
}

check() # NAME TREE
{
	audit tree "$2"
	"$program" capture -q --raw --sysroot "$2" "$work/bundle" 2>"$work/err" || wrong "$1: not captured"
	[ ! -s "$work/err" ] || wrong "$1: $(cat "$work/err")"
	audit bundle "$work/bundle"
	cmp "$work/tree.json" "$work/bundle.json" || wrong "$1: its bundle is judged differently"
	cmp "$work/tree.result" "$work/bundle.result" || wrong "$1: its bundle says something else"

	"$program" capture -q --sysroot "$2" "$work/shared" 2>"$work/err" || wrong "$1: not shared"
	# It compares verdicts itself, and would have said so.
	[ ! -s "$work/err" ] || wrong "$1, shared: $(cat "$work/err")"
	if LC_ALL=C grep -n '[^ -~	]' "$work/shared" || grep -nE '.{998}' "$work/shared" >/dev/null; then
		wrong "$1: lines that mail would change"
	fi
	n=$((n + 1))
}

for host in "$source"/tests/hosts/*.host; do
	name=${host##*/} name=${name%.host}
	"$program" capture --unpack "$work/$name" "$host" || wrong "$name: not unpacked"
	check "$name" "$work/$name"
	audit bundle "$host"
	cmp "$work/tree.json" "$work/bundle.json" || wrong "$name: as a file it is judged differently"
done
if [ -d "${VFIOBENCH_SHARED:-$source/../shared}/captures/tars" ]; then
	. "$source/tests/lib/captures.sh"
	# One with a guest.
	tree=${trees:?}/recon-vfio-9900k-z390
	[ ! -d "$tree" ] || check "${tree##*/}" "$tree"
fi

# Names and secrets wherever a host has them. Names have "zq" in them.
tree=$work/guide-8700k
plant() # FILE TEXT
{
	mkdir -p "$tree/$(dirname "$1")"
	printf '%b' "$2" >>"$tree/$1"
}
plant proc/cmdline ' cryptdevice=UUID=5a51c0de-1111-4222-8333-444455556666:cryptzq root=/dev/mapper/vgzq-root\n'
plant proc/sys/kernel/hostname 'towerzq\n'
plant proc/4242/comm 'ssh\n'
plant proc/4242/cmdline 'ssh\0hektorzq@towerzq\0'
plant proc/4242/environ 'HOME=/home/hektorzq\0'
plant proc/4242/task/4242/stat '4242 (zqdaemon) S 1 4242 4242 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 100\n'
plant proc/4242/task/4242/status 'Name:\tzqdaemon\nUid:\t1000\t1000\t1000\t1000\nCpus_allowed_list:\t0-11\n'
plant proc/mounts '/dev/mapper/vgzq-home /home/hektorzq ext4 rw 0 0\n'
plant etc/default/grub '# hektorzq was here\nGRUB_CMDLINE_LINUX="rd.luks.name=5a51c0de-1111-4222-8333-444455556666=cryptzq"\n'
plant etc/modprobe.d/hektorzq.conf '# hektorzq: my card\noptions vfio-pci ids=10de:1b80\n'
for uuid in 5a51c0de-bbbb-4222-8333-444455556666 5A51C0DE-BBBB-4222-8333-444455556666; do
	plant etc/modprobe.d/$uuid.conf 'options kvm_intel nested=1\n'
done
plant lspci.hex '01:00.0 VGA compatible controller: NVIDIA\n'
plant lspci.hex "$(awk 'BEGIN { for (at = 0; at < 4096; at += 16) printf "%02x: %s 00 00 00 00\\n", at,
	at == 0 ? "de 10 80 1b 00 00 10 00 a1 00 00 03" : at == 256 ? "03 00 01 00 5a 51 5a 51 5a 51 5a 51" : "00 00 00 00 00 00 00 00 00 00 00 00" }')"
plant etc/libvirt/qemu.conf 'vnc_password = "PASSWORDZQ"\nuser = "hektorzq"\n'
plant sys/class/dmi/id/product_serial 'ZQ5A51\n'
plant dmesg '[    1.000000] usb 1-1: SerialNumber: ZQ5A51\n'
sed 's,<devices>,<uuid>5a51c0de-aaaa-4222-8333-444455556666</uuid>\
<devices><graphics type="vnc" port="-1" passwd="PASSWORDZQ"/>\
<disk type="file" device="disk"><source file="/home/hektorzq/w11-zqgame.qcow2"/><target dev="vdz" bus="virtio"/></disk>,
	s,<name>win10</name>,<name>w11-zqgame</name>,' "$source/tests/hosts/guide/domain.xml" >"$tree/domain.xml"
grep -q PASSWORDZQ "$tree/domain.xml" || wrong 'the XML has no password to hide'
mkdir -p "$tree/home/hektorzq"
: >"$tree/home/hektorzq/w11-zqgame.qcow2"
check 'with names' "$tree"
if grep -niE 'zq|5a:?51' "$work/shared"; then
	wrong 'names are in what is to be shared'
fi
[ "$(grep -c 'modprobe[.]d/uuid-[0-9a-f]*\(-2\)*[.]conf' "$work/shared")" -eq 2 ] || wrong 'two files that became one'
grep -q '5a 51' "$work/shared" "$work/bundle" && wrong 'the serial number of a card'
grep -q '00: de 10 80 1b' "$work/shared" || wrong 'no registers of the card'
grep -qi 'PASSWORDZQ\|hektorzq@\|was here\|my card\|ZQ5A51' "$work/bundle" && wrong '--raw: what no probe reads was collected'
for name in w11-zqgame cryptzq hektorzq/w11 zqdaemon; do
	grep -q "$name" "$work/bundle" || wrong "--raw: no $name"
done
"$program" capture -q --sysroot "$tree" --show-redactions "$work/map" "$work/shared"
alias=$(awk -F '\t' '$2 == "w11-zqgame" { print $1 }' "$work/map")
grep -q "/${alias:-none}[.]qcow2" "$work/shared" || wrong 'the image is not called as in the XML'
grep -q "name>$alias<" "$work/shared" || wrong 'the guest has no alias'

# A guest that is named has another name in what is shared.
host=$source/tests/hosts/ryzen-5950x-2m-pages.host
"$program" capture -q --sysroot "$host" --guest win11 "$work/shared" 2>"$work/err" && [ ! -s "$work/err" ] ||
	wrong "--guest NAME: $(cat "$work/err")"
grep -q win11 "$work/shared" && wrong '--guest NAME: its name is left'

# From standard input and to standard output; twice the same text.
"$program" capture --raw --sysroot "$work/bundle" - >"$work/again" || wrong 'to standard output'
cmp "$work/bundle" "$work/again" || wrong 'the bundle of a bundle is another one'
"$program" audit --json --sysroot - <"$work/bundle" | cmp - "$work/tree.json" || wrong 'from standard input'

# What is no bundle, or not all of it: one line, status 2, nothing on standard output.
refuse() # PIECE ARGUMENT...
{
	piece=$1
	shift
	"$program" "$@" >"$work/out" 2>"$work/err" </dev/null
	[ $? -eq 2 ] || wrong "$*: not status 2"
	[ ! -s "$work/out" ] || wrong "$*: writes to standard output"
	grep -qF -- "$piece" "$work/err" || wrong "$*: $(cat "$work/err")"
}
head -n 100 "$work/bundle" >"$work/short"
sed '0,/^line/s/^\(line.*\)/\1x/' "$work/bundle" >"$work/changed"
sed 's/^vfiobench-host.*/vfiobench-host 9/' "$work/bundle" >"$work/newer"
printf 'vfiobench-host 1\nlink /proc /tmp\nline /proc/escaped x\n' >"$work/escape"
{
	printf 'vfiobench-host 1\ndir /a[0-199]'
	i=0
	while [ $i -lt 490 ]; do
		printf /x
		i=$((i + 1))
	done
	echo
} >"$work/deep"
mkfifo "$work/fifo"
for verb in audit "capture $work/unwanted"; do
	# shellcheck disable=SC2086 # a verb and its argument
	set -- $verb --sysroot
	refuse 'cut short' "$@" "$work/short"
	refuse 'damaged' "$@" "$work/changed"
	refuse 'version 9' "$@" "$work/newer"
	refuse 'twice, or in what is no folder' "$@" "$work/escape"
	refuse 'not a path' "$@" "$work/deep"
	refuse 'neither a directory nor a bundle' "$@" "$0"
	refuse 'No such file' "$@" "$work/none"
	[ "$(wc -l <"$work/err")" -eq 1 ] || wrong 'more than a line'
done
refuse 'a FILE is expected' capture
refuse 'a second FILE' capture a b
refuse '--unpack goes with' capture --unpack x --guest y z
refuse 'not empty' capture --unpack "$work/tmp/.." "$work/bundle"
refuse 'No such file' capture --sysroot "$work/bundle" "$work/none/x"
sed 's/^end .*/end edited/' "$work/changed" >"$work/edited"
"$program" audit -q --sysroot "$work/edited" >/dev/null 2>"$work/err" || wrong "edited: $(cat "$work/err")"

# A file that could not be read is that file alone: nothing else becomes unknown.
host=$source/tests/hosts/ryzen-5950x-2m-pages.host
{
	sed '1s/1$/2/' "$host"
	echo 'error /sys/devices/system/cpu/cpufreq/policy3/bios_limit EBUSY'
	echo 'end edited'
} >"$work/busy"
audit tree "$host"
audit bundle "$work/busy"
cmp "$work/tree.result" "$work/bundle.result" || wrong 'a file that no probe reads and that could not be read matters'
grep -q '"l3s"' "$work/bundle.result" || wrong 'no caches'

# Nothing stays of a bundle whose findings nobody reads to the end.
"$program" audit --all --sysroot "$work/bundle" | true
"$program" capture --raw --sysroot "$work/bundle" - | true
[ -z "$(ls -A "$TMPDIR")" ] || wrong "left behind by a closed pipe: $(ls -A "$TMPDIR")"

# What a killed one left behind goes with the next; what another one uses stays.
mkdir -m 700 "$TMPDIR/vfiobench-tree-killed" "$TMPDIR/vfiobench-tree-in-use"
if command -v flock >/dev/null 2>&1; then
	flock "$TMPDIR/vfiobench-tree-in-use" "$program" audit -q --sysroot "$work/bundle" >/dev/null
	[ -d "$TMPDIR/vfiobench-tree-in-use" ] || wrong 'a folder in use was removed'
fi
[ ! -d "$TMPDIR/vfiobench-tree-killed" ] || "$program" audit -q --sysroot "$work/bundle" >/dev/null
[ ! -d "$TMPDIR/vfiobench-tree-killed" ] || wrong 'a folder that nobody uses was not removed'
rmdir "$TMPDIR/vfiobench-tree-in-use" 2>/dev/null
[ -z "$(ls -A "$TMPDIR")" ] || wrong "left behind: $(ls -A "$TMPDIR")"
echo "$n hosts as bundles"
exit $bad
