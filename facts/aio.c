/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/aio.h"

/* clang-format off */
#define F(member) FIELD(struct aio_holder, member)
static const struct fact_field holder_fields[] = {
	{ F(pid), FACT_U64, FACT_NOT_COMPARED, "", "process" },
	{ F(name), FACT_STR, FACT_NOT_COMPARED, "", "name of the guest, else of the process", .privacy = FACT_PSEUDONYM, .pseudonym = "guest" },
	{ F(n_contexts), FACT_U64, FACT_NOT_COMPARED, "contexts", "AIO contexts it has open" },
};
#undef F
/* clang-format on */

const struct schema aio_holder_schema = { "holder", "A process with AIO contexts",
					  sizeof(struct aio_holder), holder_fields,
					  ARRAY_SIZE(holder_fields) };

#define F(member) FIELD(struct aio_facts, member)

/* clang-format off */
static const struct fact_field fields[] = {
	{ F(nr), FACT_U64, FACT_NOT_COMPARED, "slots", "fs.aio-nr: slots in use by all processes" },
	{ F(max_nr), FACT_U64, FACT_SETTING, "slots", "fs.aio-max-nr: slots there may be" },
	{ F(holders), FACT_LIST, FACT_NOT_COMPARED, "", "QEMU processes that hold AIO contexts", &aio_holder_schema },
};
/* clang-format on */

const struct schema aio_schema = { "aio", "Asynchronous I/O slots", sizeof(struct aio_facts),
				   fields, ARRAY_SIZE(fields) };
