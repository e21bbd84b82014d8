/* SPDX-License-Identifier: Apache-2.0 */
#include "tui/risks.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/host.h"
#include "base/i18n.h"
#include "crypto/secret.h"

static void
add_risks(const struct host *host, bool locked, struct buf *out)
{
	if (host->swaps_in_clear)
		buf_addf(out,
		    _("\n- It swaps to %s, which is not encrypted.\n  To "
		      "stop it until the next start: sudo swapoff -a\n  For "
		      "good: encrypt the swap (a line in /etc/crypttab with "
		      "the key\n  /dev/urandom), or swap to compressed memory "
		      "(package zram-tools).\n"),
		    host->swap);
	if (host->hibernates_in_clear)
		buf_add_text(out,
		    _("\n- It can hibernate to a disk that is not encrypted."
		      "\n  To keep it from that (sleep stays possible): "
		      "AllowHibernation=no below\n  [Sleep] in "
		      "/etc/systemd/sleep.conf.\n"));
	if (!locked)
		buf_add_text(out,
		    _("\n- The keys could not be locked in memory and may be "
		      "swapped: the limit\n  is too small. Raise memlock in "
		      "/etc/security/limits.conf (ulimit -l shows\n  it), then "
		      "log in again.\n"));
}

char *
risks_text(void)
{
	const char *root = getenv("RONDE_TEST_HOST");
	const bool locked = secret_all_locked();
	struct buf text = BUF_INIT;
	struct host host;

	host_look(root ? root : "", &host);
	if (!host.swaps_in_clear && !host.hibernates_in_clear && locked)
		return NULL;
	buf_add_text(&text,
	    _("While the vault is open, what you read and write stands in "
	      "this computer's memory. This computer may write its memory to "
	      "a disk in clear, where it can be read after a theft:\n"));
	add_risks(&host, locked, &text);
	buf_add_text(&text,
	    _("\nTell whoever looks after this computer. Enter goes on."));
	return buf_detach(&text);
}
