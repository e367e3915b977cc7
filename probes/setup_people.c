/* SPDX-License-Identifier: GPL-2.0-or-later */
/* setup_people.c - who works on this host: daemons, and the user who asks (never by name). */
#include <grp.h>
#include <pwd.h>
#include <string.h>

#include "probes/processes.h"
#include "probes/setup_files.h"
#include "probes/setup_parts.h"

/* Names as /proc/PID/comm has them: at most 15 letters. */
static const char *const services[] = {
	"irqbalance",   "numad",           "ksmtuned", "uksmd",        "tuned",
	"tuned-ppd",    "power-profiles-", "tlp",      "auto-cpufreq", "thermald",
	"cpufreqd",     "gamemoded",       "ananicy",  "ananicy-cpp",  "earlyoom",
	"systemd-oomd", "rtkit-daemon",    "swtpm",    "libvirtd",     "virtqemud",
	"virtlogd",     "pvedaemon",       "qemu-ga",  "rasdaemon",    "cpuset",
	"rngd",         "NetworkManager",  "dockerd",  "containerd",
};

static bool is_service(struct text comm)
{
	for (size_t i = 0; i < ARRAY_SIZE(services); i++) {
		if (text_equal(comm, services[i]))
			return true;
	}
	/* Schedulers that were loaded into the kernel: scx_lavd, scx_bpfland … */
	return text_starts(comm, "scx_");
}

static bool is_listed(const struct fact_strs *f, struct text name)
{
	for (size_t i = 0; i < f->n; i++) {
		if (text_equal(name, f->v[i]))
			return true;
	}
	return false;
}

static int look_at_process(struct probe_env *env, struct setup_facts *f, uint32_t pid)
{
	auto_free char *line = NULL;
	struct text comm;

	if (sysroot_read_line(env->root, &line, "/proc/%u/comm", pid) < 0)
		return 0; /* it has ended */
	comm = text_of(line);
	if (!is_service(comm) || is_listed(&f->services, comm))
		return 0;
	return fact_add_str(&f->services, env->arena, line);
}

static int name_order(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int read_services(struct probe_env *env, struct setup_facts *f)
{
	auto_processes struct processes list = { 0 };
	int r = processes_list(env->root, "/proc", &list);

	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, "services", "/proc", r);
	if (list.n == 0)
		return probe_gap_words(env, "services", "/proc", "holds no processes");
	f->services.known = true;
	for (size_t i = 0; r == 0 && i < list.n; i++)
		r = look_at_process(env, f, list.pids[i]);
	if (f->services.n > 1)
		qsort(f->services.v, f->services.n, sizeof(*f->services.v), name_order);
	if (r == 0 && env->root->is_whole && list.is_partial)
		r = probe_gap_words(env, "services", "/proc",
				    "processes of other users are hidden");
	return r;
}

/* The user behind sudo, else who runs this; 0: root. */
static uid_t asking_user(void)
{
	const char *sudo = getenv("SUDO_UID");
	uint64_t uid;

	if (getuid() == 0 && sudo && text_u64(text_of(sudo), &uid) == 0 && uid < UINT32_MAX)
		return (uid_t)uid;
	return getuid();
}

#define N_GROUPS_MAX 256

static void set_membership(struct fact_bool *f, const char *name, const gid_t *groups, int n)
{
	const struct group *group = getgrnam(name);

	fact_set_bool(f, false);
	for (int i = 0; group && i < n; i++)
		f->v |= groups[i] == group->gr_gid;
}

static void read_groups(struct probe_env *env, struct setup_facts *f)
{
	const uid_t uid = env->root->is_live ? asking_user() : 0;
	const struct passwd *user = uid ? getpwuid(uid) : NULL;
	gid_t groups[N_GROUPS_MAX];
	int n = N_GROUPS_MAX;

	(void)probe_answer_bool(env, &f->is_in_kvm_group, "setup.is_in_kvm_group");
	(void)probe_answer_bool(env, &f->is_in_libvirt_group, "setup.is_in_libvirt_group");
	if (!user || getgrouplist(user->pw_name, user->pw_gid, groups, &n) < 0)
		return;
	set_membership(&f->is_in_kvm_group, "kvm", groups, n);
	set_membership(&f->is_in_libvirt_group, "libvirt", groups, n);
}

static int read_tuned(struct probe_env *env, struct setup_facts *f)
{
	static const char path[] = "/etc/tuned/active_profile";

	/* Only hosts with tuned have one. */
	return setup_exists(env, path)
		       ? probe_read_str(env, &f->tuned_profile, "tuned_profile", path)
		       : 0;
}

int setup_read_people(struct probe_env *env, struct setup_facts *f)
{
	int r = read_services(env, f);

	read_groups(env, f);
	return r < 0 ? r : read_tuned(env, f);
}
