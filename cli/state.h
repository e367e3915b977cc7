/* SPDX-License-Identifier: GPL-2.0-or-later */
/* state.h - the state probes, all at once: the first stage of run, the whole of audit. */
#ifndef CLI_STATE_H
#define CLI_STATE_H

#include "analyze/host.h"
#include "cli/collect.h"

struct state_wish {
	const char *sysroot;    /* NULL: this machine */
	const char *domain_xml; /* NULL: what is running says */
	const char *qemu_argv;
	const char *guest_pid; /* whose configuration; NULL: of the one that runs */
	const char *only;      /* name of the one probe to run; NULL: every state probe */
};

/* Runs the state probes and puts the documents into the result. As collect(). */
int collect_state(struct doc *result, const struct state_wish *wish, const struct timebase *time,
		  int stop_fd) MUST_CHECK;

/*
 * Files that the user named can be read: the probes would only leave a gap. 0, or a negative errno
 * after one line on stderr.
 */
int state_check_files(const struct state_wish *wish) MUST_CHECK;
/*
 * They hold a guest's configuration, as the state probes found: no verdict may stand on its
 * absence. 0, also after a warning about broken XML, or -EBADMSG after one line on stderr.
 */
int state_check_domain(const struct state_wish *wish, const struct host *h) MUST_CHECK;

#endif
