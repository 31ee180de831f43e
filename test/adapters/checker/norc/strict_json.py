"""JSON as a protocol reads it that signs what it reads, and its canonical form (X-CAN, L-S01 to L-S06)."""

import base64
import binascii
import json
import math
import re
from decimal import Decimal

from .registry import Members, Rejected, need

MOST = 2**53 - 1
DEPTH = 32


def parse(octets):
    """Bytes to a value, or Rejected."""
    need(not octets.startswith(b"\xef\xbb\xbf"), "a byte order mark")
    try:
        text = octets.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=_members,
            parse_int=_integer,
            parse_float=_decimal,
            parse_constant=_constant,
        )
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Rejected(str(error)) from error
    _walk(value, 0)
    return value


def _members(pairs):
    names = [name for name, _ in pairs]
    need(len(set(names)) == len(names), "a name twice")
    return Members(pairs)


def _integer(text):
    need(text != "-0", "negative zero")
    value = int(text)
    need(abs(value) <= MOST, "beyond 2^53 - 1")
    return value


def _decimal(text):
    value = float(text)
    need(abs(value) <= MOST, "beyond 2^53 - 1")
    need(not (value == 0 and math.copysign(1, value) < 0), "negative zero")
    need(value != 0 or not re.search("[1-9]", re.split("[eE]", text)[0]), "lost in a double")
    return value


def _constant(text):
    raise Rejected(text)


def _walk(value, depth):
    if isinstance(value, str):
        need(not any(0xD800 <= ord(each) <= 0xDFFF for each in value), "a lone surrogate")
    elif isinstance(value, dict):
        need(depth < DEPTH, "too deep")
        for name, member in value.items():
            _walk(name, depth)
            _walk(member, depth + 1)
    elif isinstance(value, list):
        need(depth < DEPTH, "too deep")
        for item in value:
            _walk(item, depth + 1)


def canonical(value):
    """RFC 8785 of a value after its null members are dropped, as bytes."""
    return _text(value).encode("utf-8")


def _text(value):
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, list):
        return "[" + ",".join(_text(item) for item in value) + "]"
    names = sorted((name for name in value if value[name] is not None), key=_units)
    return "{" + ",".join(f"{_text(name)}:{_text(value[name])}" for name in names) + "}"


def _units(name):
    """UTF-16 code units, big-endian, sort as RFC 8785 says."""
    return name.encode("utf-16-be")


def number_text(value):
    """ECMAScript's Number::toString."""
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    text = "".join(map(str, digits))
    count, point = len(text), len(text) + exponent
    if count <= point <= 21:
        body = text + "0" * (point - count)
    elif 0 < point <= 21:
        body = text[:point] + "." + text[point:]
    elif -6 < point <= 0:
        body = "0." + "0" * -point + text
    else:
        mantissa = text[0] + ("." + text[1:] if count > 1 else "")
        body = f"{mantissa}e{'+' if point > 0 else '-'}{abs(point - 1)}"
    return ("-" if sign else "") + body


def without(value, *names):
    return Members((name, member) for name, member in value.items() if name not in names)


def to_base64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode("ascii")


def from_base64url(text):
    need(isinstance(text, str) and re.fullmatch("[A-Za-z0-9_-]*", text) is not None, "not base64url")
    try:
        octets = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise Rejected(str(error)) from error
    need(to_base64url(octets) == text, "not the one spelling of its bytes")
    return octets


def is_uuid(text):
    pattern = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    return re.fullmatch(pattern, text) is not None
