/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>

#include "probes/parse/smaps.h"
#include "probes/parse/tasks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The texts of a process: stat, status and smaps. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct text t = text_make((const char *)data, size);
	struct text rest = t, line;
	struct smaps smaps = { 0 };
	struct task_status status;
	struct task_stat stat;

	if (task_stat_parse(t, &stat) == 0) {
		assert(stat.comm.len < size);
		assert(task_role(stat.comm, false));
		task_policy_name(stat.policy);
	}
	assert(task_kernel_name(t).len <= size);
	task_status_parse(t, &status);
	while (text_next_line(&rest, &line))
		smaps_add_line(&smaps, line);
	smaps_end(&smaps);
	assert(smaps.n <= SMAPS_N_BACKINGS);
	return 0;
}
