/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe.h - what a probe is, and the main() all of them share.
 *
 * A probe is a program, vfiobench-probe-NAME, that fills one struct of facts and prints one
 * document. A state probe is a pure function of a file tree and replays from --sysroot; a timed
 * probe measures this machine for a while.
 *
 * Exit status: 0 when a valid document was printed (also with status partial, skipped or failed),
 * else 2. A missing file is a gap in the document, never an error.
 */
#ifndef PROBES_PROBE_H
#define PROBES_PROBE_H

#include <sys/types.h>

#include "core/arena.h"
#include "core/base.h"
#include "core/cpus.h"
#include "core/sysroot.h"
#include "core/timebase.h"
#include "facts/schema.h"

enum probe_kind { PROBE_STATE, PROBE_TIMED };

enum probe_needs { /* not met: status "skipped" with the reason */
		   PROBE_NEEDS_ROOT = 1 << 0,
		   PROBE_NEEDS_GUEST = 1 << 1, /* --guest-pid */
		   PROBE_NEEDS_X86 = 1 << 2
};

struct probe {
	const char *name;  /* "aio": program vfiobench-probe-aio, key "aio" in the result */
	const char *title; /* what it looks at or measures, for `vfiobench probes` */
	enum probe_kind kind;
	unsigned needs;
	const struct schema *schema;
};

/* THE table, in the order of the result document. */
extern const struct probe probe_table[];
extern const size_t n_probes;
const struct probe *probe_find(const char *name); /* NULL: none of that name */

struct gap {
	const char *field; /* "cpu.nohz_full" */
	const char *path;  /* file that was to be read, or "" */
	const char *error; /* "ENOENT", or a few words */
	struct gap *next;
};

/* What a probe is given. Options a probe does not use are ignored by it. */
struct probe_env {
	const struct probe *probe;
	const struct sysroot *root;
	const char *root_path; /* for libraries that want a path: "/" or the captured tree */
	const struct timebase *time;
	struct arena *arena;   /* facts go here */
	struct cpus cpus;      /* --cpus: CPUs to measure; empty: none given */
	struct cpus spin_free; /* --no-spin: CPUs on which nothing of ours may spin */
	uint64_t rep_duration_ns, n_reps, interval_ns;
	pid_t guest_pid; /* 0: none */
	bool no_cstates;
	const char *domain_xml, *qemu_argv; /* files given by the user, or NULL */
	const char *recording, *keep_trace; /* trace: a file to read, one to write; or NULL */
	struct text answers;                /* use probe_answer() */
	struct gap *gaps, **gaps_end;       /* use the functions below */
	const char *reason;                 /* why the status is not ok */
	bool is_failed, is_skipped;
};

typedef int probe_measure_fn(struct probe_env *env, void *facts);
/* measure() returns < 0 only when there is no memory; then the document says failed. */
int probe_main(int argc, char **argv, const char *name, probe_measure_fn *measure);

/* Notes why something is missing. error < 0: a negative errno. Returns 0 or -ENOMEM. */
int probe_gap(struct probe_env *env, const char *field, const char *path, int error) MUST_CHECK;
int probe_gap_words(struct probe_env *env, const char *field, const char *path, const char *fmt,
		    ...) FORMAT_PRINTF(4, 5) MUST_CHECK;
/* The measurement cannot be done at all: the reason, with status "skipped" or "failed". */
int probe_skip(struct probe_env *env, const char *fmt, ...) FORMAT_PRINTF(2, 3) MUST_CHECK;
int probe_fail(struct probe_env *env, const char *fmt, ...) FORMAT_PRINTF(2, 3) MUST_CHECK;

/*
 * Copy one file into one fact; missing or odd content: a gap named "PROBE.field". All return 0 or
 * -ENOMEM; a path that is NULL gives -ENOMEM, so that arena_printf() can stand in the call.
 */
int probe_read_u64(struct probe_env *env, struct fact_u64 *f, const char *field,
		   const char *path) MUST_CHECK;
int probe_read_str(struct probe_env *env, struct fact_str *f, const char *field,
		   const char *path) MUST_CHECK;
int probe_read_cpus(struct probe_env *env, struct fact_cpus *f, const char *field,
		    const char *path) MUST_CHECK;
/* Whole file as text in the arena; ret_text->at is NULL when it could not be read (a gap says so).
 */
int probe_read_text(struct probe_env *env, struct text *ret_text, const char *field,
		    const char *path) MUST_CHECK;
/* The same for a file that several facts come from: a gap for each of the fields. */
int probe_read_text_for(struct probe_env *env, struct text *ret_text, const char *const *fields,
			size_t n_fields, const char *path) MUST_CHECK;
/*
 * What only the machine itself can tell (CPUID, system calls, the output of programs), for which
 * the live probe has no file: in a tree that was captured whole, what the probe found there; arena
 * or NULL: no such answer. key: the field, "cpu.hypervisor", or of one item "irq.24.is_movable"; no
 * blanks. cli/answers.c writes them.
 */
const char *probe_answer(struct probe_env *env, const char *fmt, ...) FORMAT_PRINTF(2, 3);
/* The same into a fact, where the answer is a number or 0 or 1; false: there is none. */
bool probe_answer_u64(struct probe_env *env, struct fact_u64 *f, const char *key);
bool probe_answer_bool(struct probe_env *env, struct fact_bool *f, const char *key);
/*
 * The kernel log: live by syslog(2), of a captured tree from /dmesg or /var/log/dmesg. The text
 * stays in the arena, at most 1 MiB; *ret_text.at NULL with a gap named field when there is none.
 * It is a ring: a line that is absent may have been overwritten.
 */
int probe_kernel_log(struct probe_env *env, struct text *ret_text, const char *field) MUST_CHECK;

#endif
