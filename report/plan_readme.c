/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_readme.c - the page of a plan that says what to do in which order. */
#include <string.h>

#include "analyze/change.h"
#include "report/plan.h"

static void put_block(FILE *out, const char *label, const char *text)
{
	if (!text || !*text)
		return;
	fprintf(out, "\n%s:\n\n", label);
	for (const char *line = text; *line;) {
		const size_t n = strcspn(line, "\n");

		fprintf(out, "    %.*s\n", (int)n, line);
		line += n + (line[n] == '\n');
	}
}

static void put_finding(FILE *out, const struct finding *f)
{
	fprintf(out, "\n### %s: %s\n\n%s\n", f->tweak->id, f->tweak->title, f->summary);
	put_block(out, "Now", f->fix.now);
	put_block(out, "To keep it", f->fix.persist);
	put_block(out, "Undo", f->fix.undo);
	if (f->fix.risk)
		fprintf(out, "\nRisk: %s\n", f->fix.risk);
	fprintf(out, "\nNeeds: %s\n", fix_needs_names[f->fix.needs]);
}

static bool is_open(const struct finding *f)
{
	return f->verdict == VERDICT_PROBLEM || f->verdict == VERDICT_ADVICE;
}

static void put_findings(FILE *out, const struct plan_context *c, bool is_trade_off)
{
	bool is_first = true;

	for (size_t i = 0; i < c->findings->n; i++) {
		const struct finding *f = &c->findings->v[i];

		if (!is_open(f) || f->tweak->is_trade_off != is_trade_off)
			continue;
		if (is_first && is_trade_off)
			fputs("\n## Left to you: these cost security\n\n"
			      "None of them is in the files. Each says what is gained and what is "
			      "given up.\n",
			      out);
		else if (is_first)
			fputs("\n## Each finding and its fix\n", out);
		is_first = false;
		put_finding(out, f);
	}
}

static void put_files(FILE *out, const struct plan_context *c)
{
	size_t n = 0;

	fputs("\n## Files, in the order of use\n\n", out);
	for (size_t i = 0; plan_files[i].name; i++) {
		if (plan_files[i].has(c))
			fprintf(out, "%zu. `%s`: %s. Needs: %s.\n", ++n, plan_files[i].name,
				plan_files[i].about, plan_files[i].needs);
	}
	if (n == 0)
		fputs("None: nothing was found that a file could change.\n", out);
}

static int put_cpus(FILE *out, const struct plan *p)
{
	auto_free char *guest = cpus_list_new(&p->guest);
	auto_free char *host = cpus_list_new(&p->host);

	if (!guest || !host)
		return -ENOMEM;
	if (p->has_cpus)
		fprintf(out,
			"\nGuest CPUs: %s. Host CPUs: %s. Pins, isolation and interrupts in these files "
			"speak of the same ones.\n",
			guest, host);
	return 0;
}

static void put_boot(FILE *out, const struct plan_context *c)
{
	struct fix_template fix = { .change[CHANGE_BOOT] = c->plan->boot_next };

	if (!*c->plan->boot_next)
		return;
	fputs("\n## The kernel command line\n", out);
	put_block(out, "As it is", c->plan->boot_now);
	put_block(out, "As it would be", c->plan->boot_next);
	fix.change[CHANGE_BOOT] = "…";
	if (change_render(c->h, &fix) == 0 && fix.persist)
		put_block(out, "Where this host has it (… stands for the words that differ)",
			  fix.persist);
	put_block(out, "Undo", "the line as it is, put back in the same place; then reboot");
}

int plan_write_readme(FILE *out, const struct plan_context *c)
{
	int r;

	fputs("# What to change on this host\n\n"
	      "Written by vfiobench from one result. Nothing of it has been applied: read each file, "
	      "change what you\nknow better, keep a copy of what you replace, and measure again after "
	      "each step.\n",
	      out);
	r = put_cpus(out, c->plan);
	if (r < 0)
		return r;
	if (c->plan->has_reboot)
		fputs("\nSome of this needs a reboot; each finding below says what it needs.\n",
		      out);
	put_files(out, c);
	put_boot(out, c);
	put_findings(out, c, false);
	put_findings(out, c, true);
	fputs("\n## Undo\n\nEach finding says its own. Files that you copied are taken away again; the "
	      "guest's former XML is put\nback with `sudo virsh define` (keep one first: `virsh "
	      "dumpxml --inactive GUEST >GUEST.xml`).\n",
	      out);
	return ferror(out) ? -EIO : 0;
}
