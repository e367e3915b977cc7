/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>
#include <string.h>

#include "probes/parse/klog_lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct text log = text_make((const char *)data, size);
	struct klog_lines *lines = calloc(1, sizeof(*lines));

	assert(lines);
	klog_lines_parse(log, lines);
	assert(lines->n_events <= KLOG_EVENTS_MAX);
	for (size_t i = 0; i < lines->n_events; i++) {
		const struct klog_event *e = &lines->events[i];

		assert(e->kind && e->n > 0 && e->n_values <= KLOG_VALUES_MAX);
		assert(strlen(e->device) < KLOG_DEVICE_SIZE && e->line.len <= KLOG_LINE_MAX);
		assert(e->line.at >= log.at && e->line.at + e->line.len <= log.at + log.len);
		for (size_t v = 0; v < e->n_values; v++)
			assert(e->values[v].len > 0 && e->values[v].len <= KLOG_VALUE_MAX);
	}
	free(lines);
	return 0;
}
