/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run.c - measure while a guest runs, judge, report, and leave result.json and report.html. */
#include <string.h>

#include "cli/assemble.h"
#include "cli/judge.h"
#include "cli/measuring.h"
#include "cli/output.h"
#include "cli/session.h"
#include "core/say.h"
#include "report/report.h"
#include "report/words.h"

enum { OPT_KEEP_TRACE = 0x100 };

/* clang-format off */
static const struct argp_option options[] = {
	MEASURING_PLACE_OPTIONS,
	MEASURING_TIME_OPTIONS,
	MEASURING_LABEL_OPTION,
	MEASURING_PASSIVE_OPTION,
	{ "keep-trace", OPT_KEEP_TRACE, NULL, 0, "Also leave trace.dat, for trace-cmd and KernelShark", 0 },
	{ "output", 'o', "DIR", 0, "Folder for result.json and report.html", 0 },
	FAIL_ON_OPTION,
	{ 0 }
};
/* clang-format on */

struct run_options {
	struct session_wish wish;
	const char *folder;
	bool keeps_trace;
	enum fail_on fail_on;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct run_options *o = state->input;

	switch (key) {
	case OPT_KEEP_TRACE:
		o->keeps_trace = true;
		return 0;
	case 'o':
		if (!strcmp(arg, "-"))
			argp_error(state, "--output=-: a folder is expected, the files are two");
		o->folder = arg;
		return 0;
	case OPT_FAIL_ON:
		o->fail_on = fail_on_parse(state, arg);
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s': no arguments are expected", arg);
		return 0;
	default:
		return measuring_parse(key, arg, state, &o->wish);
	}
}

struct page {
	struct host *h;
	const struct findings *f;
};

static int write_html(FILE *out, void *arg)
{
	const struct page *p = arg;

	return report_html(out, p->h, p->f);
}

static int save_as(const char *folder, const char *name, int (*write)(FILE *out, void *arg),
		   void *arg)
{
	auto_free char *path = NULL;
	int r;

	if (asprintf(&path, "%s/%s", folder, name) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	r = output_file(path, write, arg);
	if (r < 0)
		say_error("%s: %s", path, strerror(-r));
	return r;
}

/* What was measured is not thrown away because a disk is full. */
static void save_elsewhere(struct doc *result)
{
	auto_free char *folder = NULL;
	int r = output_spare_folder(&folder);

	if (r < 0)
		say_error("a folder for the result elsewhere: %s", strerror(-r));
	else if (save_as(folder, "result.json", output_write_document, result) == 0)
		say_error("the result was saved as %s/result.json instead", folder);
}

static bool has_measured(const struct host *h)
{
	return h->wake.units.n || h->tsc.costs.n || h->activity.window_ns.known;
}

static void print_end(const struct common *common, const char *folder)
{
	if (common->is_json)
		return;
	printf("\nReport: %s/report.html\n"
	       "Next:   change one setting, run it again, then: vfiobench compare BEFORE AFTER\n",
	       folder);
}

static int finish_run(const struct run_options *o, const struct common *common, struct session *s,
		      const char *folder)
{
	auto_host struct host *h = NULL;
	struct findings findings;
	struct page page;
	int r, status;

	/* First of all: what comes after it can fail, the measurement is not had again. */
	r = save_as(folder, "result.json", output_write_document, s->result);
	if (r < 0)
		save_elsewhere(s->result);
	if (result_decode(s->result, &h) < 0 || judge_host(h, &findings) < 0)
		return EXIT_CANNOT;
	page = (struct page){ h, &findings };
	if (r == 0)
		r = save_as(folder, "report.html", write_html, &page);
	status = common->is_json ? verb_print_json(s->result)
				 : print_findings(common, h, &findings, false);
	if (r < 0 || status)
		return EXIT_CANNOT;
	print_end(common, folder);
	if (s->signal)
		return 128 + s->signal;
	if (s->error)
		return EXIT_CANNOT;
	if (!has_measured(h)) {
		say_error("no probe worked: see 'vfiobench probes' for what to grant");
		return EXIT_CANNOT;
	}
	return fail_on_status(o->fail_on, &findings);
}

static int measure_and_report(struct run_options *o, const struct common *common, struct session *s)
{
	auto_free char *folder = NULL, *trace = NULL;
	auto_fd int lock = -1;
	char words[32];
	int r = output_folder(o->folder, "vfiobench", s->started_unix_ns, &folder);

	if (r < 0) {
		say_error("%s: %s", o->folder ? o->folder : "a folder for the result here",
			  strerror(-r));
		return EXIT_CANNOT;
	}
	r = output_lock(folder, &lock);
	if (r < 0) {
		say_error("%s: %s", folder,
			  r == -EBUSY ? "another run writes its result there" : strerror(-r));
		return EXIT_CANNOT;
	}
	if (o->keeps_trace && asprintf(&trace, "%s/trace.dat", folder) < 0) {
		trace = NULL;
		return EXIT_CANNOT;
	}
	o->wish.keep_trace = trace;
	words_of_ns(session_duration_ns(&o->wish), words, sizeof(words));
	say_note("this takes about %s; the result goes to %s", words, folder);
	r = session_run(s);
	if (r < 0) {
		/* Left only if it is ours and empty. */
		rmdir(folder);
		return EXIT_CANNOT;
	}
	return finish_run(o, common, s, folder);
}

int verb_run(int argc, char **argv)
{
	struct run_options o = { 0 };
	const struct verb_spec spec = {
		.name = "run",
		.doc = "Measure this host while a guest runs, judge what was found, and leave "
		       "result.json and report.html.\v"
		       "Without a running guest a small one of our own is used. Measuring "
		       "latency needs root. Nothing is changed on this machine. Ctrl-C ends the "
		       "run and keeps what was measured.",
		.options = options,
		.parse = parse,
		.own = &o,
	};
	struct common common;
	struct session s;
	int status = EXIT_CANNOT, r;

	verb_parse(&spec, argc, argv, &common);
	o.wish.is_quiet = common.is_quiet;
	if (measuring_complete(&o.wish) < 0)
		return EXIT_CANNOT;
	r = session_init(&s, &o.wish);
	if (r == 0)
		status = measure_and_report(&o, &common, &s);
	else
		say_error("%s", strerror(-r));
	session_release(&s);
	return status;
}
