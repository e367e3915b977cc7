/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/redact_telling.h"

#include <string.h>
#include <strings.h>

const char TELLING_SECRET[] = "secret";

struct row {
	const char *word, *kind;
};

static const char *look_up(const struct row *rows, size_t n, struct text word)
{
	for (size_t i = 0; i < n; i++) {
		if (strlen(rows[i].word) == word.len &&
		    !strncasecmp(rows[i].word, word.at, word.len))
			return rows[i].kind;
	}
	return NULL;
}

/* Behind the last of the characters that join words. */
static struct text last_part(struct text key)
{
	size_t n = key.len;

	while (n && !strchr(".-_", key.at[n - 1]))
		n--;
	return text_make(key.at + n, key.len - n);
}

const char *telling_key(struct text key)
{
	static const struct row whole[] = {
		{ "rd.luks.name", "uuid" }, { "luks.name", "uuid" },   { "cryptdevice", "uuid" },
		{ "guest", "guest" },       { "host", "host" },        { "label", "label" },
		{ "title", "name" },        { "description", "name" }, { "machine-id", "uuid" },
		{ "machine_id", "uuid" },   { "asset", "serial" },     { "sku", "serial" },
	};
	static const struct row parts[] = {
		{ "serial", "serial" },
		{ "uuid", "uuid" },
		{ "partuuid", "uuid" },
		{ "guid", "uuid" },
		{ "genid", "uuid" },
		{ "partlabel", "label" },
		{ "mac", "mac" },
		{ "macaddr", "mac" },
		{ "wwn", "serial" },
		{ "wwnn", "serial" },
		{ "wwpn", "serial" },
		{ "eui", "serial" },
		{ "nguid", "serial" },
		{ "hostname", "host" },
		{ "servername", "host" },
		{ "user", "user" },
		{ "username", "user" },
		{ "runas", "user" },
		{ "login", "user" },
		{ "email", "mail" },
		{ "password", TELLING_SECRET },
		{ "passwd", TELLING_SECRET },
		{ "passphrase", TELLING_SECRET },
		{ "cookie", TELLING_SECRET },
		{ "cookies", TELLING_SECRET },
		{ "token", TELLING_SECRET },
		{ "pwd", TELLING_SECRET },
	};
	const char *kind = look_up(whole, ARRAY_SIZE(whole), key);

	return kind ? kind : look_up(parts, ARRAY_SIZE(parts), last_part(key));
}

const char *telling_element(struct text element)
{
	static const struct row elements[] = {
		{ "name", "guest" },    { "uuid", "uuid" },        { "genid", "uuid" },
		{ "title", "name" },    { "description", "name" }, { "serial", "serial" },
		{ "hostname", "host" }, { "wwn", "serial" },       { "secret", TELLING_SECRET },
		{ "asset", "serial" },  { "sku", "serial" },
	};

	return look_up(elements, ARRAY_SIZE(elements), element);
}

const char *telling_option(const char *option)
{
	static const struct row options[] = {
		{ "name", "guest" },  { "uuid", "uuid" },          { "runas", "user" },
		{ "user", "user" },   { "username", "user" },      { "hostname", "host" },
		{ "label", "label" }, { "token", TELLING_SECRET }, { "password", TELLING_SECRET },
	};
	size_t dashes;

	if (!option || *option != '-')
		return NULL;
	dashes = strspn(option, "-");
	return look_up(options, ARRAY_SIZE(options), text_of(option + dashes));
}

const char *telling_folder(struct text folder, const char *kind)
{
	static const struct row folders[] = {
		{ "home", "user" },      { "users", "user" },       { "user", "user" },
		{ "by-id", NULL },       { "by-path", NULL },       { "by-uuid", "uuid" },
		{ "by-label", "label" }, { "by-partuuid", "uuid" }, { "by-partlabel", "label" },
		{ "media", "user" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		if (text_equal(folder, folders[i].word))
			return folders[i].kind ? folders[i].kind : kind;
	}
	return NULL;
}
