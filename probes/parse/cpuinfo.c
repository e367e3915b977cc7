/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/cpuinfo.h"

struct row {
	const char *key;
	size_t at; /* of a struct text in struct cpuinfo */
};

static const struct row rows[] = {
	{ "vendor_id", offsetof(struct cpuinfo, vendor) },
	{ "model name", offsetof(struct cpuinfo, model) },
	{ "cpu family", offsetof(struct cpuinfo, family) },
	{ "stepping", offsetof(struct cpuinfo, stepping) },
	{ "microcode", offsetof(struct cpuinfo, microcode) },
	{ "flags", offsetof(struct cpuinfo, flags) },
};

static void take(struct cpuinfo *info, struct text key, struct text value)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct text *t = (struct text *)((char *)info + rows[i].at);

		if (!t->at && text_equal(key, rows[i].key))
			*t = value;
	}
}

/* Other machines have a vendor_id (s390) or flags of their own, but not this pair. */
static bool is_x86(const struct cpuinfo *info)
{
	return info->vendor.at && (info->family.at || cpuinfo_has_flag(info, "tsc"));
}

void cpuinfo_parse(struct text text, struct cpuinfo *ret_info)
{
	bool is_arm64 = false, is_second = false;
	struct text line, key, value;

	*ret_info = (struct cpuinfo){ 0 };
	while (text_next_line(&text, &line)) {
		if (!text_key_value(line, ':', &key, &value))
			continue;
		if (text_equal(key, "processor") && is_second)
			break;
		is_second |= text_equal(key, "processor");
		is_arm64 |= text_equal(key, "CPU implementer");
		take(ret_info, key, value);
	}
	if (is_x86(ret_info))
		ret_info->arch = "x86_64";
	else if (is_arm64)
		ret_info->arch = "aarch64";
}

bool cpuinfo_has_flag(const struct cpuinfo *info, const char *flag)
{
	struct text rest = info->flags, word;

	while (text_next_word(&rest, &word)) {
		if (text_equal(word, flag))
			return true;
	}
	return false;
}
