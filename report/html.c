/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html.c - the page: one file, no script, nothing fetched. */
#include "report/html.h"

#include <string.h>

#include "core/save.h"

static const struct {
	const char *id, *title;
	void (*print)(const struct html *p);
	const char *probe; /* without which there is no such section; NULL: always there */
} sections[] = {
	{ "findings", "Findings", html_findings, NULL },
	{ "trace", "Who took the guest's time", html_trace, "trace" },
	{ "latency", "Latency", html_figures, NULL },
	{ "gap", "Time taken from a busy thread", html_gap, "gap" },
	{ "exits", "What a guest sees from inside", html_exits, "exits" },
	{ "interrupts", "Interrupts", html_interrupts, NULL },
	{ "cpus", "CPUs", html_cpus, NULL },
	{ "guest", "Guest", html_guest, NULL },
	{ "machine", "Machine", html_machine, NULL },
	{ "method", "How it was measured", html_method, NULL },
};

static void print_head(const struct html *p)
{
	auto_free char *title = NULL;

	if (asprintf(&title, "vfiobench: %zu problems, %zu pieces of advice",
		     p->f->n_by_verdict[VERDICT_PROBLEM], p->f->n_by_verdict[VERDICT_ADVICE]) < 0)
		title = NULL;
	html_head(p->out, title ? title : "vfiobench");
}

/* What did not run at all, as in an audit or in a result of an older version, is not spoken of. */
static bool is_there(const struct html *p, size_t section)
{
	const struct host_probe *probe;

	if (!sections[section].probe)
		return true;
	probe = host_probe(p->h, sections[section].probe);
	return probe && probe->status && strcmp(probe->status, "absent") != 0;
}

static void print_contents(const struct html *p)
{
	html_contents_begin(p->out);
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++) {
		if (is_there(p, i))
			html_contents_item(p->out, sections[i].id, sections[i].title);
	}
	html_contents_end(p->out);
}

static void print_foot(const struct html *p)
{
	const struct tool_facts *t = &p->h->tool;

	html_put(p->out,
		 "</main>\n<footer>\n<p>Written by %s %s from result.json, which holds everything "
		 "shown here. Fixes are for you to read and type; vfiobench changes no setting. "
		 "%s\n</footer>\n</body>\n</html>\n",
		 t->name.known ? t->name.v : "vfiobench", t->version.known ? t->version.v : "",
		 p->h->run.is_redacted.v
			 ? "Names are replaced by pseudonyms (--raw keeps them): look it through "
			   "all the same before you show it to others."
			 : "This page names the devices, the kernel command line and the guest of "
			   "this host: look it through before you show it to others.");
}

int report_html(FILE *out, struct host *h, const struct findings *f)
{
	const struct html p = { out, h, f };

	print_head(&p);
	html_summary(&p);
	print_contents(&p);
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++) {
		if (!is_there(&p, i))
			continue;
		html_section(&p, sections[i].id, sections[i].title);
		sections[i].print(&p);
		html_section_end(&p);
	}
	print_foot(&p);
	return save_error(out);
}
