/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/plot_medium.h"

#include <string.h>

/* Pixels of a figure before it is drawn twice as large. */
enum { TITLE_HEIGHT = 34, KEY_HEIGHT = 20, KEY_LEFT = 12, KEY_LETTER = 8, KEY_GAP = 34 };

/* gnuplot takes two quotes inside single ones for one; nothing else means anything there. */
static void put_quoted(FILE *out, const char *text)
{
	putc('\'', out);
	for (; *text; text++) {
		if (*text == '\'')
			putc('\'', out);
		putc(*text, out);
	}
	putc('\'', out);
}

/* How far a key reaches beside its square. */
static unsigned key_width(const struct picture_key *key)
{
	return KEY_GAP + KEY_LETTER * (unsigned)strlen(key->word);
}

/* Where each key stands: its row. Returns how many rows there are. */
static unsigned place_keys(const struct plot *p, const struct picture *picture, FILE *out,
			   unsigned height)
{
	unsigned row = 0, x = KEY_LEFT;

	for (size_t i = 0; i < picture->n_keys; i++) {
		const unsigned width = key_width(&picture->keys[i]);
		const unsigned y = TITLE_HEIGHT + KEY_HEIGHT * row;

		if (x > KEY_LEFT && x + width > p->width) {
			row++;
			x = KEY_LEFT;
			i--;
			continue;
		}
		if (out) {
			fprintf(out,
				"set object %zu rectangle from screen %u.0/%u,1-%u.0/%u to screen "
				"%u.0/%u,1-%u.0/%u fillcolor rgb '%s' fillstyle solid noborder\n"
				"set label %zu ",
				900 + i, x, p->width, y + 12, height, x + 12, p->width, y, height,
				picture->keys[i].colour, 901 + i);
			put_quoted(out, picture->keys[i].word);
			fprintf(out,
				" at screen %u.0/%u,1-%u.0/%u left tc rgb '" PLOT_FOREGROUND "'\n",
				x + 17, p->width, y + 6, height);
		}
		x += width;
	}
	return picture->n_keys ? row + 1 : 0;
}

static void put_png(FILE *out, const struct plot *p, const struct picture *picture)
{
	const unsigned n_rows = place_keys(p, picture, NULL, 1);
	const unsigned height = p->height + TITLE_HEIGHT + KEY_HEIGHT * n_rows;

	fprintf(out,
		"set terminal pngcairo size %u,%u noenhanced font 'sans-serif,9.75' fontscale 2 "
		"linewidth 2 pointscale 2 rounded background rgb 'white'\n"
		"set encoding utf8\nset size 1,%u.0/%u\nset origin 0,0\nset label 900 ",
		2 * p->width, 2 * height, p->height, height);
	put_quoted(out, picture->title ? picture->title : p->names.title);
	fprintf(out,
		" at screen %u.0/%u,1-18.0/%u left font 'sans-serif,12' tc rgb '" PLOT_FOREGROUND
		"'\n",
		KEY_LEFT, p->width, height);
	place_keys(p, picture, out, height);
}

void plot_put_terminal(FILE *script, const struct plot *p, const struct picture *picture)
{
	/* noenhanced: else "_", "^", "{" and "@" in labels would be mark-up. */
	switch (picture->medium) {
	case PLOT_SVG:
		fprintf(script,
			"set terminal svg size %u,%u dynamic noenhanced font 'sans-serif,13' "
			"rounded name '%s'\n",
			p->width, p->height, p->names.prefix);
		break;
	case PLOT_TEXT:
		fprintf(script, "set terminal dumb mono noenhanced size %u,%u\n", p->width,
			p->height);
		break;
	case PLOT_PNG:
		put_png(script, p, picture);
		break;
	}
}

/* Lines without form feeds and without blanks at their ends. */
static int text_take(struct text drawn, char **ret_text, size_t *ret_size)
{
	char *text = NULL, *copy = malloc(drawn.len + 1);
	FILE *out = copy ? open_memstream(&text, ret_size) : NULL;
	struct text line;

	while (out && text_next_line(&drawn, &line)) {
		while (line.len && *line.at == '\f') {
			line.at++;
			line.len--;
		}
		while (line.len && line.at[line.len - 1] == ' ')
			line.len--;
		text_clean(line, copy, line.len + 1);
		fprintf(out, "%s\n", copy);
	}
	free(copy);
	if (!out || fclose(out) == EOF) {
		free(text);
		return -ENOMEM;
	}
	*ret_text = text;
	return 0;
}

static uint32_t big_endian(const char *at)
{
	const unsigned char *b = (const unsigned char *)at;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

enum { CHUNK_AROUND = 12 /* length and type before it, checksum behind */ };

static bool is_image_chunk(const char *type)
{
	static const char *const types[] = {
		"IHDR", "PLTE", "tRNS", "bKGD", "pHYs", "IDAT", "IEND"
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (!memcmp(type, types[i], 4))
			return true;
	}
	return false;
}

int png_clean(struct text png, char **ret_png, size_t *ret_size)
{
	static const char signature[] = "\x89PNG\r\n\x1a\n";
	const size_t n_signature = sizeof(signature) - 1;
	char *copy = malloc(png.len + 1);
	bool is_ended = false;
	size_t n = n_signature;

	if (!copy)
		return -ENOMEM;
	if (png.len < n_signature || memcmp(png.at, signature, n_signature) != 0)
		png.len = 0;
	else
		memcpy(copy, signature, n_signature);
	for (size_t at = n_signature; !is_ended && at + CHUNK_AROUND <= png.len;) {
		const size_t size = CHUNK_AROUND + (size_t)big_endian(png.at + at);
		const char *type = png.at + at + 4;

		if (size > png.len - at || (at == n_signature && memcmp(type, "IHDR", 4) != 0))
			break;
		is_ended = !memcmp(type, "IEND", 4);
		if (is_image_chunk(type)) {
			memcpy(copy + n, png.at + at, size);
			n += size;
		}
		at += size;
	}
	if (!is_ended) {
		free(copy);
		return -EBADMSG;
	}
	copy[n] = '\0';
	*ret_png = copy;
	*ret_size = n;
	return 0;
}

int plot_take(const struct plot *p, struct text drawn, struct picture *picture)
{
	int r = 0;

	switch (picture->medium) {
	case PLOT_SVG:
		r = svg_clean(drawn, &p->names, &picture->bytes);
		picture->n_bytes = r == 0 ? strlen(picture->bytes) : 0;
		break;
	case PLOT_TEXT:
		r = text_take(drawn, &picture->bytes, &picture->n_bytes);
		break;
	case PLOT_PNG:
		r = png_clean(drawn, &picture->bytes, &picture->n_bytes);
		break;
	}
	return r;
}
