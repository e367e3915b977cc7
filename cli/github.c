/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/github.h"

#include <string.h>
#include <sys/random.h>

bool is_github(void)
{
	const char *v = getenv("GITHUB_ACTIONS");

	return v && !strcmp(v, "true");
}

int github_pause(FILE *out, struct github_pause *ret_pause)
{
	uint8_t bytes[(sizeof(ret_pause->token) - 1) / 2];

	ret_pause->token[0] = '\0';
	if (!is_github())
		return 0;
	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return -EIO;
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(ret_pause->token + 2 * i, 3, "%02x", bytes[i]);
	fprintf(out, "::stop-commands::%s\n", ret_pause->token);
	return 0;
}

void github_resume(FILE *out, const struct github_pause *pause)
{
	if (pause->token[0])
		fprintf(out, "::%s::\n", pause->token);
}
