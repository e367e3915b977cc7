/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fleet_read.h - files of a fleet, each down to what is kept of it; several at once. */
#ifndef CLI_FLEET_READ_H
#define CLI_FLEET_READ_H

#include "analyze/fleet.h"
#include "core/arena.h"

/* The largest that is read; a host of many CPUs writes some MB. */
#define FLEET_FILE_MAX (10 * MIB)

struct fleet_read {
	const char *path; /* set by the caller */
	int result;       /* 0, or a negative errno; why then says what is wrong, in the arena */
	const char *why;
	struct record_facts record;
	struct fleet_session session; /* of the record, in the arena */
	struct arena arena;
};

/* Reads all n, as many at once as there are CPUs, at most four. */
void fleet_read_all(struct fleet_read *reads, size_t n);
void fleet_read_release(struct fleet_read *read);

#endif
