/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalogue.c - THE list of catalogue parts: one file per domain, beside its rules. */
#include "analyze/catalogue.h"

/* clang-format off */
extern const struct tweak
	catalogue_clock[],
	catalogue_cpu[],
	catalogue_pin[],
	catalogue_irq[],
	catalogue_memory[],
	catalogue_aio[],
	catalogue_disk[],
	catalogue_disk_io[],
	catalogue_nic[],
	catalogue_input[],
	catalogue_guestmem[],
	catalogue_pages[],
	catalogue_host[],
	catalogue_cmdline[],
	catalogue_isolation[],
	catalogue_kvm[],
	catalogue_kernel[],
	catalogue_hyperv[],
	catalogue_hyperv_more[],
	catalogue_machine[],
	catalogue_hide[],
	catalogue_tasks[];

const struct tweak *const catalogue_parts[] = {
	catalogue_clock,
	catalogue_cpu,
	catalogue_pin,
	catalogue_irq,
	catalogue_memory,
	catalogue_aio,
	catalogue_disk,
	catalogue_disk_io,
	catalogue_nic,
	catalogue_input,
	catalogue_guestmem,
	catalogue_pages,
	catalogue_host,
	catalogue_cmdline,
	catalogue_isolation,
	catalogue_kvm,
	catalogue_kernel,
	catalogue_hyperv,
	catalogue_hyperv_more,
	catalogue_machine,
	catalogue_hide,
	catalogue_tasks,
	NULL,
};
