/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wake_bare - timer wake-up latency before the guest starts. */
#include "probes/wake_measure.h"

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "wake_bare", wake_measure);
}
