/* SPDX-License-Identifier: GPL-2.0-or-later */
/* domain_desktop.c - rows of the domain XML about what people see, hear and type on. */
#include "probes/parse/domain_rows.h"

static int read_domain(struct domain_reader *r, const xmlNode *node)
{
	struct domain_facts *f = r->facts;

	(void)node;
	f->inputs.known = true;
	f->graphics.known = true;
	f->videos.known = true;
	f->sounds.known = true;
	return 0;
}

/* evdev tells its device with dev=, passthrough with evdev=. */
static int read_input(struct domain_reader *r, const xmlNode *node)
{
	const xmlNode *source = domain_child(node, "source");
	struct domain_input *item;
	int e = domain_add(r, &r->facts->inputs, sizeof(*item), "inputs", node, &item);

	if (!item)
		return e;
	e = domain_set_strs(r,
			    (const struct domain_attribute[]){
				    { &item->type, "type" },
				    { &item->bus, "bus" },
			    },
			    2, node);
	if (e == 0)
		e = domain_set_strs(r,
				    (const struct domain_attribute[]){
					    { &item->source, "evdev" },
					    { &item->source, "dev" },
					    { &item->grab, "grab" },
				    },
				    3, source);
	return e < 0 ? e : fact_set_str(&item->how, r->arena, "element");
}

static int read_graphics(struct domain_reader *r, const xmlNode *node)
{
	return domain_add_str(r, &r->facts->graphics, "graphics", node, "type");
}

static int read_video(struct domain_reader *r, const xmlNode *node)
{
	return domain_add_str(r, &r->facts->videos, "videos", node, "type");
}

static int read_sound(struct domain_reader *r, const xmlNode *node)
{
	return domain_add_str(r, &r->facts->sounds, "sounds", node, "model");
}

/* The first is the one that sound cards use unless told otherwise. */
static int read_audio(struct domain_reader *r, const xmlNode *node)
{
	struct domain_facts *f = r->facts;
	int e;

	if (f->audio_driver.known)
		return 0;
	e = domain_set_str(r, &f->audio_driver, node, "type");
	if (e == 0)
		e = domain_set_u64(r, &f->audio_timer_us, "audio_timer_us", node, "timerPeriod");
	return e < 0 ? e : fact_set_str(&f->audio_from, r->arena, "element");
}

const struct domain_row domain_desktop_rows[] = {
	{ "", read_domain },
	{ "devices/input", read_input },
	{ "devices/graphics", read_graphics },
	{ "devices/video/model", read_video },
	{ "devices/sound", read_sound },
	{ "devices/audio", read_audio },
	{ NULL, NULL },
};
