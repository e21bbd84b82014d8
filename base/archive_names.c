/* SPDX-License-Identifier: Apache-2.0 */
#include "base/archive_internal.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>

#include "base/i18n.h"
#include "base/mem.h"

enum { NAME_MAX_BYTES = 255 }; /* what ustar can hold */

static int
compare_names(const void *one, const void *other)
{
	return strcmp(one, other);
}

bool
archive_names_add(struct archive_names *names, const char *name)
{
	char *copy = xstrdup(name);
	char *const *kept = tsearch(copy, &names->tree, compare_names);

	if (!kept || *kept != copy) {
		free(copy);
		return false;
	}
	return true;
}

void
archive_names_release(struct archive_names *names)
{
	if (names->tree)
		tdestroy(names->tree, free);
	names->tree = NULL;
}

bool
archive_name_is_plain(const char *name)
{
	size_t len;

	for (;; name += len + 1) {
		len = strcspn(name, "/");
		if (len == 0 || (len == 1 && name[0] == '.') ||
		    (len == 2 && name[0] == '.' && name[1] == '.'))
			return false;
		if (name[len] == '\0')
			return true;
	}
}

bool
archive_name_is_tar(const char *name)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789._/-";

	return strlen(name) <= NAME_MAX_BYTES &&
	    name[strspn(name, allowed)] == '\0' && archive_name_is_plain(name);
}

int
archive_refuse_name(const char *archive, const char *name, struct err *err)
{
	return err_set(err, ERR_FORMAT,
	    _("%s: the member name \"%s\" is not allowed"), archive,
	    name ? name : "");
}

int
archive_refuse_twice(const char *archive, const char *name, struct err *err)
{
	return err_set(
	    err, ERR_FORMAT, _("%s: holds \"%s\" twice"), archive, name);
}

int
archive_refuse_size(
    const char *archive, const char *name, uint64_t max, struct err *err)
{
	return err_set(err, ERR_LIMIT,
	    _("%s: with \"%s\" it unpacks to more than the %llu bytes that "
	      "are allowed"),
	    archive, name, (unsigned long long)max);
}

int
archive_refuse_count(const char *archive, size_t max, struct err *err)
{
	return err_set(
	    err, ERR_LIMIT, _("%s: holds more than %zu files"), archive, max);
}

int
archive_refuse_damaged(
    struct archive *archive, const char *name, struct err *err)
{
	const char *text = archive_error_string(archive);

	return err_set(err, ERR_FORMAT, _("%s: damaged or cut short (%s)"),
	    name, text ? text : "?");
}
