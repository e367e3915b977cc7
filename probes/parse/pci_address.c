/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/pci_address.h"

#include <string.h>

#define MAX_BUS      0xffu
#define MAX_DEVICE   0x1fu
#define MAX_FUNCTION 0x7u

/* "0000" ":01" ":00" ".0": what sysfs prints at least. */
#define SHORTEST 12u

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Hex digits only, up to max; text_hex() would take blanks and "0x" too. */
static bool take_part(struct text t, uint64_t max, uint64_t *ret_value)
{
	for (size_t i = 0; i < t.len; i++) {
		if (!is_hex(t.at[i]))
			return false;
	}
	return text_hex(t, ret_value) == 0 && *ret_value <= max;
}

/* Text before and behind the last c. */
static bool split_last(struct text t, char c, struct text *ret_head, struct text *ret_tail)
{
	const char *at = t.len ? memrchr(t.at, c, t.len) : NULL;

	if (!at)
		return false;
	*ret_head = text_make(t.at, (size_t)(at - t.at));
	*ret_tail = text_make(at + 1, t.len - ret_head->len - 1);
	return true;
}

int pci_address_parse(struct text t, struct pci_address *ret_address)
{
	struct text domain, bus, device, function;
	uint64_t v[4] = { 0 };

	if (!split_last(t, '.', &device, &function) || !split_last(device, ':', &bus, &device))
		return -EINVAL;
	if (split_last(bus, ':', &domain, &bus) && !take_part(domain, UINT32_MAX, &v[0]))
		return -EINVAL;
	if (!take_part(bus, MAX_BUS, &v[1]) || !take_part(device, MAX_DEVICE, &v[2]) ||
	    !take_part(function, MAX_FUNCTION, &v[3]))
		return -EINVAL;
	*ret_address =
		(struct pci_address){ (uint32_t)v[0], (uint8_t)v[1], (uint8_t)v[2], (uint8_t)v[3] };
	return 0;
}

static size_t n_hex(struct text t, size_t from)
{
	size_t n = 0;

	while (from + n < t.len && is_hex(t.at[from + n]))
		n++;
	return n;
}

static bool is_char(struct text t, size_t at, char c)
{
	return at < t.len && t.at[at] == c;
}

/* Length of an address in sysfs form at the start of t, 0: there is none. */
static size_t sysfs_form(struct text t)
{
	size_t at = n_hex(t, 0);

	if (at < 4 || at > 8 || !is_char(t, at, ':') || n_hex(t, at + 1) != 2 ||
	    !is_char(t, at + 3, ':') || n_hex(t, at + 4) != 2 || !is_char(t, at + 6, '.') ||
	    n_hex(t, at + 7) != 1)
		return 0;
	return at + 8;
}

bool pci_address_find(struct text t, struct pci_address *ret_address)
{
	while (t.len >= SHORTEST) {
		size_t n = sysfs_form(t);

		if (n && pci_address_parse(text_make(t.at, n), ret_address) == 0)
			return true;
		/* Never from the middle of a number: "10000:00:…" is not domain 0. */
		n = n_hex(t, 0);
		n += !n;
		t = text_make(t.at + n, t.len - n);
	}
	return false;
}

void pci_address_format(const struct pci_address *address, char buf[static PCI_ADDRESS_SIZE])
{
	snprintf(buf, PCI_ADDRESS_SIZE, "%04x:%02x:%02x.%x", address->domain, address->bus,
		 address->device & MAX_DEVICE, address->function & MAX_FUNCTION);
}
