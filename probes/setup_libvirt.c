/* SPDX-License-Identifier: GPL-2.0-or-later */
/* setup_libvirt.c - /etc/libvirt/qemu.conf (comments of that file) and the hook of guests. */
#include <string.h>

#include "facts/kernel.h"
#include "probes/parse/personal.h"
#include "probes/parse/qemu_conf.h"
#include "probes/setup_files.h"
#include "probes/setup_parts.h"

/* Items of a list that are kept; libvirt's own lists have a dozen. */
#define N_ITEMS_MAX 64

/* Not the passwords of VNC and SPICE, nor paths of keys. */
static const char *const wanted[] = {
	"user",
	"group",
	"dynamic_ownership",
	"remember_owner",
	"security_driver",
	"security_default_confined",
	"security_require_confined",
	"clear_emulator_capabilities",
	"cgroup_controllers",
	"cgroup_device_acl",
	"namespaces",
	"seccomp_sandbox",
	"nographics_allow_host_audio",
	"vnc_allow_host_audio",
	"hugetlbfs_mount",
	"memory_backing_dir",
	"relaxed_acs_check",
	"set_process_name",
	"max_processes",
	"max_files",
	"max_threads_per_process",
	"allow_disk_format_probing",
	"lock_manager",
	"swtpm_user",
	"swtpm_group",
	"sched_core",
	"nvram",
	"gluster_debug_level",
	"stdio_handler",
	"virtiofsd_debug",
	"storage_use_nbdkit",
};

static bool is_wanted(struct text name)
{
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		if (text_equal(name, wanted[i]))
			return true;
	}
	return false;
}

/* Accounts of the system; another one is a person's. */
static bool is_account_of_system(struct text name)
{
	static const char *const accounts[] = { "root",          "+0",     "0",       "qemu",
						"libvirt-qemu",  "kvm",    "libvirt", "libvirtd",
						"qemu-libvirtd", "nobody", "tss",     "swtpm",
						"input",         "audio",  "video",   "" };

	for (size_t i = 0; i < ARRAY_SIZE(accounts); i++) {
		if (text_equal(name, accounts[i]))
			return true;
	}
	return false;
}

static bool is_account(struct text name)
{
	return text_equal(name, "user") || text_equal(name, "group") ||
	       text_equal(name, "swtpm_user") || text_equal(name, "swtpm_group");
}

/* "[a, b]" */
static const char *list_text(struct probe_env *env, struct text list)
{
	const char *all = "";
	struct text item;

	for (size_t n = 0; all && n < N_ITEMS_MAX && qemu_conf_item(&list, &item); n++) {
		const char *clean = personal_hide(env->arena, item);

		all = clean ? arena_printf(env->arena, "%s%s%s", all, *all ? ", " : "", clean)
			    : NULL;
	}
	return all ? arena_printf(env->arena, "[%s]", all) : NULL;
}

static int add_setting(struct probe_env *env, struct setup_facts *f,
		       const struct qemu_conf_setting *s)
{
	struct setting_fact *setting;
	const char *value;
	int r;

	if (s->is_list)
		value = list_text(env, s->value);
	else if (is_account(s->name) && !is_account_of_system(s->value))
		value = "someone";
	else
		value = personal_hide(env->arena, s->value);
	if (!value)
		return -ENOMEM;
	setting = fact_add_item(&f->qemu_conf, env->arena, sizeof(*setting));
	if (!setting)
		return -ENOMEM;
	r = fact_set_text(&setting->name, env->arena, s->name);
	if (r == 0)
		r = fact_set_str(&setting->value, env->arena, value);
	if (r == 0 && text_equal(s->name, "hugetlbfs_mount"))
		r = fact_set_str(&f->hugetlbfs_mount, env->arena, value);
	return r;
}

static int read_conf(struct probe_env *env, struct setup_facts *f)
{
	static const char path[] = "/etc/libvirt/qemu.conf";
	struct qemu_conf_setting s;
	struct text text;
	int r = setup_read_config(env, &text, "qemu_conf", path);

	/* Without the file libvirt takes what it was built with, as with an empty one. */
	f->qemu_conf.known = text.at || setup_is_absent(env, path);
	while (r == 0 && text.at && qemu_conf_next(&text, &s)) {
		if (is_wanted(s.name))
			r = add_setting(env, f, &s);
	}
	return r;
}

/* /etc/libvirt/hooks/qemu, since libvirt 6.5 also the files of qemu.d. */
static void find_hook(struct probe_env *env, struct setup_facts *f)
{
	static const char path[] = "/etc/libvirt/hooks/qemu";
	struct setup_file file = { 0 };
	bool is_there = setup_stat(env, path, &file) == 0 && file.is_executable;
	char **names;
	size_t n;

	if (sysroot_list(env->root, &names, &n, "%s.d", path) == 0) {
		for (size_t i = 0; i < n; i++) {
			const char *hook = arena_printf(env->arena, "%s.d/%s", path, names[i]);

			is_there |= hook && setup_stat(env, hook, &file) == 0 && file.is_executable;
		}
		names_free(names, n);
	}
	if (is_there || setup_exists(env, path) || setup_is_absent(env, path) ||
	    setup_is_absent(env, "/etc/libvirt/hooks"))
		fact_set_bool(&f->has_libvirt_hook, is_there);
}

int setup_read_libvirt(struct probe_env *env, struct setup_facts *f)
{
	find_hook(env, f);
	return read_conf(env, f);
}
