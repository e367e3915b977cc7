/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session.h - one run: its stages in order, each adding to the result document.
 *
 * A signal ends the stage that runs; what it measured by then is in the result, marked partial.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "analyze/target.h"
#include "cli/collect.h"
#include "cli/measuring_lock.h"
#include "cli/state.h"

struct session_wish { /* what the user asked for; text is not owned */
	const char *guest, *domain_xml, *label, *profile;
	const char *keep_trace; /* where to write what was traced; NULL: nowhere */
	struct cpus cpus;
	const char *cpus_source; /* as of struct target_wish; NULL: the user named them */
	bool has_cpus, no_cstates, is_passive, is_quiet;
	uint64_t n_reps, rep_duration_ns;
};

struct session {
	const struct session_wish *wish;
	const struct timebase *time;
	int stop_fd; /* readable when a signal came */
	int signal;  /* which; 0: none */
	int error;   /* a stage failed after others had measured; 0: none */
	bool has_measured;
	uint64_t started_unix_ns, started_ns;
	struct doc *result;
	struct host *host; /* decoded after the first state snapshot; owns what target points to */
	struct target target;
	struct program microguest;
	char *microguest_path, *guest_list;
	const char *microguest_argv[8];
	struct measuring_lock lock; /* while it measures */
	struct run_facts run;
	struct arena arena; /* warnings */
};

/* Blocks the signals of core/signals.h for this process and watches them. 0 or -errno. */
int session_init(struct session *s, const struct session_wish *wish) MUST_CHECK;
/* Ends the built-in guest if it still runs; others no longer see us measure. */
void session_release(struct session *s);
/*
 * All stages. 0: the result is complete, or partial after a signal (s->signal) or after a stage
 * that failed (s->error); < 0: nothing could be measured. One line was printed of each failure.
 */
int session_run(struct session *s) MUST_CHECK;
/*
 * What comes before measuring: settings, which guest and CPUs, our own place off them, the built-in
 * guest where there is no other. Returns as session_run() does.
 */
int session_prepare(struct session *s) MUST_CHECK;
/*
 * Puts the run, its guest and its CPUs into the result, and all members in the order of the format:
 * session_run() did that. 0 or -errno.
 */
int session_describe(struct session *s) MUST_CHECK;
/*
 * After session_prepare(), when nothing is measured any more: warns of another vfiobench that began
 * to meanwhile; session_run() did that. 0 or -ENOMEM.
 */
int session_unlock(struct session *s) MUST_CHECK;
/* How long the measuring stages take. */
uint64_t session_duration_ns(const struct session_wish *wish);

#endif
