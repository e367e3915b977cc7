/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan.c - the fixes of a result as files, never applied. */
#include "report/plan.h"

#include <string.h>

#include "cli/judge.h"
#include "cli/output.h"
#include "cli/rehearse.h"
#include "core/say.h"
#include "core/timebase.h"

struct plan_options {
	const char *result;
	const char *folder;
};

/* clang-format off */
static const struct argp_option options[] = {
	{ "output", 'o', "DIR", 0, "Folder for the files (default: vfiobench-plan-<UTC>)", 0 },
	{ 0 }
};
/* clang-format on */

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct plan_options *o = state->input;

	if (key == 'o') {
		o->folder = arg;
		return 0;
	}
	return verb_parse_result(key, arg, state, &o->result) ? 0 : ARGP_ERR_UNKNOWN;
}

struct writing {
	const struct plan_context *context;
	int (*write)(FILE *out, const struct plan_context *c);
};

static int write_one(FILE *out, void *arg)
{
	const struct writing *w = arg;

	return w->write(out, w->context);
}

static int save(const char *folder, const char *name, const struct plan_context *c,
		int (*write)(FILE *out, const struct plan_context *c))
{
	struct writing w = { c, write };
	auto_free char *path = NULL;
	int r;

	if (asprintf(&path, "%s/%s", folder, name) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	r = output_file(path, write_one, &w);
	if (r < 0)
		say_error("%s: %s", path, strerror(-r));
	return r;
}

static int save_all(const char *folder, const struct plan_context *c, size_t *ret_n)
{
	int r = save(folder, "README.md", c, plan_write_readme);

	*ret_n = 0;
	for (size_t i = 0; r == 0 && plan_files[i].name; i++) {
		if (!plan_files[i].has(c))
			continue;
		r = save(folder, plan_files[i].name, c, plan_files[i].write);
		*ret_n += r == 0;
	}
	return r;
}

/* A README.md that is not a plan's: the folder is somebody's, and nothing in it is replaced. */
static bool is_foreign(const char *folder)
{
	static const char title[] = "# What to change on this host";
	char start[sizeof(title)] = "";
	auto_free char *path = NULL;
	FILE *f;
	size_t n;

	if (asprintf(&path, "%s/README.md", folder) < 0) {
		path = NULL;
		return true;
	}
	f = fopen(path, "re");
	if (!f)
		return errno != ENOENT;
	n = fread(start, 1, sizeof(title) - 1, f);
	fclose(f);
	return n < sizeof(title) - 1 || strcmp(start, title) != 0;
}

static int write_plan(const struct plan_options *o, const struct common *common,
		      const struct plan_context *c)
{
	auto_free char *folder = NULL;
	size_t n = 0;
	int r = output_folder(o->folder, "vfiobench-plan", unix_now_ns(), &folder);

	if (r < 0) {
		say_error("%s: %s", o->folder ? o->folder : "a folder for the plan", strerror(-r));
		return r;
	}
	if (is_foreign(folder)) {
		say_error("%s: has a README.md that is no plan's; name another folder with -o",
			  folder);
		return -EEXIST;
	}
	r = save_all(folder, c, &n);
	if (r == 0 && !common->is_quiet)
		printf("%zu file%s and a README in %s: read that first. Nothing was applied.\n", n,
		       n == 1 ? "" : "s", folder);
	return r;
}

/* With the guest's XML edited and judged again, where there is one. */
static int make_plan(const struct doc *result, struct host *h, const struct findings *findings,
		     struct rehearsal *edited, struct plan *ret_plan)
{
	int r = rehearse(result, h, findings, edited);
	const size_t n = edited->n;

	if (r == 0)
		r = plan_make(n ? edited->hosts[n - 1] : h, findings,
			      n ? &edited->findings[n - 1] : NULL, ret_plan);
	if (r == 0 && n)
		ret_plan->guest_xml = edited->xml;
	if (r < 0)
		say_error("%s", strerror(-r));
	return r;
}

int verb_plan(int argc, char **argv)
{
	struct plan_options o = { 0 };
	const struct verb_spec spec = {
		.name = "plan",
		.args_doc = "RESULT",
		.doc = "Write the fixes of a result as files to review: kernel command line, sysctl.d, "
		       "modprobe.d, the guest's XML, interrupts, and a README with order and undo. "
		       "Applies nothing.\v"
		       "With --json the findings document is printed instead.",
		.options = options,
		.parse = parse,
		.own = &o,
	};
	auto_doc struct doc *result = NULL;
	auto_host struct host *h = NULL;
	auto_rehearsal struct rehearsal edited = { 0 };
	struct plan_context context;
	struct findings findings;
	struct common common;
	struct plan plan;

	verb_parse(&spec, argc, argv, &common);
	if (verb_load(o.result, &result, &h) < 0 || judge_host(h, &findings) < 0)
		return EXIT_CANNOT;
	if (common.is_json)
		return print_findings(&common, h, &findings, true);
	if (make_plan(result, h, &findings, &edited, &plan) < 0)
		return EXIT_CANNOT;
	context = (struct plan_context){ edited.n ? edited.hosts[edited.n - 1] : h, &findings,
					 edited.findings, edited.n, &plan };
	return write_plan(&o, &common, &context) < 0 ? EXIT_CANNOT : EXIT_DONE;
}
