/* SPDX-License-Identifier: GPL-2.0-or-later */
/* capture_host.h - what a bundle is made of: files of the host, its guest, answers of the probes.
 */
#ifndef CLI_CAPTURE_HOST_H
#define CLI_CAPTURE_HOST_H

#include "cli/settings.h"
#include "core/bundle.h"
#include "probes/capture/capture.h"

struct host;

/*
 * All of a host that probes looked at a moment ago (settings_collect() with the same wish): a
 * bundle that is settled. 0, or a negative errno after one line on stderr.
 */
int capture_host(const struct settings_wish *wish, const struct host *h, struct bundle *b,
		 struct capture_count *ret_count) MUST_CHECK;

#endif
