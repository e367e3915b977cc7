/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a kernel log: one of the documented answers. */
#include "probes/parse/rcu_log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cpus set;
	int r = rcu_log_parse(text_make((const char *)data, size), &set);

	if (r != 0 && r != -ENODATA && r != -EBADMSG)
		abort();
	return 0;
}
