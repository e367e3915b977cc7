/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>
#include <string.h>

#include "core/doc.h"
#include "report/redact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t salt[ALIASES_SALT_SIZE] = "always the same";

/* A text grows by no more than a pseudonym for each of its bytes; one pseudonym stays itself. */
static void check_text(const char *in)
{
	static const size_t pseudonym_max = 80;
	auto_redaction struct redaction *r = NULL;
	auto_free char *out = NULL;

	assert(redaction_new(salt, &r) == 0);
	out = redact_text(r, "-name", in);
	assert(out && strlen(out) <= pseudonym_max * (strlen(in) + 1));
}

static void redact_doc(const char *in, size_t size)
{
	auto_redaction struct redaction *r = NULL;
	auto_doc struct doc *d = NULL;
	auto_doc struct doc *copy = NULL;
	struct doc_error error;

	if (doc_parse(in, size, &d, &error) < 0)
		return;
	assert(redaction_new(salt, &r) == 0);
	(void)!redact_document(r, d, &copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *in = strndup((const char *)data, size);

	assert(in);
	check_text(in);
	redact_doc((const char *)data, size);
	free(in);
	return 0;
}
