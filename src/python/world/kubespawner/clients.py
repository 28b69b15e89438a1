from _himalia.modules import _api


def shared_client(ClientType, *args, **named):
    return _api(ClientType)()
