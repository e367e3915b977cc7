/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/pci_text.h"

#include <string.h>

#define MTS_PER_GTS 1000u
#define GTS_MAX     4096u

int pci_text_speed(struct text t, uint64_t *ret_mts)
{
	uint64_t whole, tenths = 0;

	t = text_trim(t);
	if (text_starts(t, "Unknown"))
		return -ENODATA;
	if (text_take_u64(&t, &whole) < 0 || whole > GTS_MAX)
		return -EBADMSG;
	if (text_starts(t, ".")) {
		t = text_make(t.at + 1, t.len - 1);
		if (text_take_u64(&t, &tenths) < 0 || tenths > 9)
			return -EBADMSG;
	}
	if (!text_starts(t, " GT/s"))
		return -EBADMSG;
	*ret_mts = whole * MTS_PER_GTS + tenths * (MTS_PER_GTS / 10);
	return 0;
}

int pci_text_resource(struct text line, struct pci_resource *ret_resource)
{
	uint64_t numbers[3];
	struct text word;

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (!text_next_word(&line, &word) || text_hex(word, &numbers[i]) < 0)
			return -EBADMSG;
	}
	if (text_next_word(&line, &word) || numbers[1] < numbers[0])
		return -EBADMSG;
	*ret_resource = (struct pci_resource){ numbers[0], numbers[1], numbers[2] };
	return 0;
}

int pci_text_correctable(struct text t, uint64_t *ret_n)
{
	struct text line, key, value;

	while (text_next_line(&t, &line)) {
		if (!text_key_value(line, ' ', &key, &value) || !text_equal(key, "TOTAL_ERR_COR"))
			continue;
		return text_u64(value, ret_n) < 0 ? -EBADMSG : 0;
	}
	return -EBADMSG;
}

struct text pci_text_base(struct text path)
{
	const char *slash = memrchr(path.at ? path.at : "", '/', path.len);

	return slash ? text_make(slash + 1, path.len - (size_t)(slash + 1 - path.at)) : path;
}
