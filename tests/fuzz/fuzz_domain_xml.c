/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>

#include "probes/parse/domain_xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena arena = { 0 };
	struct domain_facts facts = { 0 };
	struct domain_xml_result result;
	struct doc *d = NULL;
	const int r =
		domain_xml_parse(text_make((const char *)data, size), &arena, &facts, &result);

	assert(r == 0 || r == -EBADMSG);
	assert((r == -EBADMSG) == (result.error != NULL));
	assert(r != 0 || schema_encode(&domain_schema, &facts, &d) == 0);
	doc_free(d);
	return 0;
}
