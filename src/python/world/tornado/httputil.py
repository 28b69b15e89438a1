from urllib.parse import urlencode, urlsplit, urlunsplit

HTTPHeaders = dict


def url_concat(url, args):
    parts = urlsplit(url)
    more = urlencode(list(args.items()) if isinstance(args, dict) else list(args or ()))
    return urlunsplit(parts._replace(query="&".join(part for part in (parts.query, more) if part)))
