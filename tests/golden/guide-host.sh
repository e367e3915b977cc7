#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The host of a common tuning guide, as it prints its files, and its XML as printed: each of its
# mistakes that a host can see is found, with the right fix; and the plan made of the fixes is one
# that libvirt's schema takes, that speaks of the same CPUs everywhere, and that leaves nothing over.
set -u

source=${VFIOBENCH_SOURCE:?}
program=${VFIOBENCH_BUILD:?}/vfiobench
guide=$source/tests/hosts/guide
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0

command -v jq >/dev/null 2>&1 || { echo "needs jq"; exit 77; }

fail()
{
	echo "$*"
	bad=1
}

# host NAME FILE.host SED: what makes of the host another one
host()
{
	sed "$3" "$source/tests/hosts/$2" >"$work/$1.host"
	sh "$source/tests/lib/unpack_host.sh" "$work/$1.host" "$work/$1" || exit 1
	# A guest that runs would answer for the one that is written down.
	grep -lsa -e -smp "$work/$1"/proc/[0-9]*/cmdline | while read -r file; do rm -rf "${file%/*}"; done
}

software() { echo "s/5\.12\.5-hardened1-1-hardened/$1-hardened1-1-hardened/g; s/libvirt-1:7\.3\.0-1/libvirt-1:$2-1/; s/qemu-6\.0\.0-3/qemu-$3-1/"; }
list1=1,2,3,4,7,8,9,10 list2=0-3,6-9
host old guide-8700k.host ''
host now guide-8700k.host "$(software 6.12.5 9.0.0 7.2.0)"
# Newer still, and a CPU of today: APICv in use, no Meltdown.
host newer guide-8700k.host "$(software 6.12.5 11.0.0 9.2.0); s/\(enable_apicv\) N/\1 Y/; s/\(vulnerabilities.[a-z_]*\) .*/\1 Not affected/"
# The guide's second list, in one argument only, and in all.
host lists guide-8700k.host "s/isolcpus=$list1/isolcpus=$list2/g; s/\(cpu.isolated\) .*/\1 $list2/"
host second guide-8700k.host "s/$list1/$list2/g; s/\(cpu.isolated\) .*/\1 $list2/; s/\(cpu.nohz_full\) .*/\1 1-3,6-9/; s/\(CPUs:\) 1-4,7-10/\1 1-3,6-9/"
host amd ryzen-5950x-2m-pages.host ''

cp "$guide/domain-as-printed.xml" "$work/printed.xml"
cp "$guide/domain.xml" "$work/closed.xml"
sed 's,<qemu:commandline>,<qemu:commandline xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">,' \
	"$guide/domain.xml" >"$work/names.xml"
# What the guide tells owners of a Ryzen to write.
sed 's,\( *\)<feature policy="disable".*,\1<feature policy="require" name="invtsc"/>\1<feature policy="require" name="vmx"/>\1<feature policy="require" name="topoext"/>,' \
	"$guide/domain.xml" >"$work/ryzen.xml"

# MISTAKE | HOST | DOMAIN | ID | VERDICT | PIECE OF THE FIX (or of what was found)
cat >"$work/seen" <<'TABLE'
<apic> is left open | old | printed | xml.wellformed | problem | write <apic/>
<hidden> is left open | old | printed | xml.wellformed | problem | write <hidden state='on'/>
qemu:commandline without its namespace | old | closed | qemu.commandline-ns | problem | xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'
iothread without <iothreads> | old | closed | disk.iothread | problem | <iothreads>1</iothreads>
model sr-iov | old | closed | net.sriov-model | problem | <interface type='hostdev' managed='yes'>
model virtio-net-pci | old | closed | net.model | advice | <model type='virtio'/>
vmx required on AMD | amd | ryzen | guestcpu.vmx-on-amd | problem | without <feature name='vmx'>
Intel needs no invtsc | old | closed | guestcpu.invtsc | advice | <feature name='invtsc' policy='require'/>
migratable on | old | closed | guestcpu.migratable | advice | migratable='off'
mode native of the TSC | old | closed | clock.tsc-native | advice | without mode in <timer name='tsc'>
stimer with hypervclock off | old | closed | hv.stimer | problem | <timer name='hypervclock' present='yes'/>
hypervclock hidden | old | closed | hide.timers | problem | <timer name='hypervclock' present='yes'/>
no hypervisor bit, yet enlightenments | old | closed | hide.hypervisor-bit | advice | <feature name='hypervisor' policy='require'/>
no cache passthrough under that heading | old | closed | guestcpu.cache-passthrough | advice | <cache mode='passthrough'/>
no vcpupin | old | closed | pin.vcpupin | advice | <vcpupin vcpu='1' cpuset='7'/>
no emulatorpin | old | closed | pin.vcpupin | advice | <emulatorpin cpuset='0,5-6,11'/>
two lists of CPUs | lists | closed | isol.list-mismatch | advice | isolcpus=managed_irq,domain,1-4,7-10 nohz_full=1-4,7-10 rcu_nocbs=1-4,7-10
CPU 0 in nohz_full | second | closed | isol.cpu0 | advice | nohz_full=1-4,7-10
iTCO_wdt is no lockup detector | old | closed | wdt.itco | advice | the lockup detectors
extra huge pages | old | closed | hugepages.headroom | advice | hugepagesz=1G hugepages=12
rd.driver.pre on mkinitcpio | old | closed | vfio.rd-driver-pre | advice | remove rd.driver.pre=vfio-pci
mce=0 has another meaning now | old | closed | cmdline.mce-zero | advice | remove mce=0
vfio_virqfd is gone | now | closed | vfio.initramfs-modules | advice | mkinitcpio -P
evdev by qemu:commandline | now | names | input.evdev | advice | <input type='evdev'>
cgroup_device_acl | now | names | qemuconf.device-acl | advice | <input type='evdev'>
/dev/kqemu | old | closed | qemuconf.device-acl | advice | /dev/kqemu
QEMU as one's own user | old | closed | qemuconf.user-group | advice | qemu.conf
no ipi | old | closed | xml.hv-ipi | advice | <ipi state='on'/>
no direct mode of stimer | old | closed | xml.hv-stimer-direct | advice | <direct state='on'/>
synic without avic | newer | closed | hv.synic | advice | <avic state='on'/>
no xmm_input | newer | closed | xml.hv-newer | advice | <xmm_input state='on'/>
spinlocks 8191 | old | closed | hv.spinlocks | advice | retries='4095'
locked without a limit | old | closed | mem.locked | advice | without <locked>
track=guest | old | closed | clock.rtc-catchup | advice | without track in <timer name='rtc'>
SMM without secure boot | old | closed | machine.smm | advice | <smm state='off'/>
no virtio input behind evdev | old | closed | input.virtio | advice | <input type='keyboard' bus='virtio'/>
the balloon that libvirt adds | old | closed | mem.balloon | advice | <memballoon model='none'/>
install and ids both | old | closed | vfio.install-hook | advice | vfio-pci
ignore_msrs for good | old | closed | kvm.ignore-msrs | advice | ignore_msrs=0
tuned's profile, but not its values | old | closed | tuned.virtual-host | advice | tuned-adm profile
slub_debug=FZP | old | closed | cmdline.slub-debug | advice | remove slub_debug
page_poison=1 | old | closed | cmdline.page-poison | advice | remove page_poison
slab_nomerge | old | closed | cmdline.slab-nomerge | advice | remove slab_nomerge
nx_huge_pages=force without need | newer | closed | kvm.nx-huge-pages | advice | remove kvm.nx_huge_pages
pti=on without need | newer | closed | cmdline.pti-on | advice | remove pti=on
TABLE

# What no host can show, by the row that tells it. MISTAKE | ID | PIECE OF "TRUE TODAY" | WHY UNSEEN
cat >"$work/unseen" <<'TABLE'
grep Root for SR-IOV | net.sriov-detect | sriov_totalvfs | a command that was typed; whether a card can is told
sudo echo > | fixtext.sudo-redirect | Permission denied | a command that was typed; its file is there or is not
gpasswd -a u a,b | perm.groups | gpasswd | a command that was typed; groups are asked on the live system
the fstab line allocates pages | hugepages.mount | allocate | a reason, not a setting: the mount itself is right
"disabling" unsafe interrupts | iommu.unsafe-interrupts | turned around | a wording; the setting itself is off
NVIDIA below 465 | nvidia.vendor-id | 465 | the driver is inside the guest, and the name costs nothing
isolcpus | cpu.isolcpus | cpusets | it works; the plan has the other way as a hook
io=native alone | disk.io-native | io_uring | it is right; there is a second right answer
hv-reset | hv.reset | Windows | it costs nothing
intel_iommu=on | iommu.enabled | by themselves | needed or not, it does what it says
evmcs | xml.hv-evmcs | Hyper-V inside the guest | whether a Hyper-V runs inside the guest is known there only
transparent_hugepage=never without huge pages | thp.never | reserved huge pages | this guest has huge pages
TABLE

run() # OUTPUT ARG...
{
	output=$1
	shift
	timeout 60 "$program" "$@" >"$output" 2>"$work/err"
	status=$?
	[ $status -eq 0 ] || fail "$*: exit status $status: $(cat "$work/err")"
}

# audit NAME HOST DOMAIN.xml: findings and result
audit()
{
	run "$work/$1.findings" audit --json --sysroot "$work/$2" --domain-xml "$3" -o "$work/$1.result"
}

said() # FINDINGS ID: verdict, then all that is said
{
	jq -r --arg id "$2" '.findings[] | select(.id == $id) |
		.verdict, .summary, (.items // [])[], (.fix | .now, .persist, .risk | select(. != null))' "$1"
}

cut_field() { printf '%s\n' "$1" | awk -F ' [|] ' -v n="$2" '{ print $n }'; }

# check_seen LINE
check_seen()
{
	mistake=$(cut_field "$1" 1) on=$(cut_field "$1" 2) domain=$(cut_field "$1" 3)
	id=$(cut_field "$1" 4) verdict=$(cut_field "$1" 5) piece=$(cut_field "$1" 6)
	[ -f "$work/$on-$domain.findings" ] || audit "$on-$domain" "$on" "$work/$domain.xml"
	said "$work/$on-$domain.findings" "$id" >"$work/said"
	[ "$(head -n 1 "$work/said")" = "$verdict" ] ||
		fail "$mistake: $id is '$(head -n 2 "$work/said" | tr '\n' ' ')' instead of $verdict"
	grep -qF -- "$piece" "$work/said" || fail "$mistake: $id does not say '$piece': $(cat "$work/said")"
}

run "$work/tweaks.json" tweaks --json
check_unseen()
{
	mistake=$(cut_field "$1" 1) id=$(cut_field "$1" 2) piece=$(cut_field "$1" 3)
	jq -r --arg id "$id" '.tweaks[] | select(.id == $id) | .today' "$work/tweaks.json" >"$work/today"
	[ -s "$work/today" ] || fail "$mistake: no row $id"
	grep -qiF -- "$piece" "$work/today" || fail "$mistake: $id does not say '$piece': $(cat "$work/today")"
	said "$work/old-closed.findings" "$id" | head -n 1 >"$work/said"
	case $(cat "$work/said") in
	problem | advice) fail "$mistake: $id is seen: it belongs into the table above" ;;
	esac
}

while read -r line; do check_seen "$line"; done <"$work/seen"
while read -r line; do check_unseen "$line"; done <"$work/unseen"

# In XML that cannot be read on nothing else of the guest is judged.
jq -r '.findings[] | select(.verdict == "problem" or .verdict == "advice") | .id |
	select(test("^(hv|xml|mem|disk|net|input|audio|hide|guestcpu|pin|machine)[.]"))' \
	"$work/old-printed.findings" >"$work/of-broken"
[ "$(cat "$work/of-broken")" = xml.wellformed ] || fail "broken XML: $(tr '\n' ' ' <"$work/of-broken")"

#
# The plan.
#

# numbers LIST: "domain,1-3" as "1 2 3 "
numbers()
{
	printf '%s\n' "$1" | tr ',' '\n' | grep '^[0-9]' | while IFS=- read -r from to; do
		seq "$from" "${to:-$from}"
	done | sort -nu | tr '\n' ' '
}

# value_of FILE KEY: the list of a kernel argument
value_of()
{
	numbers "$(tr ' ' '\n' <"$1" | sed -n "s/^$2=//p")"
}

# plan HOST DOMAIN: its files, and what is true of each plan
plan()
{
	p=$work/plan-$1-$2
	[ -f "$work/$1-$2.result" ] || audit "$1-$2" "$1" "$work/$2.xml"
	run "$work/out" plan -q "$work/$1-$2.result" -o "$p"
	if command -v virt-xml-validate >/dev/null 2>&1; then
		virt-xml-validate "$p/guest.xml" domain >"$work/out" 2>&1 || fail "$1 $2: guest.xml: $(cat "$work/out")"
	else
		unchecked="$unchecked virt-xml-validate"
	fi
	for script in "$p"/*.sh; do
		sh -n "$script" || bad=1
		command -v shellcheck >/dev/null 2>&1 || continue
		shellcheck "$script" || bad=1
	done
	grep -rlE 'nothing_fills|\{[A-Za-z]+\}' "$p" && fail "$1 $2: names in braces were left"

	# One list of CPUs, whole cores of two threads (N and N+6), two left, the first among them.
	pins=$(sed -n 's/.*<vcpupin .*cpuset="\([0-9]*\)".*/\1/p' "$p/guest.xml" | sort -n | tr '\n' ' ')
	[ "$pins" = "1 2 3 4 7 8 9 10 " ] || fail "$1 $2: pins on $pins"
	for key in isolcpus nohz_full rcu_nocbs; do
		list=$(value_of "$p/kernel-command-line.txt" $key)
		[ "$list" = "$pins" ] || fail "$1 $2: $key is $list, pins are on $pins"
	done
	[ "$(value_of "$p/kernel-command-line.txt" irqaffinity)" = "0 5 6 11 " ] || fail "$1 $2: irqaffinity"
	for vcpu in 0 2 4 6; do
		first=$(sed -n "s/.*<vcpupin vcpu=\"$vcpu\" cpuset=\"\([0-9]*\)\".*/\1/p" "$p/guest.xml")
		grep -q "<vcpupin vcpu=\"$((vcpu + 1))\" cpuset=\"$((first + 6))\"/>" "$p/guest.xml" ||
			fail "$1 $2: vCPUs $vcpu and $((vcpu + 1)) are not on one core"
	done
	grep -qE '(^| )hugepagesz=1G hugepages=12( |$)' "$p/kernel-command-line.txt" || fail "$1 $2: huge pages"
	[ "$(grep -o 'hugepages=' "$p/kernel-command-line.txt" | wc -l)" = 1 ] || fail "$1 $2: huge pages twice"
	grep -qE 'mce=|rd.driver.pre' "$p/kernel-command-line.txt" && fail "$1 $2: words that should be gone"
	# What costs security is the reader's choice.
	for word in page_poison=1 slub_debug=FZP slab_nomerge pti=on; do
		tr ' ' '\n' <"$p/kernel-command-line.txt" | grep -qx "$word" || fail "$1 $2: $word was taken away"
	done
	! grep -q 'vfio_virqfd' "$p"/*.txt "$p"/*.conf || fail "$1 $2: vfio_virqfd"
	judge_again "$1" "$2"
}

# The host with the plan's command line and pages, and the plan's guest: what files changed is no
# longer found.
judge_again()
{
	line=$(cat "$p/kernel-command-line.txt")
	sed -e "s|^\(line /proc/cmdline [^ ]* [^ ]* rw\) .*|\1 $line|" \
		-e "s|\(Command line: [^ ]* [^ ]* rw\) .*|\1 $line|" \
		-e "s|GRUB_CMDLINE_LINUX_DEFAULT=.*|GRUB_CMDLINE_LINUX_DEFAULT=\"$line\"|" \
		-e 's/\(cpu.isolated\) .*/\1 1-4,7-10/; s/\(cpu.nohz_full\) .*/\1 1-4,7-10/' \
		-e 's/\(CPUs:\) 1-3,6-9/\1 1-4,7-10/' \
		-e 's/\(1048576kB.\(nr\|free\)_hugepages\) 14/\1 12/' \
		-e 's/\(HugePages_[A-Z][a-z]*: *\)14/\112/' \
		-e 's/\(parameters.ignore_msrs\) Y/\1 N/; s/\(parameters.report_ignored_msrs\) N/\1 Y/' \
		-e 's,^\(line /proc/irq/.*smp_affinity_list\) 0-11,\1 0\,5-6\,11,' \
		-e 's,^\(line /proc/irq/12[67]/effective_affinity_list\) .*,\1 5,' \
		"$work/$1.host" >"$work/after.host"
	rm -rf "$work/after"
	sh "$source/tests/lib/unpack_host.sh" "$work/after.host" "$work/after" || exit 1
	audit "after-$1-$2" after "$p/guest.xml"
	# By hand, as the page says: they are in no file.
	jq -r '.findings[] | select(.verdict == "problem" or .verdict == "advice") | .id' \
		"$work/after-$1-$2.findings" | sort >"$work/left"
	printf '%s\n' cmdline.page-poison cmdline.slab-nomerge cmdline.slub-debug freq.governor idle.cstates \
		input.evdev audio.pa-backend qemuconf.device-acl qemuconf.host-audio qemuconf.user-group \
		tuned.virtual-host vfio.install-hook vfio.initramfs-modules wdt.itco | sort >"$work/by-hand"
	comm -23 "$work/left" "$work/by-hand" >"$work/over"
	[ ! -s "$work/over" ] || {
		fail "$1 $2: still found once the plan is in force:"
		while read -r id; do said "$work/after-$1-$2.findings" "$id"; done <"$work/over"
	}
}

unchecked=
for pair in old-closed now-names lists-closed second-closed; do
	plan "${pair%-*}" "${pair#*-}"
done
[ -z "$unchecked" ] || echo "not asked, as they are not installed:$unchecked"
echo "$(wc -l <"$work/seen") mistakes seen, $(wc -l <"$work/unseen") that no host shows"
exit $bad
