/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * smaps.h - what guest memory is made of, from the lines of /proc/PID/smaps.
 *
 * Guest memory cannot be told from other memory of the process by name, so what counts is what may
 * be it: private or shared memory that can be written and not executed, of more than 16 MiB (a
 * graphics card of QEMU has 16 MiB), and all reserved huge pages. Registers of devices that are
 * mapped into the process (vfio) do not count.
 * Source: Documentation/filesystems/proc.rst, "/proc/PID/smaps" and the table of VmFlags.
 */
#ifndef PROBES_PARSE_SMAPS_H
#define PROBES_PARSE_SMAPS_H

#include "core/text.h"

#define SMAPS_OVER_KIB 16384u

struct smaps_backing {
	uint64_t page_kib; /* KernelPageSize: 4 also where huge pages are transparent */
	bool is_hugetlb;
	uint64_t size_kib, resident_kib;
	uint64_t anon_huge_kib; /* in transparent huge pages, of anonymous or shared memory */
};

/* Page sizes of one process; a machine has at most four (arm64: eight). */
#define SMAPS_N_BACKINGS 8u

struct smaps {
	struct smaps_backing backings[SMAPS_N_BACKINGS]; /* by page size, then hugetlb last */
	size_t n;
	bool is_cut;          /* more of them than room: the text is of no kernel */
	uint64_t n_mergeable; /* mappings that same-page merging may scan (VmFlags mg) */
	/* the mapping that is being read */
	bool is_open, is_data, is_device;
	struct smaps_backing mapping;
	uint64_t hugetlb_kib;
};

/* Start with a zeroed struct smaps, give it each line, then end it: the results are in backings. */
void smaps_add_line(struct smaps *smaps, struct text line);
void smaps_end(struct smaps *smaps);

#endif
