/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan_readme.c - the page of a plan that says what to do in which order. */
#include <string.h>

#include "analyze/change.h"
#include "core/save.h"
#include "report/plan.h"

static const char *const needs_words[N_FIX_NEEDS] = {
	[NEEDS_NOTHING] = "nothing",
	[NEEDS_GUEST_RESTART] = "the guest started anew",
	[NEEDS_MODULE_RELOAD] = "the module loaded again",
	[NEEDS_REBOOT] = "a reboot",
};

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

/* Files of the plan that hold the fix, or a part of it. */
static void put_places(FILE *out, const struct plan_context *c, const struct finding *f)
{
	static const struct {
		enum change what;
		const char *file;
	} places[] = {
		{ CHANGE_BOOT, "kernel-command-line.txt" }, { CHANGE_MODPROBE, "modprobe.conf" },
		{ CHANGE_SYSCTL, "sysctl.conf" },           { CHANGE_XML, "guest.xml" },
		{ CHANGE_XML, "guest-fragments.xml" },      { CHANGE_PROXMOX, "guest-changes.txt" },
		{ CHANGE_QEMU, "guest-changes.txt" },
	};
	const char *last = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const char *file = places[i].file;

		if (!f->fix.change[places[i].what] || !plan_has_file(c, file) ||
		    (last && !strcmp(last, file)))
			continue;
		fprintf(out, "%s`%s`", last ? ", " : "\nIn ", file);
		last = file;
	}
	fputs(last ? ".\n" : "\nIn none of the files: to be done by hand, as below.\n", out);
}

static void put_finding(FILE *out, const struct plan_context *c, const struct finding *f)
{
	fprintf(out, "\n### %s: %s\n\n%s\n", f->tweak->id, f->tweak->title, f->summary);
	if (plan_has(f))
		put_places(out, c, f);
	put_block(out, "Now", f->fix.now);
	put_block(out, "To keep it", f->fix.persist);
	put_block(out, "Undo", f->fix.undo);
	if (f->fix.risk)
		fprintf(out, "\nRisk: %s\n", f->fix.risk);
	fprintf(out, "\nNeeds: %s.\n", needs_words[f->fix.needs]);
}

static bool is_open(const struct finding *f)
{
	return f->verdict == VERDICT_PROBLEM || f->verdict == VERDICT_ADVICE;
}

/* Each list of findings is one section of the page. */
static const struct finding *of_plan(const struct plan_context *c, const struct finding *f)
{
	(void)c;
	return plan_has(f) ? f : NULL;
}

static const struct finding *that_follows(const struct plan_context *c, const struct finding *f)
{
	const struct finding *last = NULL;

	for (size_t i = 0; i < c->n_later; i++) {
		const struct finding *one = plan_follows(f, &c->later[i]);

		last = one ? one : last;
	}
	return last;
}

static const struct finding *of_trade_off(const struct plan_context *c, const struct finding *f)
{
	(void)c;
	return is_open(f) && f->tweak->is_trade_off ? f : NULL;
}

static void put_findings(FILE *out, const struct plan_context *c)
{
	static const struct {
		const char *heading;
		const struct finding *(*pick)(const struct plan_context *c,
					      const struct finding *f);
	} sections[] = {
		{ "Each finding and its fix\n", of_plan },
		{ "What follows from these changes\n\n"
		  "Judged with the changes of the guest in place; the files have it as well.\n",
		  that_follows },
		{ "Left to you: these cost security\n\n"
		  "None of them is in the files. Each says what is gained and what is given up.\n",
		  of_trade_off },
	};

	for (size_t s = 0; s < ARRAY_SIZE(sections); s++) {
		bool is_first = true;

		for (size_t i = 0; i < c->findings->n; i++) {
			const struct finding *f = sections[s].pick(c, &c->findings->v[i]);

			if (!f)
				continue;
			if (is_first)
				fprintf(out, "\n## %s", sections[s].heading);
			is_first = false;
			put_finding(out, c, f);
		}
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

static int put_boot(FILE *out, const struct plan_context *c)
{
	struct fix_template fix = { .change[CHANGE_BOOT] = c->plan->boot_changes };
	int r;

	if (!*c->plan->boot_next)
		return 0;
	r = change_render(c->h, &fix);
	if (r < 0)
		return r;
	fputs("\n## The kernel command line\n", out);
	put_block(out, "As it is", c->plan->boot_now);
	put_block(out, "As it would be", c->plan->boot_next);
	put_block(out, "How to get there", fix.persist);
	put_block(out, "Undo", "put the line as it is back the same way, then reboot");
	return 0;
}

/* What a copy of the guest's XML does not hold, or why there is no copy. */
static void put_xml_notes(FILE *out, const struct plan_context *c)
{
	if (c->h->domain.xml_error.known)
		fputs("\nThe guest's XML cannot be read on where it is broken (see xml.wellformed): "
		      "there is no copy of it with\nchanges. Mend it, and make the plan anew.\n",
		      out);
	else if (strstr(c->plan->guest_xml, "\"***\"") || strstr(c->plan->guest_xml, ">***<"))
		fputs("\nPasswords are not in `guest.xml`: each stands as ***. Put yours in before "
		      "you use it.\n",
		      out);
}

int plan_write_readme(FILE *out, const struct plan_context *c)
{
	int r;

	fputs("# What to change on this host\n\n"
	      "Written by vfiobench from one result. Nothing of it has been applied: read each file, "
	      "change what you\nknow better, keep a copy of what you replace, and measure again after "
	      "each step. Words in capitals\n(GUEST, VMID, MAC) stand for what only you know.\n",
	      out);
	r = put_cpus(out, c->plan);
	if (r < 0)
		return r;
	if (c->plan->has_reboot)
		fputs("\nSome of this needs a reboot; each finding below says what it needs.\n",
		      out);
	put_files(out, c);
	put_xml_notes(out, c);
	r = put_boot(out, c);
	if (r < 0)
		return r;
	put_findings(out, c);
	fputs("\n## Undo\n\n"
	      "Before: keep the guest's XML (`virsh dumpxml --inactive GUEST >GUEST.xml`) and the "
	      "line of the boot loader.\nAfter: `sudo virsh define GUEST.xml`, the former line, and "
	      "the files that you copied taken away again. Each\nfinding above says the rest.\n",
	      out);
	return save_error(out);
}
