/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_values.c - what the parts of the page share: values, rows, sections. */
#include <inttypes.h>

#include "core/text.h"
#include "report/html.h"
#include "report/words.h"

enum { RANGES_MAX = 24 };

void html_section(const struct html *p, const char *id, const char *title)
{
	html_put(p->out,
		 "\n<section id=\"%s\" aria-labelledby=\"h-%s\">\n<h2 id=\"h-%s\">%s</h2>\n", id,
		 id, id, title);
}

void html_section_end(const struct html *p)
{
	html_put(p->out, "</section>\n");
}

void html_amount(FILE *out, const char *words)
{
	for (const char *c = words; *c; c++) {
		if (*c == ' ')
			html_put(out, "&nbsp;");
		else if (*c == 'u')
			html_put(out, "µ");
		else
			putc(*c, out);
	}
}

void html_ns(FILE *out, uint64_t ns)
{
	char words[32];

	words_of_ns(ns, words, sizeof(words));
	html_amount(out, words);
}

void html_kib(FILE *out, uint64_t kib)
{
	char words[32];

	words_of_kib(kib, words, sizeof(words));
	html_put(out, "%s", words);
}

void html_rate(FILE *out, uint64_t permille)
{
	static const struct {
		uint64_t size;
		const char *suffix;
	} units[] = { { 1000000000, "M" }, { 1000000, "k" }, { 1000, "" } };
	size_t i = 0;

	if (permille && permille < 100) {
		html_put(out, "&lt;0.1");
		return;
	}
	while (i + 1 < ARRAY_SIZE(units) && permille < units[i].size)
		i++;
	html_put(out, "%" PRIu64, permille / units[i].size);
	if (permille < 10 * units[i].size && permille % units[i].size >= units[i].size / 10)
		html_put(out, ".%" PRIu64, permille % units[i].size / (units[i].size / 10));
	html_put(out, "%s", units[i].suffix);
}

void html_cpu_list(FILE *out, const struct cpus *set)
{
	auto_free char *list = cpus_list_new(set);
	struct text rest = text_of(list), range;
	size_t n = 0;

	if (!list || !*list)
		html_put(out, "none");
	/* A line may end after a comma, never inside a range. */
	while (text_next_piece(&rest, ',', &range)) {
		if (n++ == RANGES_MAX) {
			html_put(out, ",…");
			return;
		}
		html_put(out, n > 1 ? ",<wbr>" : "");
		html_put(out, "<span class=\"range\">");
		fwrite(range.at, 1, range.len, out); /* digits and a hyphen */
		html_put(out, "</span>");
	}
}

void html_unknown(const struct html *p, const char *field)
{
	html_put(p->out, "<span class=\"unknown\">unknown: %s</span>",
		 host_why_unknown(p->h, field));
}

static void row_begin(const struct html *p, const char *label)
{
	html_put(p->out, "<tr><th scope=\"row\">%s<td>", label);
}

static void row_end(const struct html *p)
{
	html_put(p->out, "\n");
}

void html_row_str(const struct html *p, const char *label, const char *field,
		  const struct fact_str *v)
{
	row_begin(p, label);
	if (v->known)
		html_put(p->out, "%s", v->v);
	else
		html_unknown(p, field);
	row_end(p);
}

void html_row_cpus(const struct html *p, const char *label, const char *field,
		   const struct fact_cpus *v)
{
	row_begin(p, label);
	if (v->known)
		html_cpu_list(p->out, &v->v);
	else
		html_unknown(p, field);
	row_end(p);
}

void html_row_u64(const struct html *p, const char *label, const char *field,
		  const struct fact_u64 *v)
{
	row_begin(p, label);
	if (v->known)
		html_put(p->out, "%" PRIu64, v->v);
	else
		html_unknown(p, field);
	row_end(p);
}

const struct cpus *html_guest_cpus(const struct html *p)
{
	/* An unknown fact is zeroed, and so the empty set. */
	return &p->h->cpus.guest.v;
}

void html_badge(FILE *out, const char *class, const char *symbol, const char *word)
{
	html_put(out, "<span class=\"badge is-%s\"><span aria-hidden=\"true\">%s</span> %s</span>",
		 class, symbol, word);
}

const char *html_verdict_class(enum verdict v)
{
	static const char *const classes[N_VERDICTS] = {
		[VERDICT_PROBLEM] = "problem",     [VERDICT_ADVICE] = "advice",
		[VERDICT_UNKNOWN] = "unknown",     [VERDICT_PASS] = "pass",
		[VERDICT_NOT_APPLICABLE] = "none",
	};

	return classes[v];
}

const char *html_verdict_symbol(enum verdict v)
{
	static const char *const symbols[N_VERDICTS] = {
		[VERDICT_PROBLEM] = "✗", [VERDICT_ADVICE] = "▲",         [VERDICT_UNKNOWN] = "?",
		[VERDICT_PASS] = "✓",    [VERDICT_NOT_APPLICABLE] = "–",
	};

	return symbols[v];
}

const char *html_verdict_word(enum verdict v)
{
	static const char *const words[N_VERDICTS] = {
		[VERDICT_PROBLEM] = "Problem",
		[VERDICT_ADVICE] = "Advice",
		[VERDICT_UNKNOWN] = "Unknown",
		[VERDICT_PASS] = "Passed",
		[VERDICT_NOT_APPLICABLE] = "Does not apply",
	};

	return words[v];
}
