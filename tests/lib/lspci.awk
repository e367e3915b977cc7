# SPDX-License-Identifier: GPL-2.0-or-later
# What `lspci -D -nn -vv` says, as lines "ADDRESS KEY VALUE" like those that tests/lib/pci.jq makes of a document.
# Virtual functions have zeros where their physical one has settings, and a link that works has lanes.
function say(key, value) { print address, key, value }
function sign(text) { return text ~ /[+]/ ? "true" : "false" }
# The word behind a word.
function behind(word)
{
	if (!match($0, word " [^ ,;]*"))
		return ""
	return substr($0, RSTART + length(word) + 1, RLENGTH - length(word) - 1)
}
/^[0-9a-f]+:[0-9a-f]+:[0-9a-f]+[.][0-9a-f] / { address = $1; has_link = 0; is_virtual = /\[ffff:ffff\]/; is_port = / \[0604\]/; next }
/^\tControl: / { match($0, /DisINTx./); say("is_intx_disabled", sign(substr($0, RSTART, RLENGTH))) }
/^\tCapabilities: .* MSI: / { say("has_msi", "true"); say("is_msi_enabled", sign(behind("MSI:"))) }
/^\tCapabilities: .* MSI-X: / { say("has_msix", "true"); say("is_msix_enabled", sign(behind("MSI-X:"))) }
/^\tCapabilities: .* Express / {
	has_link = !/Root Complex/
	if (/Root Port/) say("port", "root-port")
	else if (/Upstream Port/) say("port", "upstream")
	else if (/Downstream Port/) say("port", "downstream")
	else if (/Legacy Endpoint/) say("port", "legacy")
	else if (/Root Complex/) say("port", "integrated")
	else if (/ Endpoint/) say("port", "endpoint")
	else if (/Bridge/) say("port", "bridge")
}
/^\t\tDevCap:/ { say("max_payload_supported_bytes", behind("MaxPayload")) }
/^\t\t\tMaxPayload / && !is_virtual { say("max_payload_bytes", behind("MaxPayload")) }
/^\t\tLnkCap:/ && has_link {
	width = substr(behind("Width"), 2)
	has_link = width > 0
	if (has_link) say("max_link_width", width)
}
/^\t\tLnkCtl:/ && has_link && !is_virtual {
	if (/ASPM Disabled/) say("aspm", "off")
	else if (/ASPM L0s L1 Enabled/) say("aspm", "l0s+l1")
	else if (/ASPM L0s Enabled/) say("aspm", "l0s")
	else if (/ASPM L1 Enabled/) say("aspm", "l1")
}
/^\t\tLnkSta:/ && has_link && (is_port || substr(behind("Width"), 2) > 0) {
	say("link_width", substr(behind("Width"), 2))
	if (behind("Speed") ~ /GT/) say("link_speed_mts", behind("Speed") * 1000)
}
/^\t\tACSCtl:/ { say("has_acs", "true") }
/^\tKernel driver in use: / { say("driver", $NF) }
/^\tIOMMU group: / { say("iommu_group", $NF) }
/^\tNUMA node: / { say("node", $NF) }
