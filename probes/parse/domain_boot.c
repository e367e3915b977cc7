/* SPDX-License-Identifier: GPL-2.0-or-later */
/* domain_boot.c - rows of the domain XML about the machine, its firmware and the system in it. */
#include <string.h>
#include <strings.h>

#include "probes/parse/domain_rows.h"
#include "probes/parse/guest_os.h"

static int read_type(struct domain_reader *r, const xmlNode *node)
{
	int e = domain_set_str(r, &r->facts->machine, node, "machine");

	return e < 0 ? e : domain_set_str(r, &r->facts->arch, node, "arch");
}

static bool holds(const char *text, const char *const *pieces, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcasestr(text, pieces[i]))
			return true;
	}
	return false;
}

/* A flash image is UEFI; of an image in ROM its name tells. */
static bool is_efi_loader(const char *path, bool is_flash)
{
	static const char *const names[] = { "ovmf", "edk2", "efi" };

	return is_flash || holds(path, names, ARRAY_SIZE(names));
}

/* firmware= asks libvirt to choose one; else the loader is told, or it is the machine's own, which
 * is SeaBIOS on x86. */
static int read_firmware(struct domain_reader *r, const xmlNode *os)
{
	const xmlNode *loader = domain_child(os, "loader");
	struct fact_str *f = &r->facts->firmware;
	const char *path, *arch = r->facts->arch.known ? r->facts->arch.v : "";
	bool is_x86 = !strcmp(arch, "x86_64") || !strcmp(arch, "i686");
	int e = domain_set_str(r, f, os, "firmware");

	if (e == 0 && !f->known)
		e = domain_get(r, loader, NULL, &path);
	if (e < 0 || f->known)
		return e;
	if (path && *path)
		return fact_set_str(
			f, r->arena,
			is_efi_loader(path, domain_attribute_is(loader, "type", "pflash"))
				? "efi"
				: "bios");
	return fact_set_str(f, r->arena, is_x86 ? "bios" : NULL);
}

static int read_secure_boot(struct domain_reader *r, const xmlNode *os)
{
	const xmlNode *feature = domain_child(domain_child(os, "firmware"), "feature");
	struct fact_bool *f = &r->facts->is_secure_boot, has_keys = { 0 };
	int e = domain_set_switch(r, f, "is_secure_boot", domain_child(os, "loader"), "secure");

	for (; e == 0 && feature; feature = domain_next(feature, "feature")) {
		if (domain_attribute_is(feature, "name", "secure-boot"))
			e = domain_set_switch(r, f, "is_secure_boot", feature, "enabled");
		else if (domain_attribute_is(feature, "name", "enrolled-keys"))
			e = domain_set_switch(r, &has_keys, "is_secure_boot", feature, "enabled");
	}
	/* Without keys there is nothing to check by; a BIOS checks nothing. */
	if ((has_keys.known && !has_keys.v) || fact_is(&r->facts->firmware, "bios"))
		fact_set_bool(f, false);
	return e;
}

static int read_os(struct domain_reader *r, const xmlNode *node)
{
	int e = domain_set_str(r, &r->facts->smbios, domain_child(node, "smbios"), "mode");

	if (e == 0)
		e = read_firmware(r, node);
	return e < 0 ? e : read_secure_boot(r, node);
}

/* "libosinfo:os", also where its prefix was not declared and is part of the name. */
static bool is_local(const xmlNode *node, const char *name)
{
	const char *colon = node->name ? strrchr((const char *)node->name, ':') : NULL;

	return node->type == XML_ELEMENT_NODE &&
	       !strcmp(colon ? colon + 1 : (const char *)node->name, name);
}

static const xmlNode *local_child(const xmlNode *node, const char *name)
{
	for (node = node ? node->children : NULL; node && !is_local(node, name);)
		node = node->next;
	return node;
}

int domain_read_guest_os(struct domain_reader *r)
{
	const xmlNode *metadata = domain_child(r->domain, "metadata");
	const xmlNode *os = local_child(local_child(metadata, "libosinfo"), "os");
	const char *id, *title, *description, *words = NULL;
	int e = domain_get(r, os, "id", &id);

	if (e == 0)
		e = domain_get(r, domain_child(r->domain, "title"), NULL, &title);
	if (e == 0)
		e = domain_get(r, domain_child(r->domain, "description"), NULL, &description);
	if (e < 0)
		return e;
	if (title || description) {
		words = arena_printf(r->arena, "%s%s%s", title ? title : "",
				     title && description ? "; " : "",
				     description ? description : "");
		if (!words)
			return -ENOMEM;
	}
	return guest_os_decide_by(r->facts, id, words, r->arena);
}

const struct domain_row domain_boot_rows[] = {
	{ "os/type", read_type },
	{ "os", read_os }, /* after its type */
	{ NULL, NULL },
};
