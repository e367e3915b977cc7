/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/change.h"

#include <string.h>

#include "analyze/fix.h"
#include "analyze/guest_config.h"

enum manager host_manager(const struct host *h)
{
	static const struct {
		const char *name;
		enum manager manager;
	} names[] = {
		{ "libvirt", MANAGER_LIBVIRT },
		{ "proxmox", MANAGER_PROXMOX },
		{ "plain", MANAGER_PLAIN },
	};
	const struct fact_str *told = h->running ? &h->running->manager : &h->domain.manager;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (fact_is(told, names[i].name))
			return names[i].manager;
	}
	/* A guest that is written in libvirt's XML is libvirt's, wherever. */
	if (!h->running && h->domain.xml.n && !fact_is(&h->domain.source, "argv"))
		return MANAGER_LIBVIRT;
	if (h->setup.is_proxmox.known && h->setup.is_proxmox.v)
		return MANAGER_PROXMOX;
	return guest_is_argv(h) ? MANAGER_PLAIN : MANAGER_LIBVIRT;
}

const char *host_vmid(struct host *h)
{
	const char *text = NULL;

	if (h->domain.vmid.known)
		text = arena_printf(&h->arena, "%llu", (unsigned long long)h->domain.vmid.v);
	return text ? text : "VMID";
}

const char *host_initramfs_command(const struct host *h)
{
	static const struct {
		const char *family, *command;
	} families[] = {
		{ "initramfs-tools", "sudo update-initramfs -u -k all" },
		{ "dracut", "sudo dracut --force --regenerate-all" },
		{ "mkinitcpio", "sudo mkinitcpio -P" },
		{ "booster", "sudo /usr/lib/booster/regenerate_images" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
		if (fact_is(&h->setup.initramfs, families[i].family))
			return families[i].command;
	}
	return "rebuild the initramfs (update-initramfs -u, dracut -f or mkinitcpio -P)";
}

/* Kernel arguments, sorted into those to add and those to take away: "a b", or "". */
struct arguments {
	const char *add, *remove;
};

static int split_arguments(struct arena *a, const char *boot, struct arguments *ret)
{
	struct text rest = text_of(boot), word;

	*ret = (struct arguments){ "", "" };
	while (text_next_word(&rest, &word)) {
		const bool is_removal = text_starts(word, "-");
		const char **list = is_removal ? &ret->remove : &ret->add;

		if (is_removal)
			word = text_make(word.at + 1, word.len - 1);
		*list = arena_printf(a, "%s%s%.*s", *list, **list ? " " : "", (int)word.len,
				     word.at);
		if (!*list)
			return -ENOMEM;
	}
	return 0;
}

/* "add 'a b', remove 'c'" */
static const char *in_words(struct arena *a, const struct arguments *args)
{
	const bool both = *args->add && *args->remove;

	return arena_printf(a, "%s%s%s%s%s", *args->add ? "add " : "", args->add, both ? "; " : "",
			    *args->remove ? "remove " : "", args->remove);
}

typedef const char *boot_fn(struct host *h, const struct arguments *args);

static bool is_os(const struct host *h, const char *const *ids)
{
	while (*ids && !fact_is(&h->kernel.os_id, *ids))
		ids++;
	return *ids != NULL;
}

/* One --option='words' for each list that is not empty. */
static const char *with_options(struct arena *a, const char *command, const char *add,
				const char *remove, const struct arguments *args)
{
	const char *added = *args->add ? fix_quote(a, args->add) : "";
	const char *removed = *args->remove ? fix_quote(a, args->remove) : "";

	if (!added || !removed)
		return NULL;
	return arena_printf(a, "%s%s%s%s%s", command, *args->add ? add : "", added,
			    *args->remove ? remove : "", removed);
}

/* An option for each word, as rpm-ostree takes them. */
static const char *option_each(struct arena *a, const char *line, const char *option,
			       const char *words)
{
	struct text rest = text_of(words), word;

	while (line && text_next_word(&rest, &word)) {
		const char *quoted = fix_quote(a, arena_strndup(a, word.at, word.len));

		line = arena_printf(a, "%s %s=%s", line, option, quoted ? quoted : "");
	}
	return line;
}

static const char *boot_grub(struct host *h, const struct arguments *args)
{
	static const char *const debian[] = { "debian",  "ubuntu", "linuxmint",
					      "proxmox", "neon",   NULL };
	static const char *const grubby[] = { "fedora",    "rhel",   "centos", "rocky",
					      "almalinux", "nobara", NULL };
	struct arena *a = &h->arena;

	if (is_os(h, grubby))
		return with_options(a, "sudo grubby --update-kernel=ALL",
				    " --args=", " --remove-args=", args);
	return arena_printf(a, "/etc/default/grub, GRUB_CMDLINE_LINUX_DEFAULT: %s\n%s",
			    in_words(a, args),
			    is_os(h, debian) || fact_is(&h->setup.initramfs, "initramfs-tools")
				    ? "sudo update-grub"
				    : "sudo grub-mkconfig -o /boot/grub/grub.cfg");
}

static const char *boot_systemd(struct host *h, const struct arguments *args)
{
	static const char *const pop[] = { "pop", NULL };
	const char *file =
		h->setup.boot_config.known ? h->setup.boot_config.v : "/boot/loader/entries/*.conf";
	const bool is_entry = strstr(file, "/loader/") != NULL;

	if (is_os(h, pop))
		return with_options(&h->arena, "sudo kernelstub", " -a ", " -d ", args);
	return arena_printf(
		&h->arena, "%s%s: %s%s", file, is_entry ? ", line 'options'" : "",
		in_words(&h->arena, args),
		is_entry ? "" : "\nsudo kernel-install add-all (or: sudo reinstall-kernels)");
}

static const char *boot_proxmox(struct host *h, const struct arguments *args)
{
	return arena_printf(&h->arena, "/etc/kernel/cmdline: %s\nsudo proxmox-boot-tool refresh",
			    in_words(&h->arena, args));
}

static const char *boot_ostree(struct host *h, const struct arguments *args)
{
	const char *line =
		option_each(&h->arena, "sudo rpm-ostree kargs", "--append-if-missing", args->add);

	return option_each(&h->arena, line, "--delete-if-present", args->remove);
}

static const char *boot_unknown(struct host *h, const struct arguments *args)
{
	if (!*args->remove)
		return arena_printf(&h->arena, "kernel command line: %s", args->add);
	return arena_printf(&h->arena, "kernel command line: %s", in_words(&h->arena, args));
}

static const char *boot_text(struct host *h, const struct arguments *args)
{
	static const struct {
		const char *loader;
		boot_fn *text;
	} loaders[] = {
		{ "grub", boot_grub },
		{ "systemd-boot", boot_systemd },
		{ "proxmox-boot-tool", boot_proxmox },
		{ "ostree", boot_ostree },
	};

	for (size_t i = 0; i < ARRAY_SIZE(loaders); i++) {
		if (fact_is(&h->setup.boot_loader, loaders[i].loader))
			return loaders[i].text(h, args);
	}
	return boot_unknown(h, args);
}

/* Text that grows line by line; NULL once there was no memory. */
static const char *append(struct arena *a, const char *text, const char *line)
{
	if (!text || !line)
		return NULL;
	return arena_printf(a, "%s%s%s", text, *text ? "\n" : "", line);
}

/* libvirt keeps a guest in a file of its name, and no name of a file is longer. */
#define NAME_LONGEST 255

const char *host_guest_name(const struct host *h)
{
	const bool is_running = h->running && h->running->name.known;
	const struct fact_str *name = is_running ? &h->running->name : &h->domain.name;

	return name->known && strlen(name->v) <= NAME_LONGEST ? name->v : "GUEST";
}

/* What to do to the guest's configuration, by who runs it; "": nothing. */
static const char *guest_text(struct host *h, const struct fix_template *fix)
{
	const char *const *c = fix->change;
	const enum manager m = host_manager(h);
	struct arena *a = &h->arena;
	const char *xml;

	if (m == MANAGER_PROXMOX && c[CHANGE_PROXMOX])
		return c[CHANGE_PROXMOX];
	if (m != MANAGER_LIBVIRT && c[CHANGE_QEMU])
		return c[CHANGE_QEMU];
	if (!c[CHANGE_XML])
		return c[CHANGE_QEMU] && !c[CHANGE_PROXMOX] ? c[CHANGE_QEMU] : "";
	xml = xml_edits_text(a, c[CHANGE_XML]);
	if (!xml)
		return NULL;
	if (m == MANAGER_LIBVIRT)
		return arena_printf(a, "sudo virsh edit %s\n%s", fix_quote(a, host_guest_name(h)),
				    xml);
	return arena_printf(a, "as libvirt writes it:\n%s", xml);
}

/* A line "BEFORE 'line' AFTER" for each line. */
static const char *each_line(struct arena *a, const char *text, const char *lines,
			     const char *before, const char *after)
{
	struct text rest = text_of(lines), line;

	while (text && text_next_line(&rest, &line)) {
		const char *quoted = fix_quote(a, arena_strndup(a, line.at, line.len));

		text = append(a, text,
			      quoted ? arena_printf(a, "%s %s%s", before, quoted, after) : NULL);
	}
	return text;
}

/*
 * Both names sort behind what distributions and people put there: of an option that is set twice
 * the last one counts (modprobe.d(5), sysctl.d(5)).
 */
static const char *persist_text(struct host *h, const struct fix_template *fix)
{
	struct arena *a = &h->arena;
	const char *text = append(a, "", guest_text(h, fix));

	if (text && fix->change[CHANGE_BOOT]) {
		struct arguments args;

		if (split_arguments(a, fix->change[CHANGE_BOOT], &args) < 0)
			return NULL;
		text = append(a, text, boot_text(h, &args));
	}
	if (text && fix->change[CHANGE_SYSCTL])
		text = each_line(a, text, fix->change[CHANGE_SYSCTL], "echo",
				 " | sudo tee -a /etc/sysctl.d/99-vfiobench.conf");
	if (text && fix->change[CHANGE_MODPROBE]) {
		text = each_line(a, text, fix->change[CHANGE_MODPROBE], "echo",
				 " | sudo tee -a /etc/modprobe.d/zz-vfiobench.conf");
		text = append(a, text, host_initramfs_command(h));
	}
	return text;
}

/* The values that are there now. */
static const char *undo_sysctls(struct host *h, const char *text, const char *lines)
{
	struct text rest = text_of(lines), line, key, value;

	while (text && text_next_line(&rest, &line)) {
		const char *name, *old;

		if (!text_key_value(line, '=', &key, &value))
			continue;
		key = text_trim(key);
		name = arena_strndup(&h->arena, key.at, key.len);
		old = name ? setting_value(&h->kernel.sysctls, name) : NULL;
		if (old)
			text = append(&h->arena, text,
				      arena_printf(&h->arena, "sudo sysctl -w %s=%s", name,
						   fix_quote(&h->arena, old)));
	}
	return append(&h->arena, text, "take the line out of /etc/sysctl.d/99-vfiobench.conf");
}

static const char *undo_text(struct host *h, const struct fix_template *fix)
{
	struct arena *a = &h->arena;
	const char *guest = guest_text(h, fix), *text = "";

	if (!guest)
		return NULL;
	if (*guest)
		text = append(a, text, "put the former lines of the guest's configuration back");
	if (text && fix->change[CHANGE_BOOT])
		text = append(a, text,
			      "put the former kernel arguments back the same way and reboot");
	if (text && fix->change[CHANGE_SYSCTL])
		text = undo_sysctls(h, text, fix->change[CHANGE_SYSCTL]);
	if (text && fix->change[CHANGE_MODPROBE])
		text = append(a, text, "take the line out of /etc/modprobe.d/zz-vfiobench.conf");
	return text;
}

bool has_change(const struct fix_template *fix)
{
	for (size_t i = 0; i < N_CHANGES; i++) {
		if (fix->change[i])
			return true;
	}
	return false;
}

/* A part that is not written yet; "" is none. */
static int set_part(const char **part, const char *text)
{
	if (!text)
		return -ENOMEM;
	if (*text)
		*part = text;
	return 0;
}

int change_render(struct host *h, struct fix_template *fix)
{
	int r = 0;

	if (!has_change(fix))
		return 0;
	if (!fix->now && fix->change[CHANGE_SYSCTL])
		r = set_part(&fix->now, each_line(&h->arena, "", fix->change[CHANGE_SYSCTL],
						  "sudo sysctl -w", ""));
	if (r == 0 && !fix->persist)
		r = set_part(&fix->persist, persist_text(h, fix));
	if (r == 0 && !fix->undo)
		r = set_part(&fix->undo, undo_text(h, fix));
	return r;
}
