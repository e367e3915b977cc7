/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * program.h - child programs: started without a shell, their output collected, with a time limit.
 *
 * Children die with us (PR_SET_PDEATHSIG), get an empty stdin, and our signal mask and dispositions
 * reset. Output is bounded (PROGRAM_OUTPUT_MAX); a child that writes more, or runs past its limit,
 * gets SIGTERM and, after a second, SIGKILL. Of stderr the first PROGRAM_STDERR_MAX bytes are kept.
 *
 * Each child leads a process group of its own: Ctrl-C of a terminal reaches us alone, and what we
 * end, we end with all its children. One that is confined leads a session, too, and gets none of
 * the descriptors that we were started with. What an ended child left in its pipes is read; a
 * grandchild that keeps them open is not waited for.
 */
#ifndef CORE_PROGRAM_H
#define CORE_PROGRAM_H

#include <sys/types.h>

#include "core/base.h"
#include "core/confine.h"
#include "core/timebase.h"

#define PROGRAM_OUTPUT_MAX (64u << 20)
#define PROGRAM_STDERR_MAX (64u << 10)

enum program_end {
	PROGRAM_RUNNING,
	PROGRAM_EXITED,     /* code: exit status */
	PROGRAM_SIGNALLED,  /* code: signal */
	PROGRAM_TIMED_OUT,  /* ended by us at the limit */
	PROGRAM_TOO_LOUD,   /* ended by us: output over the bound */
	PROGRAM_NOT_STARTED /* code: errno */
};

struct program {
	const char *const *argv;       /* argv[0] is a path; set by the caller */
	const char *const *env;        /* NULL: ours */
	const char *input;             /* written to stdin, may be NULL; must fit a pipe (64 kB) */
	const char *working_dir;       /* NULL: ours */
	const struct confine *confine; /* NULL: it may do what we may */
	uint64_t limit_ns;             /* 0: none */
	/* filled by program_start and programs_wait */
	enum program_end end;
	int code;
	pid_t pid;
	int out_fd, err_fd;
	char *out, *err; /* NUL-ended, freed by program_release */
	size_t n_out, n_err;
	uint64_t started_ns, term_sent_ns;
	bool is_eof_out, is_eof_err, is_reaped;
};

/* Also when it returns an error the struct is fit for programs_wait (end = NOT_STARTED). */
int program_start(struct program *p, const struct timebase *time);
/* Started, and not yet collected by programs_wait. */
static inline bool program_is_running(const struct program *p)
{
	return p->pid > 0 && !p->is_reaped;
}

/*
 * Waits until all have ended. When stop_fd becomes readable (-1: none) every child gets SIGTERM and
 * is still waited for; returns -EINTR then, else 0. Sleeps in poll(2): no periodic wake-ups.
 * -ENOMEM: there was no memory to wait with; the children were killed and collected.
 */
int programs_wait(struct program *p, size_t n, const struct timebase *time, int stop_fd);
/* Ask a running one to end (SIGTERM); programs_wait collects it. */
void program_stop(struct program *p);
/*
 * Read until the first line of its stdout is there (a "ready" handshake), bounded by timeout_ns.
 * -ETIMEDOUT: no line yet, the child still runs; -EPIPE: it closed its stdout or was not started;
 * -EMSGSIZE: PROGRAM_OUTPUT_MAX bytes without a newline.
 */
int program_wait_line(struct program *p, const struct timebase *time, uint64_t timeout_ns);
/* "exit status 2", "killed by signal 11 (Segmentation fault)", "still running after 3 s" … */
void program_describe_end(const struct program *p, char *buf, size_t size);
/* One that still runs is killed. Also fit for a zeroed struct that was never started. */
void program_release(struct program *p);

#endif
