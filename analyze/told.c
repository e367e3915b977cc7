/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/told.h"

#include <string.h>

#include "analyze/boot_line.h"
#include "analyze/engine.h"

const char *sysctl_value(const struct host *h, const char *name)
{
	return setting_value(&h->kernel.sysctls, name);
}

uint64_t counter_growth(const struct host *h, const char *name)
{
	const struct fact_u64 *n = activity_counter_n(&h->activity.counters, name);

	return n && n->known ? n->v : 0;
}

const struct log_event *log_find_device(const struct host *h, const char *kind, const char *device)
{
	const struct log_event *e = h->log.events.v;

	for (size_t i = 0; i < h->log.events.n; i++) {
		if (fact_is(&e[i].kind, kind) && (!device || fact_is(&e[i].device, device)))
			return &e[i];
	}
	return NULL;
}

const struct log_event *log_find(const struct host *h, const char *kind)
{
	return log_find_device(h, kind, NULL);
}

bool log_is_whole(const struct host *h)
{
	return h->log.events.known && h->log.is_complete.known && h->log.is_complete.v;
}

const char *cmdline_value(const struct host *h, struct finding *out, const char *key)
{
	return h->kernel.cmdline.known ? boot_line_value(out->arena, h->kernel.cmdline.v, key)
				       : NULL;
}

bool is_switched_on(const char *value)
{
	return value &&
	       (!*value || strchr("yYtT1", *value) ||
		((value[0] == 'o' || value[0] == 'O') && (value[1] == 'n' || value[1] == 'N')));
}

bool has_item(const char *list, const char *item)
{
	struct text rest = text_of(list ? list : ""), piece;

	while (text_next_piece(&rest, ',', &piece)) {
		if (text_equal(text_trim(piece), item))
			return true;
	}
	return false;
}

const struct setup_modprobe *modprobe_find(const struct host *h, const char *command,
					   const char *module)
{
	const struct setup_modprobe *line = h->setup.modprobe.v;

	for (size_t i = 0; i < h->setup.modprobe.n; i++) {
		if (fact_is(&line[i].command, command) && fact_is(&line[i].module, module))
			return &line[i];
	}
	return NULL;
}

const char *modprobe_option(const struct host *h, struct finding *out, const char *module,
			    const char *option, const struct setup_modprobe **ret_line)
{
	const struct setup_modprobe *line = h->setup.modprobe.v;
	const char *value = NULL;

	for (size_t i = 0; i < h->setup.modprobe.n; i++) {
		const char *one;

		if (!fact_is(&line[i].command, "options") || !fact_is(&line[i].module, module) ||
		    !line[i].text.known)
			continue;
		one = boot_line_value(out->arena, line[i].text.v, option);
		if (!one)
			continue;
		value = one;
		if (ret_line)
			*ret_line = &line[i];
	}
	return value;
}
