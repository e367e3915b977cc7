/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pictures.h - the figures of a result or a comparison as files. */
#ifndef CLI_PICTURES_H
#define CLI_PICTURES_H

#include "facts/comparison.h"
#include "report/report.h"

/*
 * Into the folder, which is made if need be; of the comparison where h is NULL. name: of what it is
 * made, for messages. An exit status, after one line on stderr.
 */
int pictures_write(const char *folder, const char *name, struct host *h,
		   const struct comparison_facts *c) MUST_CHECK;

#endif
