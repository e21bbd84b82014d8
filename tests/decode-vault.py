#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""decode-vault.py VAULT PASSPHRASE_FILE: prints the events of a vault.

A second implementation, made from doc/formats/vault.md alone over libsodium's
bindings for Python (Debian: python3-nacl).  It reads; it never writes.  A
database and the WAL beside it are put together in memory.
"""
import sqlite3
import struct
import sys
from hashlib import blake2b

from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as aead_open
from nacl.exceptions import CryptoError
from nacl.pwhash.argon2id import kdf

PAGE, RESERVE, COPY, FRAME = 4096, 40, 4096, 24 + 4096
SLOTS_AT, SLOT, PASSPHRASE = 128, 384, 1
MAGIC = b"\x89ronde vault\r\n\x1a\n"


def mac(data, key=b""):
    return blake2b(data, digest_size=32, key=key).digest()


def open_slots(copies, passphrase):
    """The data key, from whichever passphrase slot opens."""
    for copy, number in [(copy, number) for copy in copies for number in range(8)]:
        slot = copy[SLOTS_AT + number * SLOT :][:SLOT]
        kind, passes, memory = struct.unpack_from("<IIQ", slot)
        salt, nonce, sealed = slot[16:32], slot[32:56], slot[56:104]
        if kind != PASSPHRASE:
            continue
        bound = copy[32:48] + struct.pack("<IIIQ", number, kind, passes, memory) + salt
        try:
            return aead_open(sealed, bound, nonce, kdf(32, passphrase, salt, passes, memory))
        except CryptoError:
            continue
    sys.exit("no slot opens with this passphrase")


def read_header(data, passphrase):
    """The newest copy with a right checksum and MAC, and the data key."""
    copies = [data[:COPY], data[COPY : 2 * COPY]]
    whole = [c for c in copies if c[:16] == MAGIC and mac(c[:4064]) == c[4064:]]
    whole.sort(key=lambda c: struct.unpack_from("<Q", c, 48), reverse=True)
    if not whole:
        sys.exit("no whole copy of the header")
    if struct.unpack_from("<IIQ", whole[0], 16) != (1, RESERVE, PAGE):
        sys.exit("another version of the format")
    key = open_slots(whole, passphrase)
    for copy in whole:
        if mac(copy[:4032], mac(b"ronde/vault/header/1", key)) == copy[4032:4064]:
            return copy, key
    sys.exit("the header was altered by someone without the key")


def open_page(sealed, key, place):
    clear, nonce, tag = sealed[:-40], sealed[-40:-16], sealed[-16:]
    return aead_open(clear + tag, place, nonce, key) + bytes(RESERVE)


def read_wal(wal, header, key):
    """Pages that committed transactions of the log that counts left behind."""
    ours, pages, pending = header[96:128], {}, {}
    if not any(ours) or len(wal) < 32:
        return pages
    for frame in range(1, (len(wal) - 32) // FRAME + 1):
        at = 32 + (frame - 1) * FRAME
        page, commit = struct.unpack_from(">II", wal, at)
        place = header[32:48] + struct.pack("<IIII", 2, page, frame, commit) + ours[16:24]
        try:
            pending[page] = open_page(wal[at + 24 : at + FRAME], key, place)
        except CryptoError:
            break  # the torn end of the log
        if commit:
            pages.update(pending)
            pages = {n: p for n, p in pages.items() if n <= commit}
            pending = {}
    return pages


def read_database(path, passphrase):
    with open(path, "rb") as file:
        data = file.read()
    try:
        with open(path + "-wal", "rb") as file:
            wal = file.read()
    except FileNotFoundError:
        wal = b""
    header, key = read_header(data, passphrase)
    page_key = mac(b"ronde/vault/page/1", key)
    newer = read_wal(wal, header, page_key)
    count = (len(data) - 2 * COPY) // PAGE
    clear = []
    for number in range(1, max([count, *newer]) + 1):
        if number not in newer:
            at = 2 * COPY + (number - 1) * PAGE
            place = header[32:48] + struct.pack("<IIII", 1, number, 0, 0) + bytes(8)
            try:
                newer[number] = open_page(data[at : at + PAGE], page_key, place)
            except CryptoError:
                sys.exit(f"page {number} at byte {at} does not open")
        clear.append(newer[number])
    # Bytes 18 and 19 say "through a WAL", which a database in memory has not.
    first = clear[0]
    clear[0] = first[:18] + b"\1\1" + first[20:]
    return b"".join(clear)


def events(db):
    """Line (None where it was purged), hash and stored head, in their order."""
    rows = "SELECT id, line, hash, head FROM event"
    if db.execute("PRAGMA user_version").fetchone()[0] >= 2:
        rows += " UNION ALL SELECT id, NULL, hash, NULL FROM purged"
    for number, row in enumerate(db.execute(rows + " ORDER BY id"), 1):
        if row[0] != number:
            sys.exit(f"event {number} is missing")
        yield row[1:]


def main():
    path, passphrase_file = sys.argv[1:]
    with open(passphrase_file, "rb") as file:
        passphrase = file.readline().rstrip(b"\n")
    db = sqlite3.connect(":memory:")
    db.deserialize(read_database(path, passphrase))
    head = bytes(32)
    for line, stored, running in events(db):
        head = mac(head + stored)
        if line is None:
            continue
        if mac(line) != stored or head != running:
            sys.exit(f"event {mac(line).hex()} is not in the chain of heads")
        print(line.decode())


main()
