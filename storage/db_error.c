/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

#include "base/i18n.h"
#include "storage/db_handle.h"
#include "storage/vfs.h"

static int
fail_io(sqlite3 *handle, int code, struct err *err)
{
	const int number = sqlite3_system_errno(handle);

	if (number == ENOSPC || number == EDQUOT)
		return err_set(err, ERR_FULL,
		    _("the disk is full: nothing was changed; free some space "
		      "and try again"));
	if (number == EROFS)
		return err_set(err, ERR_DENIED,
		    _("the disk can only be read: the vault needs one that can "
		      "be written"));
	if (code == SQLITE_IOERR_DATA || code == SQLITE_IOERR_CORRUPTFS)
		return err_set(err, ERR_FORMAT,
		    _("the vault is damaged: a page was altered or destroyed; "
		      "take a copy of the file and restore a backup"));
	if (number != 0)
		return err_set(err, ERR_IO,
		    _("the disk could not be read or written (%s): check the "
		      "disk, then open the vault again"),
		    strerror(number));
	return err_set(err, ERR_IO,
	    _("the disk could not be read or written: check the disk, then "
	      "open the vault again"));
}

static bool
is_of_file(int code)
{
	switch (code & 0xff) {
	case SQLITE_IOERR:
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN: return true;
	default: return false;
	}
}

int
db_fail(const struct db *db, int code, struct err *err)
{
	sqlite3 *handle = db->handle;

	if (is_of_file(code) && vfs_explain(db->vfs_name, err))
		return -1; /* it knows the page, the frame or the folder */
	switch (code & 0xff) {
	case SQLITE_FULL:
		return err_set(err, ERR_FULL,
		    _("the disk is full: nothing was changed; free some space "
		      "and try again"));
	case SQLITE_IOERR: return fail_io(handle, code, err);
	case SQLITE_CORRUPT:
		return err_set(err, ERR_FORMAT,
		    _("the vault is damaged (%s); take a copy of the file and "
		      "restore a backup"),
		    sqlite3_errmsg(handle));
	case SQLITE_NOTADB:
		return err_set(err, ERR_FORMAT,
		    _("this is not a vault, or it is damaged"));
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(err, ERR_BUSY,
		    _("the vault is used by another ronde: close that one "
		      "first"));
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return err_set(err, ERR_DENIED,
		    _("the vault can only be read: check the rights on the "
		      "file and its folder"));
	case SQLITE_AUTH:
		return err_set(err, ERR_DENIED,
		    _("the vault does not allow this statement (%s)"),
		    sqlite3_errmsg(handle));
	case SQLITE_CANTOPEN:
		return err_set(
		    err, ERR_IO, _("the file or its folder cannot be opened"));
	case SQLITE_TOOBIG:
		return err_set(
		    err, ERR_LIMIT, _("the value is too large for the vault"));
	case SQLITE_INTERRUPT:
		return err_set(err, ERR_CANCELLED, _("stopped on request"));
	case SQLITE_NOMEM:
		return err_set(err, ERR_LIMIT, _("there is not enough memory"));
	case SQLITE_CONSTRAINT:
		return err_set(err, ERR_CONFLICT,
		    _("the vault refuses this row (%s)"),
		    sqlite3_errmsg(handle));
	default:
		return err_set(err, ERR_IO, _("the vault failed: %s"),
		    sqlite3_errmsg(handle));
	}
}
