/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wake - timer wake-up latency while the guest runs. */
#include "probes/wake_measure.h"

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "wake", wake_measure);
}
