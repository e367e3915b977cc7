/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/collect.h"

#include <limits.h>
#include <string.h>

#ifndef VFIOBENCH_LIBEXECDIR
#define VFIOBENCH_LIBEXECDIR "/usr/local/libexec/vfiobench"
#endif
#ifndef VFIOBENCH_LIBEXEC_FROM_BIN
#define VFIOBENCH_LIBEXEC_FROM_BIN "../libexec/vfiobench"
#endif

void probe_call_add(struct probe_call *c, const char *option, const char *value)
{
	/* One place stays NULL: the end of argv. */
	if (c->n_args + 2 >= PROBE_CALL_ARGS)
		abort();
	c->args[c->n_args++] = option;
	if (value)
		c->args[c->n_args++] = value;
}

char *program_path(const char *name)
{
	/* In a build folder all lie together; an installed tree may have been moved as a whole. */
	static const char *const beside[] = { ".", VFIOBENCH_LIBEXEC_FROM_BIN };
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash, *path = NULL;

	self[n > 0 ? n : 0] = '\0';
	slash = strrchr(self, '/');
	for (size_t i = 0; slash && i < ARRAY_SIZE(beside); i++) {
		auto_free char *tried = NULL;

		if (asprintf(&tried, "%.*s/%s/%s", (int)(slash - self), self, beside[i], name) <
		    0) {
			tried = NULL;
			return NULL;
		}
		/* Its plain path is what ps, pgrep and messages show. */
		if (access(tried, X_OK) == 0 && (path = realpath(tried, NULL)))
			return path;
	}
	return asprintf(&path, "%s/%s", VFIOBENCH_LIBEXECDIR, name) < 0 ? NULL : path;
}

/* The document of a probe that could not print one. */
static struct doc *failed_document(const struct probe *p, const char *reason)
{
	auto_doc struct doc *d = doc_object_new();

	if (!d || doc_put_str(d, "format", "vfiobench-probe") < 0 ||
	    doc_put_u64(d, "version", 1) < 0 || doc_put_str(d, "probe", p->name) < 0 ||
	    doc_put_str(d, "status", "failed") < 0 || doc_put_str(d, "reason", reason) < 0 ||
	    doc_put(d, "data", doc_object_new()) < 0 || doc_put(d, "gaps", doc_array_new()) < 0)
		return NULL;
	return doc_ref(d);
}

/* The last line it wrote to stderr says more than its exit status. */
static struct doc *failure_of(const struct probe *p, const struct program *program)
{
	struct text rest = text_make(program->err, program->n_err), line, last = { 0 };
	auto_free char *reason = NULL;
	char end[128], words[256];

	while (text_next_line(&rest, &line)) {
		if (text_trim(line).len)
			last = text_trim(line);
	}
	program_describe_end(program, end, sizeof(end));
	text_clean(last, words, sizeof(words));
	/* Where it was looked for, beside ours and here, is all there is to say of it. */
	if (program->end == PROGRAM_NOT_STARTED)
		snprintf(words, sizeof(words), "%s", program->argv[0]);
	if (asprintf(&reason, "%s%s%s", end, *words ? ": " : "", words) < 0) {
		reason = NULL;
		return NULL;
	}
	return failed_document(p, reason);
}

static bool is_document_of(const struct doc *d, const struct probe *p)
{
	const char *name;
	uint64_t version;

	return doc_check_format(d, "vfiobench-probe", 1, &version) == 0 &&
	       doc_get_str(d, "probe", &name) == 0 && !strcmp(name, p->name);
}

static struct doc *document_of(const struct probe *p, const struct program *program)
{
	struct doc *d = NULL;
	struct doc_error error;

	/* One that was stopped may still have printed what it had. */
	if (program->n_out && doc_parse(program->out, program->n_out, &d, &error) == 0 &&
	    is_document_of(d, p))
		return d;
	doc_free(d);
	return failure_of(p, program);
}

static const char **make_argv(const struct probe_call *c, const char *path)
{
	const char **argv = calloc(c->n_args + 2, sizeof(*argv));

	if (!argv)
		return NULL;
	argv[0] = path;
	memcpy(argv + 1, c->args, c->n_args * sizeof(*argv));
	return argv;
}

struct started {
	char *path;
	const char **argv;
};

static int start(const struct probe_call *c, struct started *s, struct program *p,
		 const struct timebase *time)
{
	auto_free char *name = NULL;

	if (asprintf(&name, "vfiobench-probe-%s", c->probe->name) < 0)
		return -ENOMEM;
	s->path = program_path(name);
	s->argv = s->path ? make_argv(c, s->path) : NULL;
	if (!s->argv)
		return -ENOMEM;
	*p = (struct program){ .argv = s->argv, .limit_ns = c->limit_ns };
	/* A program that is not there is told by its end. */
	(void)!program_start(p, time);
	return 0;
}

int collect(struct probe_call *calls, size_t n, const struct timebase *time, int stop_fd)
{
	auto_free struct program *programs = calloc(n, sizeof(*programs));
	auto_free struct started *started = calloc(n, sizeof(*started));
	size_t n_started = 0;
	int r = programs && started ? 0 : -ENOMEM, waited = 0;

	for (; r == 0 && n_started < n; n_started++)
		r = start(&calls[n_started], &started[n_started], &programs[n_started], time);
	if (programs)
		waited = programs_wait(programs, n_started, time, stop_fd);
	for (size_t i = 0; i < n_started; i++) {
		calls[i].document = r == 0 ? document_of(calls[i].probe, &programs[i]) : NULL;
		if (!calls[i].document)
			r = -ENOMEM;
		program_release(&programs[i]);
		free(started[i].argv);
		free(started[i].path);
	}
	return r < 0 ? r : waited;
}

void probe_calls_release(struct probe_call *calls, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		doc_free(calls[i].document);
		calls[i].document = NULL;
	}
}
