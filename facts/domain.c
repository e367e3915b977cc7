/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/domain.h"

#include "facts/kernel.h"

/* clang-format off */
#define F(member) FIELD(struct domain_pin, member)
static const struct fact_field pin_fields[] = {
	{ F(id), FACT_U64, FACT_SETTING, "", "vCPU or iothread" },
	{ F(cpus), FACT_CPUS, FACT_SETTING, "", "CPUs it is pinned to" },
};
#undef F
#define F(member) FIELD(struct domain_sched, member)
static const struct fact_field sched_fields[] = {
	{ F(ids), FACT_CPUS, FACT_SETTING, "", "vCPUs or iothreads" },
	{ F(policy), FACT_STR, FACT_SETTING, "", "fifo, rr, batch, idle", .privacy = FACT_OPEN },
	{ F(priority), FACT_U64, FACT_SETTING, "", "for fifo and rr" },
};
#undef F
#define F(member) FIELD(struct domain_disk, member)
static const struct fact_field disk_fields[] = {
	{ F(device), FACT_STR, FACT_SETTING, "", "disk, cdrom, floppy or lun", .privacy = FACT_OPEN },
	{ F(bus), FACT_STR, FACT_SETTING, "", "virtio, scsi, sata, ide, usb, nvme", .privacy = FACT_OPEN },
	{ F(type), FACT_STR, FACT_SETTING, "", "block, file, network, nvme", .privacy = FACT_OPEN },
	{ F(format), FACT_STR, FACT_SETTING, "", "raw, qcow2", .privacy = FACT_OPEN },
	{ F(source), FACT_STR, FACT_NOT_COMPARED, "", "path of the medium; absent: there is none", .pseudonym = "disk" },
	{ F(cache), FACT_STR, FACT_SETTING, "", "cache mode", .privacy = FACT_OPEN },
	{ F(io), FACT_STR, FACT_SETTING, "", "native, io_uring or threads", .privacy = FACT_OPEN },
	{ F(discard), FACT_STR, FACT_SETTING, "", "unmap or ignore", .privacy = FACT_OPEN },
	{ F(iothread), FACT_U64, FACT_SETTING, "", "iothread that serves it, also through its controller" },
	{ F(n_queues), FACT_U64, FACT_SETTING, "", "queues" },
	{ F(controller), FACT_U64, FACT_SETTING, "", "number of the controller it is on" },
	{ F(size_kib), FACT_U64, FACT_NOT_COMPARED, "KiB", "size of an image file" },
	{ F(allocated_kib), FACT_U64, FACT_NOT_COMPARED, "KiB", "how much of it has its place on the disk" },
	{ F(scheduler), FACT_STR, FACT_SETTING, "", "I/O scheduler of the host's disk it is on", .privacy = FACT_OPEN },
};
#undef F
#define F(member) FIELD(struct domain_page, member)
static const struct fact_field page_fields[] = {
	{ F(page_kib), FACT_U64, FACT_SETTING, "KiB", "page size asked for; absent: the default size" },
	{ F(size_kib), FACT_U64, FACT_SETTING, "KiB", "memory backed so" },
	{ F(cells), FACT_CPUS, FACT_SETTING, "", "guest NUMA cells; absent: all" },
	{ F(nodes), FACT_CPUS, FACT_SETTING, "", "host NUMA nodes it is bound to; absent: as memory_nodes" },
	{ F(mode), FACT_STR, FACT_SETTING, "", "how: strict, preferred or interleave", .privacy = FACT_OPEN },
};
#undef F
#define F(member) FIELD(struct domain_cell, member)
static const struct fact_field cell_fields[] = {
	{ F(id), FACT_U64, FACT_SETTING, "", "number" },
	{ F(cpus), FACT_CPUS, FACT_SETTING, "", "its vCPUs" },
	{ F(memory_kib), FACT_U64, FACT_SETTING, "KiB", "its memory" },
};
#undef F
#define F(member) FIELD(struct domain_timer, member)
static const struct fact_field timer_fields[] = {
	{ F(name), FACT_STR, FACT_SETTING, "", "rtc pit hpet tsc kvmclock hypervclock platform", .privacy = FACT_OPEN },
	{ F(is_present), FACT_BOOL, FACT_SETTING, "", "present=; absent: not told" },
	{ F(tickpolicy), FACT_STR, FACT_SETTING, "", "delay catchup merge discard", .privacy = FACT_OPEN },
	{ F(track), FACT_STR, FACT_SETTING, "", "guest, wall, boot", .privacy = FACT_OPEN },
	{ F(mode), FACT_STR, FACT_SETTING, "", "of the tsc timer", .privacy = FACT_OPEN },
};
#undef F
#define F(member) FIELD(struct domain_controller, member)
static const struct fact_field controller_fields[] = {
	{ F(type), FACT_STR, FACT_SETTING, "", "scsi usb pci sata ide virtio-serial", .privacy = FACT_OPEN },
	{ F(index), FACT_U64, FACT_SETTING, "", "number" },
	{ F(model), FACT_STR, FACT_SETTING, "", "as written: virtio-scsi, qemu-xhci, none", .privacy = FACT_OPEN },
	{ F(n_queues), FACT_U64, FACT_SETTING, "", "queues" },
	{ F(iothread), FACT_U64, FACT_SETTING, "", "iothread" },
};
#undef F
#define F(member) FIELD(struct domain_interface, member)
static const struct fact_field interface_fields[] = {
	{ F(type), FACT_STR, FACT_SETTING, "", "bridge network direct hostdev user ethernet vdpa vhostuser", .privacy = FACT_OPEN },
	{ F(model), FACT_STR, FACT_SETTING, "", "as written: virtio, e1000e, virtio-net-pci", .privacy = FACT_OPEN },
	{ F(source), FACT_STR, FACT_SETTING, "", "bridge, network or device of the host", .pseudonym = "net" },
	{ F(driver), FACT_STR, FACT_SETTING, "", "vhost or qemu, when told", .privacy = FACT_OPEN },
	{ F(n_queues), FACT_U64, FACT_SETTING, "", "queues" },
	{ F(has_vhost), FACT_BOOL, FACT_SETTING, "", "QEMU's arguments tell: the kernel moves its packets" },
};
#undef F
#define F(member) FIELD(struct domain_hostdev, member)
static const struct fact_field hostdev_fields[] = {
	{ F(type), FACT_STR, FACT_SETTING, "", "pci usb mdev scsi", .privacy = FACT_OPEN },
	{ F(address), FACT_STR, FACT_SETTING, "", "PCI address", .privacy = FACT_OPEN },
	{ F(is_managed), FACT_BOOL, FACT_SETTING, "", "libvirt binds it to vfio-pci" },
	{ F(driver), FACT_STR, FACT_SETTING, "", "vfio or iommufd, when told", .privacy = FACT_OPEN },
};
#undef F
#define F(member) FIELD(struct domain_input, member)
static const struct fact_field input_fields[] = {
	{ F(type), FACT_STR, FACT_SETTING, "", "mouse keyboard tablet evdev passthrough", .privacy = FACT_OPEN },
	{ F(bus), FACT_STR, FACT_SETTING, "", "ps2 usb virtio; absent: not told", .privacy = FACT_OPEN },
	{ F(source), FACT_STR, FACT_NOT_COMPARED, "", "device of the host", .pseudonym = "input" },
	{ F(grab), FACT_STR, FACT_SETTING, "", "grab=, grab_all", .privacy = FACT_OPEN },
	{ F(how), FACT_STR, FACT_SETTING, "", "element, or commandline: QEMU's own argument", .privacy = FACT_OPEN },
	{ F(is_present), FACT_BOOL, FACT_SETTING, "", "the device of the host exists" },
};
#undef F
#define F(member) FIELD(struct domain_facts, member)
static const struct fact_field fields[] = {
	{ F(source), FACT_STR, FACT_NOT_COMPARED, "", "libvirt, file or argv: where this was read", .privacy = FACT_OPEN },
	{ F(xml), FACT_STRS, FACT_NOT_COMPARED, "", "its XML, line by line, without secrets" },
	{ F(xml_error), FACT_STR, FACT_NOT_COMPARED, "", "why the XML is not well-formed; the other facts are then unknown" },
	{ F(xml_error_line), FACT_U64, FACT_NOT_COMPARED, "", "in this line" },
	{ F(schema_error), FACT_STR, FACT_NOT_COMPARED, "", "what libvirt's schema refuses, in its words" },
	{ F(schema_error_line), FACT_U64, FACT_NOT_COMPARED, "", "in this line" },
	{ F(is_schema_valid), FACT_BOOL, FACT_NOT_COMPARED, "", "libvirt's schema accepts it; absent: it was not asked" },
	{ F(live_differs), FACT_STRS, FACT_NOT_COMPARED, "", "settings that differ between the XML and the running QEMU" },
	{ F(manager), FACT_STR, FACT_NOT_COMPARED, "", "libvirt or proxmox, when the arguments tell", .privacy = FACT_OPEN },
	{ F(vmid), FACT_U64, FACT_NOT_COMPARED, "", "number of a Proxmox guest" },
	{ F(name), FACT_STR, FACT_NOT_COMPARED, "", "name of the guest", .privacy = FACT_PSEUDONYM, .pseudonym = "guest" },
	{ F(type), FACT_STR, FACT_SETTING, "", "kvm or qemu", .privacy = FACT_OPEN },
	{ F(guest_os), FACT_STR, FACT_SETTING, "", "windows, linux or other; absent: not known", .privacy = FACT_OPEN },
	{ F(guest_os_from), FACT_STR, FACT_NOT_COMPARED, "", "how that is known" },
	{ F(memory_kib), FACT_U64, FACT_SETTING, "KiB", "guest memory" },
	{ F(current_memory_kib), FACT_U64, FACT_SETTING, "KiB", "what the balloon leaves of it at start" },
	{ F(n_vcpus), FACT_U64, FACT_SETTING, "", "vCPUs" },
	{ F(n_current_vcpus), FACT_U64, FACT_SETTING, "", "vCPUs it starts with, if not with all" },
	{ F(vcpu_pins), FACT_LIST, FACT_SETTING, "", "pinned vCPUs", &domain_pin_schema },
	{ F(iothread_pins), FACT_LIST, FACT_SETTING, "", "pinned iothreads", &domain_pin_schema },
	{ F(emulator_pin), FACT_CPUS, FACT_SETTING, "", "CPUs of the emulator threads" },
	{ F(vcpu_cpuset), FACT_CPUS, FACT_SETTING, "", "CPUs of vCPUs without a pin" },
	{ F(vcpu_scheds), FACT_LIST, FACT_SETTING, "", "scheduling of vCPUs", &domain_sched_schema },
	{ F(iothread_scheds), FACT_LIST, FACT_SETTING, "", "scheduling of iothreads", &domain_sched_schema },
	{ F(n_iothreads), FACT_U64, FACT_SETTING, "", "iothreads" },
	{ F(sockets), FACT_U64, FACT_SETTING, "", "guest sockets" },
	{ F(dies), FACT_U64, FACT_SETTING, "", "guest dies per socket" },
	{ F(clusters), FACT_U64, FACT_SETTING, "", "guest clusters per die" },
	{ F(cores), FACT_U64, FACT_SETTING, "", "guest cores per cluster or die" },
	{ F(threads), FACT_U64, FACT_SETTING, "", "guest threads per core" },
	{ F(cells), FACT_LIST, FACT_SETTING, "", "guest NUMA cells", &domain_cell_schema },
	{ F(memory_source), FACT_STR, FACT_SETTING, "", "anonymous, file or memfd; absent: not told", .privacy = FACT_OPEN },
	{ F(memory_access), FACT_STR, FACT_SETTING, "", "shared or private", .privacy = FACT_OPEN },
	{ F(memory_allocation), FACT_STR, FACT_SETTING, "", "immediate or ondemand", .privacy = FACT_OPEN },
	{ F(has_hugepages), FACT_BOOL, FACT_SETTING, "", "memory is to come from reserved huge pages" },
	{ F(pages), FACT_LIST, FACT_SETTING, "", "which", &domain_page_schema },
	{ F(memory_nodes), FACT_CPUS, FACT_SETTING, "", "host NUMA nodes of the memory" },
	{ F(memory_mode), FACT_STR, FACT_SETTING, "", "strict, preferred or interleave", .privacy = FACT_OPEN },
	{ F(is_locked), FACT_BOOL, FACT_SETTING, "", "its memory is to be locked" },
	{ F(is_unmergeable), FACT_BOOL, FACT_SETTING, "", "same-page merging is to leave it alone" },
	{ F(hard_limit_kib), FACT_U64, FACT_SETTING, "KiB", "limit of QEMU's memory" },
	{ F(machine), FACT_STR, FACT_SETTING, "", "machine type: pc-q35-7.2", .privacy = FACT_OPEN },
	{ F(arch), FACT_STR, FACT_SETTING, "", "architecture", .privacy = FACT_OPEN },
	{ F(firmware), FACT_STR, FACT_SETTING, "", "bios or efi", .privacy = FACT_OPEN },
	{ F(is_secure_boot), FACT_BOOL, FACT_SETTING, "", "the firmware is to check signatures" },
	{ F(features), FACT_LIST, FACT_SETTING, "", "features by libvirt's names: acpi, apic.eoi, hyperv.relaxed, hyperv.spinlocks.retries, kvm.hidden, vmport, smm, ioapic.driver, pmu; values on, off or as written", &setting_schema },
	{ F(hyperv_mode), FACT_STR, FACT_SETTING, "", "custom or passthrough", .privacy = FACT_OPEN },
	{ F(cpu_mode), FACT_STR, FACT_SETTING, "", "host-passthrough, host-model, maximum, custom; absent: none is told", .privacy = FACT_OPEN },
	{ F(cpu_model), FACT_STR, FACT_SETTING, "", "model of mode custom", .privacy = FACT_OPEN },
	{ F(cpu_check), FACT_STR, FACT_SETTING, "", "none, partial or full", .privacy = FACT_OPEN },
	{ F(is_migratable), FACT_BOOL, FACT_SETTING, "", "migratable=" },
	{ F(cpu_cache), FACT_STR, FACT_SETTING, "", "cache mode: passthrough, emulate, disable", .privacy = FACT_OPEN },
	{ F(cpu_features), FACT_LIST, FACT_SETTING, "", "CPU features: require, force, optional, disable or forbid", &setting_schema },
	{ F(clock_offset), FACT_STR, FACT_SETTING, "", "utc, localtime, timezone, variable, absolute", .privacy = FACT_OPEN },
	{ F(timers), FACT_LIST, FACT_SETTING, "", "timers", &domain_timer_schema },
	{ F(disks), FACT_LIST, FACT_SETTING, "", "disks", &domain_disk_schema },
	{ F(controllers), FACT_LIST, FACT_SETTING, "", "controllers", &domain_controller_schema },
	{ F(interfaces), FACT_LIST, FACT_SETTING, "", "network cards", &domain_interface_schema },
	{ F(host_devices), FACT_STRS, FACT_SETTING, "", "PCI functions passed through", .privacy = FACT_OPEN },
	{ F(hostdevs), FACT_LIST, FACT_SETTING, "", "devices passed through", &domain_hostdev_schema },
	{ F(inputs), FACT_LIST, FACT_SETTING, "", "input devices that are told; PS/2 ones are there always", &domain_input_schema },
	{ F(graphics), FACT_STRS, FACT_SETTING, "", "spice vnc sdl egl-headless dbus", .privacy = FACT_OPEN },
	{ F(videos), FACT_STRS, FACT_SETTING, "", "models: qxl vga virtio none ramfb", .privacy = FACT_OPEN },
	{ F(sounds), FACT_STRS, FACT_SETTING, "", "models of sound cards", .privacy = FACT_OPEN },
	{ F(audio_driver), FACT_STR, FACT_SETTING, "", "backend: pa pulseaudio pipewire jack spice none", .privacy = FACT_OPEN },
	{ F(audio_timer_us), FACT_U64, FACT_SETTING, "us", "period of its timer" },
	{ F(audio_from), FACT_STR, FACT_SETTING, "", "element or commandline", .privacy = FACT_OPEN },
	{ F(balloon), FACT_STR, FACT_SETTING, "", "model of the memory balloon: virtio or none; absent: not told, and libvirt adds one", .privacy = FACT_OPEN },
	{ F(tpm), FACT_STR, FACT_SETTING, "", "model of the TPM", .privacy = FACT_OPEN },
	{ F(tpm_backend), FACT_STR, FACT_SETTING, "", "emulator or passthrough", .privacy = FACT_OPEN },
	{ F(watchdog), FACT_STR, FACT_SETTING, "", "model of the watchdog", .privacy = FACT_OPEN },
	{ F(n_serials), FACT_U64, FACT_SETTING, "", "serial ports and consoles" },
	{ F(n_channels), FACT_U64, FACT_SETTING, "", "channels, as of SPICE or the guest agent" },
	{ F(n_usb_redirections), FACT_U64, FACT_SETTING, "", "USB redirection channels" },
	{ F(has_shmem), FACT_BOOL, FACT_SETTING, "", "shared memory with the host, as for Looking Glass" },
	{ F(smbios), FACT_STR, FACT_SETTING, "", "smbios mode: emulate host sysinfo", .privacy = FACT_OPEN },
	{ F(has_debug_threads), FACT_BOOL, FACT_SETTING, "", "QEMU names its threads; libvirt always does so" },
	{ F(qemu_args), FACT_STRS, FACT_SETTING, "", "arguments of qemu:commandline" },
	{ F(qemu_env), FACT_STRS, FACT_NOT_COMPARED, "", "its environment variables" },
	{ F(has_qemu_namespace), FACT_BOOL, FACT_NOT_COMPARED, "", "the namespace of qemu:commandline is declared" },
	{ F(has_qemu_commandline), FACT_BOOL, FACT_SETTING, "", "an element commandline is there" },
};
#undef F
/* clang-format on */

const struct schema domain_pin_schema = { "pin", "A pinned thread", sizeof(struct domain_pin),
					  pin_fields, ARRAY_SIZE(pin_fields) };
const struct schema domain_sched_schema = { "sched", "A scheduling policy",
					    sizeof(struct domain_sched), sched_fields,
					    ARRAY_SIZE(sched_fields) };
const struct schema domain_disk_schema = { "disk", "A disk", sizeof(struct domain_disk),
					   disk_fields, ARRAY_SIZE(disk_fields) };
const struct schema domain_page_schema = { "page", "Huge pages asked for",
					   sizeof(struct domain_page), page_fields,
					   ARRAY_SIZE(page_fields) };
const struct schema domain_cell_schema = { "cell", "A NUMA cell of the guest",
					   sizeof(struct domain_cell), cell_fields,
					   ARRAY_SIZE(cell_fields) };
const struct schema domain_timer_schema = { "timer", "A timer of the guest",
					    sizeof(struct domain_timer), timer_fields,
					    ARRAY_SIZE(timer_fields) };
const struct schema domain_controller_schema = { "controller", "A controller",
						 sizeof(struct domain_controller),
						 controller_fields, ARRAY_SIZE(controller_fields) };
const struct schema domain_interface_schema = { "interface", "A network card of the guest",
						sizeof(struct domain_interface), interface_fields,
						ARRAY_SIZE(interface_fields) };
const struct schema domain_hostdev_schema = { "hostdev", "A device passed through",
					      sizeof(struct domain_hostdev), hostdev_fields,
					      ARRAY_SIZE(hostdev_fields) };
const struct schema domain_input_schema = { "input", "An input device", sizeof(struct domain_input),
					    input_fields, ARRAY_SIZE(input_fields) };
const struct schema domain_schema = { "domain", "The guest as it is configured",
				      sizeof(struct domain_facts), fields, ARRAY_SIZE(fields) };
