/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exits_walk.h - a way through memory that no prefetcher and no TLB can foresee.
 *
 * In each page of 4 KiB one word, in a cache line taken at random, holds the address of the word in
 * another page; following them visits each page once and comes back to the first one. With one line
 * of each page the way through 64 MiB takes 1 MiB of cache, so what makes its loads dear is the
 * translation of addresses: 16384 pages are more than a TLB holds, 32 pages of 2 MiB are not.
 */
#ifndef PROBES_EXITS_WALK_H
#define PROBES_EXITS_WALK_H

#include "core/base.h"

#define EXITS_WALK_PAGE 4096u

/*
 * Writes the way into memory of size bytes, which the guest sees at guest_at. The same seed gives
 * the same way. *ret_start: guest address of its first word. -EINVAL: size is no multiple of a
 * page, or less than two pages, or over 2^32 of them; -ENOMEM.
 */
int exits_walk_fill(uint8_t *memory, size_t size, uint64_t guest_at, uint64_t seed,
		    uint64_t *ret_start) MUST_CHECK;

#endif
