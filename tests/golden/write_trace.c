/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * write_trace ROOT SPOOL FILE: the raw pages in the folder SPOOL as a trace.dat, with the formats
 * of the tree ROOT ("/": this machine).
 */
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "probes/trace/keep.h"

int main(int argc, char **argv)
{
	struct keep_source source = { .clock = "mono" };
	auto_free char *why = NULL;
	struct keep_stats stats;
	struct sysroot root;
	int r = argc == 4 ? sysroot_open(&root, argv[1]) : -EINVAL;

	if (r < 0) {
		fprintf(stderr, "write_trace: %s\n", strerror(-r));
		return 2;
	}
	source.root = &root;
	source.spool_dir = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = source.spool_dir < 0 ? neg_errno() : keep_trace_write(argv[3], &source, &stats, &why);
	if (r == 0)
		printf("%" PRIu64 " events\n", stats.n_events);
	else
		fprintf(stderr, "write_trace: %s\n", why ? why : strerror(-r));
	if (source.spool_dir >= 0)
		close(source.spool_dir);
	sysroot_close(&root);
	return r < 0 ? 2 : 0;
}
