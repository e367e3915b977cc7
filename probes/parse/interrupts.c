/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/interrupts.h"

#include <string.h>

/* No counter of a CPU is higher than 2^32; with this bound no sum exceeds 2^63. */
#define COUNT_MAX (1ull << 50)

static struct text skip(struct text t, size_t n)
{
	return text_make(t.at + n, t.len - n);
}

static size_t n_blanks(struct text t)
{
	size_t n = 0;

	while (n < t.len && (t.at[n] == ' ' || t.at[n] == '\t'))
		n++;
	return n;
}

static size_t n_not_blank(struct text t)
{
	size_t n = 0;

	while (n < t.len && t.at[n] != ' ' && t.at[n] != '\t')
		n++;
	return n;
}

static bool take_cpu(struct text word, unsigned *ret_cpu)
{
	uint64_t v;

	if (!text_starts(word, "CPU") || text_u64(skip(word, 3), &v) < 0 || v >= CPUS_MAX)
		return false;
	*ret_cpu = (unsigned)v;
	return true;
}

static size_t count_columns(struct text header)
{
	struct text word;
	unsigned cpu;
	size_t n = 0;

	while (n < CPUS_MAX && text_next_word(&header, &word) && take_cpu(word, &cpu))
		n++;
	return n;
}

int interrupts_init(struct interrupts *it, struct text t)
{
	struct text header, word;
	size_t n = 0;

	*it = (struct interrupts){ .rest = t };
	while (!n && text_next_line(&it->rest, &header))
		n = count_columns(header);
	if (!n)
		return -EBADMSG;
	it->cpus = calloc(n, sizeof(*it->cpus));
	it->counts = calloc(n, sizeof(*it->counts));
	if (!it->cpus || !it->counts) {
		interrupts_release(it);
		return -ENOMEM;
	}
	while (it->n_cpus < n && text_next_word(&header, &word) &&
	       take_cpu(word, &it->cpus[it->n_cpus]))
		it->n_cpus++;
	return 0;
}

void interrupts_release(struct interrupts *it)
{
	free(it->cpus);
	free(it->counts);
	*it = (struct interrupts){ 0 };
}

/* Cuts up to n_cpus numbers that stand alone off the front of *rest; -EBADMSG: none of ours. */
static int take_counts(struct interrupts *it, struct text *rest, size_t *ret_n, uint64_t *ret_total)
{
	uint64_t total = 0;
	size_t n = 0;

	while (n < it->n_cpus) {
		struct text at = skip(*rest, n_blanks(*rest));
		uint64_t v;
		int r = text_take_u64(&at, &v);

		/* "0000:00:1f.2" and "16-fasteoi" belong to what follows. */
		if (r == -EINVAL || (at.len && !n_blanks(at)))
			break;
		if (r < 0 || v > COUNT_MAX)
			return -EBADMSG;
		it->counts[n++] = v;
		total += v;
		*rest = at;
	}
	*ret_n = n;
	*ret_total = total;
	return 0;
}

/* Counters of the machine, also where it has one CPU and they look like a column. */
static bool is_global(struct text label)
{
	return text_equal(label, "ERR") || text_equal(label, "MIS") || text_equal(label, "Err");
}

static const char *const triggers[] = { "edge", "fasteoi", "level" };

/* "IR-PCI-MSI-edge" of old kernels: the trigger is glued to the chip. */
static bool split_trigger(struct text chip, struct text *ret_chip, struct text *ret_trigger)
{
	for (size_t i = 0; i < ARRAY_SIZE(triggers); i++) {
		const size_t n = strlen(triggers[i]);

		if (!text_ends(chip, triggers[i]) || chip.len <= n + 1 ||
		    chip.at[chip.len - n - 1] != '-')
			continue;
		*ret_trigger = skip(chip, chip.len - n);
		*ret_chip = text_make(chip.at, chip.len - n - 1);
		return true;
	}
	return false;
}

/* "524288-edge", "-event", "27" with or without "Level" behind it; 0: something else. */
static size_t hwirq_length(struct text t)
{
	const size_t n = n_not_blank(t);
	struct text word = text_make(t.at, n), next;
	uint64_t v;

	if (text_starts(word, "-"))
		return n;
	if (text_take_u64(&word, &v) == -EINVAL || (word.len && word.at[0] != '-'))
		return 0;
	if (word.len)
		return n;
	next = skip(t, n);
	next = skip(next, n_blanks(next));
	next = text_make(next.at, n_not_blank(next));
	if (text_equal(next, "Level") || text_equal(next, "Edge"))
		return (size_t)(next.at + next.len - t.at);
	return n;
}

/*
 * Handlers stand behind two blanks at least, so a single blank is part of the chip's name, unless
 * what follows looks like a hardware number.
 */
static void split_chip(struct interrupts_line *line, struct text rest)
{
	size_t end = n_not_blank(rest), gap, n;

	for (;;) {
		const struct text tail = skip(rest, end);

		line->chip = text_make(rest.at, end);
		if (split_trigger(line->chip, &line->chip, &line->hwirq)) {
			line->actions = text_trim(tail);
			return;
		}
		gap = n_blanks(tail);
		n = hwirq_length(skip(tail, gap));
		if (n) {
			line->hwirq = text_make(tail.at + gap, n);
			line->actions = text_trim(skip(tail, gap + n));
			return;
		}
		if (gap != 1)
			break;
		end += gap + n_not_blank(skip(tail, gap));
	}
	/* No hardware number at all: only the first word is sure to be the chip. */
	end = n_not_blank(rest);
	line->chip = text_make(rest.at, end);
	line->actions = text_trim(skip(rest, end));
}

static bool parse_line(struct interrupts *it, struct text t, struct interrupts_line *ret_line)
{
	struct interrupts_line line = { 0 };
	struct text rest = t;
	const char *colon;
	size_t n;

	rest = skip(rest, n_blanks(rest));
	colon = rest.len ? memchr(rest.at, ':', rest.len) : NULL;
	if (!colon || colon == rest.at)
		return false;
	line.label = text_make(rest.at, (size_t)(colon - rest.at));
	if (n_not_blank(line.label) != line.label.len)
		return false;
	rest = skip(rest, line.label.len + 1);
	if (take_counts(it, &rest, &n, &line.total) < 0)
		return false;
	line.is_numbered = text_u64(line.label, &line.irq) == 0;
	if (line.is_numbered && line.irq > UINT32_MAX)
		return false;
	if (n == it->n_cpus && !is_global(line.label))
		line.counts = it->counts;
	line.has_total = line.counts || (n == 1 && !line.is_numbered);
	rest = text_trim(rest);
	if (line.is_numbered)
		split_chip(&line, rest);
	else
		line.actions = rest;
	*ret_line = line;
	return true;
}

bool interrupts_next(struct interrupts *it, struct interrupts_line *ret_line)
{
	struct text line;

	while (text_next_line(&it->rest, &line)) {
		if (!text_trim(line).len)
			continue;
		if (parse_line(it, line, ret_line))
			return true;
		it->n_odd++;
	}
	return false;
}

/* Chips whose hardware number is made of the function's address. */
static bool has_address_in_hwirq(struct text chip)
{
	static const char *const chips[] = { "PCI-MSI", "IR-PCI-MSI", "ITS-MSI" };

	for (size_t i = 0; i < ARRAY_SIZE(chips); i++) {
		if (text_equal(chip, chips[i]))
			return true;
	}
	return false;
}

/*
 * drivers/pci/msi/irqdomain.c pci_msi_domain_calc_hwirq(): index of the vector in bits 0-10, bus,
 * device and function in 11-26, domain above. Below 2^11 it would be the host bridge, which has no
 * such interrupts: then it is a plain index.
 */
static bool address_of_hwirq(struct text hwirq, struct pci_address *ret_address)
{
	uint64_t v;

	if (text_take_u64(&hwirq, &v) < 0 || v < 1u << 11 || v >> 27 > UINT32_MAX)
		return false;
	ret_address->domain = (uint32_t)(v >> 27);
	ret_address->bus = (uint8_t)(v >> 19);
	ret_address->device = v >> 14 & 0x1f;
	ret_address->function = v >> 11 & 0x7;
	return true;
}

bool interrupts_device(const struct interrupts_line *line, struct pci_address *ret_address)
{
	const char *vfio = text_find(line->actions, "vfio-");

	if (!line->is_numbered)
		return false;
	if (pci_address_find(line->chip, ret_address))
		return true;
	if (has_address_in_hwirq(line->chip) && address_of_hwirq(line->hwirq, ret_address))
		return true;
	/* On a shared line the passed-through function is the one that matters. */
	if (vfio &&
	    pci_address_find(skip(line->actions, (size_t)(vfio - line->actions.at)), ret_address))
		return true;
	return pci_address_find(line->actions, ret_address);
}
