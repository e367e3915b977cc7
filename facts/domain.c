/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/domain.h"

/* clang-format off */
#define F(member) FIELD(struct domain_pin, member)
static const struct fact_field pin_fields[] = {
	{ F(id), FACT_U64, FACT_SETTING, "", "vCPU or iothread" },
	{ F(cpus), FACT_CPUS, FACT_SETTING, "", "CPUs it is pinned to" },
};
#undef F
#define F(member) FIELD(struct domain_disk, member)
static const struct fact_field disk_fields[] = {
	{ F(device), FACT_STR, FACT_SETTING, "", "disk, cdrom, floppy or lun" },
	{ F(bus), FACT_STR, FACT_SETTING, "", "virtio, scsi, sata, ide, usb, nvme" },
	{ F(type), FACT_STR, FACT_SETTING, "", "block, file, network" },
	{ F(format), FACT_STR, FACT_SETTING, "", "raw, qcow2" },
	{ F(source), FACT_STR, FACT_NOT_COMPARED, "", "path of the medium" },
	{ F(cache), FACT_STR, FACT_SETTING, "", "cache mode" },
	{ F(io), FACT_STR, FACT_SETTING, "", "native, io_uring or threads" },
	{ F(discard), FACT_STR, FACT_SETTING, "", "unmap or ignore" },
	{ F(iothread), FACT_U64, FACT_SETTING, "", "iothread that serves it" },
	{ F(n_queues), FACT_U64, FACT_SETTING, "", "queues" },
};
#undef F
#define F(member) FIELD(struct domain_page, member)
static const struct fact_field page_fields[] = {
	{ F(page_kib), FACT_U64, FACT_SETTING, "KiB", "page size asked for" },
	{ F(size_kib), FACT_U64, FACT_SETTING, "KiB", "memory backed so" },
	{ F(cells), FACT_CPUS, FACT_SETTING, "", "guest NUMA cells" },
	{ F(nodes), FACT_CPUS, FACT_SETTING, "", "host NUMA nodes it is bound to" },
	{ F(mode), FACT_STR, FACT_SETTING, "", "how: strict, preferred or interleave" },
};
#undef F
/* clang-format on */

const struct schema domain_pin_schema = { "pin", "A pinned thread", sizeof(struct domain_pin),
					  pin_fields, ARRAY_SIZE(pin_fields) };
const struct schema domain_disk_schema = { "disk", "A disk", sizeof(struct domain_disk),
					   disk_fields, ARRAY_SIZE(disk_fields) };
const struct schema domain_page_schema = { "page", "Huge pages asked for",
					   sizeof(struct domain_page), page_fields,
					   ARRAY_SIZE(page_fields) };

#define F(member) FIELD(struct domain_facts, member)

/* clang-format off */
static const struct fact_field fields[] = {
	{ F(source), FACT_STR, FACT_NOT_COMPARED, "", "libvirt, file or argv: where this was read" },
	{ F(name), FACT_STR, FACT_NOT_COMPARED, "", "name of the guest" },
	{ F(type), FACT_STR, FACT_SETTING, "", "kvm or qemu" },
	{ F(memory_kib), FACT_U64, FACT_SETTING, "KiB", "guest memory" },
	{ F(current_memory_kib), FACT_U64, FACT_SETTING, "KiB", "what the balloon leaves of it at start" },
	{ F(n_vcpus), FACT_U64, FACT_SETTING, "", "vCPUs" },
	{ F(n_current_vcpus), FACT_U64, FACT_SETTING, "", "vCPUs it starts with, if not with all" },
	{ F(vcpu_pins), FACT_LIST, FACT_SETTING, "", "pinned vCPUs", &domain_pin_schema },
	{ F(iothread_pins), FACT_LIST, FACT_SETTING, "", "pinned iothreads", &domain_pin_schema },
	{ F(emulator_pin), FACT_CPUS, FACT_SETTING, "", "CPUs of the emulator threads" },
	{ F(vcpu_cpuset), FACT_CPUS, FACT_SETTING, "", "CPUs of vCPUs without a pin" },
	{ F(n_iothreads), FACT_U64, FACT_SETTING, "", "iothreads" },
	{ F(sockets), FACT_U64, FACT_SETTING, "", "guest sockets" },
	{ F(dies), FACT_U64, FACT_SETTING, "", "guest dies per socket" },
	{ F(cores), FACT_U64, FACT_SETTING, "", "guest cores per die" },
	{ F(threads), FACT_U64, FACT_SETTING, "", "guest threads per core" },
	{ F(memory_source), FACT_STR, FACT_SETTING, "", "anonymous, file or memfd" },
	{ F(has_hugepages), FACT_BOOL, FACT_SETTING, "", "memory is to come from reserved huge pages" },
	{ F(pages), FACT_LIST, FACT_SETTING, "", "which", &domain_page_schema },
	{ F(memory_nodes), FACT_CPUS, FACT_SETTING, "", "host NUMA nodes of the memory" },
	{ F(memory_mode), FACT_STR, FACT_SETTING, "", "strict, preferred or interleave" },
	{ F(disks), FACT_LIST, FACT_SETTING, "", "disks", &domain_disk_schema },
	{ F(host_devices), FACT_STRS, FACT_SETTING, "", "PCI functions passed through" },
};
/* clang-format on */

const struct schema domain_schema = { "domain", "The guest as it is configured",
				      sizeof(struct domain_facts), fields, ARRAY_SIZE(fields) };
