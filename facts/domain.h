/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * domain.h - a guest as it is configured: one struct for libvirt's domain XML and QEMU's arguments,
 * so that one rule serves both.
 */
#ifndef FACTS_DOMAIN_H
#define FACTS_DOMAIN_H

#include "facts/schema.h"

struct domain_pin {
	struct fact_u64 id; /* vCPU or iothread number */
	struct fact_cpus cpus;
};

struct domain_disk {
	struct fact_str device; /* disk cdrom floppy lun */
	struct fact_str bus;    /* virtio scsi sata ide usb nvme … */
	struct fact_str type;   /* block file network … */
	struct fact_str format; /* raw qcow2 … */
	struct fact_str source; /* path or name; unknown: no medium */
	struct fact_str cache, io, discard;
	struct fact_u64 iothread, n_queues;
};

struct domain_page {              /* <hugepages><page/> or a hugetlb memory backend */
	struct fact_u64 page_kib; /* unknown: the default size */
	struct fact_u64 size_kib; /* memory backed so, when it is told */
	struct fact_cpus cells;   /* guest NUMA cells; unknown: all */
	struct fact_cpus nodes;   /* host nodes it is bound to; unknown: as memory_nodes */
	struct fact_str mode;     /* strict preferred interleave; unknown: as memory_mode */
};

struct domain_facts {
	struct fact_str source; /* libvirt, file, argv */
	struct fact_str name, type;
	struct fact_u64 memory_kib, current_memory_kib, n_vcpus;
	struct fact_u64 n_current_vcpus; /* it starts with so many; unknown: with all */
	struct fact_list vcpu_pins;      /* struct domain_pin */
	struct fact_list iothread_pins;  /* struct domain_pin */
	struct fact_cpus emulator_pin, vcpu_cpuset;
	struct fact_u64 n_iothreads;
	struct fact_u64 sockets, dies, cores, threads; /* <cpu><topology> */
	struct fact_str memory_source;                 /* anonymous file memfd; unknown: not told */
	struct fact_bool has_hugepages;
	struct fact_list pages;        /* struct domain_page */
	struct fact_cpus memory_nodes; /* <numatune> nodeset, host nodes */
	struct fact_str memory_mode;
	struct fact_list disks;        /* struct domain_disk */
	struct fact_strs host_devices; /* PCI addresses of passed-through functions */
};

extern const struct schema domain_schema, domain_pin_schema, domain_disk_schema, domain_page_schema;

#endif
