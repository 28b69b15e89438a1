import html
import json
import urllib.parse


def utf8(value):
    return value.encode() if isinstance(value, str) else value


def to_unicode(value):
    return value.decode() if isinstance(value, bytes) else value


native_str = to_basestring = to_unicode
xhtml_escape = html.escape
xhtml_unescape = html.unescape


def json_encode(value):
    return json.dumps(value).replace("</", "<\\/")


def json_decode(value):
    return json.loads(value)


def url_escape(value, plus=True):
    return (urllib.parse.quote_plus if plus else urllib.parse.quote)(value)


def url_unescape(value, encoding="utf-8", plus=True):
    return (urllib.parse.unquote_plus if plus else urllib.parse.unquote)(to_unicode(value))
