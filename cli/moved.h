/* SPDX-License-Identifier: GPL-2.0-or-later */
/* moved.h - settings that differ between two looks at the same host. */
#ifndef CLI_MOVED_H
#define CLI_MOVED_H

#include "analyze/host.h"

/* Adds "clock.current: tsc, then kvm-clock" for each setting that differs. 0 or -ENOMEM. */
int moved_settings(const struct host *before, const struct host *after, struct arena *a,
		   struct fact_strs *ret_moved) MUST_CHECK;

#endif
