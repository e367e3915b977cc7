/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parts.h - what the files of a capture give one another. */
#ifndef PROBES_CAPTURE_PARTS_H
#define PROBES_CAPTURE_PARTS_H

#include "probes/capture/capture.h"
#include "probes/guest_parts.h"

enum capture_take {
	TAKE_TEXT,   /* what is in it */
	TAKE_NAME,   /* only that it is there, and what a link points to */
	TAKE_SCRIPT, /* that it is there, and whether it may be executed */
	TAKE_FLAT /* as TAKE_TEXT, under this very path: the links on the way name our own process
		   */
};

/* Of which processes, where the path is below /proc/PID. */
enum capture_who { WHO_ANY, WHO_GUEST, WHO_VHOST, WHO_IRQBALANCE };

struct capture;

/* What is to be known of one file: writes it to out. 0; -ENODATA: leave it out; or why it cannot.
 */
typedef int capture_fn(struct capture *c, const char *path, FILE *out);

struct capture_row {
	/*
	 * Components with "*", "[…]" and "?" as fnmatch(3); "{a,b}" is a or b; "**" is a folder and
	 * all below it. At its start %c is each mounted hierarchy of cpusets; %r is the release.
	 */
	const char *path;
	capture_fn *read; /* NULL: all of it */
	enum capture_take take;
	enum capture_who who;
	bool is_quiet;    /* that it cannot be read is told by nothing */
	bool is_first;    /* one of those that fit is enough */
	bool is_of_trees; /* not of a running host, of which it is asked another way */
};

extern const struct capture_row capture_rows[];
extern const size_t n_capture_rows;

struct seen; /* paths that were looked at */

struct capture {
	const struct capture_wish *wish;
	const struct sysroot *root;
	struct bundle *b;
	struct arena arena;
	struct seen *seen;
	struct capture_count count;
	size_t total;
	struct guests_found guests;
	uint32_t irqbalance;            /* its process; 0: none */
	size_t first_device, n_devices; /* entries of what guests name */
	const char *release;            /* of the kernel, or NULL */
};

/* walk.c: all that one row names. 0 or -ENOMEM. */
int capture_walk(struct capture *c, const struct capture_row *row, const char *path) MUST_CHECK;
/* entries.c: -ENOMEM, 0; a path that is there already stays as it is. */
int capture_note_entries(struct capture *c) MUST_CHECK; /* what the bundle began with */
int capture_put(struct capture *c, enum bundle_kind kind, const char *path, const char *bytes,
		size_t len) MUST_CHECK;
int capture_put_error(struct capture *c, const char *path, int error) MUST_CHECK;
/* What is at a path that is no link. */
int capture_take_file(struct capture *c, const struct capture_row *row,
		      const char *path) MUST_CHECK;
void capture_forget(struct capture *c); /* frees what entries.c holds */

/* processes.c */
int capture_find_processes(struct capture *c) MUST_CHECK;
bool capture_is_of(const struct capture *c, enum capture_who who, const char *pid);
capture_fn capture_args, capture_stat, capture_status, capture_limits, capture_numa_maps,
	capture_smaps, capture_maps, capture_environ, capture_cgroup, capture_descriptor;
/* texts.c */
capture_fn capture_cpuinfo, capture_interrupts, capture_mounts, capture_modules, capture_kconfig,
	capture_klog, capture_routes, capture_hwloc, capture_uevent, capture_os_release;
/* What of the kernel's log matters. */
void capture_log(struct text log, FILE *out);
/* settings.c */
capture_fn capture_config, capture_modprobe, capture_qemu_conf, capture_dpkg, capture_apk,
	capture_pci_config, capture_lspci;
/* guest.c */
capture_fn capture_xml, capture_argv;
int capture_put_args(FILE *out, struct text args) MUST_CHECK;

/* A whole file; caller frees. As sysroot_read(). */
int capture_read(struct capture *c, const char *path, char **ret_text, struct text *ret) MUST_CHECK;
void capture_write(FILE *out, struct text text);
void capture_line(FILE *out, struct text line);

#endif
