/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exits_mapped.h - in pages of which size KVM has given memory to a guest, by its own counters.
 *
 * Source: Documentation/virt/kvm/api.rst, KVM_GET_STATS_FD (Linux 5.14): a header, descriptors with
 * names, and the values; the counters are pages_4k, pages_2m and pages_1g of the machine.
 */
#ifndef PROBES_EXITS_MAPPED_H
#define PROBES_EXITS_MAPPED_H

#include "core/base.h"

/* Value of a counter of that name. -ENOENT: there is none; -EBADMSG: the bytes are no statistics.
 */
int exits_stats_value(const uint8_t *bytes, size_t n_bytes, const char *name,
		      uint64_t *ret_value) MUST_CHECK;

/*
 * Page size, in KiB, that at least half of size_kib is mapped with, the largest if several are.
 * -ENODATA: none is; others as above.
 */
int exits_mapped_kib(const uint8_t *bytes, size_t n_bytes, uint64_t size_kib,
		     uint64_t *ret_kib) MUST_CHECK;

/* The statistics of a machine, as they are now; caller frees. Negative errno. */
int exits_stats_read(int vm_fd, uint8_t **ret_bytes, size_t *ret_n) MUST_CHECK;

#endif
