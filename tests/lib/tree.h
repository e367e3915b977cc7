/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tree.h - a captured tree that a test makes for itself and that is gone after it.
 *
 * For cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown): *state is a struct tree.
 * A test that uses it names tests/lib/tree.c in its TEST_SOURCES line. What fails, fails the test.
 */
#ifndef TESTS_LIB_TREE_H
#define TESTS_LIB_TREE_H

#include "core/sysroot.h"

struct tree {
	char *top;           /* a directory that holds nothing but the tree */
	int fd;              /* the tree, "TOP/tree" */
	struct sysroot root; /* the tree */
};

int tree_setup(void **state);
int tree_teardown(void **state);

/* Paths are relative to the tree, without '/' in front; directories above a file are made. */
void tree_dir(const struct tree *tree, const char *path);
void tree_file(const struct tree *tree, const char *path, const char *text);
void tree_bytes(const struct tree *tree, const char *path, const void *bytes, size_t len);
void tree_link(const struct tree *tree, const char *target, const char *path);

#endif
