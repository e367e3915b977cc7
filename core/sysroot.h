/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sysroot.h - the only door to files of the system under test: this machine, or a captured tree.
 *
 * In a captured tree every link, absolute or with "..", stays inside the tree (openat2(2) with
 * RESOLVE_IN_ROOT). Paths are printf formats that start with '/', else -EINVAL. Files are opened
 * O_NONBLOCK; in a captured tree they must be regular files or directories (a FIFO or device in a
 * stranger's tree is -EINVAL and is not opened).
 *
 * A tree that `vfiobench capture` made is whole: it holds all that probes look for, so that a file
 * that is not in it was not on the host, and a link to BUNDLE_ERRORS is a file that gave that
 * error there (core/bundle.h). BUNDLE_ANSWERS is its mark, and holds what no file tells
 * (probe_answer() in probes/probe.h).
 */
#ifndef CORE_SYSROOT_H
#define CORE_SYSROOT_H

#include "core/base.h"
#include "core/cpus.h"

#define SYSROOT_FILE_MAX (16u << 20)

struct sysroot {
	int fd;        /* directory that stands for "/" */
	bool is_live;  /* true: this machine, now; false: a captured tree */
	bool is_whole; /* what is not there was not there: of this machine always */
};

/* is_live when path is the root directory of this process. -ENOSYS: a captured tree, and a kernel
 * (before 5.6) or sandbox without openat2(2). */
int sysroot_open(struct sysroot *root, const char *path) MUST_CHECK;
void sysroot_close(struct sysroot *root);
/* A directory of root, opened by sysroot_open_file(), as a root itself; it owns nothing. */
struct sysroot sysroot_below(const struct sysroot *root, int fd);

/*
 * Whole file: 0 or -errno, -EFBIG over SYSROOT_FILE_MAX; outputs written only on 0; the text is
 * followed by a NUL that ret_len does not count; caller frees.
 */
int sysroot_read(const struct sysroot *root, char **ret_text, size_t *ret_len, const char *fmt, ...)
	FORMAT_PRINTF(4, 5) MUST_CHECK;
/* The file holds exactly one decimal number, else -EBADMSG. */
int sysroot_read_u64(const struct sysroot *root, uint64_t *ret_value, const char *fmt, ...)
	FORMAT_PRINTF(3, 4) MUST_CHECK;
/* The file is one cpu list or (for old kernels) see sysroot_read_mask; -EBADMSG when it is not. */
int sysroot_read_list(const struct sysroot *root, struct cpus *ret_set, const char *fmt, ...)
	FORMAT_PRINTF(3, 4) MUST_CHECK;
int sysroot_read_mask(const struct sysroot *root, struct cpus *ret_set, const char *fmt, ...)
	FORMAT_PRINTF(3, 4) MUST_CHECK;
/* First line without its newline and outer blanks, NUL bytes cut; caller frees. */
int sysroot_read_line(const struct sysroot *root, char **ret_line, const char *fmt, ...)
	FORMAT_PRINTF(3, 4) MUST_CHECK;
/* Where a link points to, not followed; -EINVAL: not a link; caller frees. */
int sysroot_readlink(const struct sysroot *root, char **ret_target, const char *fmt, ...)
	FORMAT_PRINTF(3, 4) MUST_CHECK;
/* 0: there is a file, directory or link of that name; -ENOENT, -EACCES … */
int sysroot_exists(const struct sysroot *root, const char *fmt, ...) FORMAT_PRINTF(2, 3) MUST_CHECK;
/*
 * Names in a directory except "." and "..", sorted with numbers in numeric order (cpu2 before
 * cpu10), so that documents are the same on every file system. -EFBIG over 65536 names. Free with
 * names_free(); an empty directory gives 0 names.
 */
int sysroot_list(const struct sysroot *root, char ***ret_names, size_t *ret_n, const char *fmt, ...)
	FORMAT_PRINTF(4, 5) MUST_CHECK;
void names_free(char **names, size_t n);
/*
 * A descriptor for readers that need one (caller closes); flags as open(2), O_CLOEXEC and
 * O_NONBLOCK are added. -EINVAL: O_CREAT, O_TMPFILE; -EROFS: anything but reading in a captured
 * tree.
 */
int sysroot_open_file(const struct sysroot *root, int flags, const char *fmt, ...)
	FORMAT_PRINTF(3, 4) MUST_CHECK;

#endif
