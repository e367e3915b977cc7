/* SPDX-License-Identifier: GPL-2.0-or-later */
/* paste.c - sections that fit, in the block of a markup. */
#include "report/paste.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "core/save.h"
#include "core/text.h"
#include "report/paste_parts.h"

void paste_release(struct paste *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->sections[i].text);
	free(p->sections);
	arena_release(&p->arena);
}

static int add_section(struct paste *p, const struct paste_section *s)
{
	struct paste_section *sections;

	if (p->n == p->size) {
		p->size = p->size ? 2 * p->size : 16;
		sections = realloc(p->sections, p->size * sizeof(*sections));
		if (!sections)
			return -ENOMEM;
		p->sections = sections;
	}
	p->sections[p->n++] = *s;
	return 0;
}

int paste_add(struct paste *p, const char *title, unsigned keep, part_fn *put, const void *arg)
{
	struct paste_section s = { .keep = keep };
	size_t size = 0;
	int r = part_write(put, arg, &s.text, &size);

	if (r == 0 && title) {
		s.title = arena_strdup(&p->arena, title);
		r = s.title ? 0 : -ENOMEM;
	}
	if (r == 0 && size)
		r = add_section(p, &s);
	if (r < 0 || !size)
		free(s.text);
	return r;
}

/* FNV-1a: it only has to tell reports apart. */
void paste_hash_begin(struct paste_hash *h)
{
	h->v = UINT64_C(0xcbf29ce484222325);
}

static void add_byte(struct paste_hash *h, unsigned char byte)
{
	h->v = (h->v ^ byte) * UINT64_C(0x100000001b3);
}

void paste_hash_u64(struct paste_hash *h, uint64_t v)
{
	for (size_t i = 0; i < sizeof(v); i++)
		add_byte(h, (unsigned char)(v >> 8 * i));
}

void paste_hash_str(struct paste_hash *h, const char *s)
{
	for (; s && *s; s++)
		add_byte(h, (unsigned char)*s);
	add_byte(h, 0);
}

void paste_hash_end(const struct paste_hash *h, char id[9])
{
	snprintf(id, 9, "%08" PRIx32, (uint32_t)(h->v ^ h->v >> 32));
}

size_t paste_usual_max(enum paste_markup markup)
{
	static const size_t usual[N_PASTE_MARKUPS] = { [PASTE_PLAIN] = 65536,
						       [PASTE_MARKDOWN] = 32000,
						       [PASTE_BBCODE] = 10000,
						       [PASTE_REDDIT] = 10000 };

	return usual[markup];
}

/* What ends a block of code, or begins one in it. FluxBB counts both, XenForo looks for the end. */
static bool is_tag(const char *at)
{
	static const char *const names[] = { "code",  "php",     "html",    "plain",
					     "sql",   "noparse", "nobbc",   "quote",
					     "icode", "pre",     "spoiler", "list" };

	at++;
	if (*at == '/')
		return true;
	at += strspn(at, " /");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strncasecmp(at, names[i], strlen(names[i])))
			return true;
	}
	return false;
}

static void put_bbcode(FILE *out, const char *text)
{
	for (; *text; text++)
		putc(*text == '[' && is_tag(text) ? '(' : *text, out);
}

static void put_indented(FILE *out, const char *text)
{
	struct text rest = text_of(text), line;

	while (text_next_line(&rest, &line))
		fprintf(out, "    %.*s\n", (int)line.len, line.at);
}

static size_t longest_run(const char *text, char c)
{
	size_t longest = 0, run = 0;

	for (; *text; text++) {
		run = *text == c ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

static void put_fence(FILE *out, size_t n, const char *info)
{
	while (n--)
		putc('`', out);
	fprintf(out, "%s\n", info);
}

static void put_fenced(FILE *out, const char *text)
{
	const size_t n = u64_max(longest_run(text, '`') + 1, 3);

	put_fence(out, n, "text");
	fputs(text, out);
	put_fence(out, n, "");
}

static void put_block(FILE *out, enum paste_markup markup, const char *text)
{
	switch (markup) {
	case PASTE_MARKDOWN:
		put_fenced(out, text);
		break;
	case PASTE_BBCODE:
		fputs("[code]\n", out);
		put_bbcode(out, text);
		fputs("[/code]\n", out);
		break;
	case PASTE_REDDIT:
		put_indented(out, text);
		break;
	default:
		fputs(text, out);
	}
}

static void put_left_out(const struct paste *p, FILE *out, size_t max)
{
	auto_free char *titles = NULL;
	size_t size = 0, n = 0;
	FILE *mem = open_memstream(&titles, &size);

	if (!mem)
		return;
	for (size_t i = 0; i < p->n; i++) {
		if (p->sections[i].is_out)
			fprintf(mem, "%s%s", n++ ? ", " : "", p->sections[i].title);
	}
	if (fclose(mem) == EOF || !n)
		return;
	fprintf(out, "Left out to stay within %zu characters:\n", max);
	paste_prose(out, "  ", titles, 3);
}

static void put_foot(const struct paste *p, FILE *out, size_t max)
{
	put_left_out(p, out, max);
	fprintf(out, "Report %s%s.\n", p->id,
		p->is_redacted ? "; names are replaced by pseudonyms" : "");
}

/* All that is not left out. Caller frees; NULL: no memory. */
static char *make_block(const struct paste *p, const struct paste_style *style, size_t max,
			size_t *ret_size)
{
	auto_free char *text = NULL;
	char *block = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < p->n; i++) {
		if (!p->sections[i].is_out)
			fprintf(out, "%s\n", p->sections[i].text);
	}
	put_foot(p, out, max);
	if (fclose(out) == EOF)
		return NULL;
	out = open_memstream(&block, ret_size);
	if (!out)
		return NULL;
	put_block(out, style->markup, text);
	if (fclose(out) == EOF) {
		free(block);
		return NULL;
	}
	return block;
}

/* 1: it fits, 0: it does not, or -ENOMEM. */
static int fits(const struct paste *p, const struct paste_style *style, size_t max)
{
	size_t size = 0;
	auto_free char *block = make_block(p, style, max, &size);

	return block ? size <= max : -ENOMEM;
}

/* The least important one that is there; NULL: none may go. */
static struct paste_section *find_least(const struct paste *p)
{
	struct paste_section *least = NULL;

	for (size_t i = 0; i < p->n; i++) {
		struct paste_section *s = &p->sections[i];

		if (!s->is_out && s->title && (!least || s->keep > least->keep))
			least = s;
	}
	return least;
}

/* Leaves out the least important ones; of these what has room after all is taken back. */
static int trim(struct paste *p, const struct paste_style *style, size_t max)
{
	int r;

	while ((r = fits(p, style, max)) == 0) {
		struct paste_section *s = find_least(p);

		if (!s)
			return -EINVAL;
		s->is_out = true;
	}
	for (unsigned keep = 0; r > 0 && keep < 100; keep++) {
		for (size_t i = 0; r > 0 && i < p->n; i++) {
			struct paste_section *s = &p->sections[i];

			if (!s->is_out || s->keep != keep)
				continue;
			s->is_out = false;
			r = fits(p, style, max);
			s->is_out = r == 0;
			r = r == 0 ? 1 : r;
		}
	}
	return r < 0 ? r : 0;
}

int paste_put(struct paste *p, FILE *out, const struct paste_style *style)
{
	const size_t max = style->max_chars ? style->max_chars : paste_usual_max(style->markup);
	auto_free char *block = NULL;
	size_t size = 0;
	int r = max < PASTE_CHARS_MIN ? -EINVAL : trim(p, style, max);

	if (r < 0)
		return r;
	block = make_block(p, style, max, &size);
	if (!block)
		return -ENOMEM;
	return fwrite(block, 1, size, out) == size ? save_error(out) : neg_errno();
}
