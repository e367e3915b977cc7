/* SPDX-License-Identifier: GPL-2.0-or-later */
/* print_document: a document from stdin, indented, so that lines can be compared; 2: not valid. */
#include "core/doc.h"

#define DOCUMENT_MAX (64u << 20)

int main(void)
{
	auto_free char *text = malloc(DOCUMENT_MAX);
	auto_free char *pretty = NULL;
	auto_doc struct doc *d = NULL;
	struct doc_error error;
	size_t len;

	if (!text)
		return 2;
	len = fread(text, 1, DOCUMENT_MAX, stdin);
	if (doc_parse(text, len, &d, &error) < 0) {
		fprintf(stderr, "print_document: line %u: %s\n", error.line, error.message);
		return 2;
	}
	pretty = doc_print(d, true);
	return pretty && fputs(pretty, stdout) != EOF && fflush(stdout) == 0 ? 0 : 2;
}
