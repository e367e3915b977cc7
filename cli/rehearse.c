/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/rehearse.h"

#include <string.h>

#include "analyze/plan.h"
#include "analyze/target.h"
#include "probes/parse/domain_xml.h"
#include "report/xml_merge.h"

void rehearsal_release(struct rehearsal *r)
{
	for (size_t i = 0; i < r->n; i++)
		host_free(r->hosts[i]);
	free(r->xml);
	*r = (struct rehearsal){ 0 };
}

static char *xml_text(struct host *h)
{
	const struct fact_strs *lines = &h->domain.xml;
	char *text;
	size_t len = 1, at = 0;

	for (size_t i = 0; i < lines->n; i++)
		len += strlen(lines->v[i]) + 1;
	text = malloc(len);
	if (!text)
		return NULL;
	for (size_t i = 0; i < lines->n; i++) {
		const size_t n = strlen(lines->v[i]);

		memcpy(text + at, lines->v[i], n);
		text[at + n] = '\n';
		at += n + 1;
	}
	text[at] = '\0';
	return text;
}

/* What the host said of media does not change with the XML. */
static void keep_disks(const struct domain_facts *from, struct domain_facts *to)
{
	const struct domain_disk *old = from->disks.v;
	struct domain_disk *disks = to->disks.v;

	for (size_t i = 0; i < to->disks.n; i++) {
		for (size_t k = 0; k < from->disks.n; k++) {
			if (!disks[i].source.known || !fact_is(&old[k].source, disks[i].source.v))
				continue;
			disks[i].size_kib = old[k].size_kib;
			disks[i].allocated_kib = old[k].allocated_kib;
			disks[i].scheduler = old[k].scheduler;
		}
	}
}

static int set_domain(struct host *h, const char *xml)
{
	struct domain_facts d = { .source = h->domain.source };
	struct domain_xml_result parsed;
	const char *text = arena_strdup(&h->arena, xml);
	int r = text ? domain_xml_parse(text_of(text), &h->arena, &d, &parsed) : -ENOMEM;

	if (r < 0)
		return r;
	keep_disks(&h->domain, &d);
	d.manager = h->domain.manager;
	d.vmid = h->domain.vmid;
	h->domain = d;
	return 0;
}

/* The guest as it starts next: none of its threads is there yet. */
static int set_target(struct host *h, const struct host *before)
{
	const bool is_wish = fact_is(&before->cpus.source, "option");
	const struct target_wish wish = { "none", is_wish ? &before->cpus.guest.v : NULL };
	const char *why;
	struct target t;
	int r;

	h->running = NULL;
	h->guest.guests.n = 0;
	h->guestref = (struct guestref_facts){ .kind = { true, "none" } };
	r = target_choose(h, &wish, &t, &why);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	fact_set_cpus(&h->cpus.guest, &t.guest);
	fact_set_cpus(&h->cpus.host, &t.host);
	h->cpus.source = (struct fact_str){ true, t.source };
	return 0;
}

static int judge_edited(const struct doc *result, const struct host *before, const char *xml,
			struct host **ret_host, struct findings *ret_findings)
{
	auto_free char *why = NULL;
	auto_host struct host *h = NULL;
	int r = host_new(result, &h, &why);

	if (r == 0)
		r = set_domain(h, xml);
	if (r == 0)
		r = set_target(h, before);
	if (r == 0)
		r = engine_run(h, ret_findings);
	if (r < 0)
		return r;
	*ret_host = h;
	h = NULL;
	return 0;
}

/* 0: nothing was left to edit; 1: there is one more round; -errno. */
static int add_round(const struct doc *result, struct host *first, const struct findings *f,
		     struct rehearsal *r)
{
	const size_t n = r->n;
	struct host *h = n ? r->hosts[n - 1] : first;
	const char *edits = plan_xml_edits(h, n ? &r->findings[n - 1] : f);
	auto_free char *xml = NULL;
	char *old;
	int error = edits ? 0 : -ENOMEM;

	if (error == 0 && *edits)
		error = xml_merge(r->xml, edits, &xml);
	if (error < 0 || !xml || !strcmp(xml, r->xml))
		return error;
	error = judge_edited(result, first, xml, &r->hosts[n], &r->findings[n]);
	if (error < 0)
		return error;
	r->n++;
	old = r->xml;
	r->xml = xml;
	xml = old;
	return 1;
}

int rehearse(const struct doc *result, struct host *h, const struct findings *first,
	     struct rehearsal *ret_rehearsal)
{
	auto_rehearsal struct rehearsal all = { .xml = xml_text(h) };
	int r = all.xml ? 1 : -ENOMEM;

	*ret_rehearsal = (struct rehearsal){ 0 };
	while (r > 0 && all.n < ROUNDS_MAX)
		r = add_round(result, h, first, &all);
	/* XML that cannot be edited has no copy. */
	if (r < 0 && r != -EBADMSG)
		return r;
	if (all.n) {
		*ret_rehearsal = all;
		all = (struct rehearsal){ 0 };
	}
	return 0;
}
