/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace_parts.h - the other ways of the trace probe; for it alone. */
#ifndef PROBES_TRACE_PARTS_H
#define PROBES_TRACE_PARTS_H

#include "facts/trace.h"
#include "probes/probe.h"
#include "probes/trace/tracer.h"

/*
 * The facts of env->recording, somebody's file: all that is done to it is done without rights. What
 * is odd about it are gaps. 0, -ENOMEM.
 */
int trace_recording(struct probe_env *env, struct trace_facts *facts) MUST_CHECK;

/*
 * From here on this process may have 8 GiB of address space, 1700 s of CPU time (blame waits half
 * an hour), files of 4 GiB, or of a quarter of what is free in /tmp, where libtracecmd unpacks
 * packed recordings, and no core: setrlimit(2). What was less stays so. 0 or -errno.
 */
int trace_limits_set(void) MUST_CHECK;
/* For people: the limit that made reading fail with that error; NULL: none did. */
const char *trace_limits_hit(int error);

struct trace_spool {        /* raw pages, until they become env->keep_trace */
	char *path;         /* a folder of ours in /var/tmp, locked (flock(2)); NULL: none */
	int fd;             /* -1: none */
	uint64_t max_bytes; /* that it may take */
};

struct trace_kept { /* what is known of a recording besides its pages */
	const struct trace_member *members;
	size_t n_members;
	bool has_events;
	bool is_interrupted; /* somebody waits for our end */
};

/* Those that killed runs left are removed; also to be called when nothing is to be kept. */
void trace_spool_sweep(void);
/* No folder: a gap says so. 0, -ENOMEM. */
int trace_spool_open(struct probe_env *env, struct trace_spool *ret_spool) MUST_CHECK;
/*
 * Once recording is over: writes env->keep_trace, or a gap says why not. A signal that asks us to
 * stop ends the writing. 0, -ENOMEM.
 */
int trace_spool_keep(struct probe_env *env, const struct trace_spool *spool,
		     const struct trace_kept *kept) MUST_CHECK;
/* The folder is gone. */
void trace_spool_close(struct trace_spool *spool);

#endif
