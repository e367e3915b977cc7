/* SPDX-License-Identifier: GPL-2.0-or-later */
/* keep_formats.c - formats of events, as tracefs tells them. Source:
 * Documentation/trace/events.rst. */
#include <string.h>

#include "probes/trace/keep_parts.h"
#include "probes/trace/live_pages.h"

static const char ftrace[] = "ftrace";

int keep_formats_open(struct keep_formats *f, const struct sysroot *root)
{
	static const char *const folders[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	int r = -ENOENT;

	for (size_t i = 0; r < 0 && r != -ENOMEM && i < ARRAY_SIZE(folders); i++) {
		r = sysroot_read(root, &f->header_page, &f->header_page_len,
				 "%s/events/header_page", folders[i]);
		f->folder = folders[i];
	}
	if (r == 0)
		r = sysroot_read(root, &f->header_event, &f->header_event_len,
				 "%s/events/header_event", f->folder);
	if (r < 0)
		return r;
	f->page_size = live_page_size(f->header_page);
	return f->page_size ? 0 : -EBADMSG;
}

static int add(struct keep_formats *f, const struct sysroot *root, const char *system,
	       const char *event)
{
	struct keep_format *bigger = reallocarray(f->v, f->n + 1, sizeof(*bigger));
	struct keep_format one = { 0 };
	int r;

	if (!bigger)
		return -ENOMEM;
	f->v = bigger;
	r = sysroot_read(root, &one.text, &one.len, "%s/events/%s/%s/format", f->folder, system,
			 event);
	/* Files such as "enable" lie beside the events. */
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	one.system = strdup(system);
	if (!one.system) {
		free(one.text);
		return -ENOMEM;
	}
	f->v[f->n++] = one;
	return 0;
}

static int read_system(struct keep_formats *f, const struct sysroot *root, const char *system,
		       const struct keep_content *c)
{
	char **events = NULL;
	size_t n = 0;
	int r = sysroot_list(root, &events, &n, "%s/events/%s", f->folder, system);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; r == 0 && i < n; i++) {
		uint64_t id = 0;

		if (!c)
			r = add(f, root, system, events[i]);
		else if (sysroot_read_u64(root, &id, "%s/events/%s/%s/id", f->folder, system,
					  events[i]) == 0 &&
			 keep_has_type(c, id))
			r = add(f, root, system, events[i]);
	}
	names_free(events, n);
	return r;
}

int keep_formats_read(struct keep_formats *f, const struct sysroot *root,
		      const struct keep_content *c)
{
	char **systems = NULL;
	size_t n = 0;
	int r = sysroot_list(root, &systems, &n, "%s/events", f->folder);

	if (r < 0)
		return r;
	/* The tracers' own are all there in every trace.dat. */
	r = read_system(f, root, ftrace, NULL);
	f->n_ftrace = f->n;
	for (size_t i = 0; r == 0 && i < n; i++) {
		if (strcmp(systems[i], ftrace))
			r = read_system(f, root, systems[i], c);
	}
	names_free(systems, n);
	return r;
}

void keep_formats_release(struct keep_formats *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->v[i].system);
		free(f->v[i].text);
	}
	free(f->v);
	free(f->header_page);
	free(f->header_event);
}
