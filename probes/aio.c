/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * aio - slots of kernel asynchronous I/O.
 * Format: Documentation/admin-guide/sysctl/fs.rst, "aio-nr & aio-max-nr".
 */
#include "facts/aio.h"

#include "probes/probe.h"

static int measure(struct probe_env *env, void *facts)
{
	struct aio_facts *f = facts;
	int r = probe_read_u64(env, &f->nr, "nr", "/proc/sys/fs/aio-nr");

	return r < 0 ? r : probe_read_u64(env, &f->max_nr, "max_nr", "/proc/sys/fs/aio-max-nr");
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "aio", measure);
}
