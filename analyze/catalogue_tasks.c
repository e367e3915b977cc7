/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue_tasks.c - rows about what else may run on the guest's CPUs. */
#include "analyze/catalogue_refs.h"

#define CGROUP_V2 "https://docs.kernel.org/admin-guide/cgroup-v2.html"
#define HOOKS     "https://github.com/PassthroughPOST/VFIO-Tools"

extern const struct tweak catalogue_tasks[];

const struct tweak catalogue_tasks[] = {
	{
		.id = "isol.dynamic",
		.section = "",
		.title = "Isolation while the guest runs only",
		.claim = "",
		.today = "systemd can keep its units off the guest's CPUs when the guest starts and give "
			 "them back when it ends: no reboot, no CPUs lost to the host. It moves no kernel "
			 "threads, no interrupts and no tick, and init.scope is often forgotten.",
		.detect = "cpuset.cpus.effective of system.slice, user.slice and init.scope",
		.proof = "context switches of others on the guest's CPUs; the slices after it has ended",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "for u in system.slice user.slice init.scope; do sudo systemctl set-property "
			       "--runtime -- $u AllowedCPUs={H}; done",
			.persist = "The same in /etc/libvirt/hooks/qemu: AllowedCPUs={H} when the guest "
				   "starts, AllowedCPUs={ALL} when it ends.",
			.undo = "for u in system.slice user.slice init.scope; do sudo systemctl "
				"set-property --runtime -- $u AllowedCPUs={ALL}; done",
			.risk = "Needs cgroup v2. The host has only the other CPUs meanwhile.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://www.freedesktop.org/software/systemd/man/systemd.resource-control.html",
			     "https://github.com/systemd/systemd/issues/23748", CGROUP_V2),
	},
	{
		.id = "isol.partition",
		.section = "",
		.title = "Isolated cpuset partitions",
		.claim = "",
		.today = "A cpuset of cgroup v2 can be a partition of its own, also one without load "
			 "balancing. A partition that cannot be made says why in its own file, and nobody "
			 "looks there.",
		.detect = "cpuset.cpus.partition of each cgroup",
		.proof = "cpuset.cpus.isolated",
		.standing = STANDING_BEYOND,
		.fix = {
			.persist = "Give its CPUs to no sibling of {cgroup}, and let its parent have them all; "
				   "then write the kind of partition again.",
			.undo = "echo member | sudo tee /sys/fs/cgroup/{cgroup}/cpuset.cpus.partition",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(CGROUP_V2),
	},
	{
		.id = "isol.tasks-on-g",
		.section = "",
		.title = "Tasks of the host on the guest's CPUs",
		.claim = "",
		.today = "Isolation keeps the scheduler away, not a task that was given these CPUs by name.",
		.detect = "affinity of all threads but the guest's; a trace of the run",
		.proof = "context switches of others on the guest's CPUs",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "for t in {ids}; do sudo taskset -pc {H} \"$t\"; done",
			.undo = "for t in {ids}; do sudo taskset -pc {ALL} \"$t\"; done",
			.risk = "Whoever pinned them there may have meant it.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(PER_CPU_KTHREADS),
	},
	{
		.id = "kthr.affinity",
		.section = "",
		.title = "Kernel threads that can be moved",
		.claim = "",
		.today = "Threads that reclaim memory, compact it, write back or offload RCU callbacks run "
			 "wherever they may. They can be given the host's CPUs by hand.",
		.detect = "kernel threads without PF_NO_SETAFFINITY, and their affinity; "
			  "a trace of the run",
		.proof = "their runtime on the guest's CPUs",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "for t in {ids}; do sudo taskset -pc {H} \"$t\"; done",
			.undo = "for t in {ids}; do sudo taskset -pc {ALL} \"$t\"; done",
			.risk = "Lost at the next boot; kthread_cpus and isolcpus= at boot do it for good.",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://docs.kernel.org/timers/no_hz.html", PER_CPU_KTHREADS),
	},
	{
		.id = "kthr.nx-recovery",
		.section = "",
		.title = "KVM's recovery thread",
		.claim = "",
		.today = "Where huge pages are split (kvm.nx-huge-pages), a thread of each guest puts them "
			 "together again now and then, on any CPU the emulator may use.",
		.detect = "affinity of kvm-nx-lpage-recovery; a trace of the run",
		.proof = "its runtime on the guest's CPUs",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "for t in {ids}; do sudo taskset -pc {H} \"$t\"; done",
			.undo = "for t in {ids}; do sudo taskset -pc {ALL} \"$t\"; done",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS("https://docs.kernel.org/admin-guide/hw-vuln/multihit.html"),
	},
	{
		.id = "irq.threaded",
		.section = "",
		.title = "Interrupt threads",
		.claim = "",
		.today = "Handlers that run as threads follow the affinity of their interrupt.",
		.detect = "affinity of the threads irq/N-NAME; a trace of the run",
		.proof = "their runtime on the guest's CPUs",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "echo {H} | sudo tee /proc/irq/N/smp_affinity_list, for the N of each thread",
			.undo = "echo OLD-LIST | sudo tee /proc/irq/N/smp_affinity_list, for each",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(PER_CPU_KTHREADS),
	},
	{
		.id = "wq.cpumask",
		.section = "",
		.title = "CPUs of unbound work items",
		.claim = "",
		.today = "Work items of the kernel that are bound to no CPU, writeback above all, run "
			 "anywhere unless told otherwise: a known cause of stalls of many milliseconds.",
		.detect = "cpumask and cpumask_isolated of workqueues, and that of writeback; "
			  "a trace of the run",
		.proof = "work items on the guest's CPUs in a trace",
		.standing = STANDING_BEYOND,
		.fix = {
			.now = "echo {HM} | sudo tee /sys/devices/virtual/workqueue/cpumask",
			.persist = "The same lines in the hook that starts the guest, or in a unit that runs "
				   "at boot.",
			.undo = "write the former mask back",
			.needs = NEEDS_NOTHING,
		},
		.refs = REFS(PER_CPU_KTHREADS, HOOKS),
	},
	{
		.id = "sched.vcpu-fifo",
		.section = "",
		.title = "Scheduling policy of the vCPUs",
		.claim = "",
		.today = "A real-time policy is for isolated CPUs. Elsewhere it keeps kernel threads from "
			 "their CPU until the host locks up; on isolated CPUs the usual policy does as well.",
		.detect = "policy of the vCPU threads, else <vcpusched>",
		.proof = "run delay of the vCPUs with both policies",
		.standing = STANDING_BEYOND,
		.fix = {
			.change = { [CHANGE_XML] = "-cputune/vcpusched",
				    [CHANGE_PROXMOX] = "take chrt out of the hookscript of {vmid}",
				    [CHANGE_QEMU] = "start QEMU without chrt" },
			.risk = "Isolate the CPUs instead, if the policy is wanted.",
			.needs = NEEDS_GUEST_RESTART,
		},
		.refs = REFS("https://libvirt.org/kbase/kvm-realtime.html", HOOKS),
	},
	{ .id = NULL },
};
