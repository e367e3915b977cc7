/* SPDX-License-Identifier: GPL-2.0-or-later */
/* domain_guest.c - the configuration of a running guest: of libvirt, else from its arguments. */
#include <string.h>

#include "probes/domain_parts.h"
#include "probes/guest_parts.h"
#include "probes/libvirt_xml.h"
#include "probes/parse/domain_xml.h"
#include "probes/processes.h"

/* A daemon that is well answers in some milliseconds. */
#define LIBVIRT_LIMIT_MS 2000

/* Gaps of what is found here belong to the whole, as no single field is the reason. */
#define FIELD_ALL "source"

/* "a (pid 1), b (pid 2)", in the arena; NULL: no memory. */
static const char *list_guests(struct arena *a, const struct guests_found *found)
{
	const char *list = "";

	for (size_t i = 0; list && i < found->n && i < 8; i++)
		list = arena_printf(a, "%s%s%u", list, i ? ", " : "", found->v[i].pid);
	return list;
}

/* *ret_guest NULL: none, or which one is not told; a gap says so. */
static int choose_guest(struct probe_env *env, const struct guests_found *found,
			const struct guest_found **ret_guest)
{
	const struct guest_found *one = NULL;
	const char *list;
	size_t n = 0;

	*ret_guest = NULL;
	for (size_t i = 0; i < found->n; i++) {
		const struct guest_found *g = &found->v[i];

		if (strcmp(g->kind, "qemu") != 0 ||
		    (env->guest_pid && g->pid != (uint32_t)env->guest_pid))
			continue;
		one = g;
		n++;
	}
	if (n == 1) {
		*ret_guest = one;
		return 0;
	}
	if (env->guest_pid)
		return probe_gap_words(env, FIELD_ALL, "", "process %d runs no QEMU guest",
				       (int)env->guest_pid);
	if (n == 0)
		return probe_gap_words(env, FIELD_ALL, "",
				       "no guest runs and no --domain-xml was given");
	list = list_guests(env->arena, found);
	return list ? probe_gap_words(env, FIELD_ALL, "",
				      "%zu guests run (pids %s) and none was named", n, list)
		    : -ENOMEM;
}

/* 1: one of libvirt's daemons for QEMU runs; 0, -ENOMEM. */
static int has_daemon(const struct sysroot *root)
{
	auto_processes struct processes list = { 0 };
	int r = processes_list(root, "/proc", &list);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; i < list.n; i++) {
		auto_free char *comm = NULL;

		r = sysroot_read_line(root, &comm, "/proc/%u/comm", list.pids[i]);
		if (r == -ENOMEM)
			return r;
		if (r == 0 && (!strcmp(comm, "libvirtd") || !strcmp(comm, "virtqemud")))
			return 1;
	}
	return 0;
}

static int keep(struct probe_env *env, const char *source, const char *path, const char *text,
		size_t len, struct domain_text *ret_text)
{
	char *copy = arena_memdup(env->arena, text, len);

	if (!copy)
		return -ENOMEM;
	*ret_text = (struct domain_text){
		.source = source,
		.path = path,
		.text = text_make(copy, len),
	};
	return 0;
}

static int ask_daemon(struct probe_env *env, const char *name, struct domain_text *ret_text)
{
	auto_free char *xml = NULL;
	size_t len;
	int r = has_daemon(env->root);

	if (r <= 0)
		return r;
	r = libvirt_xml(name, LIBVIRT_LIMIT_MS, &xml, &len);
	if (r == 0)
		return keep(env, "libvirt", "qemu:///system", xml, len, ret_text);
	/* Without the library, or for a guest of a user's own daemon, the next source is as good.
	 */
	if (r == -ENOMEM || r == -ENOSYS || r == -ENOENT)
		return r == -ENOMEM ? r : 0;
	return probe_gap(env, FIELD_ALL, "qemu:///system", r);
}

/* What the daemon writes down about a running guest, for when it starts again; root's. */
static int read_status(struct probe_env *env, const char *name, struct domain_text *ret_text)
{
	auto_free char *xml = NULL;
	const char *path;
	size_t len;
	int r;

	/* The name comes from arguments that anybody may have written. */
	if (!*name || strchr(name, '/') || !strcmp(name, ".") || !strcmp(name, ".."))
		return 0;
	path = arena_printf(env->arena, "/run/libvirt/qemu/%s.xml", name);
	if (!path)
		return -ENOMEM;
	r = sysroot_read(env->root, &xml, &len, "%s", path);
	/* Absent or not ours to read: the arguments tell the same in other words. */
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	return keep(env, "libvirt", path, xml, len, ret_text);
}

static int take_argv(struct probe_env *env, const struct guest_found *guest,
		     struct domain_text *ret_text)
{
	const char *path = arena_printf(env->arena, "/proc/%u/cmdline", guest->pid);

	if (!path)
		return -ENOMEM;
	if (!guest->cmdline.len)
		return probe_gap_words(env, FIELD_ALL, path, "no arguments");
	*ret_text = (struct domain_text){
		.source = "argv",
		.path = path,
		.text = guest->cmdline,
		.is_argv = true,
	};
	return 0;
}

int domain_of_guest(struct probe_env *env, struct domain_text *ret_text)
{
	struct guests_found found = { 0 };
	const struct guest_found *guest;
	struct guest_process p = { 0 };
	int r = guests_find(env, &found);

	*ret_text = (struct domain_text){ 0 };
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	r = choose_guest(env, &found, &guest);
	if (r < 0 || !guest)
		return r;
	r = guest_describe(env, guest, &p);
	if (r == 0 && fact_is(&p.manager, "libvirt") && p.name.known) {
		if (env->root->is_live)
			r = ask_daemon(env, p.name.v, ret_text);
		if (r == 0 && !ret_text->source)
			r = read_status(env, p.name.v, ret_text);
	}
	return r < 0 || ret_text->source ? r : take_argv(env, guest, ret_text);
}
