/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/input.h"

#include <fcntl.h>
#include <unistd.h>

int input_open(const char *path, struct stat *ret_stat)
{
	auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int r;

	*ret_stat = (struct stat){ 0 };
	if (fd < 0 || fstat(fd, ret_stat) < 0)
		return neg_errno();
	if (!S_ISREG(ret_stat->st_mode))
		return -EINVAL;
	r = fd;
	fd = -1;
	return r;
}

int input_file(const char *path, FILE **ret_file)
{
	struct stat st;
	const int fd = input_open(path, &st);

	if (fd < 0)
		return fd;
	*ret_file = fdopen(fd, "re");
	if (*ret_file)
		return 0;
	close(fd);
	return -ENOMEM;
}
