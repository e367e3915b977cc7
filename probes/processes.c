/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/processes.h"

#include <string.h>

static bool take_pid(const char *name, uint32_t *ret_pid)
{
	uint64_t v;

	if (strspn(name, "0123456789") != strlen(name) || text_u64(text_of(name), &v) < 0 ||
	    v == 0 || v > INT32_MAX)
		return false;
	*ret_pid = (uint32_t)v;
	return true;
}

int processes_list(const struct sysroot *root, const char *dir, struct processes *ret_list)
{
	struct processes list = { 0 };
	char **names;
	size_t n;
	int r = sysroot_list(root, &names, &n, "%s", dir);

	if (r < 0)
		return r;
	list.pids = calloc(n + 1, sizeof(*list.pids));
	/* sysroot_list() sorts by number, so 1 is the first one if it is there. */
	for (size_t i = 0; i < n && list.pids; i++)
		list.n += take_pid(names[i], &list.pids[list.n]);
	names_free(names, n);
	if (!list.pids)
		return -ENOMEM;
	list.is_partial = list.n == 0 || list.pids[0] != 1;
	*ret_list = list;
	return 0;
}

void processes_release(struct processes *list)
{
	free(list->pids);
	*list = (struct processes){ 0 };
}
