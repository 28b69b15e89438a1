from kubernetes_asyncio.client.models import V1Container, V1EnvVar, V1EnvVarSource, V1ObjectFieldSelector, V1SecurityContext
from kubespawner.utils import get_k8s_model


def modify_pod_hook(spawner, pod):
    notebook = next(container for container in pod.spec.containers if container.name == "notebook")
    notebook.env.append(
        V1EnvVar(name="NODE", value_from=V1EnvVarSource(field_ref=V1ObjectFieldSelector(field_path="spec.nodeName")))
    )
    notebook.security_context = V1SecurityContext(run_as_user=1234, allow_privilege_escalation=False)
    if pod.spec.init_containers is None:
        pod.spec.init_containers = []
    fix = {"name": "fix", "image": "busybox:1", "securityContext": {"runAsUser": 0, "capabilities": {"add": ["CHOWN"]}}}
    pod.spec.init_containers.append(get_k8s_model(V1Container, fix))
    if spawner.user.admin:
        pod.metadata.annotations = {**(pod.metadata.annotations or {}), "example.org/role": "admin"}
        pod.spec.host_ipc = True
    pod.metadata.labels["example.org/profile"] = str(spawner.user_options.get("profile"))
    pod.spec.termination_grace_period_seconds = 5
    return pod


c.KubeSpawner.modify_pod_hook = modify_pod_hook
