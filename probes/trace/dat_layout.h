/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dat_layout.h - is a trace.dat whole? Its parts are walked, and nothing of their content is read:
 * the library that reads them believes every size that a file tells.
 *
 * Source: trace-cmd.dat.v6(5), trace-cmd.dat.v7(5).
 */
#ifndef PROBES_TRACE_DAT_LAYOUT_H
#define PROBES_TRACE_DAT_LAYOUT_H

#include "core/base.h"

enum { DAT_CLOCK_SIZE = 32, DAT_PAGE_MAX = 1 << 20 };

struct dat_layout {
	unsigned version; /* 6 or 7 */
	bool is_big_endian;
	uint32_t page_size;
	size_t n_buffers; /* with the one at the top */
	uint32_t n_cpus;  /* more than the number of any CPU; CPUS_MAX: packed, not told */
	char clock[DAT_CLOCK_SIZE]; /* the one in use, "mono"; empty: not told */
	bool has_rate;              /* of a clock that counts cycles */
	uint64_t n_overrun;         /* events that the kernel wrote over, or dropped */
};

/*
 * Walks the file from its start. 0; -EBADMSG: damaged or cut off, -ENOTSUP: another version of the
 * format, with a line for people that the caller frees; -EIO, -ENOMEM.
 */
int dat_layout_read(int fd, struct dat_layout *ret_layout, char **ret_why) MUST_CHECK;

#endif
