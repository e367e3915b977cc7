/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_files.c - what CI systems and monitoring read of a check. */
#include <string.h>

#include "cli/check.h"
#include "cli/github.h"
#include "cli/output.h"
#include "core/say.h"
#include "report/annotations.h"
#include "report/junit.h"
#include "report/markdown_summary.h"
#include "report/openmetrics.h"

static int write_junit(FILE *out, void *arg)
{
	const struct check *c = arg;

	return report_junit(out, &c->out);
}

static int write_markdown(FILE *out, void *arg)
{
	const struct check *c = arg;

	return report_markdown_summary(out, &c->out);
}

static int write_openmetrics(FILE *out, void *arg)
{
	const struct check *c = arg;

	return report_openmetrics(out, c->host, c->findings, &c->out);
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
		if (report_annotations(stdout, &c->out) < 0)
			say_warning("the annotations could not be written");
		append_summary(c);
	}
	return status;
}
