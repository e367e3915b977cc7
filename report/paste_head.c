/* SPDX-License-Identifier: GPL-2.0-or-later */
/* paste_head.c - what a helper asks first: versions, host, guest and its pins; then numbers. */
#include <inttypes.h>
#include <time.h>

#include "analyze/blame.h"
#include "report/paste_parts.h"
#include "report/text_numbers.h"
#include "report/words.h"

enum { PINS_MAX = 64, NOTES_MAX = 4, NOTE_LINES = 2 };

/* A line of the head, in pieces. */
struct head_line {
	FILE *out;
	char *text;
	size_t size;
	bool is_begun;
};

static bool line_begin(struct head_line *l)
{
	*l = (struct head_line){ 0 };
	l->out = open_memstream(&l->text, &l->size);
	return l->out != NULL;
}

static void piece(struct head_line *l, const char *fmt, ...) FORMAT_PRINTF(2, 3);
static void piece(struct head_line *l, const char *fmt, ...)
{
	va_list ap;

	fputs(l->is_begun ? ", " : "", l->out);
	va_start(ap, fmt);
	vfprintf(l->out, fmt, ap);
	va_end(ap);
	l->is_begun = true;
}

/* Nothing of a line without a piece. */
static void line_end(struct head_line *l, FILE *out, const char *lead, size_t max_lines)
{
	if (fclose(l->out) == 0 && l->is_begun)
		paste_prose(out, lead, l->text, max_lines);
	free(l->text);
}

static void put_time(struct head_line *l, const struct fact_u64 *unix_ns)
{
	const time_t t = (time_t)(unix_ns->v / NS_PER_S);
	char stamp[64];
	struct tm utc;

	if (unix_ns->known && gmtime_r(&t, &utc) &&
	    strftime(stamp, sizeof(stamp), "%Y-%m-%d %H:%M UTC", &utc))
		piece(l, "%s", stamp);
}

static void put_title(FILE *out, const struct paste_subject *s)
{
	const struct run_facts *run = &s->h->run;
	struct head_line l;

	if (!line_begin(&l))
		return;
	piece(&l, "vfiobench %s", s->h->tool.version.known ? s->h->tool.version.v : "?");
	piece(&l, "report %s", s->id);
	put_time(&l, &run->started_unix_ns);
	piece(&l, "result format %d", RESULT_VERSION);
	if (run->label.known && *run->label.v)
		piece(&l, "\"%s\"", run->label.v);
	line_end(&l, out, "", 1);
}

static void put_host(FILE *out, const struct paste_subject *s)
{
	const struct identity_facts *id = &s->h->identity;
	struct head_line l;
	char words[32];

	if (!line_begin(&l))
		return;
	if (id->kernel.known || s->h->kernel.release.known)
		piece(&l, "Linux %s", id->kernel.known ? id->kernel.v : s->h->kernel.release.v);
	if (id->os.known)
		piece(&l, "%s", id->os.v);
	if (id->n_cpus.known)
		piece(&l, "%" PRIu64 " CPUs", id->n_cpus.v);
	if (id->memory_kib.known) {
		words_of_kib(id->memory_kib.v, words, sizeof(words));
		piece(&l, "%s", words);
	}
	if (id->is_virtual.known && id->is_virtual.v)
		piece(&l, "virtual");
	line_end(&l, out, "Host   ", 1);
}

static void put_processor(FILE *out, const struct paste_subject *s)
{
	const struct identity_facts *id = &s->h->identity;

	if (id->cpu_model.known || s->h->cpu.model.known)
		paste_prose(out, "CPU    ",
			    id->cpu_model.known ? id->cpu_model.v : s->h->cpu.model.v, 1);
}

static void put_versions(FILE *out, const struct paste_subject *s)
{
	const struct setup_facts *setup = &s->h->setup;
	struct head_line l;

	if (!line_begin(&l))
		return;
	if (setup->qemu_version.known)
		piece(&l, "QEMU %s", setup->qemu_version.v);
	if (setup->libvirt_version.known)
		piece(&l, "libvirt %s", setup->libvirt_version.v);
	if (setup->is_proxmox.known && setup->is_proxmox.v)
		piece(&l, "Proxmox VE");
	if (s->h->domain.machine.known)
		piece(&l, "machine %s", s->h->domain.machine.v);
	line_end(&l, out, "With   ", 1);
}

static void put_guest(FILE *out, const struct paste_subject *s)
{
	const struct guestref_facts *g = &s->h->guestref;
	const struct domain_facts *d = &s->h->domain;
	const struct fact_u64 *n_vcpus = g->n_vcpus.known ? &g->n_vcpus : &d->n_vcpus;
	struct head_line l;

	if (!line_begin(&l))
		return;
	if (fact_is(&g->kind, "builtin"))
		piece(&l, "the built-in one");
	else if (fact_is(&g->kind, "qemu"))
		piece(&l, "%s (QEMU, running)", g->name.known ? g->name.v : "?");
	else if (blame_is_recording(s->h))
		piece(&l, "as recorded");
	else if (d->source.known)
		piece(&l, "%s (as configured, not running)", d->name.known ? d->name.v : "?");
	else
		piece(&l, "none ran");
	if (n_vcpus->known)
		piece(&l, "%" PRIu64 " vCPU%s", n_vcpus->v, n_vcpus->v == 1 ? "" : "s");
	if (d->guest_os.known && !fact_is(&g->kind, "builtin"))
		piece(&l, "%s", d->guest_os.v);
	line_end(&l, out, "Guest  ", 1);
}

static void put_cpus(FILE *out, const struct paste_subject *s)
{
	static const struct {
		const char *source, *words;
	} ways[] = {
		{ "option", " (as asked)" },
		{ "guest", " (where its vCPUs may run)" },
		{ "isolated", " (the isolated ones)" },
		{ "fallback", " (a guess: nothing tells)" },
	};
	const struct cpuset_facts *c = &s->h->cpus;
	auto_free char *guest = cpus_list_new(&c->guest.v);
	auto_free char *host = cpus_list_new(&c->host.v);
	const char *how = "";
	struct head_line l;

	if (!c->guest.known || !guest || !host || !line_begin(&l))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		how = fact_is(&c->source, ways[i].source) ? ways[i].words : how;
	piece(&l, "guest %s%s", guest, how);
	piece(&l, "host %s", *host ? host : "none");
	line_end(&l, out, "CPUs   ", 1);
}

static void put_pin(struct head_line *l, const char *what, const struct fact_u64 *id,
		    const struct fact_cpus *cpus)
{
	auto_free char *list = cpus_list_new(&cpus->v);

	if (list && cpus->known && id)
		piece(l, "%s %" PRIu64 " on %s", what, id->v, *list ? list : "none");
	else if (list && cpus->known)
		piece(l, "%s on %s", what, *list ? list : "none");
}

static void put_configured_pins(struct head_line *l, const struct domain_facts *d)
{
	const struct domain_pin *pin = d->vcpu_pins.v;

	for (size_t i = 0; i < d->vcpu_pins.n && i < PINS_MAX; i++)
		put_pin(l, "vCPU", &pin[i].id, &pin[i].cpus);
	put_pin(l, "emulator", NULL, &d->emulator_pin);
	pin = d->iothread_pins.v;
	for (size_t i = 0; i < d->iothread_pins.n && i < PINS_MAX; i++)
		put_pin(l, "iothread", &pin[i].id, &pin[i].cpus);
}

/* Pins of the configuration; without them where the threads of the running guest may run. */
static void put_pins(FILE *out, const struct paste_subject *s)
{
	const struct guest_process *g = s->h->running;
	const struct guest_thread *t = g ? g->threads.v : NULL;
	struct head_line l;

	if (!line_begin(&l))
		return;
	put_configured_pins(&l, &s->h->domain);
	for (size_t i = 0; !l.is_begun && t && i < g->threads.n && i < PINS_MAX; i++) {
		if (fact_is(&t[i].role, "vcpu") && t[i].vcpu.known)
			put_pin(&l, "vCPU", &t[i].vcpu, &t[i].affinity);
	}
	if (!l.is_begun && s->h->domain.source.known)
		piece(&l, "none");
	line_end(&l, out, "Pins   ", 2);
}

int paste_head(FILE *out, const void *arg)
{
	static void (*const lines[])(FILE * out, const struct paste_subject *s) = {
		put_title, put_host, put_processor, put_versions, put_guest, put_cpus, put_pins,
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		lines[i](out, arg);
	return 0;
}

static int put_numbers(FILE *mem, const void *arg)
{
	const struct paste_subject *s = arg;
	const struct text_style narrow = { .width = PASTE_COLUMNS };
	const struct printer p = { mem, &narrow };

	text_wake(&p, s->h);
	text_clock(&p, s->h);
	return 0;
}

int paste_numbers(FILE *out, const void *arg)
{
	const struct paste_subject *s = arg;
	const struct fact_strs *notes = &s->h->run.warnings;
	int r = paste_text(out, put_numbers, s);

	for (size_t i = 0; r == 0 && i < notes->n && i < NOTES_MAX; i++)
		paste_prose(out, "Note: ", notes->v[i], NOTE_LINES);
	if (r == 0 && notes->n > NOTES_MAX)
		fprintf(out, "and %zu more notes\n", notes->n - NOTES_MAX);
	return r;
}
