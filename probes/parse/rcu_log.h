/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rcu_log.h - what the kernel log says about offloaded RCU callbacks (rcu_nocbs=, nohz_full=).
 *
 * No file in sysfs tells it. At boot the kernel prints
 *	rcu: 	Offload RCU callbacks from CPUs: 1-4,7-10.
 * or "(none)." and, when no parameter asked for any, nothing. Source: rcu_init_nohz() in
 * kernel/rcu/tree_nocb.h.
 */
#ifndef PROBES_PARSE_RCU_LOG_H
#define PROBES_PARSE_RCU_LOG_H

#include "core/cpus.h"
#include "core/text.h"

/*
 * 0: *ret_set are the CPUs, also when the log begins with the boot and has no such line (none).
 * -ENODATA: no such line, and the log, a ring, has lost its beginning. -EBADMSG: there is a line
 * that is cut short or not a list.
 */
int rcu_log_parse(struct text log, struct cpus *ret_set) MUST_CHECK;

#endif
