/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_files.c - what CI systems and monitoring read of a check. */
#include <string.h>
#include <sys/stat.h>

#include "cli/check.h"
#include "cli/github.h"
#include "cli/output.h"
#include "core/say.h"
#include "report/annotations.h"
#include "report/junit.h"
#include "report/markdown_summary.h"
#include "report/openmetrics.h"

struct named_file {
	const char *option, *path; /* option "": a RESULT */
	bool is_output;
};

static const char *without_dot(const char *path)
{
	while (!strncmp(path, "./", 2))
		path += 2 + strspn(path + 2, "/");
	return path;
}

/* Devices may be written to by several. */
static bool is_same_file(const char *x, const char *y)
{
	struct stat a, b;

	if (stat(x, &a) < 0 || stat(y, &b) < 0)
		return !strcmp(without_dot(x), without_dot(y));
	return a.st_dev == b.st_dev && a.st_ino == b.st_ino && S_ISREG(a.st_mode);
}

void check_outputs(const struct check_options *o, struct argp_state *state)
{
	const struct named_file files[] = {
		{ "--junit", o->junit, true },
		{ "--markdown", o->markdown, true },
		{ "--openmetrics", o->openmetrics, true },
		{ "--budget", o->budget, false },
		{ "--baseline", o->n_baselines ? o->baselines[0] : NULL, false },
		{ "RESULT", o->result, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files) && files[i].is_output; i++) {
		if (files[i].path && !strcmp(files[i].path, "-"))
			verb_usage(state,
				   "%s=-: the name of a file is expected: what was found stands "
				   "on standard output",
				   files[i].option);
		for (size_t k = i + 1; files[i].path && k < ARRAY_SIZE(files); k++) {
			if (files[k].path && is_same_file(files[i].path, files[k].path))
				verb_usage(state, "%s and %s are the same file: %s",
					   files[i].option, files[k].option, files[k].path);
		}
	}
}

static int write_junit(FILE *out, void *arg)
{
	const struct check *c = arg;

	return report_junit(out, &c->shared);
}

static int write_markdown(FILE *out, void *arg)
{
	const struct check *c = arg;

	return report_markdown_summary(out, &c->shared);
}

static int write_openmetrics(FILE *out, void *arg)
{
	const struct check *c = arg;
	const struct doc *result = c->is_measured ? c->measured.session.result : c->result;
	auto_host struct host *shared = NULL;
	struct findings findings;
	int r;

	if (c->options->share.is_raw)
		return report_openmetrics(out, c->host, c->findings, &c->out);
	r = share_host(&c->options->share, result, &shared, &findings);
	return r < 0 ? r : report_openmetrics(out, shared, &findings, &c->shared);
}

static int write_file(struct check *c, const char *path, int (*write)(FILE *out, void *arg))
{
	const int r = path ? output_file(path, write, c) : 0;

	if (r < 0)
		say_error("%s: %s", path, strerror(-r));
	return r;
}

/*
 * Earlier steps may have written to it: it grows. What went wrong with it is no fault of the
 * machine's, nor of the check.
 */
static void append_summary(struct check *c)
{
	const char *path = getenv("GITHUB_STEP_SUMMARY");
	FILE *f;
	int r;

	if (c->options->markdown || !path || !*path)
		return;
	f = fopen(path, "ae");
	r = f ? write_markdown(f, c) : neg_errno();
	if (f && fclose(f) == EOF && r == 0)
		r = neg_errno();
	if (r < 0)
		say_warning("%s: %s", path, strerror(-r));
}

int check_write_files(struct check *c)
{
	const struct check_options *o = c->options;
	const struct {
		const char *path;
		int (*write)(FILE *out, void *arg);
	} files[] = { { o->junit, write_junit },
		      { o->markdown, write_markdown },
		      { o->openmetrics, write_openmetrics } };
	int status = EXIT_DONE;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (write_file(c, files[i].path, files[i].write) < 0)
			status = EXIT_CANNOT;
	}
	/* Who asks for a document makes of it what is wanted. */
	if (is_github() && !c->common->is_json) {
		/* The runner reads both streams, but in stdout it was told to stop until now. */
		if (report_annotations(stdout, &c->shared) < 0)
			say_warning("the annotations could not be written");
		append_summary(c);
	}
	return status;
}
