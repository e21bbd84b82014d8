/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vfs_internal.h"

#include <string.h>

#include "base/i18n.h"

int
trouble_set(struct vfs *vfs, enum trouble_kind kind, uint32_t number,
    int64_t offset, int code)
{
	vfs->trouble.kind = kind;
	vfs->trouble.number = number;
	vfs->trouble.offset = offset;
	if (kind != TROUBLE_FOLDER && !vfs->settled)
		vfs->left_alone = true;
	return code;
}

int
trouble_read(struct vfs *vfs, enum trouble_kind kind, uint32_t number,
    int64_t offset, int code)
{
	if (code == SQLITE_IOERR_SHORT_READ)
		return trouble_set(
		    vfs, kind, number, offset, SQLITE_IOERR_READ);
	if (!vfs->settled)
		vfs->left_alone = true;
	return code;
}

static int
explain(const struct vfs *vfs, struct err *err)
{
	const struct trouble *trouble = &vfs->trouble;
	const long long offset = trouble->offset;

	switch (trouble->kind) {
	case TROUBLE_PAGE:
		return err_set(err, ERR_FORMAT,
		    _("page %u of %s is damaged (byte %lld); put a backup in "
		      "its place"),
		    trouble->number, vfs->path, offset);
	case TROUBLE_MISSING:
		return err_set(err, ERR_FORMAT,
		    _("%s is cut short: page %u, from byte %lld on, is "
		      "missing; put a backup in its place"),
		    vfs->path, trouble->number, offset);
	case TROUBLE_FRAME:
	case TROUBLE_WAL_LOST:
		return err_set(err, ERR_FORMAT,
		    _("frame %u of %s-wal is damaged (byte %lld), though it "
		      "was safely on the disk; put a backup in its place"),
		    trouble->number, vfs->path, offset);
	case TROUBLE_FOLDER:
		return err_set(err, ERR_DENIED,
		    _("cannot write beside %s: its folder is read-only or "
		      "another's; put the vault where you may write"),
		    vfs->path);
	default:
		return err_set(err, ERR_FORMAT,
		    _("%s is cut short: it ends at byte %lld, and its first "
		      "page says %lld; put a backup in its place"),
		    vfs->path, (long long)vfs->db_size + VAULT_HEADER_BYTES,
		    (long long)vfs->db_least + VAULT_HEADER_BYTES);
	}
}

bool
vfs_explain(const char *name, struct err *err)
{
	sqlite3_vfs *found = name ? sqlite3_vfs_find(name) : NULL;
	struct vfs *vfs = found ? found->pAppData : NULL;

	if (!vfs || strncmp(name, "ronde-", 6) != 0)
		return false;
	if (vfs->trouble.kind == TROUBLE_NONE &&
	    (vfs->wal_size > 0 || vfs->db_least <= vfs->db_size))
		return false;
	explain(vfs, err);
	vfs->trouble.kind = TROUBLE_NONE;
	return true;
}
