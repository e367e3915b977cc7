/* SPDX-License-Identifier: GPL-2.0-or-later */
/* settings.c - configuration files, packages and PCI's own registers, without what is nobody's
 * business. */
#include <string.h>

#include "probes/capture/parts.h"
#include "probes/parse/lspci_hex.h"
#include "probes/parse/modprobe_conf.h"
#include "probes/parse/qemu_conf.h"

/* PCI Express Base Specification, "Device Serial Number Extended Capability". */
#define CAP_SERIAL      0x0003u
#define CAP_FIRST       0x100u
#define CAP_SERIAL_SIZE 12u

/* Without comments and empty lines: people write all kinds of things there. */
int capture_config(struct capture *c, const char *path, FILE *out)
{
	auto_free char *bytes = NULL;
	struct text text, line;
	const int r = capture_read(c, path, &bytes, &text);

	while (r == 0 && text_next_line(&text, &line)) {
		const struct text t = text_trim(line);

		if (t.len && t.at[0] != '#')
			capture_line(out, line);
	}
	return r;
}

/* "install vfio-pci /usr/local/bin/override.sh": whether that is there is asked too. */
static int take_program(struct capture *c, const struct modprobe_line *line)
{
	static const struct capture_row row = { .take = TAKE_SCRIPT };
	auto_free char *program = NULL;
	struct text rest = line->rest, word;

	if (!text_equal(line->command, "install") || !text_next_word(&rest, &word) ||
	    !text_starts(word, "/"))
		return 0;
	program = strndup(word.at, word.len - text_ends(word, ";"));
	if (!program)
		return -ENOMEM;
	/* The path is one a person wrote: nothing in it is a pattern. */
	return strpbrk(program, "*?[{") ? 0 : capture_walk(c, &row, program);
}

int capture_modprobe(struct capture *c, const char *path, FILE *out)
{
	auto_free char *bytes = NULL;
	struct modprobe_line line;
	struct text text;
	int r = capture_config(c, path, out);

	if (r == 0)
		r = capture_read(c, path, &bytes, &text);
	while (r == 0 && modprobe_conf_next(&text, &line))
		r = take_program(c, &line);
	return r;
}

static bool is_secret(struct text name)
{
	static const char *const parts[] = { "password", "secret", "tls", "_key", "cert", "token" };

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (text_find(name, parts[i]))
			return true;
	}
	return false;
}

int capture_qemu_conf(struct capture *c, const char *path, FILE *out)
{
	auto_free char *bytes = NULL;
	struct qemu_conf_setting s;
	struct text text;
	const int r = capture_read(c, path, &bytes, &text);

	while (r == 0 && qemu_conf_next(&text, &s)) {
		const char *const quotes = s.is_list ? "[]" : "\"\"";

		if (!is_secret(s.name))
			fprintf(out, "%.*s = %c%.*s%c\n", (int)s.name.len, s.name.at, quotes[0],
				(int)s.value.len, s.value.at, quotes[1]);
	}
	return r;
}

/* Stanzas of packages; keys: of the name first, then of what else is kept. */
static int take_packages(struct capture *c, const char *path, FILE *out, const char *const *keys,
			 size_t n_keys)
{
	static const char *const wanted[] = { "qemu", "pve-qemu-kvm", "pve-manager", "libvirt" };
	const size_t n_name = strlen(keys[0]);
	auto_free char *bytes = NULL;
	struct text text, line;
	bool is_open = false;
	const int r = capture_read(c, path, &bytes, &text);

	while (r == 0 && text_next_line(&text, &line)) {
		if (text_starts(line, keys[0])) {
			const struct text name = text_make(line.at + n_name, line.len - n_name);

			is_open = false;
			for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
				is_open |= text_starts(name, wanted[i]);
		}
		for (size_t i = 0; is_open && i < n_keys; i++) {
			if (text_starts(line, keys[i]))
				capture_line(out, line);
		}
		if (!line.len && is_open) {
			fputc('\n', out);
			is_open = false;
		}
	}
	return r;
}

int capture_dpkg(struct capture *c, const char *path, FILE *out)
{
	static const char *const keys[] = { "Package: ", "Status:", "Version:" };

	return take_packages(c, path, out, keys, ARRAY_SIZE(keys));
}

int capture_apk(struct capture *c, const char *path, FILE *out)
{
	static const char *const keys[] = { "P:", "V:" };

	return take_packages(c, path, out, keys, ARRAY_SIZE(keys));
}

static uint32_t word_at(const unsigned char *bytes, size_t at)
{
	return (uint32_t)bytes[at] | (uint32_t)bytes[at + 1] << 8 | (uint32_t)bytes[at + 2] << 16 |
	       (uint32_t)bytes[at + 3] << 24;
}

/* A serial number names one card among all that were made. */
static void clear_serial(unsigned char *bytes, size_t len)
{
	size_t at = CAP_FIRST;

	for (unsigned n = 0; n < 256 && at >= CAP_FIRST && at + CAP_SERIAL_SIZE <= len; n++) {
		const uint32_t head = word_at(bytes, at);

		if ((head & 0xffff) == CAP_SERIAL)
			memset(bytes + at + 4, 0, CAP_SERIAL_SIZE - 4);
		at = head >> 20 & ~3u;
	}
}

/* As lspci prints it: headers without what it calls the device, then 16 bytes in each line. */
static void put_function(FILE *out, const struct lspci_function *f)
{
	char address[PCI_ADDRESS_SIZE];

	pci_address_format(&f->address, address);
	fprintf(out, "%s Device", address);
	for (size_t i = 0; i < f->n; i++) {
		if (i % 16 == 0)
			fprintf(out, "\n%02zx:", i);
		fprintf(out, " %02x", f->bytes[i]);
	}
	fputs("\n\n", out);
}

int capture_lspci(struct capture *c, const char *path, FILE *out)
{
	auto_free struct lspci_function *f = malloc(sizeof(*f));
	auto_free char *bytes = NULL;
	struct text rest;
	int r = f ? capture_read(c, path, &bytes, &rest) : -ENOMEM;

	if (r < 0)
		return r;
	while (lspci_hex_next(&rest, f)) {
		clear_serial(f->bytes, f->n);
		put_function(out, f);
	}
	return 0;
}

/* A function that sleeps without power would be woken by the look at its configuration. */
static bool is_asleep(struct capture *c, const char *path)
{
	const size_t n = strlen(path) - strlen("config");
	auto_free char *state = NULL;

	return sysroot_read_line(c->root, &state, "%.*spower_state", (int)n, path) == 0 &&
	       !strcmp(state, "D3cold");
}

int capture_pci_config(struct capture *c, const char *path, FILE *out)
{
	auto_free char *bytes = NULL;
	struct text text;
	int r;

	if (c->root->is_live && is_asleep(c, path))
		return 0;
	r = capture_read(c, path, &bytes, &text);
	if (r < 0)
		return r;
	clear_serial((unsigned char *)bytes, text.len);
	capture_write(out, text);
	return 0;
}
