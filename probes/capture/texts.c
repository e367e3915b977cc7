/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * texts.c - of files that hold more than the probes need, the lines that they need. Formats:
 * proc(5) and probes/parse.
 */
#include <inttypes.h>
#include <string.h>

#include "probes/capture/parts.h"
#include "probes/kernel_names.h"
#include "probes/parse/gunzip.h"
#include "probes/parse/kconfig.h"
#include "probes/parse/klog.h"
#include "probes/parse/klog_lines.h"
#include "probes/parse/mounts.h"
#include "probes/parse/route.h"

static bool is_one_of(struct text t, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (text_equal(t, words[i]))
			return true;
	}
	return false;
}

/* Of all processors but the first what tells them apart; never a serial number. */
int capture_cpuinfo(struct capture *c, const char *path, FILE *out)
{
	static const char *const same[] = { "flags",
					    "bugs",
					    "vmx flags",
					    "Features",
					    "address sizes",
					    "bogomips",
					    "clflush size",
					    "cache_alignment",
					    "power management",
					    "fpu",
					    "fpu_exception",
					    "cpuid level",
					    "wp",
					    "TLB size",
					    "BogoMIPS" };
	auto_free char *bytes = NULL;
	struct text text, line, key, value;
	const int r = capture_read(c, path, &bytes, &text);
	unsigned n = 0;

	while (r == 0 && text_next_line(&text, &line)) {
		if (!text_key_value(line, ':', &key, &value)) {
			capture_line(out, line);
			continue;
		}
		n += text_equal(key, "processor");
		if (!text_equal(key, "Serial") &&
		    (n < 2 || !is_one_of(key, same, ARRAY_SIZE(same))))
			capture_line(out, line);
	}
	return r;
}

/* Does a guest's disk, or what it is a link to, lie below that directory? */
static bool holds_device(const struct capture *c, struct text target)
{
	auto_free char *dir = mounts_unescape(target);
	size_t n;

	if (!dir)
		return false;
	n = strlen(dir);
	while (n && dir[n - 1] == '/')
		n--;
	for (size_t i = 0; i < c->n_devices; i++) {
		const char *path = c->b->v[c->first_device + i].path;

		if (!strncmp(path, dir, n) && path[n] == '/')
			return true;
	}
	return false;
}

/* The disk it is on: "/dev/mapper/vg-images" is a link. */
static int take_source(struct capture *c, struct text source)
{
	static const struct capture_row row = { .take = TAKE_SCRIPT };
	auto_free char *device = mounts_unescape(source);

	if (!device)
		return -ENOMEM;
	if (!text_starts(text_of(device), "/dev/") || strpbrk(device, "*?[{"))
		return 0;
	return capture_walk(c, &row, device);
}

/* File systems of the kernel that matter, and what guests' disks lie on. */
int capture_mounts(struct capture *c, const char *path, FILE *out)
{
	static const char *const types[] = { "cgroup", "cgroup2", "cpuset", "hugetlbfs" };
	auto_free char *bytes = NULL;
	struct text text, rest, line;
	struct mount_line m;
	int r = capture_read(c, path, &bytes, &text);

	while (r == 0 && text_next_line(&text, &line)) {
		bool is_disk;

		rest = line;
		if (!mounts_next(&rest, &m))
			continue;
		is_disk = holds_device(c, m.target);
		if (is_disk || is_one_of(m.type, types, ARRAY_SIZE(types)))
			capture_line(out, line);
		r = is_disk ? take_source(c, m.source) : 0;
	}
	return r;
}

static bool is_column(struct text word)
{
	uint64_t v;

	return text_starts(word, "CPU") || text_u64(word, &v) == 0;
}

/* With one blank between columns: with hundreds of CPUs blanks are most of it. */
int capture_interrupts(struct capture *c, const char *path, FILE *out)
{
	auto_free char *bytes = NULL;
	struct text text, line, word;
	const int r = capture_read(c, path, &bytes, &text);

	while (r == 0 && text_next_line(&text, &line)) {
		struct text rest = line;
		const char *separator = "";

		while (text_next_word(&rest, &word) && (!*separator || is_column(word))) {
			fprintf(out, "%s%.*s", separator, (int)word.len, word.at);
			separator = " ";
			line = rest;
		}
		capture_line(out, line);
	}
	return r;
}

int capture_modules(struct capture *c, const char *path, FILE *out)
{
	auto_free char *bytes = NULL;
	struct text text, line, name;
	const int r = capture_read(c, path, &bytes, &text);

	while (r == 0 && text_next_line(&text, &line)) {
		if (text_next_word(&line, &name))
			capture_line(out, name);
	}
	return r;
}

/* The options that are asked for, as text. */
int capture_kconfig(struct capture *c, const char *path, FILE *out)
{
	auto_free char *bytes = NULL;
	auto_free char *unpacked = NULL;
	struct kconfig_option option;
	struct text text;
	size_t len;
	int r = capture_read(c, path, &bytes, &text);

	if (r == 0 && text_starts(text, "\x1f\x8b")) {
		r = gunzip(text, &unpacked, &len);
		if (r == 0)
			text = text_make(unpacked, len);
	}
	while (r == 0 && kconfig_next(&text, &option)) {
		if (!is_one_of(option.name, kernel_options, n_kernel_options))
			continue;
		if (text_equal(option.value, "n"))
			fprintf(out, "# CONFIG_%.*s is not set\n", (int)option.name.len,
				option.name.at);
		else
			fprintf(out, "CONFIG_%.*s=%.*s\n", (int)option.name.len, option.name.at,
				(int)option.value.len, option.value.at);
	}
	return r;
}

static bool is_log_line_wanted(struct text line)
{
	const struct text message = klog_message(line);
	struct klog_clock clock;

	klog_clock_parse(line, &clock);
	return text_starts(message, "Linux version ") || klog_is_event(message) ||
	       clock.n_verdicts || clock.tsc_khz || clock.is_tsc_unstable ||
	       text_find(message, "Offload RCU callbacks from CPUs: ");
}

void capture_log(struct text log, FILE *out)
{
	/* "Linux version" far from the beginning is not that of a whole log: it stays far from it.
	 */
	const size_t n_lines_of_boot = 32;
	struct text line;
	size_t n = 0, n_kept = 0;

	for (; text_next_line(&log, &line); n++) {
		if (!is_log_line_wanted(line))
			continue;
		if (n >= n_lines_of_boot && n_kept < n_lines_of_boot &&
		    text_starts(klog_message(line), "Linux version ")) {
			for (; n_kept < n_lines_of_boot; n_kept++)
				fputs("(left out)\n", out);
		}
		capture_line(out, line);
		n_kept++;
	}
}

int capture_klog(struct capture *c, const char *path, FILE *out)
{
	auto_free char *bytes = NULL;
	struct text text;
	const int r = capture_read(c, path, &bytes, &text);

	if (r == 0)
		capture_log(text, out);
	return r;
}

/* Whether two cards share a subnet does not need its addresses: the n-th subnet is n. */
int capture_routes(struct capture *c, const char *path, FILE *out)
{
	uint32_t seen[256];
	size_t n_seen = 0;
	auto_free char *bytes = NULL;
	struct text text;
	struct route route;
	const int r = capture_read(c, path, &bytes, &text);

	if (r == 0)
		fputs("Iface Destination Gateway Flags RefCnt Use Metric Mask\n", out);
	while (r == 0 && route_next(&text, &route)) {
		size_t i = 0;

		if (!route.is_subnet)
			continue;
		while (i < n_seen && seen[i] != route.destination)
			i++;
		if (i == ARRAY_SIZE(seen))
			break;
		seen[i] = route.destination;
		n_seen += i == n_seen;
		fprintf(out, "%.*s %08zX 00000000 0001 0 0 0 %08" PRIX32 "\n",
			(int)route.interface.len, route.interface.at, i + 1, route.mask);
	}
	return r;
}

static int take_lines(struct capture *c, const char *path, FILE *out, const char *const *prefixes,
		      size_t n)
{
	auto_free char *bytes = NULL;
	struct text text, line;
	const int r = capture_read(c, path, &bytes, &text);

	while (r == 0 && text_next_line(&text, &line)) {
		for (size_t i = 0; i < n; i++) {
			if (text_starts(line, prefixes[i])) {
				capture_line(out, line);
				break;
			}
		}
	}
	return r;
}

int capture_uevent(struct capture *c, const char *path, FILE *out)
{
	static const char *const prefixes[] = { "DEVTYPE=" };

	return take_lines(c, path, out, prefixes, ARRAY_SIZE(prefixes));
}

int capture_hwloc(struct capture *c, const char *path, FILE *out)
{
	static const char *const prefixes[] = { "Architecture:" };

	return take_lines(c, path, out, prefixes, ARRAY_SIZE(prefixes));
}

int capture_os_release(struct capture *c, const char *path, FILE *out)
{
	static const char *const prefixes[] = { "ID=", "VERSION_ID=" };

	return take_lines(c, path, out, prefixes, ARRAY_SIZE(prefixes));
}
