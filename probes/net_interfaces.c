/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * net_interfaces.c - the interfaces of the host, and what each belongs to.
 * Source: Documentation/ABI/testing/sysfs-class-net.
 */
#include <fcntl.h>
#include <string.h>

#include "probes/net_parts.h"
#include "probes/parse/pci_text.h"

int net_trouble(struct net_look *x, const char *field, const char *file, int error)
{
	if (error == -ENOMEM)
		return error;
	return tally_add(x->tally, x->env, field,
			 arena_printf(x->env->arena, NET_CLASS "/%s/%s", x->shown, file), error);
}

static int read_master(struct net_look *x, char *const *names, size_t n)
{
	auto_free char *target = NULL;
	struct text base;
	int r = sysroot_readlink(&x->dir, &target, "/master");

	/* Most have none. */
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	base = pci_text_base(text_of(target));
	for (size_t i = 0; i < n; i++) {
		if (text_equal(base, names[i])) {
			const char *shown = net_name(x->env->arena, names, n, i);

			return shown ? fact_set_str(&x->f->master, x->env->arena, shown) : -ENOMEM;
		}
	}
	return net_trouble(x, "interfaces.master", "master", -ENODEV);
}

/* Of an interface that is down the kernel refuses to tell the carrier: it has none. */
static int read_carrier(struct net_look *x)
{
	auto_free char *line = NULL;
	bool is_up;
	int r = sysroot_read_line(&x->dir, &line, "/carrier");

	if (r == -EINVAL && x->env->root->is_whole) {
		fact_set_bool(&x->f->is_up, false);
		return 0;
	}
	if (r == 0)
		r = text_bool(text_of(line), &is_up) < 0 ? -EBADMSG : 0;
	if (r < 0)
		return net_trouble(x, "interfaces.is_up", "carrier", r);
	fact_set_bool(&x->f->is_up, is_up);
	return 0;
}

static int read_mtu(struct net_look *x)
{
	uint64_t v;
	const int r = sysroot_read_u64(&x->dir, &v, "/mtu");

	if (r < 0)
		return net_trouble(x, "interfaces.mtu_bytes", "mtu", r);
	fact_set_u64(&x->f->mtu_bytes, v);
	return 0;
}

static int read_interface(struct net_look *x, char *const *names, size_t n)
{
	int r = fact_set_str(&x->f->name, x->env->arena, x->shown);

	if (r == 0)
		r = net_read_kind(x);
	if (r == 0)
		r = read_master(x, names, n);
	if (r == 0)
		r = read_carrier(x);
	if (r == 0)
		r = read_mtu(x);
	return r == 0 ? net_read_queues(x) : r;
}

/* bonding_masters is a file among the interfaces; loopback is none that a guest could use. */
static int add_interface(struct probe_env *env, struct net_facts *f, struct tally *tally,
			 char *const *names, size_t n, size_t i)
{
	struct net_look x = { .env = env, .tally = tally, .name = names[i] };
	auto_fd int fd = -1;

	if (!strcmp(names[i], "lo") || !strcmp(names[i], "bonding_masters"))
		return 0;
	x.shown = net_name(env->arena, names, n, i);
	if (!x.shown)
		return -ENOMEM;
	fd = sysroot_open_file(env->root, O_RDONLY | O_DIRECTORY, NET_CLASS "/%s", names[i]);
	/* One that has gone since the list was read. */
	if (fd == -ENOENT && env->root->is_whole)
		return 0;
	if (fd < 0)
		return net_trouble(&x, "interfaces", "", fd);
	x.dir = sysroot_below(env->root, fd);
	x.f = fact_add_item(&f->interfaces, env->arena, sizeof(*x.f));
	return x.f ? read_interface(&x, names, n) : -ENOMEM;
}

int net_read_interfaces(struct probe_env *env, struct net_facts *f)
{
	struct tally tally = { 0 };
	char **names;
	size_t n;
	int r = sysroot_list(env->root, &names, &n, NET_CLASS);

	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, "interfaces", NET_CLASS, r);
	f->interfaces.known = true;
	if (n > NET_INTERFACES_MAX)
		r = probe_gap_words(env, "interfaces", NET_CLASS,
				    "%zu interfaces: the first %u are read", n, NET_INTERFACES_MAX);
	for (size_t i = 0; i < n && i < NET_INTERFACES_MAX && r == 0; i++)
		r = add_interface(env, f, &tally, names, n, i);
	names_free(names, n);
	return r == 0 ? tally_report(&tally, env) : r;
}
