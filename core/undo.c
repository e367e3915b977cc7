/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/undo.h"

#include <fcntl.h>
#include <string.h>

#define SETTING_MAX 65536u /* a mask of 8192 CPUs is 2.3 kB, a list of them 24 kB */

struct undo_action {
	struct undo_action *next;
	int (*fn)(void *arg);
	void *arg;
	/* Of undo_write, with fn NULL; else all NULL. Texts of files without the last newline. */
	char *path, *old, *ours;
};

static void action_free(struct undo_action *a)
{
	if (!a)
		return;
	free(a->path);
	free(a->old);
	free(a->ours);
	free(a);
}

static void cleanup_action(struct undo_action **a)
{
	action_free(*a);
}
#define auto_action auto_cleanup(cleanup_action)

static void push(struct undo *u, struct undo_action *a)
{
	a->next = u->top;
	u->top = a;
}

static int setting_read(const char *path, char **ret_text)
{
	auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	auto_free char *text = NULL;
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		return neg_errno();
	text = malloc(SETTING_MAX + 1);
	if (!text)
		return -ENOMEM;
	do {
		n = read(fd, text + len, SETTING_MAX - len);
		if (n < 0)
			return neg_errno();
		len += (size_t)n;
	} while (n > 0 && len < SETTING_MAX);
	if (len == SETTING_MAX)
		return -EFBIG;
	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\0'))
		len--;
	text[len] = '\0';
	*ret_text = text;
	text = NULL;
	return 0;
}

/* As "echo VALUE > PATH" does: with a newline, in one write(2), which is how the kernel takes it.
 */
static int setting_write(const char *path, const char *value)
{
	auto_fd int fd = -1;
	auto_free char *line = NULL;
	size_t len = strlen(value);
	ssize_t n;

	line = malloc(len + 1);
	if (!line)
		return -ENOMEM;
	memcpy(line, value, len);
	if (len == 0 || line[len - 1] != '\n')
		line[len++] = '\n';
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return neg_errno();
	n = write(fd, line, len);
	if (n < 0)
		return neg_errno();
	return (size_t)n == len ? 0 : -EIO;
}

/*
 * A file of choices shows all of them, the one in force in brackets: "always [madvise] never". Only
 * that word is taken back (Documentation/admin-guide/mm/transhuge.rst, block/switching-sched.rst).
 */
static void keep_chosen(char *text)
{
	char *open = strchr(text, '['), *close = open ? strchr(open, ']') : NULL;

	if (!close || close == open + 1 || strchr(close, '['))
		return;
	if ((open > text && open[-1] != ' ') || (close[1] != '\0' && close[1] != ' '))
		return;
	*close = '\0';
	memmove(text, open + 1, (size_t)(close - open));
}

static int setting_restore(const struct undo_action *a)
{
	auto_free char *now = NULL;
	int r = setting_read(a->path, &now);

	if (r < 0)
		return r;
	/* Somebody else has set it since: then it is theirs. */
	if (strcmp(now, a->ours) != 0)
		return 0;
	return setting_write(a->path, a->old);
}

int undo_push(struct undo *u, int (*fn)(void *arg), void *arg)
{
	struct undo_action *a = calloc(1, sizeof(*a));

	if (!a)
		return -ENOMEM;
	a->fn = fn;
	a->arg = arg;
	push(u, a);
	return 0;
}

int undo_write(struct undo *u, const char *path, const char *value)
{
	auto_action struct undo_action *a = calloc(1, sizeof(*a));
	auto_free char *shown = NULL;
	int r;

	/* All memory first: what has been written must not be forgotten. */
	if (!a)
		return -ENOMEM;
	a->path = strdup(path);
	a->ours = strdup(value);
	if (!a->path || !a->ours)
		return -ENOMEM;
	r = setting_read(path, &a->old);
	if (r < 0)
		return r;
	keep_chosen(a->old);
	r = setting_write(path, value);
	if (r < 0)
		return r;

	/* "ours" as the kernel shows it: "3" may come back as "00000000,00000003". */
	if (setting_read(path, &shown) == 0) {
		free(a->ours);
		a->ours = shown;
		shown = NULL;
	}
	push(u, a);
	a = NULL;
	return 0;
}

int undo_run(struct undo *u)
{
	int first = 0;

	while (u->top) {
		struct undo_action *a = u->top;
		int r;

		/* Off the stack before it runs: an action that fails or calls us is not run twice.
		 */
		u->top = a->next;
		r = a->fn ? a->fn(a->arg) : setting_restore(a);
		if (r < 0 && first == 0)
			first = r;
		action_free(a);
	}
	return first;
}
