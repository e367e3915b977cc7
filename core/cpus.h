/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpus.h - a set of CPU numbers, by value, compared as numbers and never as text.
 *
 * Formats: "list" (0-3,8,10-12; strides 0-10:2/4 as in the kernel's cpu lists) and "mask" (hex
 * words of 32 bits separated by commas, highest first; "00000c00,f000c00f" equals "c00,f000c00f").
 * Source: Documentation/admin-guide/kernel-parameters.rst "cpu lists", lib/bitmap.c.
 */
#ifndef CORE_CPUS_H
#define CORE_CPUS_H

#include "core/base.h"
#include "core/text.h"

/* NR_CPUS of a kernel built with MAXSMP: no x86 kernel numbers CPUs higher. */
#define CPUS_MAX 8192u

struct cpus {
	uint64_t word[CPUS_MAX / 64];
};

/* Empty or one-newline text and the kernel's "(null)" are the empty set. -EINVAL: not a list, or
 * longer than any kernel writes (CPUS_TEXT_MAX); -ERANGE: a number at or above CPUS_MAX. *ret_set
 * is written only on 0. As in the kernel, list entries may be separated by blanks too, and a mask
 * without commas may have any number of digits ("0x" in front is accepted). */
#define CPUS_TEXT_MAX 32768u
int cpus_parse_list(struct text t, struct cpus *ret_set) MUST_CHECK;
int cpus_parse_mask(struct text t, struct cpus *ret_set) MUST_CHECK;

/* "1-4,7-10" into buf, "" for the empty set. CPUS_LIST_SIZE is enough for any set (the longest is
 * "0-1,3-4,6-7" and so on: 26566 bytes and a NUL); a buffer that is too small gives -ENOSPC and an
 * empty string. */
#define CPUS_LIST_SIZE 26624u
int cpus_format_list(const struct cpus *set, char *buf, size_t size);
/* Hex mask as /proc/irq/N/smp_affinity takes it: no leading zeros, at least "0". */
#define CPUS_MASK_SIZE (CPUS_MAX / 32 * 9)
int cpus_format_mask(const struct cpus *set, char *buf, size_t size);
/* The same, allocated; NULL: no memory. Caller frees. */
char *cpus_list_new(const struct cpus *set);
char *cpus_mask_new(const struct cpus *set);

void cpus_add(struct cpus *set, unsigned cpu); /* ignored at or above CPUS_MAX */
void cpus_remove(struct cpus *set, unsigned cpu);
bool cpus_has(const struct cpus *set, unsigned cpu);
size_t cpus_count(const struct cpus *set);
bool cpus_is_empty(const struct cpus *set);
bool cpus_equal(const struct cpus *a, const struct cpus *b);
bool cpus_intersects(const struct cpus *a, const struct cpus *b);
bool cpus_is_subset(const struct cpus *inner, const struct cpus *outer);
struct cpus cpus_and(const struct cpus *a, const struct cpus *b);
struct cpus cpus_or(const struct cpus *a, const struct cpus *b);
struct cpus cpus_minus(const struct cpus *a, const struct cpus *b);

/* for (int c = cpus_next(s, 0); c >= 0; c = cpus_next(s, (unsigned)c + 1)): members in order. */
int cpus_next(const struct cpus *set, unsigned from); /* -1: none at or above from */

#endif
