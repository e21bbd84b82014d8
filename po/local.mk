# SPDX-License-Identifier: Apache-2.0
#
# The catalogue lies beside the program in the build tree, where i18n_init()
# looks first, and is installed where gettext expects it.
EXTRA_DIST += po/fr.po
CATALOGUE = locale/fr/LC_MESSAGES/ronde.mo
CLEANFILES += $(CATALOGUE)

all-local: $(CATALOGUE)
$(CATALOGUE): po/fr.po
	$(AM_V_GEN)$(MKDIR_P) locale/fr/LC_MESSAGES && \
	$(MSGFMT) --check --output-file=$@ $(srcdir)/po/fr.po

frlocaledir = $(localedir)/fr/LC_MESSAGES
nodist_frlocale_DATA = $(CATALOGUE)
