/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture.h - a host, or a captured tree, as a bundle: the files that state probes read, and no
 * others.
 *
 * What is taken stands in one table of paths (paths.c). Links on the way are kept as links, so that
 * the bundle has the shape of the host; a file that cannot be read keeps its error. Of files that
 * hold more than the probes need, only that is taken (texts.c, processes.c).
 */
#ifndef PROBES_CAPTURE_CAPTURE_H
#define PROBES_CAPTURE_CAPTURE_H

#include "core/bundle.h"
#include "core/sysroot.h"

#define CAPTURE_FILE_MAX  (4u << 20) /* bytes of one file, after what is left out */
#define CAPTURE_TOTAL_MAX (24u << 20)

struct capture_wish {
	const struct sysroot *root;
	/* What the configuration of guests names: disks, input devices. */
	const char *const *devices;
	size_t n_devices;
};

struct capture_count {
	size_t n_files, n_errors, n_too_big;
};

/*
 * Adds a guest's configuration that somebody wrote down, without secrets: "/domain.xml" or
 * "/qemu.argv". 0, -EFBIG, -ENOMEM.
 */
int capture_add_xml(struct bundle *b, const char *path, struct text xml) MUST_CHECK;
int capture_add_argv(struct bundle *b, const char *path, struct text argv) MUST_CHECK;

/*
 * Adds all there is to *b, which is not settled yet; what is in it already stays. Files that are
 * too big, and those that came after the total was reached, are in it with the error EFBIG. 0,
 * -ENOMEM.
 */
int capture_tree(const struct capture_wish *wish, struct bundle *b,
		 struct capture_count *ret_count) MUST_CHECK;

#endif
