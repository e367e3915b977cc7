/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/capture_host.h"

#include <string.h>

#include "analyze/host.h"
#include "cli/answers.h"
#include "core/say.h"
#include "probes/parse/domain_xml.h"
#include "probes/user_file.h"

/* Text of the guest's XML as the probe has it, without passwords. */
static int add_xml(struct bundle *b, const struct fact_strs *xml)
{
	auto_free char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return -ENOMEM;
	for (size_t i = 0; i < xml->n; i++)
		fprintf(out, "%s\n", xml->v[i]);
	if (fclose(out) == EOF)
		return -ENOMEM;
	return bundle_add(b, BUNDLE_FILE, "/domain.xml", text, len);
}

static int add_argv(struct bundle *b, const char *path)
{
	auto_free char *text = NULL;
	size_t len;
	const int r = user_file_read(path, DOMAIN_XML_MAX, &text, &len);

	return r < 0 ? r : capture_add_argv(b, "/qemu.argv", text_make(text, len));
}

/* Arguments of a guest that runs are among its files. */
static int add_guest(struct bundle *b, const struct settings_wish *wish, const struct host *h)
{
	if (h->domain.xml.known && h->domain.xml.n)
		return add_xml(b, &h->domain.xml);
	return wish->state.qemu_argv ? add_argv(b, wish->state.qemu_argv) : 0;
}

/* What the guest's configuration names: caller frees the list, not the texts. */
static const char **list_devices(const struct host *h, size_t *ret_n)
{
	const struct domain_disk *disks = h->domain.disks.v;
	const struct domain_input *inputs = h->domain.inputs.v;
	const char **v = calloc(h->domain.disks.n + h->domain.inputs.n + 1, sizeof(*v));
	size_t n = 0;

	for (size_t i = 0; v && i < h->domain.disks.n; i++) {
		if (disks[i].source.known && disks[i].source.v[0] == '/')
			v[n++] = disks[i].source.v;
	}
	for (size_t i = 0; v && i < h->domain.inputs.n; i++) {
		if (inputs[i].source.known && text_starts(text_of(inputs[i].source.v), "/dev/"))
			v[n++] = inputs[i].source.v;
	}
	*ret_n = n;
	return v;
}

/* Answers complete what the files say; of a tree that is not whole they would say that it is. */
static int add_tree(struct bundle *b, const struct sysroot *root, const struct host *h,
		    struct capture_count *ret_count)
{
	struct capture_wish wish = { .root = root };
	auto_free const char **devices = list_devices(h, &wish.n_devices);
	int r = devices ? 0 : -ENOMEM;

	wish.devices = devices;
	if (r == 0 && root->is_whole)
		r = answers_add(b, h);
	return r < 0 ? r : capture_tree(&wish, b, ret_count);
}

int capture_host(const struct settings_wish *wish, const struct host *h, struct bundle *b,
		 struct capture_count *ret_count)
{
	const char *path = NULL;
	struct sysroot root;
	int r = sysroot_open(&root, wish->state.sysroot ? wish->state.sysroot : "/");

	if (r == 0) {
		r = add_guest(b, wish, h);
		if (r == 0)
			r = add_tree(b, &root, h, ret_count);
		sysroot_close(&root);
	}
	if (r == 0)
		r = bundle_settle(b, &path);
	if (r < 0)
		say_error("%s%s%s", path ? path : "", path ? ": " : "", strerror(-r));
	return r;
}
