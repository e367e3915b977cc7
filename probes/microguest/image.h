/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image.h - the memory of the built-in guest as it is when its vCPUs start (layout.h).
 */
#ifndef PROBES_MICROGUEST_IMAGE_H
#define PROBES_MICROGUEST_IMAGE_H

#include "core/base.h"
#include "probes/microguest/layout.h"

/* Bytes of memory for so many vCPUs: at least MG_MEMORY_MIN, a multiple of MG_PAGE_SIZE. */
size_t image_size(unsigned n_vcpus);

/*
 * Writes descriptor tables, page tables, task state segments and the payload into zeroed memory of
 * image_size(n_vcpus) bytes. -EINVAL: no vCPU or more than MG_VCPUS_MAX; -EFBIG: payload too large.
 */
int image_fill(uint8_t *memory, unsigned n_vcpus) MUST_CHECK;

/*
 * Maps the GiB at MG_EXTRA one to one, be there memory or not: in one page of 1 GiB, for guests
 * whose CPUID has such, or in pages of 2 MiB.
 */
void image_map_extra(uint8_t *memory, bool has_gib_pages);

/* Guest-physical address of the area of a vCPU, and its control page as the host sees it. */
uint64_t image_area(unsigned vcpu);
struct mg_control *image_control(uint8_t *memory, unsigned vcpu);
/* Its MG_SAMPLES_MAX samples, of which mg_control.n_samples are valid. */
uint64_t *image_samples(uint8_t *memory, unsigned vcpu);

#endif
