/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xml_edit.c - one line of CHANGE_XML taken apart; documented in analyze/change.h. */
#include <string.h>

#include "analyze/change.h"

static const char *copy(struct arena *a, struct text t)
{
	return arena_strndup(a, t.at, t.len);
}

/* "timer[name=hpet]", "interface[2]", "iothreads". */
static int parse_step(struct text t, struct arena *a, struct xml_step *step)
{
	const char *bracket = memchr(t.at, '[', t.len);
	struct text inside, key, value;
	uint64_t position;

	*step = (struct xml_step){ 0 };
	if (!bracket) {
		step->name = copy(a, t);
		return t.len == 0 ? -EINVAL : step->name ? 0 : -ENOMEM;
	}
	if (bracket == t.at || t.at[t.len - 1] != ']')
		return -EINVAL;
	inside = text_make(bracket + 1, (size_t)(t.at + t.len - 1 - (bracket + 1)));
	step->name = copy(a, text_make(t.at, (size_t)(bracket - t.at)));
	if (text_u64(inside, &position) == 0 && position > 0 && position < 10000) {
		step->position = (unsigned)position;
		return step->name ? 0 : -ENOMEM;
	}
	if (!text_key_value(inside, '=', &key, &value) || key.len == 0)
		return -EINVAL;
	step->key = copy(a, key);
	step->value = copy(a, value);
	return step->name && step->key && step->value ? 0 : -ENOMEM;
}

/* Up to the separator, which does not count inside brackets; the rest follows it. */
static struct text take(struct text *rest, const char *separators)
{
	struct text piece = text_make(rest->at, 0);
	bool is_inside = false;

	while (piece.len < rest->len) {
		const char c = rest->at[piece.len];

		if (!is_inside && strchr(separators, c))
			break;
		is_inside = c == '[' || (is_inside && c != ']');
		piece.len++;
	}
	*rest = text_make(rest->at + piece.len, rest->len - piece.len);
	return piece;
}

static int parse_path(struct text path, struct arena *a, struct xml_edit *edit)
{
	while (path.len) {
		struct text step = take(&path, "/");
		int r;

		if (path.len)
			path = text_make(path.at + 1, path.len - 1);
		if (edit->n_steps == XML_DEPTH_MAX)
			return -EINVAL;
		r = parse_step(step, a, &edit->steps[edit->n_steps]);
		if (r < 0)
			return r;
		edit->n_steps++;
	}
	return edit->n_steps ? 0 : -EINVAL;
}

/* "@state=on@retries=8191", "@track" in a removal. */
static int parse_attributes(struct text rest, struct arena *a, struct xml_edit *edit)
{
	while (rest.len && *rest.at == '@') {
		struct text pair, name, value;
		bool has_value;

		rest = text_make(rest.at + 1, rest.len - 1);
		pair = take(&rest, "@");
		has_value = text_key_value(pair, '=', &name, &value);
		if (edit->n_attributes == XML_ATTRIBUTES_MAX || has_value == edit->is_removal)
			return -EINVAL;
		edit->attributes[edit->n_attributes].name = copy(a, has_value ? name : pair);
		edit->attributes[edit->n_attributes].value = has_value ? copy(a, value) : NULL;
		if (!edit->attributes[edit->n_attributes].name)
			return -ENOMEM;
		if (has_value && !edit->attributes[edit->n_attributes].value)
			return -ENOMEM;
		edit->n_attributes++;
	}
	return rest.len == 0 ? 0 : -EINVAL;
}

int xml_edit_parse(const char *line, size_t len, struct arena *a, struct xml_edit *ret_edit)
{
	struct text rest = text_trim(text_make(line, len)), path;
	struct xml_edit edit = { 0 };
	const char *text;
	int r;

	if (rest.len && *rest.at == '-') {
		edit.is_removal = true;
		rest = text_make(rest.at + 1, rest.len - 1);
	}
	text = text_find(rest, ":=");
	if (text && !memchr(rest.at, '@', (size_t)(text - rest.at))) {
		const struct text words =
			text_make(text + 2, rest.len - (size_t)(text + 2 - rest.at));

		edit.text = copy(a, words);
		if (!edit.text)
			return -ENOMEM;
		rest.len = (size_t)(text - rest.at);
	}
	path = take(&rest, "@");
	r = parse_path(path, a, &edit);
	if (r == 0)
		r = parse_attributes(rest, a, &edit);
	if (r < 0)
		return r;
	*ret_edit = edit;
	return 0;
}
