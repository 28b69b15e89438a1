"""An identity provider of pysaml2 for tests: it asks for a name and signs that person in, as it was configured to."""

import html
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import saml2.sigver
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAME_FORMAT_URI
from saml2.server import Server

given = json.loads(sys.argv[1])
base = f"http://127.0.0.1:{given['port']}"
people = given["people"]
password = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
# Its own default is 3DES, which nobody should take.
saml2.sigver.pre_encryption_part.__kwdefaults__["msg_enc"] = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
encrypt = saml2.sigver.CryptoBackendXmlSec1.encrypt_assertion
saml2.sigver.CryptoBackendXmlSec1.encrypt_assertion = lambda self, statement, key, template, _, *more: encrypt(
    self, statement, key, template, "aes-256", *more
)
sha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


def configuration(local):
    return IdPConfig().load(
        {
            "entityid": f"{base}/idp",
            "xmlsec_binary": "/usr/bin/xmlsec1",
            "key_file": given["key"],
            "cert_file": given["certificate"],
            "encryption_keypairs": [],
            "metadata": {"local": local},
            "service": {
                "idp": {
                    "endpoints": {
                        "single_sign_on_service": [(f"{base}/sso", BINDING_HTTP_REDIRECT), (f"{base}/sso", BINDING_HTTP_POST)],
                        "single_logout_service": [(f"{base}/slo", BINDING_HTTP_REDIRECT)],
                    },
                    "scope": [given["scope"]],
                    "sign_response": given.get("sign_response", False),
                    "sign_assertion": given.get("sign_assertion", True),
                    "want_authn_requests_signed": given.get("want_signed", False),
                    "policy": {
                        "default": {
                            "lifetime": {"minutes": 10},
                            "attribute_restrictions": None,
                            "name_form": NAME_FORMAT_URI,
                        }
                    },
                }
            },
        }
    )


def server():
    # Service providers tell their metadata only once they run.
    return Server(config=configuration(given["service_providers"]))


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, body, status=200, kind="text/html", headers=()):
        data = body.encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        path = urlsplit(self.path).path
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        if path == "/metadata":
            return self.answer(str(entity_descriptor(configuration([]))), kind="application/samlmetadata+xml")
        if path == "/sso":
            return self.form(query, BINDING_HTTP_REDIRECT)
        if path == "/slo":
            return self.logout(query)
        self.answer("", 404)

    def do_POST(self):
        size = int(self.headers["content-length"])
        fields = {name: values[0] for name, values in parse_qs(self.rfile.read(size).decode()).items()}
        if urlsplit(self.path).path == "/sso":
            return self.form(fields, BINDING_HTTP_POST)
        self.sign_in(fields)

    def form(self, fields, binding):
        hidden = "".join(
            f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
            for name, value in {**fields, "binding": binding}.items()
        )
        self.answer(
            f'<title>Identity provider</title><form method="post" action="/sign-in">{hidden}'
            '<label>Name <input name="person"></label><button>Sign in</button></form>'
        )

    def sign_in(self, fields):
        idp = server()
        signed = {
            "sigalg": fields.get("SigAlg"),
            "signature": fields.get("Signature"),
            "relay_state": fields.get("RelayState"),
        }
        request = idp.parse_authn_request(fields["SAMLRequest"], fields["binding"], **signed).message
        person = fields["person"]
        answer = idp.create_authn_response(
            identity=people[person],
            userid=person,
            authn={"class_ref": password, "authn_auth": f"{base}/idp"},
            sign_response=given.get("sign_response", False),
            sign_assertion=given.get("sign_assertion", True),
            encrypt_assertion=given.get("encrypt", False),
            encrypted_advice_attributes=False,
            encrypt_assertion_self_contained=True,
            sign_alg=sha256,
            digest_alg="http://www.w3.org/2001/04/xmlenc#sha256",
            **idp.response_args(request),
        )
        destination = idp.response_args(request)["destination"]
        sent = idp.apply_binding(BINDING_HTTP_POST, str(answer), destination, fields.get("RelayState", ""), response=True)
        self.answer(sent["data"])

    def logout(self, query):
        idp = server()
        if "SAMLResponse" in query:
            return self.answer("Signed out everywhere")
        parsed = idp.parse_logout_request(query["SAMLRequest"], BINDING_HTTP_REDIRECT, relay_state=query.get("RelayState"), sigalg=query.get("SigAlg"), signature=query.get("Signature"))
        answer = idp.create_logout_response(parsed.message, [BINDING_HTTP_REDIRECT])
        sent = idp.apply_binding(BINDING_HTTP_REDIRECT, str(answer), answer.destination, query.get("RelayState", ""), response=True, sign=True, sigalg=sha256)
        location = dict(sent["headers"])["Location"]
        self.answer("", 302, headers=[("location", location)])


listening = ThreadingHTTPServer(("127.0.0.1", given["port"]), Handler)
print("listening", flush=True)
listening.serve_forever()
