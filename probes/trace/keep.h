/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keep.h - what was recorded live, as a file for trace-cmd, KernelShark and ourselves: trace.dat of
 * version 6, that all of them read.
 *
 * Source: trace-cmd.dat.v6(5). Numbers of options: trace-cmd.dat.v7(5), which has the same ones.
 */
#ifndef PROBES_TRACE_KEEP_H
#define PROBES_TRACE_KEEP_H

#include "core/sysroot.h"
#include "probes/trace/machine.h"

struct keep_source {
	const struct sysroot *root;         /* tracefs, /proc/kallsyms */
	int spool_dir;                      /* raw pages: the files cpu<N> of live.h */
	const char *clock;                  /* of the events, in ns: "mono" */
	const struct trace_member *members; /* their names are written */
	size_t n_members;
	/* Asked now and then: true ends the writing. NULL: it goes on to the end. */
	bool (*is_stopped)(void *arg);
	void *stop_arg;
};

struct keep_stats {
	uint64_t n_events, n_bytes; /* of the file */
};

/*
 * Writes path as save_file() does. Of the kernel's formats, names of functions and of threads only
 * those are in it that the events need. 0; -ENODATA: no event was recorded; -ENOENT: no tracefs;
 * -ENOSPC and other -errno of writing; -ECANCELED: is_stopped() said so; -ENOMEM. *ret_why: NULL,
 * or a line for people about an error, freed by the caller.
 */
int keep_trace_write(const char *path, const struct keep_source *source,
		     struct keep_stats *ret_stats, char **ret_why) MUST_CHECK;

#endif
