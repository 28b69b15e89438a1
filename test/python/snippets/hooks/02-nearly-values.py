import os

GIB = 1024**3
for name, size in (("HOME_SIZE", 2 * GIB), ("TMP_SIZE", GIB // 2)):
    c.KubeSpawner.environment[name] = str(size)
c.KubeSpawner.environment.update({"NAMESPACE": os.environ["POD_NAMESPACE"], "LANG": "C.UTF-8"})
c.KubeSpawner.extra_pod_config = {"restartPolicy": "Never", "enableServiceLinks": False}
c.KubeSpawner.volumes = [{"name": f"shared-{n}", "emptyDir": {}} for n in range(2)]
c.KubeSpawner.volume_mounts = [{"name": "shared-0", "mountPath": "/shared"}]
c.KubeSpawner.volume_mounts.append({"name": "shared-1", "mountPath": "/shared/{username}", "readOnly": True})
