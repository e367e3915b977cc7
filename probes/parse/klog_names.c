/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/klog_names.h"

#include <string.h>

#include "probes/parse/pci_address.h"

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Characters an address is made of; 'x' because some kernels write "0xc9:0x05.0". */
static bool is_of_address(char c)
{
	return is_hex(c) || c == ':' || c == '.' || c == 'x';
}

/* "0xc9:0x05.0": "c9:05.0"; false when it is too long for an address. */
static bool without_0x(struct text t, char buf[static KLOG_NAME_SIZE], struct text *ret_t)
{
	size_t n = 0;

	for (size_t i = 0; i < t.len; i++) {
		if (t.at[i] == '0' && i + 1 < t.len && t.at[i + 1] == 'x') {
			i++;
			continue;
		}
		if (n == KLOG_NAME_SIZE)
			return false;
		buf[n++] = t.at[i];
	}
	while (n > 0 && (buf[n - 1] == ':' || buf[n - 1] == '.'))
		n--;
	*ret_t = text_make(buf, n);
	return true;
}

/* Two digits of bus, of device, and one of function: nothing shorter, such as "1:2.3". */
static bool is_whole(struct text t)
{
	const char *dot = memchr(t.at, '.', t.len);
	const size_t at = dot ? (size_t)(dot - t.at) : 0;

	return at >= 5 && at + 2 == t.len && t.at[at - 3] == ':' && is_hex(t.at[at - 4]) &&
	       is_hex(t.at[at - 5]);
}

static bool take_pci(struct text t, char ret_name[KLOG_NAME_SIZE])
{
	char buf[KLOG_NAME_SIZE];
	struct pci_address address;
	struct text plain;

	if (t.len < 7 || !without_0x(t, buf, &plain) || !is_whole(plain) ||
	    pci_address_parse(plain, &address) < 0)
		return false;
	pci_address_format(&address, ret_name);
	return true;
}

static bool find_pci(struct text t, char ret_name[KLOG_NAME_SIZE])
{
	size_t i = 0;

	while (i < t.len) {
		size_t n = 0;

		while (i + n < t.len && is_of_address(t.at[i + n]))
			n++;
		if (n >= 7 && take_pci(text_make(t.at + i, n), ret_name))
			return true;
		i += n ? n : 1;
	}
	return false;
}

/* A number right after one of the words. */
static bool find_number(struct text t, const char *const *words, size_t n_words, const char *name,
			char ret_name[KLOG_NAME_SIZE])
{
	for (size_t i = 0; i < n_words; i++) {
		const char *at = text_find(t, words[i]);
		struct text rest;
		uint64_t v;

		if (!at)
			continue;
		at += strlen(words[i]);
		rest = text_make(at, t.len - (size_t)(at - t.at));
		if (text_take_u64(&rest, &v) == 0 && v < 1000000) {
			snprintf(ret_name, KLOG_NAME_SIZE, "%s%u", name, (unsigned)v);
			return true;
		}
	}
	return false;
}

void klog_name_find(struct text message, enum klog_name sort, char ret_name[KLOG_NAME_SIZE])
{
	static const char *const cpu[] = { "CPU#", "on cpu ", "CPU" };
	static const char *const irq[] = { "irq " };

	ret_name[0] = '\0';
	switch (sort) {
	case NAME_NONE:
		break;
	case NAME_PCI:
		find_pci(message, ret_name);
		break;
	case NAME_CPU:
		find_number(message, cpu, ARRAY_SIZE(cpu), "cpu", ret_name);
		break;
	case NAME_IRQ:
		find_number(message, irq, ARRAY_SIZE(irq), "irq", ret_name);
		break;
	}
}

/* "   12.345678" */
static bool take_time(struct text stamp, uint64_t *ret_us)
{
	struct text t = text_trim(stamp);
	uint64_t s, us;

	if (text_take_u64(&t, &s) < 0 || s > UINT32_MAX || t.len != 7 || t.at[0] != '.' ||
	    !is_digit(t.at[1]))
		return false;
	t = text_make(t.at + 1, 6);
	if (text_u64(t, &us) < 0)
		return false;
	*ret_us = s * 1000000 + us;
	return true;
}

bool klog_time(struct text before, uint64_t *ret_us)
{
	struct text piece, stamp;

	while (text_next_piece(&before, '[', &piece)) {
		stamp = before;
		if (text_next_piece(&stamp, ']', &piece) && take_time(piece, ret_us))
			return true;
	}
	return false;
}
