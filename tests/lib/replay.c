/* SPDX-License-Identifier: GPL-2.0-or-later */
/* replay FILE...: gives each file to a fuzz target, in builds that have no fuzzer. */
#include "core/base.h"

#define FILE_MAX (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
	auto_free uint8_t *all = malloc(FILE_MAX);
	auto_free uint8_t *data = NULL;
	auto_file FILE *f = fopen(path, "rb");
	size_t n;

	if (!all || !f) {
		fprintf(stderr, "replay: %s cannot be read\n", path);
		return -EIO;
	}
	n = fread(all, 1, FILE_MAX, f);
	/* A block of that size, so that a sanitizer sees a read behind its end. */
	data = malloc(n ? n : 1);
	if (!data)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		data[i] = all[i];
	LLVMFuzzerTestOneInput(data, n);
	return 0;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (replay(argv[i]) < 0)
			return 1;
	}
	return 0;
}
