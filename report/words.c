/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/words.h"

#include <inttypes.h>
#include <string.h>

struct unit {
	const char *name;
	uint64_t size;
};

/* Three significant digits in the largest unit that leaves a digit before the point. */
static void words_of(uint64_t v, const struct unit *units, size_t n_units, char *buf, size_t size)
{
	const struct unit *u = &units[n_units - 1];
	uint64_t whole, hundredths;

	for (size_t i = 0; i < n_units; i++) {
		if (v >= units[i].size) {
			u = &units[i];
			break;
		}
	}
	whole = v / u->size;
	hundredths = (v % u->size) / (u->size / 100 ? u->size / 100 : 1);
	if (hundredths > 99)
		hundredths = 99;
	if (u->size == 1 || whole >= 100)
		snprintf(buf, size, "%" PRIu64 " %s", whole, u->name);
	else if (whole >= 10)
		snprintf(buf, size, "%" PRIu64 ".%" PRIu64 " %s", whole, hundredths / 10, u->name);
	else
		snprintf(buf, size, "%" PRIu64 ".%02" PRIu64 " %s", whole, hundredths, u->name);
}

void words_of_ns(uint64_t ns, char *buf, size_t size)
{
	static const struct unit units[] = {
		{ "s", NS_PER_S }, { "ms", NS_PER_MS }, { "us", NS_PER_US }, { "ns", 1 }
	};

	words_of(ns, units, ARRAY_SIZE(units), buf, size);
}

void words_of_kib(uint64_t kib, char *buf, size_t size)
{
	static const struct unit units[] = {
		{ "TiB", GIB }, { "GiB", MIB }, { "MiB", KIB }, { "KiB", 1 }
	};

	words_of(kib, units, ARRAY_SIZE(units), buf, size);
}

void words_of_permille(uint64_t permille, char *buf, size_t size)
{
	snprintf(buf, size, "%" PRIu64 ".%" PRIu64 " %%", permille / 10, permille % 10);
}

void print_wrapped(FILE *out, const char *indent, unsigned width, const char *text)
{
	const size_t room = width > strlen(indent) + 20 ? width - strlen(indent) : 20;

	while (*text) {
		size_t len = strcspn(text, "\n"), cut = len;

		if (len > room) {
			cut = room;
			while (cut > 0 && text[cut] != ' ')
				cut--;
			if (cut == 0)
				cut = strcspn(text, " \n");
		}
		fprintf(out, "%s%.*s\n", indent, (int)cut, text);
		text += cut;
		if (*text == ' ' || *text == '\n')
			text++;
	}
}
