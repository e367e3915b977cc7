/* SPDX-License-Identifier: GPL-2.0-or-later */
/* activity_sample.c - reading one sample; documented in activity_sample.h. */
#include "probes/activity_sample.h"

int activity_sample_read(struct probe_env *env, const struct activity_sample *first,
			 struct activity_sample *ret_sample)
{
	const struct {
		struct text *text;
		bool has_first;
		const char *field, *path;
	} files[] = {
		{ &ret_sample->interrupts, first && first->interrupts.at, "irqs",
		  "/proc/interrupts" },
		{ &ret_sample->softirqs, first && first->softirqs.at, "softirqs",
		  "/proc/softirqs" },
		{ &ret_sample->stat, first && first->stat.at, "busy_ns", "/proc/stat" },
		{ &ret_sample->vmstat, first && first->vmstat.at, "compact_stalls",
		  "/proc/vmstat" },
	};
	int r = 0;

	ret_sample->at_ns = timebase_now(env->time);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(files); i++) {
		if (!first || files[i].has_first)
			r = probe_read_text(env, files[i].text, files[i].field, files[i].path);
	}
	return r;
}
