/* SPDX-License-Identifier: GPL-2.0-or-later */
/* aio.h - slots of kernel asynchronous I/O: the limit, the use, and which QEMU holds how much. */
#ifndef FACTS_AIO_H
#define FACTS_AIO_H

#include "facts/schema.h"

struct aio_holder {
	struct fact_u64 pid;
	struct fact_str name;
	struct fact_u64 n_contexts; /* "/[aio]" mappings: one per io_setup(2) */
};

struct aio_facts {
	struct fact_u64 nr, max_nr; /* fs.aio-nr, fs.aio-max-nr */
	struct fact_list holders; /* struct aio_holder: QEMU processes with at least one context */
};

extern const struct schema aio_schema, aio_holder_schema;

#endif
