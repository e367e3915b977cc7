# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# live.sh - for tests that change settings of the real machine: each change is put back on every way
# out, and a look at the end tells whether that worked. To be sourced.

tool=${VFIOBENCH_BUILD:?}/vfiobench
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C

# One live test at a time, also of several build folders. No child may keep the lock (9>&-).
if command -v flock >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ]; then
	exec 9>/run/lock/vfiobench-live
	flock -w 200 9 || { echo "failed: another live test does not end"; exit 1; }
else
	exec 9>/dev/null
fi

scratch=$(mktemp -d) || exit 1
# Readable for a QEMU that runs as another user.
chmod 755 "$scratch"
undo=
: >"$scratch/remembered"
: >"$scratch/undo.log"
# So that our processes can be told, whoever started them.
export VFIOBENCH_LIVE_TEST="$scratch/"

# later COMMAND: to be done on every way out, the last one first; one line of shell.
later()
{
	undo="$*
$undo"
}

fail()
{
	echo "failed: $*"
	exit 1
}

skip()
{
	echo "$*"
	exit 77
}

# changed_files: those that are remembered and not as they were
changed_files()
{
	while read -r number path; do
		[ "$(cat "$path")" = "$(cat "$scratch/remembered.$number")" ] ||
			echo "$path is $(cat "$path") instead of $(cat "$scratch/remembered.$number")"
	done <"$scratch/remembered"
}

# left_over: what should be gone or as it was, and is not
left_over()
{
	changed_files
	for folder in /proc/[0-9]*; do
		if grep -qsF "$scratch/" "$folder/environ" "$folder/cmdline" && is_alive "${folder#/proc/}"; then
			echo "process ${folder#/proc/}: $(tr '\0' ' ' <"$folder/cmdline")"
		fi
	done
	grep -F "$scratch/" /proc/mounts
	for folder in /sys/kernel/tracing/instances/vfiobench.*; do
		# In a container the name goes on behind the pid; who is of another one cannot be told.
		owner=${folder##*.}
		[ ! -d "$folder" ] || is_alive "${owner%%-*}" || echo "$folder"
	done
	find /sys/fs/cgroup -depth -type d -name '*vfiobench-live-*' 2>/dev/null
}

# undo_to MARK: what was to be done later, as far as $undo was when it was kept as a mark
undo_to()
{
	while [ "$undo" ] && [ "$undo" != "$1" ]; do
		command=${undo%%
*}
		undo=${undo#*
}
		eval "$command" >>"$scratch/undo.log" 2>&1 || echo "could not undo: $command"
	done
}

# Runs last, whatever happened.
put_back()
{
	status=$?
	set +u
	trap '' INT TERM HUP
	trap - EXIT
	undo_to ''
	# What we ended may take a moment to be gone.
	for attempt in 1 2 3 4 5 6 7 8 9 10; do
		left_over >"$scratch/left"
		[ -s "$scratch/left" ] && [ "$attempt" -lt 10 ] || break
		sleep 0.5
	done
	if [ -s "$scratch/left" ]; then
		echo "failed: something was left behind or changed"
		cat "$scratch/left" "$scratch/undo.log"
		status=1
	fi
	# Never into what could not be unmounted.
	rm -rf --one-file-system "$scratch"
	exit $status
}

is_alive()
{
	grep -q '^State:[[:space:]]*[^ZX]' "/proc/$1/status" 2>/dev/null
}

trap put_back EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# write_back NUMBER FILE: of a choice ("always [madvise] never") the word in brackets
write_back()
{
	case $2 in
	/sys/*) sed 's/.*\[\(.*\)\].*/\1/' "$scratch/remembered.$1" >"$2" ;;
	*) cat "$scratch/remembered.$1" >"$2" ;;
	esac
}

# remember FILE: its content of now comes back; when it is remembered already, that of then.
n_remembered=0
remember()
{
	remembered_as=$(awk -v path="$1" '$2 == path { print $1; exit }' "$scratch/remembered")
	if [ ! "$remembered_as" ]; then
		n_remembered=$((n_remembered + 1))
		remembered_as=$n_remembered
		cat "$1" >"$scratch/remembered.$n_remembered" || fail "cannot read $1"
		echo "$n_remembered $1" >>"$scratch/remembered"
	fi
	later "write_back $remembered_as '$1'"
}

# set_value FILE VALUE: of one that is remembered, or of our own
set_value()
{
	case $1 in
	*/vfiobench-live-*) ;;
	*) grep -q "^[0-9]* $1\$" "$scratch/remembered" || fail "$1 is not remembered" ;;
	esac
	echo "$2" >"$1" || fail "cannot write $2 to $1"
}

# wait_for SECONDS COMMAND...: until it succeeds
wait_for()
{
	tries=$(($1 * 10))
	shift
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}

is_gone()
{
	! is_alive "$1"
}

# end_process PID: one that we started
end_process()
{
	is_alive "$1" || return 0
	kill "$1" 2>/dev/null
	kill -CONT "$1" 2>/dev/null
	wait_for 10 is_gone "$1" || kill -KILL "$1"
}

need_root()
{
	[ "$(id -u)" -eq 0 ] || skip "needs root"
}

need_command()
{
	for name in "$@"; do
		command -v "$name" >/dev/null 2>&1 || skip "needs $name"
	done
}

need_kvm()
{
	[ -r /dev/kvm ] && [ -w /dev/kvm ] || skip "/dev/kvm is not there or not for us"
}

# Where the guest is one CPU and the host another.
need_two_cpus()
{
	host_cpu=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status)
	guest_cpu=${host_cpu##*[,-]}
	host_cpu=${host_cpu%%[,-]*}
	[ "$host_cpu" != "$guest_cpu" ] || skip "needs two CPUs"
}

need_qemu()
{
	need_kvm
	for name in qemu-system-x86_64 qemu-kvm /usr/libexec/qemu-kvm; do
		qemu=$(command -v $name) && break
	done
	[ "$qemu" ] || skip "QEMU is not installed"
	rom=$scratch/spin.rom
	"${CC:-cc}" -nostdlib -static -no-pie -Wl,--oformat=binary,-Ttext=0,--build-id=none \
		-o "$rom" "${VFIOBENCH_SOURCE:?}/tests/lib/spin.S" || fail "cannot make $rom"
	chmod 644 "$rom"
}

# start_qemu NAME OPTION...: a guest whose vCPUs spin (unless -bios says otherwise); sets guest_pid.
start_qemu()
{
	name=$1
	shift
	rm -f "$scratch/$name.pid"
	"$qemu" -name "$name,debug-threads=on" -machine q35,accel=kvm -m 64 -display none \
		-nodefaults -no-user-config -no-reboot -bios "$rom" "$@" \
		-daemonize -D "$scratch/$name.log" -pidfile "$scratch/$name.pid" \
		>"$scratch/$name.out" 2>&1 9>&- || return 1
	guest_pid=$(cat "$scratch/$name.pid")
	later "end_process $guest_pid"
}

# vcpu_tid PID NUMBER
vcpu_tid()
{
	for task in /proc/"$1"/task/*; do
		[ "$(cat "$task/comm")" != "CPU $2/KVM" ] || echo "${task##*/}"
	done
}

# has_run PID TID: more than 50 ms so far
has_run()
{
	[ "$(cut -d ' ' -f 1 "/proc/$1/task/$2/schedstat")" -gt 50000000 ]
}

# wait_busy PID NUMBER: until that vCPU runs
wait_busy()
{
	wait_for 20 has_run "$1" "$(vcpu_tid "$1" "$2")" || fail "vCPU $2 does not run"
}

#
# libvirt: the one that runs, else one of ours with virtlogd beside it.
#

is_libvirt_up()
{
	virsh -q -c qemu:///system list >/dev/null 2>&1
}

need_libvirt()
{
	need_root
	need_qemu
	command -v virsh >/dev/null 2>&1 || skip "virsh is not installed"
	command -v libvirtd >/dev/null 2>&1 || is_libvirt_up || skip "libvirtd is not installed"
	export LIBVIRT_DEFAULT_URI=qemu:///system XDG_RUNTIME_DIR="$scratch"
}

# remove_groups FOLDER...: control groups with all below them
remove_groups()
{
	for folder in "$@"; do
		[ ! -d "$folder" ] || find "$folder" -depth -type d -exec rmdir {} +
	done
}

stop_networks()
{
	virsh -q net-list --name | while read -r network; do
		[ ! "$network" ] || virsh -q net-destroy "$network"
	done
}

start_libvirt()
{
	if is_libvirt_up; then
		# One that a client started has no virtlogd beside it, and waits for it at each domain.
		pgrep -x virtlogd >/dev/null || start_daemon virtlogd
		return
	fi
	new_groups=
	for parent in /sys/fs/cgroup/ /sys/fs/cgroup/*/; do
		[ -d "${parent}machine" ] || new_groups="$new_groups ${parent}machine"
	done
	later "remove_groups $new_groups"
	remember /etc/libvirt/qemu.conf
	cat >>/etc/libvirt/qemu.conf <<'END'
user = "root"
group = "root"
security_driver = "none"
remember_owner = 0
END
	start_daemon virtlogd
	start_daemon libvirtd
	wait_for 15 is_libvirt_up || fail "libvirtd does not answer"
	later stop_networks
}

start_daemon()
{
	: >"$scratch/$1.conf"
	"$1" -d -f "$scratch/$1.conf" -p "$scratch/$1.pid" 9>&- || fail "$1 does not start"
	wait_for 10 test -s "$scratch/$1.pid" && pid=$(cat "$scratch/$1.pid") && is_alive "$pid" ||
		fail "$1 does not stay"
	later "end_process $pid"
}

# domain_xml NAME VCPUS: with $domain_parts (elements of <domain>) and $domain_devices.
domain_parts='' domain_devices=''
domain_xml()
{
	cat <<END
<domain type='kvm'>
  <name>$1</name>
  <memory unit='MiB'>64</memory>
  <vcpu>$2</vcpu>
  $domain_parts
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <loader readonly='yes' type='rom'>$rom</loader>
  </os>
  <on_reboot>destroy</on_reboot>
  <devices>
    <emulator>$qemu</emulator>
    $domain_devices
    <memballoon model='none'/>
  </devices>
</domain>
END
}

# start_domain NAME XML: sets guest_pid
start_domain()
{
	virsh -q create "$2" >"$scratch/virsh.out" 2>&1 || return 1
	guest_pid=$(cat "/run/libvirt/qemu/$1.pid")
	later "end_domain $1 $guest_pid"
}

# end_domain NAME PID: also when the daemon has gone before
end_domain()
{
	virsh -q destroy "$1"
	is_gone "$2" || end_process "$2"
	remove_groups /sys/fs/cgroup/*/machine/qemu-*-"$1".libvirt-qemu
	rm -f "/run/libvirt/qemu/$1".* "/var/log/libvirt/qemu/$1.log"
}

#
# The tool, what it finds, and its fixes typed in.
#

# run_tool ARG...: with a time limit, without our lock
run_tool()
{
	timeout -k 5 "${tool_limit:-60}" "$tool" "$@" 9>&-
}

# audit ARG...: findings of the settings
audit()
{
	run_tool audit --json "$@" >"$scratch/findings.json" 2>"$scratch/err" ||
		fail "audit $*: exit status $?: $(cat "$scratch/err")"
}

# measure ARG...: findings of a short run; the result stays in $scratch/result
measure()
{
	rm -rf "$scratch/result"
	run_tool run --profile quick --reps 2 --rep-duration 1s -o "$scratch/result" "$@" \
		>"$scratch/out" 2>"$scratch/err" ||
		fail "run $*: exit status $?: $(cat "$scratch/err")"
	judge "$scratch/result"
}

# measure_until ID "VERDICT..." OPTION...: again while the verdict is another one, some times
measure_until()
{
	id=$1 verdicts=$2
	shift 2
	for _ in 1 2 3 4 5 6; do
		measure "$@"
		case " $verdicts " in *" $(finding "$id" .verdict) "*) break ;; esac
	done
}

# judge RESULT
judge()
{
	run_tool analyze --json "$1" >"$scratch/findings.json" 2>"$scratch/err" ||
		fail "analyze: exit status $?: $(cat "$scratch/err")"
}

# valid FILE...: each is what the schema of its format says, where that can be tried
valid()
{
	python3 "$VFIOBENCH_SOURCE/tests/lib/validate.py" "$VFIOBENCH_BUILD/manual/schema" "$@" >"$scratch/valid" 2>&1
	case $? in 0 | 77 | 127) ;; *) fail "not valid: $(cat "$scratch/valid")" ;; esac
}

# value FILE FILTER: of a JSON document
value()
{
	jq -r "$2" "$1"
}

# finding ID FILTER: "" when there is none
finding()
{
	jq -r --arg id "$1" ".findings[] | select(.id == \$id) | $2" "$scratch/findings.json"
}

# expect ID "VERDICT..." [REGEX]: one of the verdicts, and a sentence that matches
expect()
{
	verdict=$(finding "$1" .verdict)
	summary=$(finding "$1" .summary)
	echo "$1: ${verdict:-none}: $summary"
	case " $2 " in
	*" ${verdict:-none} "*) ;;
	*)
		finding "$1" .
		fail "$1: verdict ${verdict:-none} instead of $2"
		;;
	esac
	[ $# -lt 3 ] || printf '%s\n' "$summary" | grep -qE "$3" || fail "$1: does not say /$3/"
}

# type_fix ID: what it says to do now, as it stands there
type_fix()
{
	finding "$1" .fix.now >"$scratch/fix"
	[ -s "$scratch/fix" ] || fail "$1 has no fix"
	sed 's/^/typed: /' "$scratch/fix"
	mkdir -p "$scratch/shims"
	printf '#!/bin/sh\nexec "$@"\n' >"$scratch/shims/sudo"
	chmod 755 "$scratch/shims/sudo"
	PATH=$scratch/shims:$PATH timeout 30 sh -e "$scratch/fix" 9>&- >"$scratch/fix.out" 2>&1 ||
		fail "the fix of $1 does not work: $(cat "$scratch/fix.out")"
}
