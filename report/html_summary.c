/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_summary.c - the verdict, how far to trust it, what was measured, the key numbers. */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "analyze/measures.h"
#include "report/html.h"
#include "report/words.h"

/* Above this the hypervisor below, not this host's settings, makes the tail. */
#define NOISY_STEAL_PERMILLE 10

enum { NOTES_MAX = 20 };

static bool is_true(const struct fact_bool *f)
{
	return f->known && f->v;
}

static void note(const struct html *p, const char *text)
{
	html_put(p->out, "<li>%s\n", text);
}

static void notes_of_list(const struct html *p, const char *before, const struct fact_strs *list)
{
	for (size_t i = 0; i < list->n && i < NOTES_MAX; i++)
		html_put(p->out, "<li>%s%s\n", before, list->v[i]);
	if (list->n > NOTES_MAX)
		html_put(p->out, "<li>%sand %zu more\n", before, list->n - NOTES_MAX);
}

static void notes_of_probes(const struct html *p)
{
	for (size_t i = 0; i < HOST_N_PROBES; i++) {
		const struct host_probe *probe = &p->h->probes[i];

		if (probe->status && !strcmp(probe->status, "failed"))
			html_put(p->out, "<li>Probe %s failed: %s\n", probe->name, probe->reason);
	}
}

static void notes_of_wake(const struct html *p)
{
	struct wake_summary s;
	uint64_t steal;

	if (measure_steal_permille(p->h, &steal) && steal >= NOISY_STEAL_PERMILLE) {
		char words[32];

		words_of_permille(steal, words, sizeof(words));
		html_put(p->out,
			 "<li>The hypervisor below this host took %s of the measured time: the "
			 "latency numbers tell more about it than about this host.\n",
			 words);
	}
	if (!measure_wake(p->h, -1, false, NULL, &s))
		return;
	if (s.n_missed)
		html_put(p->out,
			 "<li>%" PRIu64 " of %" PRIu64 " wake-ups were so late that their period "
			 "had passed; the corrected curve counts the waits this hid.\n",
			 s.n_missed, s.n_expected);
	if (fact_is(&p->h->wake.policy, "other"))
		note(p, "The wake probe had no real-time priority: its numbers include waiting "
			"behind ordinary tasks.");
}

/* The list is there only when something is in it. */
static void print_notes(const struct html *p)
{
	const struct run_facts *run = &p->h->run;
	char *text = NULL;
	size_t size = 0;
	struct html in = *p;

	in.out = open_memstream(&text, &size);
	if (!in.out)
		return;
	if (is_true(&run->is_partial))
		html_put(in.out, "<li>The run ended early: %s\n",
			 run->reason.known ? run->reason.v : "no reason is known");
	notes_of_wake(&in);
	if (is_true(&p->h->identity.is_virtual) || is_true(&p->h->cpu.is_virtual))
		html_put(in.out,
			 "<li>This host is itself a virtual machine%s%s: a hypervisor below it "
			 "has a part in every latency.\n",
			 p->h->cpu.hypervisor.known ? " of " : "",
			 p->h->cpu.hypervisor.known ? p->h->cpu.hypervisor.v : "");
	if (fact_is(&p->h->cpus.source, "fallback"))
		note(&in, "Nothing tells which CPUs are the guest's (no pins, no isolated CPUs, no "
			  "option): all but the boot CPU's core are taken.");
	notes_of_probes(&in);
	notes_of_list(&in, "", &run->warnings);
	notes_of_list(&in, "Changed during the run: ", &run->moved);
	if (fclose(in.out) == 0 && size) {
		html_put(p->out,
			 "<div class=\"notes\"><h2>Before you trust the numbers</h2>\n<ul>\n");
		fwrite(text, 1, size, p->out);
		html_put(p->out, "</ul></div>\n");
	}
	free(text);
}

static void print_time(const struct html *p)
{
	time_t t;
	struct tm utc;
	char stamp[64];

	if (!p->h->run.started_unix_ns.known)
		return;
	t = (time_t)(p->h->run.started_unix_ns.v / NS_PER_S);
	if (!gmtime_r(&t, &utc) || !strftime(stamp, sizeof(stamp), "%Y-%m-%d %H:%M UTC", &utc))
		return;
	html_put(p->out, "<span>%s</span>\n", stamp);
}

static void print_header(const struct html *p)
{
	const struct identity_facts *id = &p->h->identity;

	html_put(p->out, "<header>\n<p class=\"brand\">vfiobench</p>\n<p class=\"meta\">");
	print_time(p);
	if (p->h->run.label.known && *p->h->run.label.v)
		html_put(p->out, "<span>label “%s”</span>\n", p->h->run.label.v);
	if (id->cpu_model.known)
		html_put(p->out, "<span>%s</span>\n", id->cpu_model.v);
	if (id->n_cpus.known)
		html_put(p->out, "<span>%" PRIu64 " CPUs</span>\n", id->n_cpus.v);
	if (id->memory_kib.known) {
		html_put(p->out, "<span>");
		html_kib(p->out, id->memory_kib.v);
		html_put(p->out, "</span>\n");
	}
	if (id->kernel.known)
		html_put(p->out, "<span>Linux %s</span>\n", id->kernel.v);
	html_put(p->out, "</header>\n");
}

static const char *verdict_class(const struct html *p)
{
	if (p->f->n_by_verdict[VERDICT_PROBLEM])
		return "problem";
	return p->f->n_by_verdict[VERDICT_ADVICE] ? "advice" : "pass";
}

static void print_which_guest(const struct html *p)
{
	const struct guestref_facts *g = &p->h->guestref;

	if (is_true(&p->h->run.is_audit)) {
		/* The sentence above has said that nothing was measured. */
		if (p->h->domain.name.known)
			html_put(p->out, "Guest: <b>%s</b>, as configured. ", p->h->domain.name.v);
		return;
	} else if (fact_is(&g->kind, "builtin")) {
		html_put(p->out, "Guest: the built-in one");
	} else if (fact_is(&g->kind, "qemu")) {
		html_put(p->out, "Guest: <b>%s</b> (QEMU%s)", g->name.known ? g->name.v : "?",
			 !p->h->running                                ? ""
			 : fact_is(&p->h->running->manager, "libvirt") ? ", started by libvirt"
			 : fact_is(&p->h->running->manager, "proxmox") ? ", started by Proxmox"
								       : "");
	} else {
		html_put(p->out, "No guest ran. ");
		return;
	}
	if (g->n_vcpus.known)
		html_put(p->out, ", %" PRIu64 " vCPU%s", g->n_vcpus.v,
			 g->n_vcpus.v == 1 ? "" : "s");
	html_put(p->out, ". ");
}

static void print_which_cpus(const struct html *p)
{
	static const struct {
		const char *source, *words;
	} sources[] = {
		{ "option", "named by option" },
		{ "guest", "where its vCPUs may run" },
		{ "isolated", "the isolated or tickless ones" },
		{ "fallback", "all but the boot CPU's core" },
	};
	const struct cpuset_facts *c = &p->h->cpus;

	if (!c->guest.known)
		return;
	html_put(p->out, "Guest CPUs: <b>");
	html_cpu_list(p->out, &c->guest.v);
	html_put(p->out, "</b>");
	for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
		if (fact_is(&c->source, sources[i].source))
			html_put(p->out, " (%s)", sources[i].words);
	}
	if (c->host.known) {
		html_put(p->out, "; host CPUs: <b>");
		html_cpu_list(p->out, &c->host.v);
		html_put(p->out, "</b>");
	}
	if (c->measured.known && !cpus_equal(&c->measured.v, &c->guest.v)) {
		html_put(p->out, "; measured: <b>");
		html_cpu_list(p->out, &c->measured.v);
		html_put(p->out, "</b>");
	}
	html_put(p->out, ".");
}

void html_summary(const struct html *p)
{
	const char *sentence = verdict_sentence(p->h, p->f);
	const enum verdict worst = p->f->n_by_verdict[VERDICT_PROBLEM]  ? VERDICT_PROBLEM
				   : p->f->n_by_verdict[VERDICT_ADVICE] ? VERDICT_ADVICE
									: VERDICT_PASS;

	print_header(p);
	html_put(p->out,
		 "<main>\n<div class=\"verdict is-%s\">\n<span class=\"symbol\" "
		 "aria-hidden=\"true\">%s</span>\n<h1>%s</h1>\n<p>",
		 verdict_class(p), html_verdict_symbol(worst), sentence ? sentence : "");
	print_which_guest(p);
	print_which_cpus(p);
	html_put(p->out, "</p>\n</div>\n");
	html_first(p);
	print_notes(p);
	html_key_numbers(p);
}
