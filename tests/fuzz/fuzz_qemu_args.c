/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>

#include "core/doc.h"
#include "probes/parse/qemu_args.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena a = { 0 };
	struct domain_facts facts = { 0 };
	struct qemu_args_note *notes;
	struct fact_strs args;
	struct doc *d;

	if (qemu_args_split(text_make((const char *)data, size), &a, &args) < 0)
		return 0;
	assert(args.known && args.n <= size);
	assert(qemu_args_parse(&args, &a, &facts, &notes) == 0);
	assert(facts.disks.known && facts.n_iothreads.known && facts.features.known);
	assert(schema_encode(&domain_schema, &facts, &d) == 0);
	doc_free(d);
	return 0;
}
