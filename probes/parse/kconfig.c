/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/kconfig.h"

static struct text cut(struct text t, size_t front, size_t back)
{
	return text_make(t.at + front, t.len - front - back);
}

static bool parse_line(struct text line, struct kconfig_option *ret_option)
{
	static const char prefix[] = "CONFIG_", unset_prefix[] = "# CONFIG_",
			  unset[] = " is not set";
	struct text name, value;

	line = text_trim(line);
	if (text_starts(line, unset_prefix) && text_ends(line, unset) &&
	    line.len > sizeof(unset_prefix) + sizeof(unset) - 2) {
		ret_option->name = cut(line, sizeof(unset_prefix) - 1, sizeof(unset) - 1);
		ret_option->value = text_of("n");
		return true;
	}
	if (!text_starts(line, prefix) || !text_key_value(line, '=', &name, &value) ||
	    name.len < sizeof(prefix))
		return false;
	if (value.len >= 2 && text_starts(value, "\"") && text_ends(value, "\""))
		value = cut(value, 1, 1);
	ret_option->name = cut(name, sizeof(prefix) - 1, 0);
	ret_option->value = value;
	return true;
}

bool kconfig_next(struct text *rest, struct kconfig_option *ret_option)
{
	struct text line;

	while (text_next_line(rest, &line)) {
		if (parse_line(line, ret_option))
			return true;
	}
	return false;
}
