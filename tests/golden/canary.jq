# SPDX-License-Identifier: GPL-2.0-or-later
# canary.jq - a result with names of all kinds planted where a host of its owner has them: for
# golden/canary. Each has "zq" or a number in it that nothing else has.

def hist: { n: 1000, min_ns: 20000, max_ns: 80000, sum_ns: 21000000, buckets: [[1305, 999], [1563, 1]] };
def culprits: [
	{ class: "task", name: "zqbackup", rows: ["isol.tasks-on-g"], n: 9, total_ns: 9000000, p99_ns: 900000, max_ns: 1000000 },
	{ class: "task", name: "kworker/3:1 [zqwork_fn]", via: "zqvia", n: 3, total_ns: 3000000, p99_ns: 900000, max_ns: 1000000 },
	{ class: "irq", name: "lanzq0-rx-1", n: 2, total_ns: 2000000, p99_ns: 900000, max_ns: 1000000 }];
def worst: [{ at_unix_ns: 1000000000, duration_ns: 1000000, cpu: 3, class: "task", name: "zqbackup",
	parts: [{ class: "task", name: "zqpart", total_ns: 900000 }] }];
def states: { guest_ns: 900000000, preempted_ns: 90000000, host_irq_ns: 10000000 };
def probe($name; $data): { format: "vfiobench-probe", version: 1, probe: $name, status: "ok", reason: "",
	data: $data, gaps: [], run: { started_unix_ns: 0, duration_ns: 1 } };

.run.started_unix_ns = 1000000000
| .run.label = "desk of hektorzq"
| .run.warnings += ["the network lanzq0 of /home/hektorzq was busy", "serial: S4EWNJ0ZQ21027F"]
| .run.moved += ["cpu.freq[0-3].governor: powersave -> zqgovernor"]
| .guest = { kind: "qemu", pid: 4242, name: "w11-zqgame", n_vcpus: 2 }
| .probes.kernel.data.cmdline = "BOOT_IMAGE=/boot/vmlinuz root=UUID=5a51c0de-1111-4222-8333-444455556666 rd.luks.name=5a51c0de-7777-4222-8333-444455556666=cryptzq resume=/dev/mapper/vgzq-swap systemd.hostname=tower-zq ip=203.0.113.77 kvm.param=zqvalue isolcpus=1-3 quiet"
| .probes.setup.data.boot_cmdline = .probes.kernel.data.cmdline + " zqnext=1"
| .probes.setup.data.modprobe = [{ path: "/etc/modprobe.d/zqconf.conf", command: "options", module: "zqmod", text: "zqopt=hektorzq" }]
| .probes.setup.data.initramfs_files = ["/home/hektorzq/vbios.rom"]
| .probes.irq.data.lines += [
	{ label: "77", irq: 77, chip: "IR-PCI-MSIX-0000:05:00.0", hwirq: "1-edge", actions: "lanzq0-TxRx-0", device: "0000:05:00.0", counts: [[1, 70000], [3, 7]], n_total: 70007, affinity: "0-7", effective: "1", is_movable: true }]
| .probes.sched.data.tasks = ((.probes.sched.data.tasks // []) + [
	{ comm: "zqbackup", is_kernel: false, is_movable: true, affinity: "0-7", policy: "fifo", rt_priority: 9, n_threads: 1, ids: ["4711"], cpu_ms: 9000 }])
| .probes.sched.data.cpusets = [{ path: "machine.slice/machine-qemu\\x2d1\\x2dw11zqgame.scope", requested: "0-7", effective: "0-7", is_balanced: true }]
| .probes.net.data.interfaces = [{ name: "lanzq0", kind: "physical", driver: "igb", device: "0000:05:00.0", master: "brzq" },
	{ name: "enx5a51c0de0101", kind: "physical", driver: "cdc_ether" }]
| .probes.log.data.events += [{ kind: "dma-fault", n: 3, device: "zqdevice", value: "zqlog", first_us: 1, last_us: 2,
	text: "usb 1-2: SerialNumber: 5A51C0DE77ZQ of hektor@zq.example from 2001:db8::77:5a51" }]
| .probes.guest = probe("guest"; { guests: [{ pid: 4242, name: "w11-zqgame", kind: "qemu", manager: "libvirt", program: "qemu-system-x86_64",
	argv: ["/usr/bin/qemu-system-x86_64", "-name", "guest=w11-zqgame,debug-threads=on", "-uuid", "5a51c0de-9999-4222-8333-444455556666",
		"-smbios", "type=1,serial=ZQ5A51SERIAL", "-device", "{\"driver\":\"virtio-net-pci\",\"mac\":\"52:54:00:5a:51:01\"}",
		"-drive", "file=/dev/disk/by-id/ata-Samsung_SSD_860_EVO_S3YZQNX0M5A51,format=raw", "-vnc", "192.0.2.51:0,password=zqpassword"],
	threads: [{ tid: 4243, comm: "CPU 0/KVM", role: "vcpu", vcpu: 0, affinity: "1", policy: "other" },
		{ tid: 4244, comm: "zqthread", role: "other", affinity: "1", policy: "other" }], backing: [] },
	{ pid: 4300, name: "w11", kind: "qemu", manager: "libvirt", program: "qemu-system-x86_64",
	argv: ["-drive", "file=/var/lib/libvirt/qemu/nvram/w11_VARS.fd,if=pflash", "-chardev", "socket,path=/var/lib/libvirt/qemu/domain-2-w11/monitor.sock"],
	threads: [], backing: [] }] })
| .probes.domain.data |= (. + { xml: ((.xml // []) + ["<metadata><zq:note xmlns:zq=\"http://zq.example/\">hektorzq</zq:note></metadata>",
	"<interface type='bridge'><mac address='52:54:00:5a:51:02'/><source bridge='brzq'/></interface>",
	"<os><nvram>/var/lib/libvirt/qemu/nvram/w11_VARS.fd</nvram></os>"]),
	qemu_args: ["-object", "input-linux,evdev=/dev/input/by-id/usb-ZQ_Keyboard_5A51C0-event-kbd"],
	qemu_env: ["ZQENV=hektorzq"], live_differs: ["w11-zqgame has lanzq0", "/qemu/nvram/w11_VARS.fd"],
	disks: [{ device: "disk", bus: "virtio", type: "file", format: "qcow2", source: "/home/hektorzq/vm/zqimage.qcow2", io: "threads", cache: "none" },
		{ device: "disk", bus: "sata", type: "block", source: "/dev/disk/by-id/ata-Samsung_SSD_860_EVO_S3YZQNX0M5A51" }],
	interfaces: [{ type: "bridge", model: "e1000e", source: "brzq" }],
	inputs: [{ type: "evdev", source: "/dev/input/by-path/pci-0000:5a:51.0-usb-0:2:1.0-event-mouse", how: "element", is_present: false }] })
| .probes.hugepages.data.mounts = [{ path: "/mnt/zqhuge", options: "rw,pagesize=2M" }]
| .probes.mm.data.swaps = [{ path: "/dev/mapper/vgzq-swap", type: "partition", size_kib: 1048576, used_kib: 524288, priority: 1 }]
| .probes.aio.data.holders = [{ pid: 4242, name: "w11-zqgame", n_contexts: 1 }]
| .probes.power = ((.probes.power // probe("power"; {})) | .data.holders = [{ comm: "zqaudio", pid: 99, latency_us: 1 }]
	| .gaps += [{ field: "power.managers", path: "/home/hektorzq/5a51", error: "zqerror of tower-zq" }] | .reason = "asked hektor@tower-zq")
| .probes.wake = probe("wake"; { interval_ns: 1000000, rep_duration_ns: 1000000000, n_reps: 6, policy: "fifo", priority: 95, cpus: "1",
	units: [range(6) | { rep: ., cpu: 1, missed: 0, steal_ns: 0, hist: hist, hist_corrected: hist }] })
| .probes.activity = probe("activity"; { window_ns: 10000000000, n_samples: 10,
	irqs: [{ label: "77", irq: 77, actions: "lanzq0-TxRx-0", counts: [[1, 70000]] }], softirqs: [],
	threads: [{ tid: 4243, comm: "zqthread", role: "other", run_ns: 5, delay_ns: 7000000 }] })
| .probes.gap = probe("gap"; { threshold_ns: 1000, rep_duration_ns: 1000000000, n_reps: 1, policy: "other", rung: "tracefs", cpus: "1",
	units: [{ rep: 0, cpu: 1, window_ns: 1000000000, loop_ps: 20000, steal_ns: 0, hist: hist, n_explained: 1, explained_ns: 1000000 }],
	culprits: culprits, worst: [{ at_unix_ns: 1000000000, duration_ns: 1000000, explained_ns: 900000, cpu: 1, class: "task", name: "zqbackup" }] })
| .probes.trace = probe("trace"; { rung: "tracefs", window_ns: 1000000000, culprits: culprits,
	vcpus: [{ vcpu: 0, tid: 4243, name: "CPU 0/zqvcpu", cpus: "1", window_ns: 1000000000, lost_events: 0, states: states, culprits: culprits, worst: worst,
		series: [range(10) | { at_unix_ns: (1000000000 + . * 100000000), states: states }] }],
	threads: [{ tid: 4244, name: "zqthread", role: "other" }] })
