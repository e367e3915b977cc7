/* SPDX-License-Identifier: GPL-2.0-or-later */
/* setup_versions.c - what is installed: from the package managers' databases, else asked. */
#include <string.h>

#include "core/program.h"
#include "probes/parse/package.h"
#include "probes/setup_files.h"
#include "probes/setup_parts.h"

#define ASK_LIMIT_NS NS_PER_S

struct software {
	const char *const *dpkg, *const *folders, *const *apk; /* ended by NULL */
	const char *const *programs;                           /* that say it with --version */
	const char *answer;
};

static const struct software qemu = {
	.dpkg = (const char *const[]){ "pve-qemu-kvm", "qemu-system-x86", "qemu-kvm",
				       "qemu-system-arm", NULL },
	.folders = (const char *const[]){ "qemu-system-x86", "qemu-headless", "qemu", NULL },
	.apk = (const char *const[]){ "qemu-system-x86_64", "qemu", NULL },
	.programs = (const char *const[]){ "/usr/bin/qemu-system-x86_64",
					   "/usr/local/bin/qemu-system-x86_64",
					   "/run/current-system/sw/bin/qemu-system-x86_64",
					   "/usr/libexec/qemu-kvm", "/usr/bin/qemu-kvm", NULL },
	.answer = "setup.qemu_version",
};

static const struct software libvirt = {
	.dpkg = (const char *const[]){ "libvirt-daemon", "libvirt0", NULL },
	.folders = (const char *const[]){ "libvirt", NULL },
	.apk = (const char *const[]){ "libvirt-daemon", "libvirt", NULL },
	.programs = (const char *const[]){ "/usr/sbin/libvirtd", "/usr/sbin/virtqemud",
					   "/run/current-system/sw/bin/libvirtd", NULL },
	.answer = "setup.libvirt_version",
};

typedef bool find_fn(struct text database, const char *package, struct text *ret_version);

static bool find_in(struct text database, find_fn *find, const char *const *packages,
		    struct text *ret_version)
{
	for (size_t i = 0; database.at && packages[i]; i++) {
		if (find(database, packages[i], ret_version))
			return true;
	}
	return false;
}

static int set_version(struct probe_env *env, struct fact_str *f, struct text version)
{
	struct text number;

	return package_number(version, &number) ? fact_set_text(f, env->arena, number) : 0;
}

/* A folder per package. */
static int find_folder(struct probe_env *env, struct fact_str *f, const struct software *s,
		       const char *dir)
{
	char **names;
	size_t n;
	int r = 0;

	if (sysroot_list(env->root, &names, &n, "%s", dir) < 0)
		return 0;
	for (size_t p = 0; r == 0 && !f->known && s->folders[p]; p++) {
		for (size_t i = 0; r == 0 && !f->known && i < n; i++) {
			struct text version;

			if (package_folder(text_of(names[i]), s->folders[p], &version))
				r = set_version(env, f, version);
		}
	}
	names_free(names, n);
	return r;
}

static void program_release_one(struct program *p)
{
	program_release(p);
}

/* Where no database tells: Fedora's is not text, and some build it themselves. */
static int ask(struct probe_env *env, struct fact_str *f, const struct software *s)
{
	for (size_t i = 0; !f->known && s->programs[i]; i++) {
		const char *const argv[] = { s->programs[i], "--version", NULL };
		auto_cleanup(program_release_one) struct program p = { .argv = argv,
								       .limit_ns = ASK_LIMIT_NS };
		struct text first;
		int r = 0;

		if (!setup_exists(env, s->programs[i]) || program_start(&p, env->time) < 0)
			continue;
		if (programs_wait(&p, 1, env->time, -1) < 0 || p.end != PROGRAM_EXITED || !p.out)
			continue;
		first = text_make(p.out, p.n_out);
		if (text_next_line(&first, &first))
			r = set_version(env, f, first);
		if (r < 0)
			return r;
	}
	return 0;
}

static int find_version(struct probe_env *env, struct fact_str *f, const struct software *s,
			struct text dpkg, struct text apk)
{
	struct text version;
	int r = 0;

	if (find_in(dpkg, package_dpkg, s->dpkg, &version) ||
	    find_in(apk, package_apk, s->apk, &version))
		r = set_version(env, f, version);
	if (r == 0 && !f->known)
		r = find_folder(env, f, s, "/var/lib/pacman/local");
	if (r == 0 && !f->known)
		r = find_folder(env, f, s, "/var/db/pkg/app-emulation");
	if (r == 0 && !f->known && env->root->is_live && env->time)
		r = ask(env, f, s);
	if (r == 0 && !f->known)
		r = fact_set_str(f, env->arena, probe_answer(env, "%s", s->answer));
	return r;
}

static void find_swtpm(struct probe_env *env, struct setup_facts *f)
{
	static const char *const paths[] = { "/usr/bin/swtpm", "/usr/local/bin/swtpm",
					     "/run/current-system/sw/bin/swtpm" };

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		if (setup_exists(env, paths[i]))
			fact_set_bool(&f->has_swtpm, true);
	}
	if (!f->has_swtpm.known && setup_is_absent(env, paths[0]))
		fact_set_bool(&f->has_swtpm, false);
}

/* Its kernels are called "6.5.13-1-pve". */
static bool has_proxmox_kernel(const struct probe_env *env)
{
	auto_free char *release = NULL;

	return sysroot_read_line(env->root, &release, "/proc/sys/kernel/osrelease") == 0 &&
	       text_ends(text_of(release), "-pve");
}

/* It calls itself Debian: that some file of it is not in a captured tree says nothing. */
static void find_proxmox(struct probe_env *env, struct setup_facts *f, struct text dpkg)
{
	struct text version;

	if (setup_exists(env, "/etc/pve") || has_proxmox_kernel(env) ||
	    (dpkg.at && package_dpkg(dpkg, "pve-manager", &version)))
		fact_set_bool(&f->is_proxmox, true);
	else if (env->root->is_whole || dpkg.at || setup_exists(env, "/var/lib/pacman/local") ||
		 setup_exists(env, "/etc/pacman.conf") || setup_exists(env, "/etc/fedora-release"))
		fact_set_bool(&f->is_proxmox, false);
}

int setup_read_versions(struct probe_env *env, struct setup_facts *f)
{
	struct text dpkg, apk;
	int r = setup_read_text(env, &dpkg, "qemu_version", "/var/lib/dpkg/status");

	if (r == 0)
		r = setup_read_text(env, &apk, "qemu_version", "/lib/apk/db/installed");
	if (r < 0)
		return r;
	find_swtpm(env, f);
	find_proxmox(env, f, dpkg);
	r = find_version(env, &f->qemu_version, &qemu, dpkg, apk);
	/* A host of guests has QEMU; libvirt it may lack. */
	if (r == 0 && !f->qemu_version.known)
		r = probe_gap_words(env, "qemu_version", "",
				    "no package and no program of QEMU found");
	return r < 0 ? r : find_version(env, &f->libvirt_version, &libvirt, dpkg, apk);
}
