/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/boot_config.h"

#include <string.h>

#include "probes/parse/personal.h"

/* It says where this host's disks are, not how it runs. */
static bool is_of_disk(struct text word)
{
	static const char *const prefixes[] = {
		"root=", "resume=", "resume_offset=", "cryptdevice=", "rd.luks.", "rd.lvm.",
		"luks.", "initrd=", "BOOT_IMAGE=",    "ostree=",      "$"
	};

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		if (text_starts(word, prefixes[i]))
			return true;
	}
	return false;
}

char *boot_args_clean(struct arena *a, struct text args)
{
	auto_free char *kept = malloc(args.len + 1);
	struct text word;
	size_t n = 0;

	if (!kept)
		return NULL;
	while (text_next_word(&args, &word)) {
		if (is_of_disk(word))
			continue;
		if (n > 0)
			kept[n++] = ' ';
		memcpy(kept + n, word.at, word.len);
		n += word.len;
	}
	return personal_hide(a, text_make(kept, n));
}

/* "KEY value": the value, when the line begins with the word. */
static bool word_value(struct text line, const char *key, struct text *ret_value)
{
	struct text word;

	if (!text_next_word(&line, &word) || !text_equal(word, key))
		return false;
	*ret_value = text_trim(line);
	return true;
}

bool boot_entry_options(struct text *rest, struct text *ret_args)
{
	struct text line;

	while (text_next_line(rest, &line)) {
		if (word_value(line, "options", ret_args))
			return true;
	}
	return false;
}

bool loader_conf_value(struct text conf, const char *key, struct text *ret_value)
{
	struct text line;
	bool is_found = false;

	while (text_next_line(&conf, &line))
		is_found |= word_value(line, key, ret_value);
	return is_found;
}

bool limine_cmdline(struct text *rest, struct text *ret_args)
{
	static const char *const keys[] = { "cmdline", "kernel_cmdline", "CMDLINE",
					    "KERNEL_CMDLINE" };
	struct text line, key, value;

	while (text_next_line(rest, &line)) {
		line = text_trim(line);
		for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
			if ((text_key_value(line, ':', &key, &value) && text_equal(key, keys[i])) ||
			    (text_key_value(line, '=', &key, &value) && text_equal(key, keys[i]))) {
				*ret_args = value;
				return true;
			}
		}
	}
	return false;
}

/* Cuts "…" off the front. */
static bool next_quoted(struct text *rest, struct text *ret_text)
{
	struct text before;

	return text_next_piece(rest, '"', &before) && rest->len > 0 &&
	       text_next_piece(rest, '"', ret_text);
}

bool refind_options(struct text *rest, struct text *ret_args)
{
	struct text line, name;

	while (text_next_line(rest, &line)) {
		line = text_trim(line);
		if (text_starts(line, "\"") && next_quoted(&line, &name) &&
		    next_quoted(&line, ret_args))
			return true;
	}
	return false;
}

const char *loader_info_name(struct text bytes)
{
	static const struct {
		const char *begins, *name;
	} loaders[] = {
		{ "systemd-boot", "systemd-boot" },
		{ "GRUB", "grub" },
		{ "rEFInd", "refind" },
		{ "Limine", "limine" },
	};
	char name[16];
	size_t n = 0;

	for (size_t i = 4; i + 1 < bytes.len && n < sizeof(name); i += 2) {
		if (bytes.at[i + 1] != '\0')
			return NULL;
		name[n++] = bytes.at[i];
	}
	for (size_t i = 0; i < ARRAY_SIZE(loaders); i++) {
		if (text_starts(text_make(name, n), loaders[i].begins))
			return loaders[i].name;
	}
	return NULL;
}
