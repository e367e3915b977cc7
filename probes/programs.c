/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/programs.h"

#include <string.h>

#include "probes/processes.h"

/* TASK_COMM_LEN without its NUL. */
#define COMM_LEN 15u

static void note_program(const char *comm, const char *const *names, size_t n, bool *running)
{
	for (size_t i = 0; i < n; i++)
		running[i] |= !strncmp(comm, names[i], COMM_LEN);
}

int programs_running(const struct sysroot *root, const char *const *names, size_t n,
		     bool *ret_running)
{
	auto_processes struct processes list = { 0 };
	size_t n_seen = 0;
	int r = processes_list(root, "/proc", &list);

	if (r < 0)
		return r;
	memset(ret_running, 0, n * sizeof(*ret_running));
	for (size_t i = 0; i < list.n; i++) {
		auto_free char *comm = NULL;

		r = sysroot_read_line(root, &comm, "/proc/%u/comm", list.pids[i]);
		if (r == -ENOMEM)
			return r;
		if (r < 0)
			continue;
		n_seen++;
		note_program(comm, names, n, ret_running);
	}
	if (n_seen == 0)
		return -ENOENT;
	return root->is_whole && list.is_partial ? -EACCES : 0;
}
