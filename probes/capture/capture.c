/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/capture/capture.h"

#include <string.h>
#include <sys/klog.h>
#include <sys/utsname.h>

#include "probes/capture/parts.h"
#include "probes/kernel_names.h"
#include "probes/parse/mounts.h"

/* Action of syslog(2). */
#define SYSLOG_READ_ALL 3
#define KERNEL_LOG_MAX  (1u << 20)

static int walk_settings(struct capture *c)
{
	static const struct capture_row row = { 0 };
	int r = 0;

	for (size_t i = 0; r == 0 && i < n_kernel_params; i++) {
		const char *dot = strchr(kernel_params[i], '.');
		char *path = arena_printf(&c->arena, "/sys/module/%.*s/parameters/%s",
					  (int)(dot - kernel_params[i]), kernel_params[i], dot + 1);

		r = path ? capture_walk(c, &row, path) : -ENOMEM;
	}
	for (size_t i = 0; r == 0 && i < n_kernel_sysctls; i++) {
		char *path = arena_printf(&c->arena, "/proc/sys/%s", kernel_sysctls[i]);

		for (char *dot = path; dot && *dot; dot++)
			*dot = *dot == '.' ? '/' : *dot;
		r = path ? capture_walk(c, &row, path) : -ENOMEM;
	}
	return r;
}

/* The row once for each place where cpusets are mounted. */
static int walk_cgroups(struct capture *c, const struct capture_row *row)
{
	auto_free char *bytes = NULL;
	struct text text;
	struct mount_line m;
	int r = capture_read(c, "/proc/mounts", &bytes, &text);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	while (r == 0 && mounts_next(&text, &m)) {
		auto_free char *top = NULL;
		char *path;

		if (!text_equal(m.type, "cgroup2") && !text_equal(m.type, "cpuset") &&
		    !(text_equal(m.type, "cgroup") && mounts_has_option(m.options, "cpuset")))
			continue;
		top = mounts_unescape(m.target);
		if (!top)
			return -ENOMEM;
		if (*top != '/' || !top[1] || strpbrk(top, "*?[{"))
			continue;
		path = arena_printf(&c->arena, "%s%s", top, row->path + strlen("%c"));
		r = path ? capture_walk(c, row, path) : -ENOMEM;
	}
	return r;
}

static int walk_release(struct capture *c, const struct capture_row *row)
{
	const char *mark = strstr(row->path, "%r");
	char *path;

	if (!c->release || strpbrk(c->release, "/*?[{"))
		return 0;
	path = arena_printf(&c->arena, "%.*s%s%s", (int)(mark - row->path), row->path, c->release,
			    mark + strlen("%r"));
	return path ? capture_walk(c, row, path) : -ENOMEM;
}

static int walk_row(struct capture *c, const struct capture_row *row)
{
	if (text_starts(text_of(row->path), "%c"))
		return walk_cgroups(c, row);
	return strstr(row->path, "%r") ? walk_release(c, row) : capture_walk(c, row, row->path);
}

/* Disks and input devices of guests are named, not read. */
static int walk_devices(struct capture *c)
{
	static const struct capture_row row = { .take = TAKE_SCRIPT };
	int r = 0;

	c->first_device = c->b->n;
	for (size_t i = 0; r == 0 && i < c->wish->n_devices; i++) {
		const char *path = c->wish->devices[i];

		if (*path == '/' && path[1] && !strpbrk(path, "*?[{"))
			r = capture_walk(c, &row, path);
	}
	c->n_devices = c->b->n - c->first_device;
	return r;
}

/* On a running host the log is no file. */
static int take_log(struct capture *c)
{
	auto_free char *log = malloc(KERNEL_LOG_MAX);
	auto_free char *bytes = NULL;
	size_t len = 0;
	FILE *out;
	int n;

	if (!log)
		return -ENOMEM;
	n = klogctl(SYSLOG_READ_ALL, log, (int)KERNEL_LOG_MAX);
	if (n < 0)
		return capture_put_error(c, "/dmesg", neg_errno());
	out = open_memstream(&bytes, &len);
	if (!out)
		return -ENOMEM;
	capture_log(text_make(log, (size_t)n), out);
	return fclose(out) == EOF ? -ENOMEM : capture_put(c, BUNDLE_FILE, "/dmesg", bytes, len);
}

/* What hwloc asks uname(2) for on the machine itself, where it looks for it in a tree. */
static int take_architecture(struct capture *c)
{
	struct utsname name;
	const char *text = uname(&name) == 0
				   ? arena_printf(&c->arena, "Architecture: %s\n", name.machine)
				   : NULL;

	return text ? capture_put(c, BUNDLE_FILE, "/proc/hwloc-nofile-info", text, strlen(text))
		    : -ENOMEM;
}

static int take_all(struct capture *c)
{
	int r = capture_note_entries(c);

	if (r == 0) /* first: the mounts that matter are those below these */
		r = walk_devices(c);
	if (r == 0)
		r = capture_find_processes(c);
	if (r == 0 && c->root->is_live)
		r = take_log(c);
	if (r == 0 && c->root->is_live)
		r = take_architecture(c);
	for (size_t i = 0; r == 0 && i < n_capture_rows; i++) {
		if (!c->root->is_live || !capture_rows[i].is_of_trees)
			r = walk_row(c, &capture_rows[i]);
	}
	return r == 0 ? walk_settings(c) : r;
}

int capture_tree(const struct capture_wish *wish, struct bundle *b, struct capture_count *ret_count)
{
	struct capture c = { .wish = wish, .root = wish->root, .b = b };
	auto_free char *release = NULL;
	int r;

	if (sysroot_read_line(wish->root, &release, "/proc/sys/kernel/osrelease") == 0)
		c.release = release;
	r = take_all(&c);
	if (r == 0)
		*ret_count = c.count;
	capture_forget(&c);
	return r;
}
