/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crew.h - threads of a running QEMU beside its vCPUs: do they run on the vCPUs' CPUs? */
#ifndef ANALYZE_CREW_H
#define ANALYZE_CREW_H

#include "analyze/pin.h"

struct crew {              /* a kind of threads */
	const char *words; /* "QEMU's own threads" */
	bool (*has)(const struct guest_thread *t);
};

/*
 * Judges by what this run saw, else by affinity: problem when they spent 0.1 % of the window or
 * more on CPUs with a pinned vCPU, advice when they could, pass when they cannot; unknown when
 * there is no such thread. For a running guest only.
 */
enum verdict crew_judge(const struct host *h, const struct placement *p, const struct crew *crew,
			struct finding *out);
/* "sudo taskset -pc LIST TID" for each thread that has to move; list NULL: where it was. */
const char *crew_taskset(const struct host *h, const struct placement *p, const struct crew *crew,
			 const char *list, struct finding *out);
/* Where the first of them that has to move may run now, for virsh to put it back there. */
const char *crew_old_list(const struct host *h, const struct placement *p, const struct crew *crew,
			  struct finding *out);
/*
 * Fills {H} with CPUs for all that is no vCPU. When there are none: false, and the finding has a
 * fix that says so.
 */
bool crew_fill_housekeeping(const struct host *h, const struct placement *p, struct finding *out);

#endif
