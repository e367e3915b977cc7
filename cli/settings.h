/* SPDX-License-Identifier: GPL-2.0-or-later */
/* settings.h - the result of an audit: what the state probes say, and whose CPUs are which. */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include <argp.h>

#include "cli/state.h"

enum { OPT_SYSROOT = 0x5000, OPT_DOMAIN_XML, OPT_QEMU_ARGV, OPT_GUEST };

/* clang-format off */
#define SETTINGS_OPTIONS \
	{ "sysroot", OPT_SYSROOT, "FILE", 0, "Look at the host of a bundle of vfiobench capture, or of a directory with its files, instead of this one", 0 }, \
	{ "domain-xml", OPT_DOMAIN_XML, "FILE", 0, "Domain XML of the guest", 0 }, \
	{ "qemu-argv", OPT_QEMU_ARGV, "FILE", 0, "QEMU arguments of the guest", 0 }, \
	{ "guest", OPT_GUEST, "GUEST", 0, "Which running guest: auto, PID or NAME", 0 }
/* clang-format on */

struct settings_wish { /* what the user asked for; text is not owned */
	struct state_wish state;
	const char *guest; /* as of struct target_wish */
	const struct cpus *cpus;
};

/* 0, or ARGP_ERR_UNKNOWN. arg is kept. */
error_t settings_parse(int key, char *arg, struct settings_wish *w);

/*
 * A new result with all of it. stop_fd: as of collect_state(). 0, or a negative errno, for which
 * one line was printed where the user can do something about it; -EINTR: stop_fd became readable.
 * A file that was named and cannot be read, or holds no guest's configuration, is an error.
 */
int settings_collect(const struct settings_wish *wish, int stop_fd,
		     struct doc **ret_result) MUST_CHECK;

#endif
