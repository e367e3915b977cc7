/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>
#include <sys/mman.h>

#include "core/cpus.h"
#include "probes/trace/dat_layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The walk over a trace.dat, which comes before the library that believes what it says. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_fd int fd = memfd_create("dat", MFD_CLOEXEC);
	auto_free char *why = NULL;
	struct dat_layout l;
	int r;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		return 0;
	r = dat_layout_read(fd, &l, &why);
	assert((r == 0) == (why == NULL) || r == -EIO || r == -ENOMEM);
	if (r == 0)
		assert((l.version == 6 || l.version == 7) && l.page_size && l.n_cpus <= CPUS_MAX);
	return 0;
}
