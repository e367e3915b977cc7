/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The catalogue: each row is whole, and says of itself either how it is judged or why it is not. */
#include <ctype.h>
#include <string.h>

#include "analyze/change.h"
#include "analyze/fix.h"
#include "analyze/rule.h"
#include "tests/lib/check.h"

static void each_row(void (*check)(const struct tweak *t))
{
	for (size_t p = 0; catalogue_parts[p]; p++) {
		for (const struct tweak *t = catalogue_parts[p]; t->id; t++)
			check(t);
	}
}

static void check_id(const struct tweak *t)
{
	if (!*t->id || t->id[strspn(t->id, "abcdefghijklmnopqrstuvwxyz0123456789.-")])
		fail_msg("'%s' is no id", t->id);
	if (tweak_find(t->id) != t)
		fail_msg("two rows are called %s", t->id);
}

static void ids_are_unique(void **state)
{
	(void)state;
	each_row(check_id);
}

static bool is_section(const char *section)
{
	size_t i = 0;

	while (guide_sections[i] && strcmp(guide_sections[i], section) != 0)
		i++;
	return guide_sections[i] != NULL;
}

static void check_place(const struct tweak *t)
{
	const bool is_beyond = t->standing == STANDING_BEYOND;

	if ((unsigned)t->standing >= N_STANDINGS)
		fail_msg("%s: no standing", t->id);
	if (is_beyond ? *t->section : !is_section(t->section))
		fail_msg("%s: section '%s'", t->id, t->section);
	if (is_beyond == (*t->claim != '\0'))
		fail_msg("%s: a claim of the guide, or beyond it?", t->id);
}

static void rows_have_their_place(void **state)
{
	(void)state;
	each_row(check_place);
}

struct wanted {
	const char *section;
	bool is_found;
};

static int find_section(void *arg, const struct tweak *t)
{
	struct wanted *w = arg;

	w->is_found |= !strcmp(t->section, w->section);
	return w->is_found;
}

static void sections_have_rows(void **state)
{
	(void)state;
	for (size_t i = 0; guide_sections[i]; i++) {
		struct wanted w = { guide_sections[i], false };

		tweak_each(find_section, &w);
		if (!w.is_found)
			fail_msg("'%s' has no row", guide_sections[i]);
	}
}

static void check_words(const struct tweak *t)
{
	const struct {
		const char *name, *text;
	} words[] = {
		{ "title", t->title },
		{ "today", t->today },
		{ "detect", t->detect },
		{ "proof", t->proof },
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (!words[i].text || !*words[i].text)
			fail_msg("%s: no %s", t->id, words[i].name);
	}
	if (!t->refs || !t->refs[0])
		fail_msg("%s: no source", t->id);
	for (size_t i = 0; t->refs[i]; i++) {
		static const char *const begins[] = { "https://", "http://",
						      "measured: ", "source: ", "judgement" };
		size_t k = 0;

		while (k < ARRAY_SIZE(begins) &&
		       strncmp(t->refs[i], begins[k], strlen(begins[k])) != 0)
			k++;
		if (k == ARRAY_SIZE(begins))
			fail_msg("%s: source '%s'", t->id, t->refs[i]);
	}
	if (t->unseen &&
	    (!isupper((unsigned char)t->unseen[0]) || t->unseen[strlen(t->unseen) - 1] != '.'))
		fail_msg("%s: unseen is a sentence: '%s'", t->id, t->unseen);
}

static void rows_are_whole(void **state)
{
	(void)state;
	each_row(check_words);
}

static void check_judge(const struct tweak *t)
{
	const struct rule *rule = rule_find(t->id);

	if (!rule == !t->unseen)
		fail_msg("%s: %s", t->id,
			 rule ? "a rule, and the reason why there is none"
			      : "no rule and no reason");
}

static void rows_are_judged_or_say_why_not(void **state)
{
	(void)state;
	each_row(check_judge);
}

static void rules_have_rows(void **state)
{
	(void)state;
	for (size_t s = 0; rule_sets[s]; s++) {
		for (size_t i = 0; i < rule_sets[s]->n_rules; i++) {
			const struct rule *r = &rule_sets[s]->rules[i];

			if (!tweak_find(r->id))
				fail_msg("%s: no such row", r->id);
			if (rule_find(r->id) != r)
				fail_msg("two rules for %s", r->id);
		}
	}
}

static const char *one(void *arg, const char *name)
{
	(void)arg;
	(void)name;
	return "1";
}

static void check_edits(const struct tweak *t)
{
	auto_arena struct arena a = { 0 };
	struct text rest, line;

	if (!t->fix.change[CHANGE_XML])
		return;
	rest = text_of(fix_fill(&a, t->fix.change[CHANGE_XML], one, NULL, NULL));
	while (text_next_line(&rest, &line)) {
		struct xml_edit e;

		if (xml_edit_parse(line.at, line.len, &a, &e) < 0)
			fail_msg("%s: no edit: '%.*s'", t->id, (int)line.len, line.at);
	}
}

static void edits_of_rows_are_edits(void **state)
{
	(void)state;
	each_row(check_edits);
}

/* A command that is pasted: what root must write goes through tee. */
static void check_commands(const struct tweak *t)
{
	const char *texts[] = { t->fix.now, t->fix.persist, t->fix.undo };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (texts[i] && strstr(texts[i], "sudo echo"))
			fail_msg("%s: the shell redirects before sudo: '%s'", t->id, texts[i]);
	}
	if (t->unseen && (t->fix.now || t->fix.persist || has_change(&t->fix)))
		fail_msg("%s: a fix of what nobody judges", t->id);
}

static void fixes_can_be_pasted(void **state)
{
	(void)state;
	each_row(check_commands);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_unique),
		cmocka_unit_test(rows_have_their_place),
		cmocka_unit_test(sections_have_rows),
		cmocka_unit_test(rows_are_whole),
		cmocka_unit_test(rows_are_judged_or_say_why_not),
		cmocka_unit_test(rules_have_rows),
		cmocka_unit_test(edits_of_rows_are_edits),
		cmocka_unit_test(fixes_can_be_pasted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
