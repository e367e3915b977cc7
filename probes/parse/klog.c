/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/klog.h"

#include <string.h>

static struct text after(struct text t, const char *at)
{
	return text_make(at, t.len - (size_t)(at - t.at));
}

static bool has_digit(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		if (t.at[i] >= '0' && t.at[i] <= '9')
			return true;
	}
	return false;
}

/* "[    0.000000]", "[T12]", "[Mon Nov 23 10:00:00 2026]"; not "[Firmware Bug]: …". */
static bool skip_stamp(struct text *t)
{
	struct text rest = *t, stamp;

	if (!text_starts(rest, "[") || !memchr(rest.at, ']', rest.len))
		return false;
	text_next_piece(&rest, ']', &stamp);
	if (!has_digit(stamp))
		return false;
	*t = rest;
	return true;
}

static bool skip_level(struct text *t)
{
	struct text rest = *t, level;

	if (!text_starts(rest, "<") || !memchr(rest.at, '>', rest.len))
		return false;
	text_next_piece(&rest, '>', &level);
	if (!has_digit(level))
		return false;
	*t = rest;
	return true;
}

/* dmesg --time-format iso: "2026-11-23T10:00:00,123456+00:00" */
static bool skip_iso_time(struct text *t)
{
	struct text rest = *t, word;

	if (!text_next_word(&rest, &word) || word.len < 20 || !has_digit(word) ||
	    word.at[4] != '-' || word.at[10] != 'T')
		return false;
	*t = rest;
	return true;
}

struct text klog_message(struct text line)
{
	const char *kernel = text_find(line, "kernel: ");

	/* Of a log daemon: date, host, "kernel:". */
	if (kernel && kernel > line.at && kernel[-1] == ' ' &&
	    has_digit(text_make(line.at, (size_t)(kernel - line.at))))
		line = after(line, kernel + strlen("kernel: "));
	line = text_trim(line);
	/* dmesg -x: "kern  :info  : " */
	if (text_starts(line, "kern ")) {
		struct text facility, level;

		text_next_piece(&line, ':', &facility);
		text_next_piece(&line, ':', &level);
		line = text_trim(line);
	}
	while (skip_level(&line) || skip_stamp(&line) || skip_iso_time(&line))
		line = text_trim(line);
	return line;
}

static bool starts_with_one(struct text t, const char *const *prefixes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (text_starts(t, prefixes[i]))
			return true;
	}
	return false;
}

static bool is_verdict(struct text message)
{
	static const char *const prefixes[] = {
		"tsc: ",
		"TSC ",
		"clocksource: ",
		"Marking TSC ",
		"Switching to clocksource ",
		"Switched to clocksource ",
		"[Firmware Bug]: TSC ",
		"sched_clock: Marking unstable",
		"kvm: SMP vm created on host with unstable TSC",
	};

	/* Lines about registering a clocksource and about the timer of the same name judge nothing.
	 */
	if (text_find(message, "max_cycles: ") || text_starts(message, "TSC deadline timer"))
		return false;
	return starts_with_one(message, prefixes, ARRAY_SIZE(prefixes)) ||
	       text_find(message, " cycles TSC warp between CPUs");
}

static bool is_unstable(struct text message)
{
	static const char *const prefixes[] = {
		"tsc: Marking TSC unstable",
		"Marking TSC unstable",
		"TSC found unstable",
	};

	return starts_with_one(message, prefixes, ARRAY_SIZE(prefixes)) ||
	       (text_starts(message, "clocksource: ") &&
		text_find(message, "Marking clocksource 'tsc"));
}

/* "2659.973 MHz": kHz; 0 when it is not that. */
static uint64_t parse_mhz(struct text t)
{
	uint64_t mhz, khz;

	if (text_take_u64(&t, &mhz) < 0 || mhz > 1000000 || !text_starts(t, "."))
		return 0;
	t = text_make(t.at + 1, t.len - 1);
	/* Three digits: cpu_khz % 1000 with %03u. */
	if (t.len < 4 || t.at[3] != ' ' || text_take_u64(&t, &khz) < 0 || khz > 999 ||
	    !text_starts(t, " MHz"))
		return 0;
	return mhz * 1000 + khz;
}

static uint64_t find_khz(struct text message)
{
	static const char *const prefixes[] = {
		"tsc: Refined TSC clocksource calibration: ",
		"Refined TSC clocksource calibration: ",
		"tsc: Detected ",
		"Detected ",
	};

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		if (text_starts(message, prefixes[i]))
			return parse_mhz(after(message, message.at + strlen(prefixes[i])));
	}
	return 0;
}

/* A log may be flooded: how it began and how it ends are kept, the middle gives way. */
static void add_verdict(struct klog_clock *clock, struct text message)
{
	struct text *last_half = clock->verdicts + KLOG_VERDICTS_MAX / 2;

	if (clock->n_verdicts == KLOG_VERDICTS_MAX) {
		memmove(last_half, last_half + 1, (KLOG_VERDICTS_MAX / 2 - 1) * sizeof(*last_half));
		clock->n_verdicts--;
	}
	clock->verdicts[clock->n_verdicts++] = message;
}

void klog_clock_parse(struct text log, struct klog_clock *ret_clock)
{
	struct text line;

	*ret_clock = (struct klog_clock){ 0 };
	while (text_next_line(&log, &line)) {
		const struct text message = klog_message(line);
		const uint64_t khz = find_khz(message);

		if (khz)
			ret_clock->tsc_khz = khz;
		ret_clock->has_boot |= text_starts(message, "Linux version ");
		ret_clock->is_tsc_unstable |= is_unstable(message);
		if (is_verdict(message))
			add_verdict(ret_clock, message);
	}
}
