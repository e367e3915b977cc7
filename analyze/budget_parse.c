/* SPDX-License-Identifier: GPL-2.0-or-later */
/* budget_parse.c - a file of budgets and waivers, line by line. */
#include <string.h>

#include "analyze/budget_parts.h"

enum { FILE_MAX = 64 * 1024, SHOWN_MAX = 60 };

#define FINDING "finding:"

struct reader {
	const char *name;
	struct arena *arena;
	unsigned line;
	struct fact_list rules, waivers; /* as they grow */
	const char **ret_why;
};

/* -EINVAL with the sentence, or -ENOMEM. */
static int complain(struct reader *p, const char *fmt, ...) FORMAT_PRINTF(2, 3);
static int complain(struct reader *p, const char *fmt, ...)
{
	struct arena_text words = { 0 };
	const char *why = arena_text_add(p->arena, &words, "%s:%u: ", p->name, p->line);
	va_list ap;

	va_start(ap, fmt);
	if (why)
		why = arena_text_vadd(p->arena, &words, fmt, ap);
	va_end(ap);
	if (!why)
		return -ENOMEM;
	*p->ret_why = why;
	return -EINVAL;
}

/* What stands there, for a message. In the arena; "" without memory. */
static const char *shown(struct reader *p, struct text t)
{
	char clean[SHOWN_MAX + 1];
	const char *words;

	text_clean(text_trim(t), clean, sizeof(clean));
	words = arena_printf(p->arena, "'%s%s'", clean, text_trim(t).len > SHOWN_MAX ? "…" : "");
	return words ? words : "";
}

/* A copy without control bytes. */
static const char *copy(struct reader *p, struct text t)
{
	char *s;

	t = text_trim(t);
	s = arena_alloc(p->arena, t.len + 1);
	if (s)
		text_clean(t, s, t.len + 1);
	return s;
}

static int unknown_metric(struct reader *p, struct text id)
{
	const char *ids = budget_metric_ids(p->arena);

	return ids ? complain(p,
			      "there is no %s: expected one of %s, or finding:ID of 'vfiobench "
			      "tweaks'",
			      shown(p, id), ids)
		   : -ENOMEM;
}

/* ID of a row that has a rule, or "*". */
static bool is_judged_row(const char *id)
{
	return !strcmp(id, "*") || (tweak_find(id) && rule_find(id));
}

static int unknown_row(struct reader *p, struct text id)
{
	return complain(p, "no finding is called %s: 'vfiobench tweaks' lists them", shown(p, id));
}

/* Cuts "<", "<=", ">" or ">=" off the front. */
static bool take_sign(struct text *rest, struct budget_rule *rule)
{
	*rest = text_trim(*rest);
	if (!text_starts(*rest, "<") && !text_starts(*rest, ">"))
		return false;
	rule->is_below = rest->at[0] == '<';
	*rest = text_make(rest->at + 1, rest->len - 1);
	rule->is_equal_enough = text_starts(*rest, "=");
	if (rule->is_equal_enough)
		*rest = text_make(rest->at + 1, rest->len - 1);
	return true;
}

/* Up to a blank or a sign. */
static struct text take_id(struct text *rest)
{
	size_t n = 0;
	struct text id;

	while (n < rest->len && !strchr(" \t<>=", rest->at[n]))
		n++;
	id = text_make(rest->at, n);
	*rest = text_trim(text_make(rest->at + n, rest->len - n));
	return id;
}

static int read_finding(struct reader *p, struct text rest, struct budget_rule *rule)
{
	struct text id = take_id(&rest);

	rule->is_finding = true;
	rule->worst = VERDICT_ADVICE;
	rule->id = copy(p, id);
	if (!rule->id)
		return -ENOMEM;
	if (!is_judged_row(rule->id))
		return unknown_row(p, id);
	if (!rest.len)
		return 0;
	if (!take_sign(&rest, rule) || !rule->is_below || rule->is_equal_enough)
		return complain(p,
				"expected '< problem', '< advice' or the end of the line, not %s",
				shown(p, rest));
	if (text_equal(text_trim(rest), "problem"))
		rule->worst = VERDICT_PROBLEM;
	else if (!text_equal(text_trim(rest), "advice"))
		return complain(p, "expected problem or advice, not %s", shown(p, rest));
	return 0;
}

static int read_metric(struct reader *p, struct text rest, struct budget_rule *rule)
{
	struct text id = take_id(&rest);
	const struct metric *m;
	const char *expected;
	int r;

	rule->id = copy(p, id);
	if (!rule->id)
		return -ENOMEM;
	m = budget_metric(rule->id);
	if (!m)
		return unknown_metric(p, id);
	if (!take_sign(&rest, rule))
		return complain(p, "expected < or > and a limit behind %s, not %s", shown(p, id),
				shown(p, rest));
	r = budget_limit(rest, m->unit, &rule->limit, &expected);
	if (r == -ERANGE)
		return complain(p, "%s is more or less than can be told: expected %s",
				shown(p, rest), expected);
	return r < 0 ? complain(p, "expected %s, not %s", expected, shown(p, rest)) : 0;
}

static int read_rule(struct reader *p, struct text line)
{
	struct budget_rule rule = { .line = p->line }, *kept;
	int r;

	if (text_starts(line, FINDING))
		r = read_finding(
			p, text_make(line.at + strlen(FINDING), line.len - strlen(FINDING)), &rule);
	else
		r = read_metric(p, line, &rule);
	if (r < 0)
		return r;
	rule.text = copy(p, line);
	kept = fact_add_item(&p->rules, p->arena, sizeof(rule));
	if (!rule.text || !kept)
		return -ENOMEM;
	*kept = rule;
	return 0;
}

/* "ID until YYYY-MM-DD: REASON" */
static int read_waiver(struct reader *p, struct text rest)
{
	struct budget_waiver waiver = { .line = p->line }, *kept;
	struct text id, word, day, reason;

	if (text_starts(rest, FINDING))
		rest = text_make(rest.at + strlen(FINDING), rest.len - strlen(FINDING));
	id = take_id(&rest);
	waiver.id = copy(p, id);
	if (!waiver.id)
		return -ENOMEM;
	if (!budget_metric(waiver.id) && (!strcmp(waiver.id, "*") || !is_judged_row(waiver.id)))
		return tweak_find(waiver.id) || !strcmp(waiver.id, "*") ? unknown_row(p, id)
									: unknown_metric(p, id);
	if (!text_next_word(&rest, &word) || !text_equal(word, "until") ||
	    !text_key_value(rest, ':', &day, &reason))
		return complain(p, "expected 'until YYYY-MM-DD: REASON' behind waive %s",
				shown(p, id));
	if (!budget_day(day, &waiver.until_unix_ns))
		return complain(p, "expected a day such as 2026-12-31, not %s", shown(p, day));
	if (!reason.len)
		return complain(p, "a waiver needs a reason behind its day");
	waiver.until = copy(p, day);
	waiver.reason = copy(p, reason);
	kept = fact_add_item(&p->waivers, p->arena, sizeof(waiver));
	if (!waiver.until || !waiver.reason || !kept)
		return -ENOMEM;
	*kept = waiver;
	return 0;
}

/* From a "#" at the beginning or behind a blank. */
static struct text without_comment(struct text line)
{
	for (size_t i = 0; i < line.len; i++) {
		if (line.at[i] == '#' && (!i || line.at[i - 1] == ' ' || line.at[i - 1] == '\t'))
			return text_make(line.at, i);
	}
	return line;
}

static int read_line(struct reader *p, struct text line)
{
	struct text rest = line = text_trim(line), word;

	/* A reason is the user's own words, and "#12" may be one. */
	if (text_next_word(&rest, &word) && text_equal(word, "waive"))
		return read_waiver(p, text_trim(rest));
	line = text_trim(without_comment(line));
	return line.len ? read_rule(p, line) : 0;
}

/* What an editor of another system may put before the first line. */
static struct text without_mark(struct text file)
{
	return text_starts(file, "\xef\xbb\xbf") ? text_make(file.at + 3, file.len - 3) : file;
}

int budgets_parse(struct text file, const char *name, struct arena *a, struct budgets *ret_budgets,
		  const char **ret_why)
{
	struct reader p = { .name = name, .arena = a, .ret_why = ret_why };
	struct text rest = without_mark(file), line;
	int r = 0;

	if (file.len > FILE_MAX) {
		*ret_why =
			arena_printf(a, "%s: larger than a file of budgets may be (64 KiB)", name);
		return *ret_why ? -EINVAL : -ENOMEM;
	}
	while (r == 0 && text_next_line(&rest, &line)) {
		p.line++;
		r = read_line(&p, line);
	}
	if (r < 0)
		return r;
	if (!p.rules.n && !p.waivers.n) {
		*ret_why = arena_printf(a, "%s: no budget stands in it", name);
		return *ret_why ? -EINVAL : -ENOMEM;
	}
	*ret_budgets = (struct budgets){ p.rules.v, p.rules.n, p.waivers.v, p.waivers.n };
	return 0;
}
