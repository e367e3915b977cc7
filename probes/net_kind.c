/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * net_kind.c - what an interface is, by the marks that its driver leaves in sysfs.
 * Source: Documentation/ABI/testing/sysfs-class-net; drivers/net/tun.c, macvtap.c, veth.c.
 */
#include <string.h>

#include "probes/net_parts.h"
#include "probes/parse/pci_address.h"
#include "probes/parse/pci_text.h"

#define TUN_IS_TAP 0x2u /* IFF_TAP of include/uapi/linux/if_tun.h */

static bool has(const struct net_look *x, const char *file)
{
	return sysroot_exists(&x->dir, "/%s", file) == 0;
}

/* DEVTYPE= of uevent, "" when there is none. -ENOENT: every interface has a uevent, not this
 * capture. */
static int read_type(const struct net_look *x, char **ret_text, struct text *ret_type)
{
	struct text rest, line, key, value;
	size_t len;
	const int r = sysroot_read(&x->dir, ret_text, &len, "/uevent");

	*ret_type = text_of("");
	if (r < 0)
		return r;
	rest = text_make(*ret_text, len);
	while (text_next_line(&rest, &line)) {
		if (text_key_value(line, '=', &key, &value) && text_equal(key, "DEVTYPE"))
			*ret_type = value;
	}
	return 0;
}

static const char *kind_of_type(struct text type)
{
	static const struct {
		const char *type, *kind;
	} rows[] = { { "wlan", "wireless" },
		     { "bridge", "bridge" },
		     { "bond", "bond" },
		     { "vlan", "vlan" } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (text_equal(type, rows[i].type))
			return rows[i].kind;
	}
	return NULL;
}

static const char *kind_of_files(const struct net_look *x)
{
	static const struct {
		const char *file, *kind;
	} rows[] = { { "phy80211", "wireless" }, { "wireless", "wireless" },
		     { "bridge", "bridge" },     { "bonding", "bond" },
		     { "macvtap", "macvtap" },   { "device", "physical" } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (has(x, rows[i].file))
			return rows[i].kind;
	}
	return NULL;
}

/* One end of a pair: an Ethernet without a type, tied to another interface that is not below it. */
static bool is_pair(const struct net_look *x, struct text type)
{
	uint64_t own, other, hardware;
	char **names;
	bool has_lower = false;
	size_t n;

	if (type.len || sysroot_read_u64(&x->dir, &own, "/ifindex") < 0 ||
	    sysroot_read_u64(&x->dir, &other, "/iflink") < 0 ||
	    sysroot_read_u64(&x->dir, &hardware, "/type") < 0)
		return false;
	if (hardware != 1 || other == 0 || own == other ||
	    sysroot_list(&x->dir, &names, &n, "/") < 0)
		return false;
	for (size_t i = 0; i < n; i++)
		has_lower |= !strncmp(names[i], "lower_", strlen("lower_"));
	names_free(names, n);
	return !has_lower;
}

static const char *find_kind(const struct net_look *x, struct text type)
{
	auto_free char *flags = NULL;
	const char *kind = kind_of_type(type);
	uint64_t v;

	if (kind)
		return kind;
	if (sysroot_read_line(&x->dir, &flags, "/tun_flags") == 0)
		return text_hex(text_of(flags), &v) == 0 && v & TUN_IS_TAP ? "tap" : "virtual";
	kind = kind_of_files(x);
	if (kind)
		return kind;
	return is_pair(x, type) ? "veth" : NULL;
}

/* ".../0000:03:00.0/net/eth0", with "virtio0" between; that of a card at USB is the controller's.
 */
static int set_device(struct net_look *x, struct text path)
{
	struct text piece, before = { 0 };
	struct pci_address address;

	while (text_next_piece(&path, '/', &piece)) {
		if (pci_address_parse(before, &address) == 0 &&
		    (text_equal(piece, "net") || text_starts(piece, "virtio")))
			return fact_set_text(&x->f->device, x->env->arena, before);
		before = piece;
	}
	return 0;
}

/* A virtual one has no driver in sysfs. */
static int set_driver(struct net_look *x)
{
	auto_free char *target = NULL;
	const int r =
		sysroot_readlink(x->env->root, &target, NET_CLASS "/%s/device/driver", x->name);

	if (r == -ENOMEM)
		return r;
	return r < 0 ? 0
		     : fact_set_text(&x->f->driver, x->env->arena, pci_text_base(text_of(target)));
}

int net_read_kind(struct net_look *x)
{
	auto_free char *uevent = NULL;
	auto_free char *path = NULL;
	struct text type;
	int r = read_type(x, &uevent, &type);
	const char *kind = find_kind(x, type);

	if (r == -ENOMEM)
		return r;
	/* No mark at all: virtual, but only where marks would be seen. */
	if (!kind && r < 0)
		r = net_trouble(x, "interfaces.kind", "uevent", r);
	else
		r = fact_set_str(&x->f->kind, x->env->arena, kind ? kind : "virtual");
	if (r == 0)
		r = set_driver(x);
	if (r < 0)
		return r;
	r = sysroot_readlink(x->env->root, &path, NET_CLASS "/%s", x->name);
	if (r == -ENOMEM)
		return r;
	return r < 0 ? 0 : set_device(x, text_of(path));
}
