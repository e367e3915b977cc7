/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * collect.h - runs probe programs side by side and gathers their documents.
 *
 * A probe that crashes, hangs or prints nonsense costs only its own document: that says "failed"
 * with the reason, and the run goes on.
 */
#ifndef CLI_COLLECT_H
#define CLI_COLLECT_H

#include "core/doc.h"
#include "core/program.h"
#include "probes/probe.h"

enum { PROBE_CALL_ARGS = 24 };

struct probe_call {
	const struct probe *probe;
	const char *args[PROBE_CALL_ARGS]; /* after the program's name; the rest is NULL */
	size_t n_args;
	uint64_t limit_ns;
	struct doc *document; /* filled by collect(); never NULL after it returned 0 */
};

/* Room for one more argument pair: "--cpus", "1-4". Text is not copied. */
void probe_call_add(struct probe_call *c, const char *option, const char *value);

/*
 * Where the programs are: beside our own executable (build tree), where they were installed with
 * it (a tree that may have been moved), else in the installed folder.
 * Caller frees; NULL: no memory.
 */
char *program_path(const char *name);

/*
 * Runs all calls at once. 0, -ENOMEM, or -EINTR when stop_fd became readable (documents that the
 * probes printed on their way out are there even so).
 */
int collect(struct probe_call *calls, size_t n, const struct timebase *time, int stop_fd);
void probe_calls_release(struct probe_call *calls, size_t n);

#endif
