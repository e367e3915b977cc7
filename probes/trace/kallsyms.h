/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kallsyms.h - names of kernel functions by their addresses, read from /proc/kallsyms when the
 * first one is asked for (some 0.1 s), or before by a thread.
 *
 * Where addresses are hidden (kptr_restrict, lockdown: all are zero) there are no names. At most
 * 2^20 functions and 64 MiB are kept. Source: scripts/kallsyms.c, proc(5).
 */
#ifndef PROBES_TRACE_KALLSYMS_H
#define PROBES_TRACE_KALLSYMS_H

#include "core/sysroot.h"

struct kallsyms;

/* root: copied, must stay open. NULL: no memory. */
struct kallsyms *kallsyms_new(const struct sysroot *root);
void kallsyms_free(struct kallsyms *k); /* NULL is fine */
/*
 * Reads in a thread of its own, on the CPUs of the caller, no signals; the first question waits for
 * it. A reader of buffers that fill meanwhile has no 0.1 s to spare. Where no thread can be had,
 * the first question reads.
 */
void kallsyms_start(struct kallsyms *k);
/*
 * The function that begins there, of aliases the first as the kernel's own "%ps"; NULL: none, or of
 * a module that was loaded after the file was read. A trace_function_fn; arg is the struct
 * kallsyms, and the name lives as long as that.
 */
const char *kallsyms_name(void *arg, uint64_t address);
size_t kallsyms_n(const struct kallsyms *k); /* 0: not read, or hidden */

#endif
