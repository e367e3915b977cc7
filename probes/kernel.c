/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel - what the kernel is, was built with, was told at boot and set to since.
 * Formats: parse/{cmdline,release,kconfig}.h, Documentation/admin-guide/sysctl/kernel.rst.
 */
#include "facts/kernel.h"

#include "probes/kernel_config.h"
#include "probes/kernel_settings.h"
#include "probes/parse/boot_pages.h"
#include "probes/parse/cmdline.h"
#include "probes/parse/release.h"
#include "probes/probe.h"

#define RELEASE "/proc/sys/kernel/osrelease"
#define VERSION "/proc/sys/kernel/version"

/* The first line of a file that may be missing, because there is another one to ask. */
static int try_line(struct probe_env *env, struct fact_str *f, const char *path)
{
	auto_free char *line = NULL;
	const int r = sysroot_read_line(env->root, &line, "%s", path);

	if (r < 0 || !*line)
		return r == -ENOMEM ? r : 0;
	return fact_set_str(f, env->arena, line);
}

/* What both files leave open is in this one too. */
static int read_proc_version(struct probe_env *env, struct kernel_facts *f)
{
	static const char path[] = "/proc/version";
	static const char *const fields[] = { "version", "release" };
	const size_t n_fields = f->release.known ? 1 : 2;
	struct text text, release, version;
	int r = probe_read_text_for(env, &text, fields, n_fields, path);

	if (r < 0 || !text.at)
		return r;
	if (!proc_version_parse(text, &release, &version)) {
		for (size_t i = 0; r == 0 && i < n_fields; i++)
			r = probe_gap_words(env, fields[i], path, "is of another form");
		return r;
	}
	if (!f->release.known)
		r = fact_set_text(&f->release, env->arena, release);
	return r < 0 || f->version.known ? r : fact_set_text(&f->version, env->arena, version);
}

static int read_release(struct probe_env *env, struct kernel_facts *f)
{
	int r = try_line(env, &f->release, RELEASE);

	if (r == 0)
		r = try_line(env, &f->version, VERSION);
	if (r < 0 || (f->release.known && f->version.known))
		return r;
	return read_proc_version(env, f);
}

static int read_os(struct probe_env *env, struct kernel_facts *f)
{
	static const char *const paths[] = { "/etc/os-release", "/usr/lib/os-release" };
	const char *path = paths[sysroot_exists(env->root, "%s", paths[0]) < 0];
	struct text text, value;
	int r = probe_read_text(env, &text, "os_id", path);

	if (r < 0 || !text.at)
		return r;
	/* os-release(5): without an ID it is "linux"; distributions that roll have no version. */
	if (os_release_value(text, "ID", &value))
		r = fact_set_text(&f->os_id, env->arena, value);
	else
		r = fact_set_str(&f->os_id, env->arena, "linux");
	if (r == 0 && os_release_value(text, "VERSION_ID", &value))
		r = fact_set_text(&f->os_version, env->arena, value);
	return r;
}

/* How many CPUs "all" and "N" are about; 0: unknown. */
static unsigned count_possible(struct probe_env *env)
{
	struct cpus possible;

	if (sysroot_read_list(env->root, &possible, "/sys/devices/system/cpu/possible") < 0)
		return 0;
	return (unsigned)cpus_count(&possible);
}

static int set_cpus(struct probe_env *env, struct fact_cpus *f, const char *field,
		    struct text value)
{
	struct cpus set;

	switch (cmdline_cpus(value, count_possible(env), &set)) {
	case 0:
		fact_set_cpus(f, &set);
		return 0;
	case -ENOMEM:
		return -ENOMEM;
	case -ENODATA:
		return probe_gap(env, field, "/sys/devices/system/cpu/possible", -ENOENT);
	default:
		return probe_gap_words(env, field, "/proc/cmdline", "%s= holds no CPU list", field);
	}
}

static int add_flags(struct probe_env *env, struct kernel_facts *f, unsigned flags)
{
	int r = 0;

	f->isolcpus_flags.known = true;
	for (unsigned flag = ISOLCPUS_NOHZ; r == 0 && flag <= ISOLCPUS_MANAGED_IRQ; flag *= 2) {
		if (flags & flag)
			r = fact_add_str(&f->isolcpus_flags, env->arena, isolcpus_flag_name(flag));
	}
	return r;
}

/*
 * Of several isolcpus= the first list holds: the kernel refuses another one, while the same again
 * can bring further flags (housekeeping_setup() in kernel/sched/isolation.c).
 */
static int read_isolcpus(struct probe_env *env, struct kernel_facts *f, struct text cmdline)
{
	struct cmdline_word word;
	unsigned all_flags = 0;
	int r = 0;

	while (r == 0 && cmdline_next(&cmdline, &word)) {
		struct fact_cpus set = { 0 };
		struct text list;
		unsigned flags;

		if (!word.value.at || !cmdline_name_is(word.name, "isolcpus"))
			continue;
		cmdline_isolcpus(word.value, &flags, &list);
		r = set_cpus(env, &set, "isolcpus", list);
		if (!set.known || (f->isolcpus.known && !cpus_equal(&f->isolcpus.v, &set.v)))
			continue;
		f->isolcpus = set;
		all_flags |= flags;
	}
	return r < 0 || !f->isolcpus.known ? r : add_flags(env, f, all_flags);
}

static bool has_boot_pages(const struct kernel_facts *f, const struct boot_pages *pages)
{
	const struct boot_pages_fact *v = f->boot_pages.v;

	for (size_t i = 0; i < f->boot_pages.n; i++) {
		if ((v[i].page_kib.known ? v[i].page_kib.v : 0) == pages->page_kib)
			return true;
	}
	return false;
}

/* Of several requests for one size the kernel takes the first. */
static int read_boot_pages(struct probe_env *env, struct kernel_facts *f, struct text cmdline)
{
	struct boot_pages_scan scan = { .rest = cmdline };
	struct boot_pages pages;
	uint64_t page_kib;

	f->boot_pages.known = true;
	if (boot_pages_default(cmdline, &page_kib))
		fact_set_u64(&f->default_page_kib, page_kib);
	while (boot_pages_next(&scan, &pages)) {
		struct boot_pages_fact *item;

		if (!pages.page_kib && f->default_page_kib.known)
			pages.page_kib = f->default_page_kib.v;
		if (has_boot_pages(f, &pages))
			continue;
		item = fact_add_item(&f->boot_pages, env->arena, sizeof(*item));
		if (!item)
			return -ENOMEM;
		if (pages.page_kib)
			fact_set_u64(&item->page_kib, pages.page_kib);
		fact_set_u64(&item->n_pages, pages.n_pages);
	}
	return 0;
}

static int read_cmdline(struct probe_env *env, struct kernel_facts *f)
{
	const struct {
		struct fact_cpus *fact;
		const char *name;
		bool (*find)(struct text cmdline, const char *name, struct text *ret_value);
	} rows[] = {
		{ &f->nohz_full, "nohz_full", cmdline_first }, /* as isolcpus= */
		{ &f->rcu_nocbs, "rcu_nocbs", cmdline_last },
		{ &f->irqaffinity, "irqaffinity", cmdline_last },
	};
	static const char *const fields[] = { "cmdline",    "isolcpus",        "isolcpus_flags",
					      "nohz_full",  "rcu_nocbs",       "irqaffinity",
					      "boot_pages", "default_page_kib" };
	struct text cmdline, value;
	int r = probe_read_text_for(env, &cmdline, fields, ARRAY_SIZE(fields), "/proc/cmdline");

	if (r < 0 || !cmdline.at)
		return r;
	r = fact_set_text(&f->cmdline, env->arena, text_trim(cmdline));
	if (r == 0)
		r = read_isolcpus(env, f, cmdline);
	if (r == 0)
		r = read_boot_pages(env, f, cmdline);
	/* An option that is not there stays unknown without a gap: nothing was asked for. */
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(rows); i++) {
		if (rows[i].find(cmdline, rows[i].name, &value))
			r = set_cpus(env, rows[i].fact, rows[i].name, value);
	}
	return r;
}

/* -1 stands for no limit. */
static int read_rt_runtime(struct probe_env *env, struct kernel_facts *f)
{
	static const char path[] = "/proc/sys/kernel/sched_rt_runtime_us";
	auto_free char *line = NULL;
	int64_t v;
	const int r = sysroot_read_line(env->root, &line, "%s", path);

	if (r < 0)
		return probe_gap(env, "rt_runtime_us", path, r);
	if (text_i64(text_of(line), &v) < 0)
		return probe_gap_words(env, "rt_runtime_us", path, "is not a number");
	fact_set_i64(&f->rt_runtime_us, v);
	return 0;
}

static int measure(struct probe_env *env, void *facts)
{
	struct kernel_facts *f = facts;
	int r = read_release(env, f);

	if (r == 0)
		r = read_os(env, f);
	if (r == 0)
		r = read_cmdline(env, f);
	if (r == 0)
		r = kernel_config_read(env, f);
	if (r == 0)
		r = kernel_settings_read(env, f);
	if (r == 0)
		r = read_rt_runtime(env, f);
	if (r == 0)
		r = probe_read_u64(env, &f->rt_period_us, "rt_period_us",
				   "/proc/sys/kernel/sched_rt_period_us");
	return r;
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "kernel", measure);
}
