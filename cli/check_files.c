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

/* A folder as RESULT stands for the result in it. */
static bool is_result(const char *path, const char *result)
{
	auto_free char *inside = NULL;

	if (is_same_file(path, result))
		return true;
	if (asprintf(&inside, "%s/result.json", result) < 0)
		inside = NULL;
	return inside && is_same_file(path, inside);
}

static void refuse_same(struct argp_state *state, const char *option, const char *other,
			const char *path)
{
	verb_usage(state, "%s and %s are the same file: %s", option, other, path);
}

static void check_inputs(const struct check_options *o, struct argp_state *state,
			 const char *option, const char *path)
{
	if (o->budget && is_same_file(path, o->budget))
		refuse_same(state, option, "--budget", o->budget);
	for (size_t i = 0; i < o->n_baselines; i++) {
		if (is_same_file(path, o->baselines[i]))
			refuse_same(state, option, "--baseline", o->baselines[i]);
	}
	if (o->result && is_result(path, o->result))
		refuse_same(state, option, "RESULT", o->result);
}

void check_outputs(const struct check_options *o, struct argp_state *state)
{
	const struct {
		const char *option, *path;
	} files[] = {
		{ "--junit", o->junit },
		{ "--markdown", o->markdown },
		{ "--openmetrics", o->openmetrics },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (!files[i].path)
			continue;
		if (!strcmp(files[i].path, "-"))
			verb_usage(state,
				   "%s=-: the name of a file is expected: what was found stands "
				   "on standard output",
				   files[i].option);
		for (size_t k = i + 1; k < ARRAY_SIZE(files); k++) {
			if (files[k].path && is_same_file(files[i].path, files[k].path))
				refuse_same(state, files[i].option, files[k].option, files[k].path);
		}
		check_inputs(o, state, files[i].option, files[i].path);
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
