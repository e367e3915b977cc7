/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check.c - THE gate: a session against baselines and budgets. */
#include "cli/check.h"

#include <string.h>

#include "cli/input.h"
#include "cli/judge.h"
#include "cli/margin.h"
#include "cli/measuring.h"
#include "cli/store.h"
#include "core/say.h"
#include "core/timebase.h"
#include "report/words.h"

/* One byte more than a file of budgets may have. */
#define BUDGET_SIZE_MAX (64 * KIB + 1)

enum {
	OPT_BASELINE = 0x100,
	OPT_BUDGET,
	OPT_STRICT,
	OPT_JUNIT,
	OPT_MARKDOWN,
	OPT_OPENMETRICS,
	OPT_UPDATE,
	OPT_MARGIN,
	OPT_ALL
};

/* clang-format off */
static const struct argp_option options[] = {
	{ "baseline", OPT_BASELINE, "FILE", 0, "Sessions to compare with: a file or a name of 'vfiobench baseline'; may be given again", 0 },
	{ "budget", OPT_BUDGET, "FILE", 0, "What must be kept, whatever it was before, and what is let off", 0 },
	{ "strict", OPT_STRICT, NULL, 0, "Exit 3 when it cannot be told", 0 },
	{ "update", OPT_UPDATE, NULL, 0, "After a pass add the session to the (first) baseline, which is made if it is not there", 0 },
	{ "margin", OPT_MARGIN, "PERCENT", 0, "Changes up to this are none (default: 10 or 25, by metric)", 0 },
	{ "all", OPT_ALL, NULL, 0, "Also exploratory metrics that did not move, and all settings that differ", 0 },
	{ "junit", OPT_JUNIT, "FILE", 0, "Also leave it as JUnit XML", 1 },
	{ "markdown", OPT_MARKDOWN, "FILE", 0, "Also leave it as Markdown (without this, and in GitHub Actions, the summary of the job)", 1 },
	{ "openmetrics", OPT_OPENMETRICS, "FILE", 0, "Also leave numbers for node_exporter", 1 },
	SHARE_OPTIONS,
	{ "output", 'o', "DIR", 0, "Folder for what is measured", 2 },
	MEASURING_PLACE_OPTIONS,
	MEASURING_TIME_OPTIONS,
	MEASURING_LABEL_OPTION,
	MEASURING_PASSIVE_OPTION,
	{ 0 }
};
/* clang-format on */

static void add_baseline(struct check_options *o, struct argp_state *state, const char *arg)
{
	const char **v = realloc(o->baselines, (o->n_baselines + 1) * sizeof(*v));

	if (!v)
		argp_failure(state, EXIT_CANNOT, ENOMEM, "--baseline");
	v[o->n_baselines++] = arg;
	o->baselines = v;
}

static bool is_wish(const struct session_wish *w)
{
	return w->guest || w->domain_xml || w->label || w->profile || w->has_cpus ||
	       w->no_cstates || w->is_passive || w->n_reps || w->rep_duration_ns;
}

static void check_usage(const struct check_options *o, struct argp_state *state)
{
	if (!o->n_baselines && !o->budget)
		verb_usage(state, "--baseline, --budget or both are expected");
	if (o->is_update && !o->n_baselines)
		verb_usage(state, "--update needs a --baseline to add to");
	if (o->result && (is_wish(&o->wish) || o->folder))
		verb_usage(state, "with a RESULT nothing is measured: options of measuring, and "
				  "--output, are not expected");
	check_outputs(o, state);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct check_options *o = state->input;
	const struct {
		int key;
		const char **to;
	} texts[] = { { OPT_BUDGET, &o->budget },
		      { OPT_JUNIT, &o->junit },
		      { OPT_MARKDOWN, &o->markdown },
		      { OPT_OPENMETRICS, &o->openmetrics },
		      { 'o', &o->folder } };
	const struct {
		int key;
		bool *to;
	} flags[] = { { OPT_STRICT, &o->is_strict },
		      { OPT_UPDATE, &o->is_update },
		      { OPT_ALL, &o->is_full } };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (texts[i].key == key) {
			*texts[i].to = arg;
			return 0;
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		if (flags[i].key == key) {
			*flags[i].to = true;
			return 0;
		}
	}
	switch (key) {
	case OPT_BASELINE:
		add_baseline(o, state, arg);
		return 0;
	case OPT_MARGIN:
		o->margin_permille = margin_parse(state, arg);
		return 0;
	case ARGP_KEY_ARG:
		if (o->result)
			verb_usage(state, "one RESULT is expected, '%s' is a second", arg);
		o->result = arg;
		return 0;
	case ARGP_KEY_END:
		(void)share_parse(key, arg, state, &o->share);
		check_usage(o, state);
		return 0;
	default:
		if (share_parse(key, arg, state, &o->share) == 0)
			return 0;
		return measuring_parse(key, arg, state, &o->wish);
	}
}

static int load_before(struct check *c, size_t i)
{
	const bool is_updated = i == 0 && c->options->is_update;
	const char *name = c->options->baselines[i];
	auto_free char *path = NULL;
	int r = is_updated ? check_path_to_update(name, &path)
			   : store_path(name, STORE_READ, &path);

	if (r == 0 && is_updated)
		r = store_may_write(path);
	if (r < 0)
		return r;
	if (access(path, F_OK) == 0 || errno != ENOENT)
		return load_baseline(path, &c->arena, &c->before);
	if (!is_updated) {
		store_say_missing(name, path);
		return -ENOENT;
	}
	/* The first job of all has none yet. */
	say_note("%s: there is no such baseline yet, this session begins it", path);
	store_hint(name);
	return 0;
}

static int read_file(const char *path, char *text, size_t *ret_len)
{
	auto_file FILE *f = NULL;
	const int r = input_file(path, &f);

	if (r < 0)
		return r;
	*ret_len = fread(text, 1, BUDGET_SIZE_MAX, f);
	return ferror(f) ? neg_errno() : 0;
}

static int read_budgets(struct check *c)
{
	const char *path = c->options->budget, *why = NULL;
	char *text = arena_alloc(&c->arena, BUDGET_SIZE_MAX);
	size_t len;
	int r;

	if (!path)
		return 0;
	r = text ? read_file(path, text, &len) : -ENOMEM;
	if (r < 0) {
		say_error("%s: %s", path,
			  r == -EINVAL ? "not a file: expected budgets" : strerror(-r));
		return r;
	}
	r = budgets_parse(text_make(text, len), path, &c->arena, &c->budgets, &why);
	/* A list of all metrics is longer than a terminal is wide. */
	if (r < 0 && why && isatty(STDERR_FILENO))
		print_line(stderr, "vfiobench: ", terminal_width(), why);
	else if (r < 0)
		say_error("%s", why ? why : strerror(-r));
	return r;
}

/* Before minutes are spent on measuring. */
static int load_limits(struct check *c)
{
	int r = read_budgets(c);

	for (size_t i = 0; r == 0 && i < c->options->n_baselines; i++)
		r = load_before(c, i);
	return r;
}

static int load_result(struct check *c)
{
	int r = verb_load(c->options->result, &c->result, &c->loaded);

	if (r == 0)
		r = judge_host(c->loaded, &c->loaded_findings);
	c->host = c->loaded;
	c->findings = &c->loaded_findings;
	c->name = c->options->result;
	return r;
}

/* Budgets alone ask for no repetitions: findings of settings can be held, too. */
static int make_record(struct check *c)
{
	struct record_facts *record = arena_alloc(&c->arena, sizeof(*record));
	const char *why = NULL;
	int r;

	if (c->options->n_baselines)
		return load_host(c->name, c->host, c->findings, &c->arena, &c->after);
	r = record ? record_make(c->host, c->findings, &c->arena, record, &why) : -ENOMEM;
	if (r < 0 && r != -ENODATA) {
		say_error("%s: %s", c->name, why ? why : strerror(-r));
		return r;
	}
	if (r == -ENODATA) {
		record->started_unix_ns = c->host->run.started_unix_ns;
		record->duration_ns = c->host->run.duration_ns;
		record->label = c->host->run.label;
		record->is_partial = c->host->run.is_partial;
	}
	if (fact_set_str(&record->name, &c->arena, c->name) < 0)
		return -ENOMEM;
	return records_add(&c->after, record, &c->arena);
}

/* Budgets alone compare nothing; and what confirmed an alarm took its time, too. */
static int describe_session(struct check *c)
{
	const struct compare_side side = { c->after.v, c->after.n };
	const struct record_facts *session = c->after.v[0];
	struct comparison_side *after;
	int r = c->out.after.known ? 0 : compare_describe(&side, &c->arena, &c->out.after);

	if (r < 0)
		return r;
	after = c->out.after.v;
	after->duration_ns = session->duration_ns;
	after->duration_ns.v += c->confirm_ns;
	return 0;
}

static int judge(struct check *c)
{
	int r = make_record(c);

	if (r == 0 && c->before.n)
		r = check_compare(c, &c->after, &c->out);
	if (r == 0)
		r = check_confirm(c);
	if (r == 0)
		r = describe_session(c);
	if (r < 0)
		return r;
	if (c->options->budget)
		r = budgets_judge(&c->budgets, c->host, c->findings, c->after.v[0], c->now_unix_ns,
				  &c->arena, &c->out);
	if (r < 0)
		say_error("%s", strerror(-r));
	return r;
}

static int status_of(const struct check *c, enum gate gate)
{
	switch (gate) {
	case GATE_PASSED:
		return EXIT_DONE;
	case GATE_FAILED:
		return EXIT_FINDINGS;
	case GATE_NOT_COMPARABLE:
		return EXIT_CANNOT;
	case GATE_INCONCLUSIVE:
		break;
	}
	return c->options->is_strict ? EXIT_INCONCLUSIVE : EXIT_DONE;
}

/* A regression stays one when a file could not be written. */
static int finish(struct check *c)
{
	const enum gate gate = gate_of(&c->out);
	const int status = status_of(c, gate);
	struct share *share = &c->options->share;
	int failed = EXIT_CANNOT;

	if (share_comparison(share, &c->out, &c->arena, &c->shared) == 0) {
		failed = check_print(c);
		if (check_write_files(c) || share_finish(share) < 0)
			failed = EXIT_CANNOT;
	}
	if (check_update(c, gate))
		failed = EXIT_CANNOT;
	return status == EXIT_FINDINGS || !failed ? status : failed;
}

static int run(struct check *c)
{
	int r = load_limits(c), status;

	if (r == 0)
		r = c->options->result ? load_result(c) : check_measure(c);
	if (r < 0)
		return EXIT_CANNOT;
	status = c->is_measured ? measured_status(&c->measured) : EXIT_DONE;
	if (status)
		return status;
	r = judge(c);
	if (r == -EINTR)
		return 128 + c->measured.session.signal;
	return r < 0 ? EXIT_CANNOT : finish(c);
}

static void check_release(struct check *c)
{
	if (c->is_measured)
		measured_release(&c->measured);
	host_free(c->loaded);
	doc_free(c->result);
	arena_release(&c->arena);
	share_release(&c->options->share);
	free(c->options->baselines);
}

int verb_check(int argc, char **argv)
{
	struct check_options o = { 0 };
	const struct verb_spec spec = {
		.name = "check",
		.args_doc = "[RESULT]",
		.doc = "The gate: did this machine get worse than its baseline, or break a "
		       "budget?\v"
		       "Without a RESULT it measures, as the baseline was measured unless told "
		       "otherwise; a regression then counts only if fresh sessions show it again. "
		       "In GitHub Actions it also writes annotations and the summary of the "
		       "job, unless --json asks for the document alone. Names are replaced by "
		       "pseudonyms (guest-3f2a) in all that others read: the files for CI "
		       "systems, and the page on stdout where that is no terminal. The "
		       "document of --json keeps them, as a result.json does: it is to work "
		       "with, not to be shown.\n\n"
		       "Exit status: 0 passed, 1 worse or a budget broken, 2 could not do it or "
		       "not comparable, 3 cannot be told and --strict, 128+n on signal n.",
		.options = options,
		.parse = parse,
		.own = &o,
	};
	struct check c = { .options = &o, .arena = { .max = LOAD_MEMORY_MAX } };
	struct common common;
	int status;

	verb_parse(&spec, argc, argv, &common);
	o.wish.is_quiet = common.is_quiet;
	c.common = &common;
	c.now_unix_ns = unix_now_ns();
	status = run(&c);
	check_release(&c);
	return status;
}
