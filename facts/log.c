/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/log.h"

/* clang-format off */
#define F(member) FIELD(struct log_event, member)
static const struct fact_field event_fields[] = {
	{ F(kind), FACT_STR, FACT_NOT_COMPARED, "", "kind of line: tsc-unstable, remapping-on, dma-fault …", .privacy = FACT_OPEN },
	{ F(n), FACT_U64, FACT_NOT_COMPARED, "", "how many lines" },
	{ F(device), FACT_STR, FACT_NOT_COMPARED, "", "PCI address or name in it" },
	{ F(value), FACT_STR, FACT_NOT_COMPARED, "", "what the line tells: a list, a mode, names" },
	{ F(first_us), FACT_U64, FACT_NOT_COMPARED, "us", "time of the first since boot" },
	{ F(last_us), FACT_U64, FACT_NOT_COMPARED, "us", "time of the last since boot" },
	{ F(text), FACT_STR, FACT_NOT_COMPARED, "", "the last line" },
};
#undef F
#define F(member) FIELD(struct log_facts, member)
static const struct fact_field fields[] = {
	{ F(is_complete), FACT_BOOL, FACT_NOT_COMPARED, "", "it starts with the boot: nothing was overwritten, so that a line that is absent was not written" },
	{ F(events), FACT_LIST, FACT_NOT_COMPARED, "", "typed lines, by kind", &log_event_schema },
};
#undef F
/* clang-format on */

const struct schema log_event_schema = { "event", "Lines of one kind about one device",
					 sizeof(struct log_event), event_fields,
					 ARRAY_SIZE(event_fields) };
const struct schema log_schema = { "log", "The kernel's log", sizeof(struct log_facts), fields,
				   ARRAY_SIZE(fields) };
