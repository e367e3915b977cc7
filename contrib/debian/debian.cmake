# SPDX-License-Identifier: GPL-2.0-or-later
# The Debian package: cmake --preset package && cmake --build --preset package && cpack --preset package
# With SOURCE_DATE_EPOCH set, the same sources in the same place give the same bytes.
set(CPACK_GENERATOR DEB)
set(CPACK_SOURCE_GENERATOR TXZ)
set(CPACK_PACKAGE_NAME vfiobench)
set(CPACK_PACKAGE_CONTACT "vfiobench developers <developers@vfiobench.invalid>" CACHE STRING
	"who answers for a package that is given away")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "latency benchmark and diagnostics for KVM hosts with VFIO")
set(CPACK_PACKAGE_DESCRIPTION
"Measures a Linux host while a KVM guest runs, and says which setting the
numbers call for, with the fix computed for this machine. Made for people
who pass devices through to a guest with VFIO: a Windows guest that
stutters, audio that crackles, a CI runner whose timings jump.

It reads clock source, CPU isolation, pins, interrupts, huge pages, power
management, IOMMU and the guest's configuration; it measures timer
wake-ups, the cost and truth of the clock and exits of a guest of its own,
and traces who took each virtual CPU's time. Fixes are printed, never
applied. Results are compared by exact rank tests, also as the gate of a CI
job.")
set(CPACK_PACKAGE_FILE_NAME vfiobench-${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_THREADS 1)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/finish.cmake)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Figures of the page; all else is there without them.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "gnuplot-nox | gnuplot")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "qemu-system-x86, libvirt-daemon-system, trace-cmd")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_LIST_DIR}/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# For finish.cmake.
set(CPACK_VFIOBENCH_DATADIR ${CMAKE_INSTALL_FULL_DATADIR})
set(CPACK_VFIOBENCH_DOCDIR ${CMAKE_INSTALL_FULL_DOCDIR})
set(CPACK_VFIOBENCH_MANDIR ${CMAKE_INSTALL_FULL_MANDIR})
set(CPACK_VFIOBENCH_DEBIAN ${CMAKE_CURRENT_LIST_DIR})
include(CPack)
