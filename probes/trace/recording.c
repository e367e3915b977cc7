/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/recording.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "probes/trace/recording_parts.h"

enum { MAGIC_MAX = 16 };

/* What else people have of a trace, and what to do about it. */
static const struct {
	const char *magic;
	size_t n;
	const char *why;
} others[] = {
	{ "PERFILE2", 8, "a perf.data: give the text that perf script prints of it" },
	{ "\x1f\x8b", 2, "compressed by gzip: unpack it first" },
	{ "\xfd"
	  "7zXZ",
	  5, "compressed by xz: unpack it first" },
	{ "\x28\xb5\x2f\xfd", 4, "compressed by zstd: unpack it first" },
	{ "PK\x03\x04", 4, "a zip file: unpack it first" },
	{ "\x7f"
	  "ELF",
	  4, "a program or a core dump, not a recording" },
};

/* trace-cmd.dat.v6(5), trace-cmd.dat.v7(5) */
static const char dat_magic[] = "\x17\x08\x44tracing";

int recording_error(char **ret_why, int error, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vasprintf(ret_why, fmt, args);
	va_end(args);
	if (n >= 0)
		return error;
	*ret_why = NULL;
	return -ENOMEM;
}

void recording_add_note(struct recording *r, const char *field, const char *fmt, ...)
{
	char *words = NULL;
	va_list args;
	int n;

	va_start(args, fmt);
	n = r->n_notes < RECORDING_NOTES_MAX ? vasprintf(&words, fmt, args) : -1;
	va_end(args);
	if (n >= 0)
		r->notes[r->n_notes++] = (struct recording_note){ field, words };
}

static void add_member_notes(struct recording *r)
{
	const struct member_finder *f = &r->found;

	if (!f->n_vcpus)
		recording_add_note(r, "vcpus",
				   "no thread in it is known to be a vCPU: no thread "
				   "is called 'CPU 0/KVM', and none entered or left a guest");
	if (f->n_unnumbered)
		recording_add_note(r, "vcpus",
				   "%zu vCPUs have no number in it: they are counted "
				   "in the order of their threads",
				   f->n_unnumbered);
	if (f->n_untold)
		recording_add_note(r, "vcpus", "the threads of %zu vCPUs are not told",
				   f->n_untold);
	if (f->is_shared)
		recording_add_note(r, "vcpus",
				   "several threads are the same vCPU: there is more "
				   "than one guest in it");
	if (f->n_too_many)
		recording_add_note(r, "vcpus",
				   "more than %d threads are guests': the others are "
				   "left out",
				   TRACE_MEMBERS_MAX);
	recording_add_note(r, "missing",
			   "a kind of event that is not in a recording counts as not "
			   "recorded, though it may only never have happened");
}

int recording_settle(struct recording *r, char **ret_why)
{
	struct member_finder *f = &r->found;
	const int error = member_finder_finish(f);

	if (error < 0)
		return error;
	if (!f->n_members)
		return recording_error(
			ret_why, -ESRCH,
			"no guest thread in it: among %" PRIu64 " events none is kvm_entry, "
			"kvm_exit, kvm_userspace_exit or kvm_vcpu_wakeup, and no thread is called "
			"'CPU 0/KVM', 'IO ...', 'vhost-...' or as QEMU",
			f->n_events);
	r->setup = (struct trace_setup){ .end_ns = UINT64_MAX,
					 .has_rt = f->has_rt,
					 .rung = "recording" };
	for (size_t i = 0; i < N_TRACE_KINDS; i++)
		r->setup.has[i] = f->n_of_kind[i];
	add_member_notes(r);
	return 0;
}

/* Bytes at the start; their number, or a negative errno. */
static ssize_t read_magic(int fd, char *buf, size_t size)
{
	size_t n = 0;
	ssize_t got;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return neg_errno();
	while (n < size && (got = pread(fd, buf + n, size - n, (off_t)n)) != 0) {
		if (got < 0)
			return neg_errno();
		n += (size_t)got;
	}
	return (ssize_t)n;
}

static int open_text(struct recording *r, int fd, char **ret_why)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	if (own < 0)
		return neg_errno();
	r->in = fdopen(own, "r");
	if (!r->in) {
		close(own);
		return -ENOMEM;
	}
	return recording_text_open(r, ret_why);
}

static int open_any(struct recording *r, int fd, char **ret_why)
{
	char magic[MAGIC_MAX];
	const ssize_t n = read_magic(fd, magic, sizeof(magic));

	if (n < 0)
		return (int)n;
	if ((size_t)n >= sizeof(dat_magic) - 1 && !memcmp(magic, dat_magic, sizeof(dat_magic) - 1))
		return recording_dat_open(r, fd, ret_why);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		if ((size_t)n >= others[i].n && !memcmp(magic, others[i].magic, others[i].n))
			return recording_error(ret_why, -EBADMSG, "%s", others[i].why);
	}
	return open_text(r, fd, ret_why);
}

int recording_open(int fd, struct recording **ret_recording, char **ret_why)
{
	struct recording *r = calloc(1, sizeof(*r));
	int error;

	*ret_why = NULL;
	if (!r)
		return -ENOMEM;
	member_finder_init(&r->found);
	error = open_any(r, fd, ret_why);
	if (error < 0) {
		recording_close(r);
		return error;
	}
	*ret_recording = r;
	return 0;
}

void recording_close(struct recording *r)
{
	if (!r)
		return;
	recording_text_close(r);
	recording_dat_close(r);
	member_finder_release(&r->found);
	for (size_t i = 0; i < r->n_notes; i++)
		free((void *)(uintptr_t)r->notes[i].words);
	free(r);
}

struct trace_source *recording_source(struct recording *r)
{
	return r->source;
}

const struct trace_setup *recording_setup(const struct recording *r)
{
	return &r->setup;
}

const struct trace_member *recording_members(const struct recording *r, size_t *ret_n)
{
	*ret_n = r->found.n_members;
	return r->found.members;
}

const char *recording_format(const struct recording *r)
{
	return r->format;
}

const struct recording_note *recording_notes(const struct recording *r, size_t *ret_n)
{
	*ret_n = r->n_notes;
	return r->notes;
}
