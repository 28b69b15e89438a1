# Names of an earlier piece (os) and of nobody's import (get_config) are both there.
gateway = get_config("custom.gateway", {})
c.KubeSpawner.environment.setdefault("DASK_GATEWAY__ADDRESS", f"http://{os.environ['PROXY_PUBLIC_SERVICE_HOST']}/services/{gateway['name']}/")
c.KubeSpawner.environment["DASK_GATEWAY__CLUSTER__OPTIONS__IMAGE"] = "$(JUPYTER_IMAGE_SPEC)"
c.KubeSpawner.environment["WHO"] = lambda spawner: spawner.user.name.upper()
if gateway.get("label"):
    c.KubeSpawner.extra_labels.update({f"hub.jupyter.org/network-access-{gateway['name']}": "true"})
