/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pci.h - the PCI functions of the host: what they can do, how they are set, where they hang. */
#ifndef FACTS_PCI_H
#define FACTS_PCI_H

#include "facts/schema.h"

struct pci_bar {                  /* A memory region of a function */
	struct fact_u64 index;    /* number of the BAR, 0 to 5 */
	struct fact_u64 size_kib; /* KiB: size */
	struct fact_u64 max_kib;  /* KiB: largest size that the resizable BAR offers */
};

struct pci_function {                    /* A PCI function */
	struct fact_str address;         /* domain:bus:device.function */
	struct fact_u64 class_code;      /* class, subclass and interface, as 0x030000 */
	struct fact_u64 vendor_id;       /* vendor */
	struct fact_u64 device_id;       /* device */
	struct fact_str name;            /* vendor and device in words, from pci.ids */
	struct fact_str driver;          /* bound driver; absent with is_bound false: none */
	struct fact_bool is_bound;       /* a driver is bound */
	struct fact_str driver_override; /* the only driver it may have */
	struct fact_u64 iommu_group;     /* IOMMU group */
	struct fact_u64 node;            /* NUMA node; absent: the firmware does not tell */
	struct fact_bool is_boot_vga;    /* the firmware's display */
	struct fact_str parent;          /* bridge above it */
	struct fact_str port; /* endpoint, legacy, integrated, root-port, upstream, downstream,
				 bridge or conventional */
	struct fact_u64 config_bytes; /* bytes: readable bytes of its configuration space: 64, 256
					 or 4096 */
	struct fact_bool has_msi;     /* it can signal interrupts by messages (MSI) */
	struct fact_bool has_msix;    /* it can by MSI-X */
	struct fact_bool is_msi_enabled;  /* MSI is in use */
	struct fact_bool is_msix_enabled; /* MSI-X is in use */
	struct fact_bool
		is_intx_disabled;  /* its interrupt line is switched off in the command register */
	struct fact_bool has_intx; /* it has an interrupt line */
	struct fact_u64 n_vectors; /* message vectors that are allocated (msi_irqs) */
	struct fact_u64 link_speed_mts;     /* MT/s: speed of its link now */
	struct fact_u64 link_width;         /* lanes: width of its link now */
	struct fact_u64 max_link_speed_mts; /* MT/s: speed it can do */
	struct fact_u64 max_link_width;     /* lanes: width it can do */
	struct fact_u64 path_speed_mts; /* MT/s: speed that every link up to the root port can do */
	struct fact_u64 path_width;  /* lanes: width that every link up to the root port can do */
	struct fact_u64 n_total_vfs; /* virtual functions it can have (SR-IOV) */
	struct fact_u64 n_vfs;       /* virtual functions it has */
	struct fact_str physical_function; /* of which it is a virtual function */
	struct fact_list bars;             /* memory regions; struct pci_bar */
	struct fact_bool has_acs;          /* it has access control services */
	struct fact_u64 acs_enabled;       /* bits of the ACS control register */
	struct fact_str
		aspm; /* power states of the link that are switched on: off, l0s, l1 or l0s+l1 */
	struct fact_bool has_l1_substates; /* L1.1 or L1.2 is switched on */
	struct fact_strs reset_methods; /* ways to reset it, in the order in which they are tried */
	struct fact_bool has_flr;       /* function level reset */
	struct fact_str power_state;    /* D0, D3hot, D3cold */
	struct fact_str runtime_status; /* active or suspended */
	struct fact_str power_control;  /* on or auto */
	struct fact_bool is_d3cold_allowed;          /* it may lose its power */
	struct fact_u64 max_payload_bytes;           /* bytes: MaxPayload that is set */
	struct fact_u64 max_payload_supported_bytes; /* bytes: MaxPayload that it can do */
	struct fact_u64 n_correctable;               /* correctable errors since boot (AER) */
};

struct pci_facts {
	struct fact_str source;      /* sysfs, or dump: lspci -xxxx text */
	struct fact_list functions;  /* all functions, by address; struct pci_function */
	struct fact_str aspm_policy; /* policy of the kernel for link power states */
};

extern const struct schema pci_bar_schema, pci_function_schema, pci_schema;

#endif
