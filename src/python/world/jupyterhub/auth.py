from _himalia.authenticators import Authenticator, LocalAuthenticator  # noqa: F401
