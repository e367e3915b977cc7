/* SPDX-License-Identifier: GPL-2.0-or-later */
/* answers.h - for a bundle, what probes found that no file tells: BUNDLE_ANSWERS. */
#ifndef CLI_ANSWERS_H
#define CLI_ANSWERS_H

#include "analyze/host.h"
#include "core/bundle.h"

/* Adds the file, with a line for each fact that probe_answer() asks for. 0 or -ENOMEM. */
int answers_add(struct bundle *b, const struct host *h) MUST_CHECK;

#endif
