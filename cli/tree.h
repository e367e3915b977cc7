/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tree.h - what --sysroot names: a directory, or a bundle (core/bundle.h), which becomes one.
 *
 * A bundle is unpacked into a private folder in $TMPDIR, else /tmp, that is gone on every way out:
 * the signals that end a program wait for tree_close(), and a later call removes what a killed one
 * left behind. A pipe that nobody reads any more does not wait: print after tree_close().
 */
#ifndef CLI_TREE_H
#define CLI_TREE_H

#include "core/base.h"
#include "core/signals.h"

struct tree {
	const char *path; /* the directory; NULL: this machine */
	int stop_fd;      /* readable when a signal asks to end; -1: none waits */
	/* of a bundle */
	struct calm calm;
	char *folder, *unpacked;
	int lock_fd;
};

/* name NULL: this machine; "-": a bundle on standard input. 0, or -errno after one line on stderr.
 */
int tree_open(struct tree *t, const char *name) MUST_CHECK;
/* The same of a bundle that is settled. */
struct bundle;
int tree_open_bundle(struct tree *t, const struct bundle *b) MUST_CHECK;
/* A signal that came meanwhile ends the program here. A second time, or of a directory: nothing. */
void tree_close(struct tree *t);
/* Unpacks a bundle into a new or empty directory: 0, or -errno after one line on stderr. */
int tree_unpack(const char *bundle, const char *dir) MUST_CHECK;

#endif
