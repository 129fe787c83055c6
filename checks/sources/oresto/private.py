"""Masks secrets and personal values in what a log kept of requests, before anything of it is stored or shown.

What a value is, its key says: of a secret or a personal field it becomes `***`, whatever the form (JSON, JSON that was cut
off, form-encoded, multipart, XML or HTML, text). A name is personal in an object about somebody (a client, a user, an
address), and the words of the assortment in any other. E-mail addresses lose their local part everywhere: whose system
it was still shows. Long texts (pictures in Base64, descriptions) become how long they were. Article numbers, EANs, client
and order numbers, ids and brands stay: they are what a problem is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus, urlsplit

import msgspec

from checks.sources.oresto.broken_json import decoded
from checks.sources.oresto.private_names import about_somebody, is_of_somebody, is_personal, is_secret

MASK = "***"

#: Longer texts become their length.
LONGEST_TEXT = 200
#: Of a body no more is kept.
LONGEST_BODY = 4_000
_DEEPEST = 40
#: Of a body that is no JSON no more is looked at.
_LONGEST_READ = 5 * LONGEST_BODY

_EMAIL = re.compile(r"[\w+][\w.!#$*+^'~%-]{0,63}(@|%40)((?:[\w-]{1,63}\.){1,8}[\w-]{2,63})")
_CREDENTIALS = re.compile(r"\b(Basic|Bearer)(\s+|%20|\+)[\w.~+/=%-]{6,}", re.I)
_ASSIGNED = re.compile(
    r"""(?P<name>[A-Za-z][\w.\-\[\]]{0,99})\s*=\s*(?P<value>"[^"]*"?|'[^']*'?|[^\s&;,<>"']+)"""
)
_MEMBER = re.compile(
    r"""(?P<name>[A-Za-z][\w.-]{0,99})["']?\s*:\s*(?P<value>"(?:[^"\\]|\\.)*"?|[^\s,;}\]<>"]+)"""
)
_ELEMENT = re.compile(r"<(?:[\w.-]+:)?(?P<name>[\w.-]+)(?:\s[^<>]*)?>(?P<value>[^<>]+)")
_PART = re.compile(
    r'\bname="?(?P<name>[\w.\-\[\]]+)"?[^\n]{0,200}(?:\r?\n[^\r\n]{1,200}){0,4}\r?\n\r?\n(?P<value>[^\r\n]+)'
)
_FORM = re.compile(r"[\w.\-\[\]%+$]+=[^&\s<>{}\"]*(?:&[\w.\-\[\]%+$]+(?:=[^&\s<>{}\"]*)?)*&?")


def body(text: str) -> str:
    """A request's body, masked, at most `LONGEST_BODY` characters."""
    found, whole = decoded(text)
    if found is not None:
        masked = msgspec.json.encode(value(found)).decode()
        return _cut(masked if whole else f"{masked}…")
    return _cut(_other_form(text))


def _other_form(text: str) -> str:
    """What is no JSON: a form, XML, multipart, or text that names its values."""
    if _FORM.fullmatch(text.strip()):
        return _pairs(text.strip())
    kept = _CREDENTIALS.sub(rf"\1\2{MASK}", text[:_LONGEST_READ])
    hidden = _private_in(kept)
    for pattern in (_PART, _ELEMENT, _MEMBER, _ASSIGNED):
        kept = pattern.sub(lambda one: _named(one, hidden), kept)
    return _plain(kept)


def url(text: str) -> str:
    """An address with the values of its query masked by their names."""
    path, mark, query = text.partition("?")
    masked = _pairs(query)
    user, at, host = path.rpartition("@") if "//" in path else ("", "", "")
    if at and "/" not in urlsplit(path).netloc and user.count("/") == 2:  # https://login:password@host/…
        path = f"{user.partition('//')[0]}//{MASK}@{host}"
    return f"{_plain(path)}{mark}{masked}"


def message(text: str) -> str:
    """A sentence: e-mail addresses, secrets that are given with their names, and data that it quotes are masked."""
    text = _CREDENTIALS.sub(rf"\1\2{MASK}", text)  # first: of two words the second is the secret
    text = _ASSIGNED.sub(lambda one: _named(one, is_secret), text)
    text = _ELEMENT.sub(lambda one: _named(one, _is_private), text)
    return _plain(_MEMBER.sub(lambda one: _named(one, _is_private if _is_quoted(one) else is_secret), text))


def _is_private(name: str) -> bool:
    return is_secret(name) or is_personal(name)


def _is_quoted(member: re.Match[str]) -> bool:
    """`"FirstName": ..`, as data has it; of a sentence with a colon (`Email: is required`) nothing is data."""
    return member[0][len(member["name"]) : len(member["name"]) + 1] in ("'", '"')


def value(found: Any) -> Any:
    """What JSON holds, masked; as deep as it goes, up to 40 levels."""
    return _value(found, "", somebody=False, depth=0)


def _value(found: Any, name: str, somebody: bool, depth: int) -> Any:
    """`name`: the key it hangs under; `somebody`: is it a part of what is about somebody?"""
    if found is None or isinstance(found, bool) or found == "":
        return found
    if depth > _DEEPEST:
        return "…"
    if isinstance(found, dict):
        somebody = about_somebody(name, found, somebody)
        told = found.get("Key", found.get("Name"))  # {"Key": "Password", "Value": "x"}
        named = {"Value": told, "value": told} if isinstance(told, str) else {}
        return {
            message(str(key)): _value(one, str(named.get(key) or key), somebody, depth + 1)
            for key, one in found.items()
        }
    if isinstance(found, list):
        return [_value(one, name, somebody, depth + 1) for one in found]
    if is_secret(name) or is_personal(name) or (somebody and is_of_somebody(name)):
        return MASK
    return _text(found, depth) if isinstance(found, str) else found


def _text(text: str, depth: int) -> str:
    if text.lstrip()[:1] in ("{", "["):  # JSON within JSON
        inner, whole = decoded(text)
        if isinstance(inner, dict | list):
            masked = msgspec.json.encode(_value(inner, "", False, depth + 1)).decode()
            return _short(masked if whole else f"{masked}…")
    if len(text) > LONGEST_TEXT:
        return _short(text)
    return _short(_other_form(text)) if any(sign in text for sign in "=<:") else message(text)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"… ({len(text):,} characters)"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_BODY else f"{text[: LONGEST_BODY - 1]}…"


def _plain(text: str) -> str:
    return _EMAIL.sub(rf"{MASK}\1\2", _CREDENTIALS.sub(rf"\1\2{MASK}", text))


def _pairs(form: str) -> str:
    """A form or a query: a name in it is private when others tell that it is about somebody."""
    pairs = form.split("&")
    names = [unquote_plus(pair.partition("=")[0]) for pair in pairs]
    somebody = about_somebody("", names, False)
    parents = [re.split(r"[.\[]", name) for name in names]
    return "&".join(
        _pair(pair, somebody or any(about_somebody(part, (), False) for part in path[:-1]))
        for pair, path in zip(pairs, parents, strict=True)
    )


def _pair(pair: str, somebody: bool) -> str:
    """`name=value` of a form or a query; `somebody`: is it about a person?"""
    name, sign, given = pair.partition("=")
    if not given:
        return _plain(pair)
    plain = unquote_plus(name)
    if is_secret(plain) or is_personal(plain) or (somebody and is_of_somebody(plain)):
        return f"{name}{sign}{MASK}"
    if len(given) > LONGEST_TEXT:
        return f"{name}{sign}{_short(given)}"
    said = unquote_plus(given)
    masked = message(said)
    return f"{_plain(name)}{sign}{given if masked == said else masked}"


def _private_in(text: str) -> Callable[[str], bool]:
    """Which names are private in a text: a name too, when it is about somebody."""
    names = [
        one["name"] for pattern in (_PART, _ELEMENT, _MEMBER, _ASSIGNED) for one in pattern.finditer(text)
    ]
    somebody = about_somebody("", names, False)
    return lambda name: is_secret(name) or is_personal(name) or (somebody and is_of_somebody(name))


def _named(found: re.Match[str], hidden: Callable[[str], bool]) -> str:
    """The whole match, its value masked when its name is to be hidden; the quotes of the value stay."""
    if not hidden(found["name"]) or found["value"].lower() in ("basic", "bearer"):
        return found[0]
    quote = found["value"][:1] if found["value"][:1] in ("'", '"') else ""
    start = found.start()
    before, after = found[0][: found.start("value") - start], found[0][found.end("value") - start :]
    return f"{before}{quote}{MASK}{quote}{after}"
