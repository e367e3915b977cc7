# SPDX-License-Identifier: GPL-2.0-or-later
# What Debian asks of the installed files, before they are packed: a copyright file and a changelog; these
# and manual pages compressed, the same each time; completions where its zsh looks for them.
if(NOT CPACK_GENERATOR STREQUAL DEB)
	return()
endif()
set(DATA ${CPACK_TEMPORARY_INSTALL_DIRECTORY}${CPACK_VFIOBENCH_DATADIR})
set(DOC ${CPACK_TEMPORARY_INSTALL_DIRECTORY}${CPACK_VFIOBENCH_DOCDIR})
set(MAN ${CPACK_TEMPORARY_INSTALL_DIRECTORY}${CPACK_VFIOBENCH_MANDIR})

file(COPY_FILE ${CPACK_VFIOBENCH_DEBIAN}/copyright ${DOC}/copyright)
file(MAKE_DIRECTORY ${DATA}/lintian/overrides)
file(COPY_FILE ${CPACK_VFIOBENCH_DEBIAN}/lintian-overrides ${DATA}/lintian/overrides/vfiobench)
file(RENAME ${DATA}/zsh/site-functions ${DATA}/zsh/vendor-completions)

string(TIMESTAMP DATE "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE ${DOC}/changelog "vfiobench (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * What changed for those who use it: NEWS.gz beside this file.

 -- ${CPACK_PACKAGE_CONTACT}  ${DATE}
")
file(RENAME ${DOC}/CHANGELOG.md ${DOC}/NEWS)
file(GLOB PAGES ${MAN}/man1/*.1)
execute_process(COMMAND gzip -9nf ${PAGES} ${DOC}/changelog ${DOC}/NEWS COMMAND_ERROR_IS_FATAL ANY)
# Whatever the umask.
execute_process(COMMAND chmod -R u=rwX,go=rX ${CPACK_TEMPORARY_INSTALL_DIRECTORY} COMMAND_ERROR_IS_FATAL ANY)
