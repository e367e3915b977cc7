/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/redact_runs.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "report/vocabulary.h"

enum {
	DIGITS_MAX = 13,      /* bytes of memory; serial numbers are longer or have letters */
	HEX_DIGITS_MAX = 12,  /* addresses of memory; WWNs are longer */
	INDEX_DIGITS_MAX = 5, /* nvme0n1, CPU 128, eno12399 */
	MAC_DIGITS = 12,
	RUN_MAX = 20,
	GROUPS_MAX = 5
};

static size_t span(struct text t, size_t from, int (*is)(int c))
{
	size_t n = 0;

	while (from + n < t.len && is((unsigned char)t.at[from + n]))
		n++;
	return n;
}

static bool is_one_of(struct text t, const char *const *words)
{
	for (; *words; words++) {
		if (strlen(*words) == t.len && !strncasecmp(t.at, *words, t.len))
			return true;
	}
	return false;
}

/* 4096, 512M, 100ms, 3600MHz, 2nd */
static bool is_number(struct text run)
{
	static const char *const units[] = { "",     "k",   "m",   "g",   "t",   "kb",   "mb",
					     "gb",   "tb",  "kib", "mib", "gib", "tib",  "s",
					     "ms",   "us",  "ns",  "min", "h",   "d",    "hz",
					     "khz",  "mhz", "ghz", "x",   "w",   "v",    "b",
					     "bit",  "st",  "nd",  "rd",  "th",  "kbit", "mbit",
					     "gbit", "gt",  "c",   "px",  "p",   NULL };
	const size_t n = span(run, 0, isdigit);

	return n && n <= DIGITS_MAX && is_one_of(text_make(run.at + n, run.len - n), units);
}

/* 0xfee00000; parts of PCI ids, PCI addresses and CPU masks. */
static bool is_hex(struct text run, char before, char after)
{
	size_t n_digits = 0, n_f = 0;

	if (run.len > 2 && run.at[0] == '0' && (run.at[1] == 'x' || run.at[1] == 'X'))
		return run.len - 2 <= HEX_DIGITS_MAX && span(run, 2, isxdigit) == run.len - 2;
	if (run.len > 8 || span(run, 0, isxdigit) != run.len)
		return false;
	for (size_t i = 0; i < run.len; i++) {
		n_digits += isdigit((unsigned char)run.at[i]) != 0;
		n_f += run.at[i] == 'f';
	}
	if (n_f == run.len || (before == '=' && isdigit((unsigned char)run.at[0])))
		return true;
	return n_digits && (run.len == 2 || run.len == 4 || run.len == 8) &&
	       (before == ':' || after == ':' || before == ',' || after == ',');
}

/* sda1, vdb, hdc: any letter may follow. */
static bool is_disk(struct text run)
{
	static const char *const kinds[] = { "sd", "vd", "hd", "xvd" };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const size_t n = strlen(kinds[i]);
		size_t letters, digits;

		if (run.len <= n || strncmp(run.at, kinds[i], n) != 0)
			continue;
		letters = span(run, n, islower);
		digits = span(run, n + letters, isdigit);
		if (letters >= 1 && letters <= 2 && digits <= 3 && n + letters + digits == run.len)
			return true;
	}
	return false;
}

/* enx525400123456, wlx…: what systemd calls an interface by its address. */
static bool has_address(struct text run)
{
	const size_t kind = strlen("enx");

	return run.len == kind + MAC_DIGITS && run.at[kind - 1] == 'x' &&
	       span(run, kind, isxdigit) == MAC_DIGITS;
}

/* nvme0n1p2, enp3s0f1, cpu12, tap104i0: a known word, then numbers with a letter between. */
static bool is_indexed(struct text run)
{
	static const char *const short_kinds[] = { "dm", "md", "sr", "sg", "br",
						   "ib", "vm", "id", "st", NULL };
	size_t at = span(run, 0, isalpha);
	const struct text kind = text_make(run.at, at);
	unsigned n_groups = 1;

	if (run.len > RUN_MAX || !(vocabulary_has(kind) || is_one_of(kind, short_kinds)))
		return false;
	while (at < run.len) {
		const size_t digits = span(run, at, isdigit);
		const size_t letters = span(run, at + digits, isalpha);
		const struct text word = text_make(run.at + at + digits, letters);

		if (!digits || digits > INDEX_DIGITS_MAX || ++n_groups > GROUPS_MAX)
			return false;
		if (letters > 1 && !vocabulary_has(word) && !is_one_of(word, short_kinds))
			return false;
		at += digits + letters;
	}
	return true;
}

static bool is_short(struct text run)
{
	for (size_t i = 0; i < run.len; i++) {
		if ((unsigned char)run.at[i] >= 0x80)
			return false;
	}
	return run.len <= 2 || (run.len == 3 && span(run, 0, isalpha) < 3);
}

enum run_class run_classify(struct text run, char before, char after)
{
	if (has_address(run))
		return RUN_UNKNOWN;
	if (vocabulary_has(run) || is_number(run) || is_hex(run, before, after) || is_disk(run) ||
	    is_indexed(run))
		return RUN_KNOWN;
	return is_short(run) ? RUN_SHORT : RUN_UNKNOWN;
}
