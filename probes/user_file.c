/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/user_file.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define FIRST_SIZE 16384u

/* Room for one byte more than max, by which a longer file is told. */
static int grow(char **text, size_t *size, size_t max)
{
	const size_t bigger = *size ? *size * 2 : FIRST_SIZE;
	char *moved;

	*size = bigger < max + 2 ? bigger : max + 2;
	moved = realloc(*text, *size);
	if (!moved)
		return -ENOMEM;
	*text = moved;
	return 0;
}

int user_file_read_fd(int fd, size_t max, char **ret_text, size_t *ret_len)
{
	auto_free char *text = NULL;
	size_t size = 0, len = 0;

	for (;;) {
		ssize_t n;

		if (len + 1 >= size && grow(&text, &size, max) < 0)
			return -ENOMEM;
		n = read(fd, text + len, size - 1 - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return neg_errno();
		if (n == 0)
			break;
		len += (size_t)n;
		if (len > max)
			return -EFBIG;
	}
	text[len] = '\0';
	*ret_text = text;
	*ret_len = len;
	text = NULL;
	return 0;
}

int user_file_read(const char *path, size_t max, char **ret_text, size_t *ret_len)
{
	auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	return fd < 0 ? neg_errno() : user_file_read_fd(fd, max, ret_text, ret_len);
}
