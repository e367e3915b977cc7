/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qemu_network.c - QEMU's network cards: -device with -netdev, -nic, and -net nic with its hub.
 *
 * A card that QEMU adds because nothing is told is not told here either, nor is the model of a
 * "-net nic" without one.
 */
#include <string.h>

#include "probes/parse/qemu_parts.h"

static bool is_in(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n && name; i++) {
		if (!strcmp(name, names[i]))
			return true;
	}
	return false;
}

static bool is_card(const struct qemu_entry *device)
{
	static const char *const others[] = { "e1000",         "e1000e",   "e1000-82544gc",
					      "e1000-82545em", "rtl8139",  "vmxnet3",
					      "pcnet",         "ne2k_pci", "i82559er",
					      "i82551",        "i82557b",  "i82550",
					      "igb",           "usb-net",  "tulip" };

	return qemu_option(&device->values, "netdev") ||
	       qemu_is_driver(device->kind, "virtio-net") ||
	       is_in(device->kind, others, ARRAY_SIZE(others));
}

/*
 * What it is connected to, in libvirt's words. A tap device of libvirt comes as a file descriptor,
 * which does not tell on what it is.
 */
static const char *type_name(const struct qemu_options *backend)
{
	static const char *const names[][2] = {
		{ "user", "user" },       { "bridge", "bridge" }, { "vhost-user", "vhostuser" },
		{ "vhost-vdpa", "vdpa" }, { "passt", "user" },
	};
	const char *type = qemu_option(backend, "type");
	const char *script = qemu_option(backend, "script");

	for (size_t i = 0; i < ARRAY_SIZE(names) && type; i++) {
		if (!strcmp(type, names[i][0]))
			return names[i][1];
	}
	if (!type || strcmp(type, "tap") != 0 || qemu_option(backend, "fd") ||
	    qemu_option(backend, "fds"))
		return NULL;
	if (qemu_option(backend, "br") || (script && strstr(script, "bridge")))
		return "bridge";
	return "ethernet";
}

static uint64_t count_pieces(const char *list)
{
	struct text rest = text_of(list), piece;
	uint64_t n = 0;

	while (text_next_piece(&rest, ':', &piece))
		n++;
	return n;
}

static int set_queues(struct qemu_reader *r, struct fact_u64 *f, const struct qemu_options *backend)
{
	const char *fds = qemu_option(backend, "fds");

	if (!fds)
		return qemu_set_u64(r, f, "interfaces", qemu_option(backend, "queues"));
	fact_set_u64(f, count_pieces(fds));
	return 0;
}

static void set_vhost(struct domain_interface *card, const struct qemu_options *backend)
{
	static const char *const keys[] = { "vhostfd", "vhostfds" };
	static const char *const kernel[] = { "tap", "bridge" };
	bool is_on =
		qemu_option_is_on(backend, "vhost") || qemu_option_is_on(backend, "vhostforce");

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		is_on |= qemu_option(backend, keys[i]) && !qemu_option_is_off(backend, "vhost");
	/* Other kinds may move packets outside of QEMU in ways of their own. */
	if (is_on || is_in(qemu_option(backend, "type"), kernel, ARRAY_SIZE(kernel)) ||
	    fact_is(&card->type, "user"))
		fact_set_bool(&card->has_vhost, is_on);
}

static int set_backend(struct qemu_reader *r, struct domain_interface *card,
		       const struct qemu_options *backend)
{
	const char *source = qemu_option(backend, "br");
	int e = qemu_set_str(r, &card->type, type_name(backend));

	if (!source)
		source = qemu_option(backend, "vhostdev");
	if (e == 0)
		e = qemu_set_str(r, &card->source, source);
	if (e == 0 && qemu_option_is_off(backend, "vhost"))
		e = qemu_set_str(r, &card->driver, "qemu");
	if (e == 0 && qemu_option_is_on(backend, "vhost"))
		e = qemu_set_str(r, &card->driver, "vhost");
	set_vhost(card, backend);
	return e < 0 ? e : set_queues(r, &card->n_queues, backend);
}

/* backend NULL: it is not told. */
static int add_card(struct qemu_reader *r, const char *model, const struct qemu_options *backend)
{
	struct domain_interface *card;
	int e = qemu_add(r, &r->facts->interfaces, sizeof(*card), &card);

	if (!card)
		return e;
	if (model && qemu_is_driver(model, "virtio-net"))
		model = "virtio";
	e = qemu_set_str(r, &card->model, model);
	return e < 0 || !backend ? e : set_backend(r, card, backend);
}

/* What is on the same hub of old ("vlan") as a "-net nic". */
static const struct qemu_options *hub_backend(const struct qemu_reader *r,
					      const struct qemu_options *nic)
{
	const char *hub = qemu_option(nic, "vlan");
	const struct qemu_entry *entry;
	size_t at = 0;

	while ((entry = qemu_next(r, "-net", &at))) {
		const char *other = qemu_option(&entry->values, "vlan");

		if (strcmp(entry->kind, "nic") != 0 && strcmp(entry->kind, "none") != 0 &&
		    !strcmp(hub ? hub : "0", other ? other : "0"))
			return &entry->values;
	}
	return NULL;
}

static int add_entry(struct qemu_reader *r, const struct qemu_entry *entry)
{
	const struct qemu_options *values = &entry->values;
	const char *netdev = qemu_option(values, "netdev");

	if (!strcmp(entry->option, "-device") && is_card(entry))
		return add_card(r, entry->kind, qemu_find(r, "-netdev", netdev));
	if (!strcmp(entry->option, "-net") && !strcmp(entry->kind, "nic"))
		return add_card(r, qemu_option(values, "model"),
				netdev ? qemu_find(r, "-netdev", netdev) : hub_backend(r, values));
	if (!strcmp(entry->option, "-nic") && *entry->kind && strcmp(entry->kind, "none") != 0)
		return add_card(r, qemu_option(values, "model"), values);
	return 0;
}

int qemu_read_network(struct qemu_reader *r)
{
	int e = 0;

	r->facts->interfaces.known = true;
	for (size_t i = 0; i < r->n && e == 0; i++)
		e = add_entry(r, &r->entries[i]);
	return e;
}
