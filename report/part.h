/* SPDX-License-Identifier: GPL-2.0-or-later */
/* part.h - part of a page as text, before it is decided where it stands. */
#ifndef REPORT_PART_H
#define REPORT_PART_H

#include <stdio.h>

#include "core/base.h"

/* Writes of arg; 0 or a negative errno. */
typedef int part_fn(FILE *out, const void *arg);

/*
 * What put() writes of arg, with a '\0' behind it; the caller frees it. 0, what put() returns, or
 * -ENOMEM.
 */
int part_write(part_fn *put, const void *arg, char **ret_text, size_t *ret_size) MUST_CHECK;

#endif
