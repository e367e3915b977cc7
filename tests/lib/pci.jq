# SPDX-License-Identifier: GPL-2.0-or-later
# A document of the probe pci as lines ADDRESS KEY VALUE.
.data.functions[]? | .address as $address | to_entries[] | select(.value | type != "array") |
"\($address) \(.key) \(.value)"
