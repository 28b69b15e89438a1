import string

SAFE = set(string.ascii_letters + string.digits)
ESCAPE_CHAR = "_"


def escape(to_escape, safe=SAFE, escape_char=ESCAPE_CHAR, allow_collisions=False):
    """Letters that are not safe become their bytes in hexadecimal."""
    text = to_escape.decode() if isinstance(to_escape, bytes) else to_escape
    kept = set(safe) if allow_collisions else set(safe) - {escape_char}
    return "".join(one if one in kept else "".join(f"{escape_char}{byte:X}" for byte in one.encode()) for one in text)


def unescape(escaped, escape_char=ESCAPE_CHAR):
    raw, at = bytearray(), 0
    while at < len(escaped):
        if escaped[at] == escape_char:
            raw.append(int(escaped[at + 1 : at + 3], 16))
            at += 3
        else:
            raw += escaped[at].encode()
            at += 1
    return raw.decode()
