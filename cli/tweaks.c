/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tweaks.c - the catalogue, and one row of it explained. */
#include <string.h>

#include "analyze/catalogue.h"
#include "analyze/rule.h"
#include "cli/judge.h"
#include "core/say.h"
#include "report/words.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const char **id = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (*id)
			argp_error(state, "one ID is expected, '%s' is a second", arg);
		*id = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static struct doc *tweak_doc(const struct tweak *t)
{
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
	if (doc_put_bool(d, "has_rule", rule_find(t->id) != NULL) < 0 ||
	    doc_put(d, "refs", doc_ref(refs)) < 0)
		return NULL;
	return doc_ref(d);
}

static int append_row(void *arg, const struct tweak *t)
{
	return doc_append(arg, tweak_doc(t));
}

static int print_row(void *arg, const struct tweak *t)
{
	(void)arg;
	printf("%-24s %-11s %s\n", t->id, standing_names[t->standing], t->title);
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
	struct text rest = text_of(text), line;

	if (!text || !*text)
		return;
	printf("\n%s\n", label);
	while (text_next_line(&rest, &line))
		printf("  %.*s\n", (int)line.len, line.at);
}

static void explain(const struct tweak *t)
{
	printf("%s: %s\n", t->id, t->title);
	printf("Guide: %s, %s\n", *t->section ? t->section : "not in the guide",
	       standing_names[t->standing]);
	print_part("The guide says", t->claim);
	print_part("True today", t->today);
	print_part("How it is seen", t->detect);
	print_part("What proves it", t->proof);
	print_commands("Fix, now", t->fix.now);
	print_commands("Fix, to keep it", t->fix.persist);
	print_commands("Undo", t->fix.undo);
	print_part("Risk", t->fix.risk);
	if (t->fix.now || t->fix.persist)
		printf("\nNeeds: %s\n", fix_needs_names[t->fix.needs]);
	puts("\nSources");
	for (size_t i = 0; t->refs && t->refs[i]; i++)
		printf("  %s\n", t->refs[i]);
}

static int print_all(bool is_json)
{
	auto_doc struct doc *d = doc_object_new();
	auto_doc struct doc *rows = doc_array_new();

	if (!is_json)
		return tweak_each(print_row, NULL);
	if (!d || !rows || tweak_each(append_row, rows) < 0 ||
	    doc_put_str(d, "format", "vfiobench-tweaks") < 0 || doc_put_u64(d, "version", 1) < 0 ||
	    doc_put(d, "tweaks", doc_ref(rows)) < 0) {
		say_error("%s", strerror(ENOMEM));
		return EXIT_CANNOT;
	}
	return verb_print_json(d);
}

int verb_tweaks(int argc, char **argv)
{
	const char *id = NULL;
	const struct verb_spec spec = {
		.name = "tweaks",
		.args_doc = "[ID]",
		.doc = "List the catalogue of tweaks, or explain one row: what the guide says, what "
		       "is true today, how it is seen, what proves it, the fix and its undo.",
		.parse = parse,
		.own = &id,
	};
	auto_doc struct doc *d = NULL;
	const struct tweak *t;
	struct common common;

	verb_parse(&spec, argc, argv, &common);
	if (!id)
		return print_all(common.is_json);
	t = tweak_find(id);
	if (!t) {
		say_error("tweaks: '%s' is no row of the catalogue: see 'vfiobench tweaks'", id);
		return EXIT_CANNOT;
	}
	if (!common.is_json) {
		explain(t);
		return EXIT_DONE;
	}
	d = tweak_doc(t);
	return d ? verb_print_json(d) : EXIT_CANNOT;
}
