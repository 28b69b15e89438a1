"""Objects of Kubernetes with the attributes of its Python client: `spec.init_containers`, kept as `initContainers`."""

import re

# What the general rule of writing names does not give.
CAMEL = {
    "host_ip": "hostIP", "host_i_ps": "hostIPs", "pod_ip": "podIP", "pod_i_ps": "podIPs", "cluster_ip": "clusterIP",
    "cluster_i_ps": "clusterIPs", "external_i_ps": "externalIPs", "load_balancer_ip": "loadBalancerIP",
    "host_pid": "hostPID", "host_ipc": "hostIPC", "set_hostname_as_fqdn": "setHostnameAsFQDN", "container_id": "containerID",
    "image_id": "imageID", "pod_ci_dr": "podCIDR", "disk_uri": "diskURI", "volume_id": "volumeID", "scale_io": "scaleIO",
    "storage_policy_id": "storagePolicyID", "pd_id": "pdID", "target_ww_ns": "targetWWNs", "non_resource_ur_ls": "nonResourceURLs",
}  # fmt: skip
SNAKE = {camel: snake for snake, camel in CAMEL.items()}
# Maps whose keys are the user's own.
MAPS = {
    "labels", "annotations", "nodeSelector", "matchLabels", "limits", "requests", "capacity", "data", "stringData",
    "binaryData", "volumeAttributes", "parameters", "overhead", "options", "selector",
}  # fmt: skip
# What is a list in every object that has it, so that code may ask its length.
RESERVED = {"_from": "from", "_continue": "continue", "_exec": "exec"}


def camel(name):
    name = RESERVED.get(name, name)
    return CAMEL.get(name) or re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)


def snake(name):
    return SNAKE.get(name) or re.sub(r"(?<=[a-z0-9])([A-Z])|(?<=[A-Z])([A-Z])(?=[a-z])", r"_\1\2", name).lower()


class Model(dict):
    """A dict in Kubernetes' names that answers to attributes in Python's; what is not set is None."""

    def __init__(self, *args, **fields):
        given = dict(*args) if args and (isinstance(args[0], (dict, list))) else {}
        fields.pop("local_vars_configuration", None)
        names = list(self.positional)
        for value in args if not given and args else ():
            fields.setdefault(names.pop(0) if names else f"argument_{len(fields)}", value)
        super().__init__()
        for key, value in given.items():
            self[key] = value
        for key, value in fields.items():
            if value is not None:
                self[camel(key)] = value

    positional = ("name", "value")

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self.get(camel(name))

    def __setattr__(self, name, value):
        if value is None:
            self.pop(camel(name), None)
        else:
            self[camel(name)] = value

    def __delattr__(self, name):
        self.pop(camel(name), None)

    def to_dict(self, *_):
        return {snake(key): _as_dict(value, key) for key, value in self.items()}

    def __deepcopy__(self, memo):
        import copy

        made = type(self)()
        for key, value in self.items():
            made[key] = copy.deepcopy(value, memo)
        return made


def _as_dict(value, key):
    if key in MAPS or not isinstance(value, (dict, list)):
        return value
    if isinstance(value, list):
        return [_as_dict(item, None) for item in value]
    return {snake(name): _as_dict(item, name) for name, item in value.items()}


def wrapped(value, key=None):
    """Plain data of a manifest as models all the way down."""
    if isinstance(value, list):
        return [wrapped(item) for item in value]
    if not isinstance(value, dict) or key in MAPS:
        return value
    made = Model()
    for name, item in value.items():
        made[name] = wrapped(item, name)
    return made


def model_class(name):
    return type(name, (Model,), {"__module__": "kubernetes_asyncio.client.models"})


class Models:
    """Every `V1Something` is there as soon as it is asked for."""

    def __init__(self):
        self.made = {}

    def __call__(self, name):
        if not re.match(r"V\d(alpha\d|beta\d)?[A-Z]|CoreV1|AppsV1|Rbac|Discovery", name):
            raise AttributeError(name)
        if name not in self.made:
            self.made[name] = model_class(name)
        return self.made[name]


models = Models()
