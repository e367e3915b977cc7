/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tweaks.c - the catalogue, and one row of it explained. */
#include <string.h>

#include "analyze/catalogue.h"
#include "analyze/change.h"
#include "analyze/engine.h"
#include "cli/judge.h"
#include "core/say.h"
#include "report/words.h"

struct tweaks_options {
	const char *id;
	const char *section; /* part of a heading, in any case; NULL: all */
	int standing;        /* -1: all */
	int verdict;         /* -1: all */
	const char *result;  /* NULL: none */
	/* of the result, once it is read */
	const struct findings *findings;
};

enum { OPT_SECTION = 0x100, OPT_STANDING, OPT_VERDICT, OPT_RESULT };

/* clang-format off */
static const struct argp_option options[] = {
	{ "section", OPT_SECTION, "TEXT", 0, "Rows below a heading of the guide that holds TEXT; 'none': those the guide does not have", 0 },
	{ "standing", OPT_STANDING, "WORD", 0, "right, outdated, wrong, incomplete or beyond: how the guide's claim holds today", 0 },
	{ "result", OPT_RESULT, "RESULT", 0, "Show what each row says of this result", 0 },
	{ "verdict", OPT_VERDICT, "WORD", 0, "With --result: problem, advice, unknown, pass or not-applicable", 0 },
	{ 0 }
};
/* clang-format on */

static int choose(struct argp_state *state, const char *option, const char *arg,
		  const char *const *names, int n)
{
	auto_arena struct arena a = { 0 };
	struct arena_text words = { 0 };

	for (int i = 0; i < n; i++) {
		if (!strcmp(arg, names[i]))
			return i;
		(void)arena_text_add(&a, &words, "%s%s", i ? ", " : "", names[i]);
	}
	argp_error(state, "%s=%s: expected one of %s", option, arg, words.v ? words.v : "");
	return -1;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct tweaks_options *o = state->input;

	switch (key) {
	case OPT_SECTION:
		o->section = arg;
		return 0;
	case OPT_STANDING:
		o->standing = choose(state, "--standing", arg, standing_names, N_STANDINGS);
		return 0;
	case OPT_VERDICT:
		o->verdict = choose(state, "--verdict", arg, verdict_names, N_VERDICTS);
		return 0;
	case OPT_RESULT:
		o->result = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (o->id)
			argp_error(state, "one ID is expected, '%s' is a second", arg);
		o->id = arg;
		return 0;
	case ARGP_KEY_END:
		if (o->verdict >= 0 && !o->result)
			argp_error(state, "--verdict needs --result RESULT");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct finding *finding_of(const struct tweaks_options *o, const struct tweak *t)
{
	return o->findings ? findings_get(o->findings, t->id) : NULL;
}

static bool is_wanted(const struct tweaks_options *o, const struct tweak *t)
{
	const struct finding *f = finding_of(o, t);

	if (o->section && !strcmp(o->section, "none") && *t->section)
		return false;
	if (o->section && strcmp(o->section, "none") != 0 && !strcasestr(t->section, o->section))
		return false;
	if (o->standing >= 0 && (int)t->standing != o->standing)
		return false;
	return o->verdict < 0 || (f && (int)f->verdict == o->verdict);
}

static int put_changes(struct doc *d, const struct fix_template *fix)
{
	static const char *const keys[N_CHANGES] = {
		[CHANGE_XML] = "xml",       [CHANGE_PROXMOX] = "proxmox",
		[CHANGE_QEMU] = "qemu",     [CHANGE_BOOT] = "boot",
		[CHANGE_SYSCTL] = "sysctl", [CHANGE_MODPROBE] = "modprobe",
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < N_CHANGES; i++) {
		if (fix->change[i])
			r = doc_put_str(d, keys[i], fix->change[i]);
	}
	return r;
}

static struct doc *tweak_doc(const struct tweaks_options *o, const struct tweak *t)
{
	const struct finding *f = finding_of(o, t);
	auto_doc struct doc *d = doc_object_new();
	auto_doc struct doc *refs = doc_array_new();
	const struct {
		const char *key, *value;
	} texts[] = {
		{ "id", t->id },
		{ "section", t->section },
		{ "title", t->title },
		{ "standing", standing_names[t->standing] },
		{ "claim", t->claim },
		{ "today", t->today },
		{ "detect", t->detect },
		{ "proof", t->proof },
		{ "now", t->fix.now },
		{ "persist", t->fix.persist },
		{ "undo", t->fix.undo },
		{ "risk", t->fix.risk },
		{ "needs", fix_needs_names[t->fix.needs] },
		{ "unseen", t->unseen },
		{ "verdict", f ? verdict_names[f->verdict] : NULL },
		{ "summary", f ? f->summary : NULL },
	};

	if (!d || !refs)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (texts[i].value && doc_put_str(d, texts[i].key, texts[i].value) < 0)
			return NULL;
	}
	for (size_t i = 0; t->refs && t->refs[i]; i++) {
		if (doc_append_str(refs, t->refs[i]) < 0)
			return NULL;
	}
	if (put_changes(d, &t->fix) < 0 ||
	    doc_put_bool(d, "has_rule", rule_find(t->id) != NULL) < 0 ||
	    doc_put(d, "refs", doc_ref(refs)) < 0)
		return NULL;
	return doc_ref(d);
}

struct listing {
	const struct tweaks_options *options;
	struct doc *rows; /* NULL: print them */
	size_t n;
};

static int list_row(void *arg, const struct tweak *t)
{
	struct listing *l = arg;
	const struct finding *f = finding_of(l->options, t);

	if (!is_wanted(l->options, t))
		return 0;
	l->n++;
	if (l->rows)
		return doc_append(l->rows, tweak_doc(l->options, t));
	printf("%-24s %-11s ", t->id, standing_names[t->standing]);
	if (l->options->findings)
		printf("%-15s", f ? verdict_names[f->verdict] : "-");
	printf("%s\n", t->title);
	return 0;
}

static void print_part(const char *label, const char *text)
{
	if (!text || !*text)
		return;
	printf("\n%s\n", label);
	print_wrapped(stdout, "  ", terminal_width(), text);
}

/* Commands stay on one line each, for copying. */
static void print_commands(const char *label, const char *text)
{
	if (!text || !*text)
		return;
	printf("\n%s\n", label);
	print_fix(stdout, "  ", terminal_width(), text);
}

/* Changes as they are written in the row, where no text of it says them. */
static void print_changes(const struct fix_template *fix)
{
	static const char *const labels[N_CHANGES] = {
		[CHANGE_XML] = "In the domain XML",
		[CHANGE_PROXMOX] = "With Proxmox",
		[CHANGE_QEMU] = "With QEMU's arguments",
		[CHANGE_BOOT] = "Kernel arguments (with - in front: to be taken away)",
		[CHANGE_SYSCTL] = "Sysctls",
		[CHANGE_MODPROBE] = "In modprobe.d",
	};
	auto_arena struct arena a = { 0 };

	for (size_t i = 0; i < N_CHANGES; i++) {
		const char *text = fix->change[i];

		if (text && i == CHANGE_XML)
			text = xml_edits_text(&a, text);
		print_commands(labels[i], text);
	}
}

/* What the result says of the row, with the fix for that host. */
static void print_verdict(const struct finding *f)
{
	printf("\nHere: %s\n", verdict_names[f->verdict]);
	print_wrapped(stdout, "  ", terminal_width(), f->summary);
	for (size_t i = 0; i < f->n_items; i++)
		print_wrapped(stdout, "  - ", terminal_width(), f->items[i]);
}

static void explain(const struct tweaks_options *o, const struct tweak *t)
{
	const struct finding *f = finding_of(o, t);
	const struct fix_template *fix = f ? &f->fix : &t->fix;

	printf("%s: %s\n", t->id, t->title);
	printf("Guide: %s, %s\n", *t->section ? t->section : "not in the guide",
	       standing_names[t->standing]);
	print_part("The guide says", t->claim);
	print_part("True today", t->today);
	print_part("How it is seen", t->detect);
	print_part("Why it is not judged", t->unseen);
	print_part("What proves it", t->proof);
	if (f)
		print_verdict(f);
	print_commands("Fix, now", fix->now);
	print_commands("Fix, to keep it", fix->persist);
	if (!f)
		print_changes(fix);
	print_commands("Undo", fix->undo);
	print_part("Risk", fix->risk);
	if (fix->now || fix->persist || (!f && has_change(fix)))
		printf("\nNeeds: %s\n", fix_needs_names[fix->needs]);
	if (t->refs)
		puts("\nSources");
	for (size_t i = 0; t->refs && t->refs[i]; i++)
		printf("  %s\n", t->refs[i]);
}

static int print_all(const struct tweaks_options *o, bool is_json)
{
	auto_doc struct doc *d = doc_object_new();
	auto_doc struct doc *rows = doc_array_new();
	struct listing l = { .options = o, .rows = is_json ? rows : NULL };

	if (!d || !rows || tweak_each(list_row, &l) < 0 ||
	    doc_put_str(d, "format", "vfiobench-tweaks") < 0 || doc_put_u64(d, "version", 1) < 0 ||
	    doc_put(d, "tweaks", doc_ref(rows)) < 0) {
		say_error("%s", strerror(ENOMEM));
		return EXIT_CANNOT;
	}
	if (is_json)
		return verb_print_json(d);
	if (l.n == 0)
		say_note("tweaks: no row of the catalogue fits");
	return EXIT_DONE;
}

int verb_tweaks(int argc, char **argv)
{
	struct tweaks_options o = { .standing = -1, .verdict = -1 };
	const struct verb_spec spec = {
		.name = "tweaks",
		.args_doc = "[ID]",
		.doc = "List the catalogue of tweaks, or explain one row: what the guide says, what "
		       "is true today, how it is seen, what proves it, the fix and its undo.",
		.options = options,
		.parse = parse,
		.own = &o,
	};
	auto_doc struct doc *d = NULL;
	auto_doc struct doc *result = NULL;
	auto_host struct host *h = NULL;
	struct findings findings;
	const struct tweak *t;
	struct common common;

	verb_parse(&spec, argc, argv, &common);
	if (o.result) {
		if (verb_load(o.result, &result, &h) < 0 || judge_host(h, &findings) < 0)
			return EXIT_CANNOT;
		o.findings = &findings;
	}
	if (!o.id)
		return print_all(&o, common.is_json);
	t = tweak_find(o.id);
	if (!t) {
		say_error("tweaks: '%s' is no row of the catalogue: see 'vfiobench tweaks'", o.id);
		return EXIT_CANNOT;
	}
	if (!common.is_json) {
		explain(&o, t);
		return EXIT_DONE;
	}
	d = tweak_doc(&o, t);
	return d ? verb_print_json(d) : EXIT_CANNOT;
}
