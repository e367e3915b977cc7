/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest.c - the configuration of guests, without passwords. */
#include <string.h>

#include "probes/capture/parts.h"
#include "probes/parse/domain_rows.h"
#include "probes/parse/qemu_args.h"
#include "probes/parse/secrets.h"

static int put_arg(FILE *out, struct text option, struct text arg)
{
	auto_free char *clean = secrets_hide(option, arg);

	if (!clean)
		return -ENOMEM;
	capture_write(out, text_of(clean));
	fputc('\0', out);
	return 0;
}

int capture_put_args(FILE *out, struct text args)
{
	struct text arg, option = { 0 };
	int r = 0;

	for (; r == 0 && text_next_piece(&args, '\0', &arg); option = arg)
		r = put_arg(out, option, arg);
	return r;
}

/* Of any form that the probe takes, as a process has them. */
static int put_argv(FILE *out, struct text text)
{
	auto_arena struct arena a = { 0 };
	struct fact_strs args = { 0 };
	struct text option = { 0 };
	int r = qemu_args_split(text, &a, &args);

	for (size_t i = 0; r == 0 && i < args.n; i++) {
		r = put_arg(out, option, text_of(args.v[i]));
		option = text_of(args.v[i]);
	}
	return r;
}

/* Passwords become "***", as in the fact "xml". */
static int put_xml(FILE *out, struct text xml)
{
	auto_arena struct arena a = { 0 };
	struct domain_facts f = { 0 };
	const char *why_not = NULL;
	int r = domain_add_lines(&f, &a, xml, &why_not);

	if (r == 0 && why_not)
		r = -EFBIG;
	for (size_t i = 0; r == 0 && i < f.xml.n; i++)
		capture_line(out, text_of(f.xml.v[i]));
	return r;
}

int capture_xml(struct capture *c, const char *path, FILE *out)
{
	auto_free char *bytes = NULL;
	struct text text;
	const int r = capture_read(c, path, &bytes, &text);

	return r < 0 ? r : put_xml(out, text);
}

int capture_argv(struct capture *c, const char *path, FILE *out)
{
	auto_free char *bytes = NULL;
	struct text text;
	const int r = capture_read(c, path, &bytes, &text);

	return r < 0 ? r : put_argv(out, text);
}

static int add_text(struct bundle *b, const char *path, struct text text,
		    int (*put)(FILE *out, struct text text))
{
	auto_free char *bytes = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&bytes, &len);
	int r;

	if (!out)
		return -ENOMEM;
	r = put(out, text);
	if (fclose(out) == EOF)
		return -ENOMEM;
	return r < 0 ? r : bundle_add(b, BUNDLE_FILE, path, bytes, len);
}

int capture_add_xml(struct bundle *b, const char *path, struct text xml)
{
	return add_text(b, path, xml, put_xml);
}

int capture_add_argv(struct bundle *b, const char *path, struct text argv)
{
	return add_text(b, path, argv, put_argv);
}
