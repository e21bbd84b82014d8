/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/select.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bundles/heads.h"
#include "bundles/manifest.h"
#include "storage/identity.h"

static void
list_files(const struct selection *selection, struct manifest *manifest)
{
	const struct hash digest =
	    hash_of(selection->statements.data, selection->statements.len);
	char name[MANIFEST_NAME_MAX];

	manifest_add_file(manifest, MEMBER_STATEMENTS, "statements.jsonl",
	    selection->statements.len, &digest);
	for (size_t i = 0; i < selection->form_count; i++) {
		const struct selected_file *form = &selection->forms[i];

		manifest_digest_name(MEMBER_CHECKLIST, &form->digest, name);
		manifest_add_file(manifest, MEMBER_CHECKLIST, name, form->size,
		    &form->digest);
	}
	for (size_t i = 0; i < selection->chain_count; i++) {
		const struct selected_chain *chain = &selection->chains[i];

		manifest_chain_name(chain->subject, chain->device, name);
		manifest_add_file(
		    manifest, MEMBER_EVENTS, name, chain->size, &chain->digest);
	}
	for (size_t i = 0; i < selection->blob_count; i++) {
		const struct selected_file *blob = &selection->blobs[i];

		manifest_digest_name(MEMBER_BLOB, &blob->digest, name);
		manifest_add_file(
		    manifest, MEMBER_BLOB, name, blob->size, &blob->digest);
	}
}

static void
list_chains(const struct selection *selection, struct manifest *manifest)
{
	for (size_t i = 0; i < selection->chain_count; i++) {
		const struct selected_chain *from = &selection->chains[i];
		struct manifest_chain *chain = manifest_add_chain(manifest);

		memcpy(chain->subject, from->subject, ID_MAX);
		memcpy(chain->device, from->device, ID_MAX);
		chain->first = from->first;
		chain->last = from->last;
		chain->events = from->events;
	}
}

void
selection_describe(const struct selection *selection,
    const struct export_request *request, const struct identity *self,
    struct manifest *manifest)
{
	memcpy(manifest->device, self->device, ID_MAX);
	memcpy(manifest->person, self->person, ID_MAX);
	manifest->minisign_public = self->minisign_public;
	memcpy(manifest->sign_public, self->sign_public, 32);
	manifest->age_recipient = self->age_recipient;
	manifest->recipients =
	    xcalloc(request->recipient_count, sizeof(*manifest->recipients));
	memcpy(manifest->recipients, request->recipients,
	    request->recipient_count * sizeof(*manifest->recipients));
	manifest->recipient_count = request->recipient_count;
	manifest->time = clock_now();
	manifest->has_receipt =
	    known_receipt(selection->known, &manifest->receipt);
	list_chains(selection, manifest);
	list_files(selection, manifest);
}
