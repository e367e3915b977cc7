/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/domain_differs.h"

#include <string.h>

#include "facts/kernel.h"

struct comparison {
	const struct domain_facts *xml, *live;
	struct arena *arena;
	struct fact_strs *differs;
};

static int add(struct comparison *c, const char *what, const char *xml, const char *live)
{
	const char *text = arena_printf(c->arena, "%s: %s in the XML, %s in QEMU", what, xml, live);

	return text ? fact_add_str(c->differs, c->arena, text) : -ENOMEM;
}

/* Single values that libvirt hands on to QEMU as they are. */
static bool is_handed_on(const struct comparison *c, const char *key)
{
	static const char *const keys[] = {
		"type",     "memory_kib",  "n_vcpus",      "n_iothreads",   "sockets",
		"dies",     "cores",       "threads",      "has_hugepages", "is_unmergeable",
		"firmware", "hyperv_mode", "clock_offset", "tpm",           "watchdog",
	};
	/* "host-model" becomes a model with features. */
	static const char *const cpu[] = { "cpu_mode", "cpu_model", "is_migratable" };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!strcmp(key, keys[i]))
			return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(cpu); i++) {
		if (!strcmp(key, cpu[i]))
			return !fact_is(&c->xml->cpu_mode, "host-model");
	}
	return false;
}

/* libvirt rounds each cell up to MiB; modules (<memory model=…>) are part of <memory>, not of -m.
 */
static bool is_memory_same(const struct comparison *c)
{
	const uint64_t xml = c->xml->memory_kib.v, live = c->live->memory_kib.v;
	const uint64_t n_cells = c->xml->cells.n ? c->xml->cells.n : 1;
	const struct fact_strs *lines = &c->xml->xml;

	for (size_t i = 0; i < lines->n; i++) {
		if (strstr(lines->v[i], "<memory model="))
			return true;
	}
	return live >= xml && live - xml < n_cells * KIB;
}

static bool is_same(const struct comparison *c, const char *key)
{
	static const char *const offsets[] = { "utc", "localtime" };
	size_t n = 0;

	if (!strcmp(key, "memory_kib"))
		return is_memory_same(c);
	if (strcmp(key, "clock_offset") != 0)
		return false;
	/* The others become a date or one of these two. */
	for (size_t i = 0; i < ARRAY_SIZE(offsets); i++)
		n += fact_is(&c->xml->clock_offset, offsets[i]) +
		     fact_is(&c->live->clock_offset, offsets[i]);
	return n != 2;
}

static int compare_value(void *arg, const struct fact_field *field, const char *xml,
			 const char *live)
{
	struct comparison *c = arg;

	if (!xml || !live || !is_handed_on(c, field->key) || is_same(c, field->key))
		return 0;
	return add(c, field->key, xml, live);
}

/* Of a CPU feature QEMU is told on or off, which libvirt says in more words. */
static const char *plain(const char *value)
{
	static const char *const words[][2] = {
		{ "require", "on" },  { "force", "on" },   { "optional", "on" },
		{ "disable", "off" }, { "forbid", "off" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (!strcmp(value, words[i][0]))
			return words[i][1];
	}
	return value;
}

/* Settings that both lists have. */
static int compare_settings(struct comparison *c, const char *key, const struct fact_list *xml,
			    const struct fact_list *live)
{
	const struct setting_fact *item = xml->v;
	int e = 0;

	for (size_t i = 0; e == 0 && i < xml->n; i++) {
		const char *value = setting_value(live, item[i].name.v), *what;

		if (!value || !strcmp(plain(value), plain(item[i].value.v)))
			continue;
		what = arena_printf(c->arena, "%s %s", key, item[i].name.v);
		e = what ? add(c, what, item[i].value.v, value) : -ENOMEM;
	}
	return e;
}

static bool has_device(const struct fact_strs *devices, const char *address)
{
	for (size_t i = 0; i < devices->n; i++) {
		if (!strcmp(devices->v[i], address))
			return true;
	}
	return false;
}

static int compare_devices(struct comparison *c)
{
	const struct fact_strs *xml = &c->xml->host_devices, *live = &c->live->host_devices;
	int e = 0;

	if (!xml->known || !live->known)
		return 0;
	for (size_t i = 0; e == 0 && i < xml->n; i++) {
		if (!has_device(live, xml->v[i]))
			e = add(c, "host_devices", xml->v[i], "not");
	}
	for (size_t i = 0; e == 0 && i < live->n; i++) {
		if (!has_device(xml, live->v[i]))
			e = add(c, "host_devices", "not", live->v[i]);
	}
	return e;
}

static const struct domain_timer *find_timer(const struct fact_list *timers, const char *name)
{
	const struct domain_timer *timer = timers->v;

	for (size_t i = 0; i < timers->n; i++) {
		if (fact_is(&timer[i].name, name))
			return &timer[i];
	}
	return NULL;
}

static int compare_timers(struct comparison *c)
{
	const struct domain_timer *xml = c->xml->timers.v;
	int e = 0;

	for (size_t i = 0; e == 0 && i < c->xml->timers.n; i++) {
		const char *name = xml[i].name.known ? xml[i].name.v : "", *what;
		const struct domain_timer *live = find_timer(&c->live->timers, name);

		if (!live || !live->is_present.known || !xml[i].is_present.known ||
		    live->is_present.v == xml[i].is_present.v)
			continue;
		what = arena_printf(c->arena, "timers %s", name);
		e = what ? add(c, what, xml[i].is_present.v ? "present" : "not present",
			       live->is_present.v ? "present" : "not present")
			 : -ENOMEM;
	}
	return e;
}

/* NULL: none, or several of this source. */
static const struct domain_disk *find_disk(const struct fact_list *disks, const char *source)
{
	const struct domain_disk *disk = disks->v, *one = NULL;

	for (size_t i = 0; i < disks->n; i++) {
		if (!fact_is(&disk[i].source, source))
			continue;
		if (one)
			return NULL;
		one = &disk[i];
	}
	return one;
}

static int compare_disk(struct comparison *c, const struct domain_disk *xml,
			const struct domain_disk *live)
{
	const struct {
		const char *name;
		const struct fact_str *xml, *live;
	} settings[] = {
		{ "bus", &xml->bus, &live->bus },
		{ "cache", &xml->cache, &live->cache },
		{ "io", &xml->io, &live->io },
		{ "discard", &xml->discard, &live->discard },
	};
	int e = 0;

	for (size_t i = 0; e == 0 && i < ARRAY_SIZE(settings); i++) {
		const char *what;

		if (!settings[i].xml->known || !settings[i].live->known ||
		    !strcmp(settings[i].xml->v, settings[i].live->v))
			continue;
		what = arena_printf(c->arena, "disks %s %s", xml->source.v, settings[i].name);
		e = what ? add(c, what, settings[i].xml->v, settings[i].live->v) : -ENOMEM;
	}
	return e;
}

static int compare_disks(struct comparison *c)
{
	const struct domain_disk *xml = c->xml->disks.v;
	int e = 0;

	for (size_t i = 0; e == 0 && i < c->xml->disks.n; i++) {
		const struct domain_disk *live;

		live = xml[i].source.known ? find_disk(&c->live->disks, xml[i].source.v) : NULL;
		if (live && find_disk(&c->xml->disks, xml[i].source.v))
			e = compare_disk(c, &xml[i], live);
	}
	return e;
}

int domain_differences(const struct domain_facts *xml, const struct domain_facts *live,
		       struct arena *a, struct fact_strs *ret_differs)
{
	struct fact_strs differs = { .known = true };
	struct comparison c = { xml, live, a, &differs };
	int e = schema_differences(&domain_schema, xml, live, compare_value, &c);

	if (e == 0)
		e = compare_settings(&c, "features", &xml->features, &live->features);
	if (e == 0 && !fact_is(&xml->cpu_mode, "host-model"))
		e = compare_settings(&c, "cpu_features", &xml->cpu_features, &live->cpu_features);
	if (e == 0)
		e = compare_timers(&c);
	if (e == 0)
		e = compare_disks(&c);
	if (e == 0)
		e = compare_devices(&c);
	if (e == 0)
		*ret_differs = differs;
	return e;
}
