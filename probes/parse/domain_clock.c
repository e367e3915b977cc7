/* SPDX-License-Identifier: GPL-2.0-or-later */
/* domain_clock.c - rows of the domain XML about the guest's clock and timers. */
#include "probes/parse/domain_rows.h"

static int read_domain(struct domain_reader *r, const xmlNode *node)
{
	(void)node;
	r->facts->timers.known = true;
	return 0;
}

/* Of a clock that tells no offset libvirt says utc. */
static int read_clock(struct domain_reader *r, const xmlNode *node)
{
	struct domain_facts *f = r->facts;
	int e = domain_set_str(r, &f->clock_offset, node, "offset");

	return e < 0 || f->clock_offset.known ? e : fact_set_str(&f->clock_offset, r->arena, "utc");
}

static int read_timer(struct domain_reader *r, const xmlNode *node)
{
	struct domain_timer *item;
	int e = domain_add(r, &r->facts->timers, sizeof(*item), "timers", node, &item);

	if (!item)
		return e;
	e = domain_set_switch(r, &item->is_present, "timers", node, "present");
	if (e < 0)
		return e;
	return domain_set_strs(r,
			       (const struct domain_attribute[]){
				       { &item->name, "name" },
				       { &item->tickpolicy, "tickpolicy" },
				       { &item->track, "track" },
				       { &item->mode, "mode" },
			       },
			       4, node);
}

const struct domain_row domain_clock_rows[] = {
	{ "", read_domain },
	{ "clock", read_clock },
	{ "clock/timer", read_timer },
	{ NULL, NULL },
};
