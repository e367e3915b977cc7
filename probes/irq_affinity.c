/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * irq_affinity.c - where each interrupt may go, does go, and whether it can be moved.
 * Source: Documentation/core-api/irq/irq-affinity.rst, kernel/irq/proc.c.
 */
#include <fcntl.h>
#include <inttypes.h>

#include "probes/irq_parts.h"

/* Says once per field what may have failed for thousands of lines. */
struct first_failure {
	const char *path;
	int error;
};

static void note_failure(struct first_failure *first, const char *path, int error)
{
	if (!first->error)
		*first = (struct first_failure){ path, error };
}

static int report(struct probe_env *env, const char *field, const struct first_failure *first)
{
	return first->error ? probe_gap(env, field, first->path, first->error) : 0;
}

static bool is_gone(struct probe_env *env, uint64_t irq)
{
	return env->root->is_whole &&
	       sysroot_exists(env->root, "/proc/irq/%" PRIu64, irq) == -ENOENT;
}

/* Old kernels have the mask only. */
static int read_set(struct probe_env *env, uint64_t irq, const char *name, struct fact_cpus *f,
		    struct first_failure *first)
{
	struct cpus set;
	char *path;
	int r = sysroot_read_list(env->root, &set, "/proc/irq/%" PRIu64 "/%s_list", irq, name);

	if (r == -ENOENT)
		r = sysroot_read_mask(env->root, &set, "/proc/irq/%" PRIu64 "/%s", irq, name);
	if (r == -ENOMEM)
		return r;
	if (r == 0) {
		fact_set_cpus(f, &set);
		return 0;
	}
	if (first->error || (r == -ENOENT && is_gone(env, irq)))
		return 0;
	path = arena_printf(env->arena, "/proc/irq/%" PRIu64 "/%s_list", irq, name);
	note_failure(first, path, r);
	return path ? 0 : -ENOMEM;
}

/*
 * Asks the kernel without changing anything: it is given a word that is no mask.
 * write_irq_affinity() first refuses interrupts that user space must not move (managed ones, and
 * chips that cannot), with EIO, newer kernels with EPERM. Only then does it parse what was written,
 * and fails on our word with EINVAL (EOVERFLOW for some texts). On either way it returns before the
 * affinity is touched. 0: can be moved, -EPERM: cannot, else why it is not known.
 */
static int ask_movable(struct probe_env *env, uint64_t irq)
{
	static const char no_mask[] = "x";
	auto_fd int fd =
		sysroot_open_file(env->root, O_WRONLY, "/proc/irq/%" PRIu64 "/smp_affinity", irq);

	if (fd < 0)
		return fd == -EPERM ? -EACCES : fd;
	if (write(fd, no_mask, sizeof(no_mask) - 1) >= 0)
		return -EBADMSG; /* no kernel takes it; then nothing is known */
	if (errno == EPERM || errno == EIO)
		return -EPERM;
	return errno == EINVAL || errno == EOVERFLOW ? 0 : neg_errno();
}

static int read_movable(struct probe_env *env, uint64_t irq, struct fact_bool *f,
			struct first_failure *first)
{
	int r = ask_movable(env, irq);
	char *path;

	if (r == 0 || r == -EPERM) {
		fact_set_bool(f, r == 0);
		return 0;
	}
	if (first->error || is_gone(env, irq))
		return 0;
	path = arena_printf(env->arena, "/proc/irq/%" PRIu64 "/smp_affinity", irq);
	note_failure(first, path, r);
	return path ? 0 : -ENOMEM;
}

static int find_movable(struct probe_env *env, struct irq_line *line, struct first_failure *first)
{
	const char *answer;
	bool v;

	if (env->root->is_live)
		return read_movable(env, line->irq.v, &line->is_movable, first);
	answer = probe_answer(env, "irq.%" PRIu64 ".is_movable", line->irq.v);
	if (answer && text_bool(text_of(answer), &v) == 0)
		fact_set_bool(&line->is_movable, v);
	return 0;
}

int irq_read_affinity(struct probe_env *env, struct irq_facts *f)
{
	struct first_failure affinity = { 0 }, effective = { 0 }, movable = { 0 };
	struct irq_line *lines = f->lines.v;
	bool is_any = false;
	int r = 0;

	for (size_t i = 0; i < f->lines.n && r == 0; i++) {
		struct irq_line *line = &lines[i];

		if (!line->irq.known)
			continue;
		is_any = true;
		r = read_set(env, line->irq.v, "smp_affinity", &line->affinity, &affinity);
		if (r == 0)
			r = read_set(env, line->irq.v, "effective_affinity", &line->effective,
				     &effective);
		if (r == 0)
			r = find_movable(env, line, &movable);
	}
	if (r == 0)
		r = report(env, "lines.affinity", &affinity);
	if (r == 0)
		r = report(env, "lines.effective", &effective);
	if (r == 0)
		r = report(env, "lines.is_movable", &movable);
	if (r == 0 && is_any && !env->root->is_whole)
		r = probe_gap_words(env, "lines.is_movable", "", "only the live system can tell");
	return r;
}
