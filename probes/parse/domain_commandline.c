/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * domain_commandline.c - <qemu:commandline>: QEMU's own arguments in the domain XML.
 *
 * libvirt drops the element without a word when its namespace is not declared, so what it says is
 * kept, but nothing follows from it then. Source: https://libvirt.org/drvqemu.html
 */
#include <string.h>

#include "probes/parse/domain_rows.h"
#include "probes/parse/qemu_options.h"
#include "probes/parse/secrets.h"

#define NAMESPACE "http://libvirt.org/schemas/domain/qemu/1.0"

static const char *local_name(const xmlNode *node)
{
	const char *name = node->type == XML_ELEMENT_NODE ? (const char *)node->name : "";
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

static bool is_qemu_namespace(const xmlNs *ns)
{
	return ns && ns->href && !strcmp((const char *)ns->href, NAMESPACE);
}

/* One of another driver (xen, bhyve, lxc) is not ours. */
static bool is_commandline(const xmlNode *node)
{
	return !strcmp(local_name(node), "commandline") &&
	       (!node->ns || !node->ns->prefix || is_qemu_namespace(node->ns));
}

static int hide(struct domain_reader *r, const char *option, const char *text,
		const char **ret_text)
{
	auto_free char *clean = secrets_hide(text_of(option), text_of(text));

	*ret_text = clean ? arena_strdup(r->arena, clean) : NULL;
	return *ret_text ? 0 : -ENOMEM;
}

static int add_text(struct domain_reader *r, struct fact_strs *list, const char *field,
		    const xmlNode *node, const char *text)
{
	if (list->n == 4096)
		return domain_note(r, field, node, "more than 4096 of them");
	return fact_add_str(list, r->arena, text);
}

static int add_arg(struct domain_reader *r, const xmlNode *node)
{
	struct fact_strs *args = &r->facts->qemu_args;
	const char *value;
	int e = domain_get(r, node, "value", &value);

	if (e == 0 && value)
		e = hide(r, args->n ? args->v[args->n - 1] : "", value, &value);
	return e < 0 || !value ? e : add_text(r, args, "qemu_args", node, value);
}

static int add_env(struct domain_reader *r, const xmlNode *node)
{
	const char *name, *value, *text;
	int e = domain_get(r, node, "name", &name);

	if (e == 0)
		e = domain_get(r, node, "value", &value);
	if (e < 0 || !name)
		return e;
	text = arena_printf(r->arena, "%s=%s", name, value ? value : "");
	e = text ? hide(r, "", text, &text) : -ENOMEM;
	return e < 0 ? e : add_text(r, &r->facts->qemu_env, "qemu_env", node, text);
}

static int read_commandline(struct domain_reader *r, const xmlNode *commandline)
{
	int e = 0;

	for (const xmlNode *node = commandline->children; e == 0 && node; node = node->next) {
		if (!strcmp(local_name(node), "arg"))
			e = add_arg(r, node);
		else if (!strcmp(local_name(node), "env"))
			e = add_env(r, node);
	}
	return e;
}

static int read_domain(struct domain_reader *r, const xmlNode *domain)
{
	struct domain_facts *f = r->facts;
	bool is_there = false, is_declared = false;
	int e = 0;

	f->qemu_args.known = true;
	f->qemu_env.known = true;
	for (const xmlNs *ns = domain->nsDef; ns; ns = ns->next)
		is_declared |= is_qemu_namespace(ns);
	for (const xmlNode *node = domain->children; e == 0 && node; node = node->next) {
		if (!is_commandline(node))
			continue;
		/* Declared is not enough: the element has to be in it. */
		is_declared = is_qemu_namespace(node->ns);
		is_there = true;
		e = read_commandline(r, node);
	}
	fact_set_bool(&f->has_qemu_commandline, is_there);
	fact_set_bool(&f->has_qemu_namespace, is_declared);
	return e;
}

/* "-object input-linux,id=kbd,evdev=/dev/input/by-id/x,grab_all=on" */
static int read_object(struct domain_reader *r, const struct qemu_options *options)
{
	const char *grab_all = qemu_option_is_on(options, "grab-all") ? "grab_all" : NULL;
	struct domain_input *item;
	int e;

	if (!qemu_option_is(options, "qom-type", "input-linux"))
		return 0;
	e = domain_add(r, &r->facts->inputs, sizeof(*item), "inputs", NULL, &item);
	if (!item)
		return e;
	e = fact_set_str(&item->type, r->arena, "evdev");
	if (e == 0)
		e = fact_set_str(&item->how, r->arena, "commandline");
	if (e == 0)
		e = fact_set_str(&item->grab, r->arena, grab_all);
	return e < 0 ? e : fact_set_str(&item->source, r->arena, qemu_option(options, "evdev"));
}

static int read_audiodev(struct domain_reader *r, const struct qemu_options *options)
{
	struct domain_facts *f = r->facts;
	const char *period = qemu_option(options, "timer-period");
	uint64_t us;
	int e = fact_set_str(&f->audio_driver, r->arena, qemu_option(options, "driver"));

	f->audio_timer_us.known = false;
	if (period && text_u64(text_of(period), &us) == 0 && us <= INT64_MAX)
		fact_set_u64(&f->audio_timer_us, us);
	return e < 0 ? e : fact_set_str(&f->audio_from, r->arena, "commandline");
}

static int read_device(struct domain_reader *r, const struct qemu_options *options)
{
	const char *driver = qemu_option(options, "driver");

	if (driver && !strncmp(driver, "ivshmem", 7))
		fact_set_bool(&r->facts->has_shmem, true);
	return 0;
}

static const struct argument {
	const char *option, *key; /* the key that may be left out */
	int (*read)(struct domain_reader *r, const struct qemu_options *options);
} arguments[] = {
	{ "-object", "qom-type", read_object },
	{ "-audiodev", "driver", read_audiodev },
	{ "-device", "driver", read_device },
};

static int read_argument(struct domain_reader *r, const char *option, const char *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(arguments); i++) {
		const struct argument *a = &arguments[i];
		struct qemu_options options;
		int e;

		if (strcmp(option, a->option) != 0)
			continue;
		e = qemu_options_parse(text_of(value), a->key, r->arena, &options);
		if (e == -EBADMSG)
			return domain_note(r, "qemu_args", NULL, "the JSON of %s is broken",
					   a->option);
		return e < 0 ? e : a->read(r, &options);
	}
	return 0;
}

/* What QEMU up to 7 was told its sound with. */
static int read_variables(struct domain_reader *r)
{
	static const char name[] = "QEMU_AUDIO_DRV=";
	struct domain_facts *f = r->facts;
	int e = 0;

	for (size_t i = 0; e == 0 && i < f->qemu_env.n; i++) {
		if (strncmp(f->qemu_env.v[i], name, sizeof(name) - 1) != 0)
			continue;
		e = fact_set_str(&f->audio_driver, r->arena, f->qemu_env.v[i] + sizeof(name) - 1);
		if (e == 0)
			e = fact_set_str(&f->audio_from, r->arena, "commandline");
	}
	return e;
}

int domain_read_arguments(struct domain_reader *r)
{
	const struct fact_strs *args = &r->facts->qemu_args;
	int e;

	if (!r->facts->has_qemu_namespace.v)
		return 0;
	e = read_variables(r);
	for (size_t i = 0; e == 0 && i + 1 < args->n; i++) {
		const char *option = args->v[i];

		/* "--device" is the same */
		e = read_argument(r, option + (!strncmp(option, "--", 2)), args->v[i + 1]);
	}
	return e;
}

const struct domain_row domain_commandline_rows[] = {
	{ "", read_domain },
	{ NULL, NULL },
};
