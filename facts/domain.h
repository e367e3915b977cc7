/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * domain.h - a guest as it is configured: one struct for libvirt's domain XML and QEMU's arguments,
 * so that one rule serves both.
 *
 * What is not written there is unknown; a list that was looked for and is empty is known.
 */
#ifndef FACTS_DOMAIN_H
#define FACTS_DOMAIN_H

#include "facts/schema.h"

struct domain_pin {            /* A pinned thread */
	struct fact_u64 id;    /* vCPU or iothread */
	struct fact_cpus cpus; /* CPUs it is pinned to */
};

struct domain_sched {             /* A scheduling policy */
	struct fact_cpus ids;     /* vCPUs or iothreads */
	struct fact_str policy;   /* fifo, rr, batch, idle */
	struct fact_u64 priority; /* for fifo and rr */
};

struct domain_disk {                   /* A disk */
	struct fact_str device;        /* disk, cdrom, floppy or lun */
	struct fact_str bus;           /* virtio, scsi, sata, ide, usb, nvme */
	struct fact_str type;          /* block, file, network, nvme */
	struct fact_str format;        /* raw, qcow2 */
	struct fact_str source;        /* path of the medium; absent: there is none */
	struct fact_str cache;         /* cache mode */
	struct fact_str io;            /* native, io_uring or threads */
	struct fact_str discard;       /* unmap or ignore */
	struct fact_u64 iothread;      /* iothread that serves it, also through its controller */
	struct fact_u64 n_queues;      /* queues */
	struct fact_u64 controller;    /* number of the controller it is on */
	struct fact_u64 size_kib;      /* KiB: size of an image file */
	struct fact_u64 allocated_kib; /* KiB: how much of it has its place on the disk */
	struct fact_str scheduler;     /* I/O scheduler of the host's disk it is on */
};

struct domain_page {              /* Huge pages asked for */
	struct fact_u64 page_kib; /* KiB: page size asked for; absent: the default size */
	struct fact_u64 size_kib; /* KiB: memory backed so */
	struct fact_cpus cells;   /* guest NUMA cells; absent: all */
	struct fact_cpus nodes;   /* host NUMA nodes it is bound to; absent: as memory_nodes */
	struct fact_str mode;     /* how: strict, preferred or interleave */
};

struct domain_cell {                /* A NUMA cell of the guest */
	struct fact_u64 id;         /* number */
	struct fact_cpus cpus;      /* its vCPUs */
	struct fact_u64 memory_kib; /* KiB: its memory */
};

struct domain_timer {                /* A timer of the guest */
	struct fact_str name;        /* rtc pit hpet tsc kvmclock hypervclock platform */
	struct fact_bool is_present; /* present=; absent: not told */
	struct fact_str tickpolicy;  /* delay catchup merge discard */
	struct fact_str track;       /* guest, wall, boot */
	struct fact_str mode;        /* of the tsc timer */
};

struct domain_controller {        /* A controller */
	struct fact_str type;     /* scsi usb pci sata ide virtio-serial */
	struct fact_u64 index;    /* number */
	struct fact_str model;    /* as written: virtio-scsi, qemu-xhci, none */
	struct fact_u64 n_queues; /* queues */
	struct fact_u64 iothread; /* iothread */
};

struct domain_interface {           /* A network card of the guest */
	struct fact_str type;       /* bridge network direct hostdev user ethernet vdpa vhostuser */
	struct fact_str model;      /* as written: virtio, e1000e, virtio-net-pci */
	struct fact_str source;     /* bridge, network or device of the host */
	struct fact_str driver;     /* vhost or qemu, when told */
	struct fact_u64 n_queues;   /* queues */
	struct fact_bool has_vhost; /* QEMU's arguments tell: the kernel moves its packets */
};

struct domain_hostdev {              /* A device passed through */
	struct fact_str type;        /* pci usb mdev scsi */
	struct fact_str address;     /* PCI address */
	struct fact_bool is_managed; /* libvirt binds it to vfio-pci */
	struct fact_str driver;      /* vfio or iommufd, when told */
};

struct domain_input {                /* An input device */
	struct fact_str type;        /* mouse keyboard tablet evdev passthrough */
	struct fact_str bus;         /* ps2 usb virtio; absent: not told */
	struct fact_str source;      /* device of the host */
	struct fact_str grab;        /* grab=, grab_all */
	struct fact_str how;         /* element, or commandline: QEMU's own argument */
	struct fact_bool is_present; /* the device of the host exists */
};

struct domain_facts {
	struct fact_str source; /* libvirt, file or argv: where this was read */
	struct fact_strs xml;   /* its XML, line by line, without secrets */
	struct fact_str
		xml_error; /* why the XML is not well-formed; the other facts are then unknown */
	struct fact_u64 xml_error_line;    /* in this line */
	struct fact_str schema_error;      /* what libvirt's schema refuses, in its words */
	struct fact_u64 schema_error_line; /* in this line */
	struct fact_bool
		is_schema_valid; /* libvirt's schema accepts it; absent: it was not asked */
	struct fact_strs
		live_differs;     /* settings that differ between the XML and the running QEMU */
	struct fact_str manager;  /* libvirt or proxmox, when the arguments tell */
	struct fact_u64 vmid;     /* number of a Proxmox guest */
	struct fact_str name;     /* name of the guest */
	struct fact_str type;     /* kvm or qemu */
	struct fact_str guest_os; /* windows, linux or other; absent: not known */
	struct fact_str guest_os_from;      /* how that is known */
	struct fact_u64 memory_kib;         /* KiB: guest memory */
	struct fact_u64 current_memory_kib; /* KiB: what the balloon leaves of it at start */
	struct fact_u64 n_vcpus;            /* vCPUs */
	struct fact_u64 n_current_vcpus;    /* vCPUs it starts with, if not with all */
	struct fact_list vcpu_pins;         /* pinned vCPUs; struct domain_pin */
	struct fact_list iothread_pins;     /* pinned iothreads; struct domain_pin */
	struct fact_cpus emulator_pin;      /* CPUs of the emulator threads */
	struct fact_cpus vcpu_cpuset;       /* CPUs of vCPUs without a pin */
	struct fact_list vcpu_scheds;       /* scheduling of vCPUs; struct domain_sched */
	struct fact_list iothread_scheds;   /* scheduling of iothreads; struct domain_sched */
	struct fact_u64 n_iothreads;        /* iothreads */
	struct fact_u64 sockets;            /* guest sockets */
	struct fact_u64 dies;               /* guest dies per socket */
	struct fact_u64 clusters;           /* guest clusters per die */
	struct fact_u64 cores;              /* guest cores per cluster or die */
	struct fact_u64 threads;            /* guest threads per core */
	struct fact_list cells;             /* guest NUMA cells; struct domain_cell */
	struct fact_str memory_source;      /* anonymous, file or memfd; absent: not told */
	struct fact_str memory_access;      /* shared or private */
	struct fact_str memory_allocation;  /* immediate or ondemand */
	struct fact_bool has_hugepages;     /* memory is to come from reserved huge pages */
	struct fact_list pages;             /* which; struct domain_page */
	struct fact_cpus memory_nodes;      /* host NUMA nodes of the memory */
	struct fact_str memory_mode;        /* strict, preferred or interleave */
	struct fact_bool is_locked;         /* its memory is to be locked */
	struct fact_bool is_unmergeable;    /* same-page merging is to leave it alone */
	struct fact_u64 hard_limit_kib;     /* KiB: limit of QEMU's memory */
	struct fact_str machine;            /* machine type: pc-q35-7.2 */
	struct fact_str arch;               /* architecture */
	struct fact_str firmware;           /* bios or efi */
	struct fact_bool is_secure_boot;    /* the firmware is to check signatures */
	struct fact_list
		features;            /* features by libvirt's names: acpi, apic.eoi, hyperv.relaxed,
					hyperv.spinlocks.retries, kvm.hidden, vmport, smm, ioapic.driver, pmu;
					values on, off or as written; struct setting_fact */
	struct fact_str hyperv_mode; /* custom or passthrough */
	struct fact_str
		cpu_mode; /* host-passthrough, host-model, maximum, custom; absent: none is told */
	struct fact_str cpu_model;      /* model of mode custom */
	struct fact_str cpu_check;      /* none, partial or full */
	struct fact_bool is_migratable; /* migratable= */
	struct fact_str cpu_cache;      /* cache mode: passthrough, emulate, disable */
	struct fact_list cpu_features; /* CPU features: require, force, optional, disable or forbid;
					  struct setting_fact */
	struct fact_str clock_offset;  /* utc, localtime, timezone, variable, absolute */
	struct fact_list timers;       /* timers; struct domain_timer */
	struct fact_list disks;        /* disks; struct domain_disk */
	struct fact_list controllers;  /* controllers; struct domain_controller */
	struct fact_list interfaces;   /* network cards; struct domain_interface */
	struct fact_strs host_devices; /* PCI functions passed through */
	struct fact_list hostdevs;     /* devices passed through; struct domain_hostdev */
	struct fact_list inputs; /* input devices that are told; PS/2 ones are there always; struct
				    domain_input */
	struct fact_strs graphics;      /* spice vnc sdl egl-headless dbus */
	struct fact_strs videos;        /* models: qxl vga virtio none ramfb */
	struct fact_strs sounds;        /* models of sound cards */
	struct fact_str audio_driver;   /* backend: pa pulseaudio pipewire jack spice none */
	struct fact_u64 audio_timer_us; /* us: period of its timer */
	struct fact_str audio_from;     /* element or commandline */
	struct fact_str balloon; /* model of the memory balloon: virtio or none; absent: not told,
				    and libvirt adds one */
	struct fact_str tpm;     /* model of the TPM */
	struct fact_str tpm_backend;         /* emulator or passthrough */
	struct fact_str watchdog;            /* model of the watchdog */
	struct fact_u64 n_serials;           /* serial ports and consoles */
	struct fact_u64 n_channels;          /* channels, as of SPICE or the guest agent */
	struct fact_u64 n_usb_redirections;  /* USB redirection channels */
	struct fact_bool has_shmem;          /* shared memory with the host, as for Looking Glass */
	struct fact_str smbios;              /* smbios mode: emulate host sysinfo */
	struct fact_bool has_debug_threads;  /* QEMU names its threads; libvirt always does so */
	struct fact_strs qemu_args;          /* arguments of qemu:commandline */
	struct fact_strs qemu_env;           /* its environment variables */
	struct fact_bool has_qemu_namespace; /* the namespace of qemu:commandline is declared */
	struct fact_bool has_qemu_commandline; /* an element commandline is there */
};

extern const struct schema domain_pin_schema, domain_sched_schema, domain_disk_schema,
	domain_page_schema, domain_cell_schema, domain_timer_schema, domain_controller_schema,
	domain_interface_schema, domain_hostdev_schema, domain_input_schema, domain_schema;

#endif
