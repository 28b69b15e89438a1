"""Makers of objects; what they make can't be sent from here, so only those are there that go into a pod."""

from _himalia.models import models
from _himalia.refusal import refusing

_API = "Volumes of their own for each user are made with singleuser.storage, other objects with hub.extraObjects."


def make_owner_reference(name, uid):
    return models("V1OwnerReference")(apiVersion="v1", kind="Pod", name=name, uid=uid, blockOwnerDeletion=True, controller=False)


make_pvc = refusing("kubespawner.objects.make_pvc()", _API)
make_pod = make_service = make_secret = make_namespace = make_ingress = refusing("Making objects of Kubernetes", _API)
