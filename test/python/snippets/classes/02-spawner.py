class CampusSpawner(BinderSpawnerMixin, KubeSpawner):
    grace = Unicode("short").tag(config=True)
    delete_grace_period = 7

    def _build_common_labels(self, extra_labels):
        labels = super()._build_common_labels(extra_labels)
        labels.pop("hub.jupyter.org/username", None)
        labels["example.org/grace"] = self.grace
        return labels

    async def start(self, *args, **kwargs):
        custom = get_config("custom.singleuserAdmin", {})
        if self.user.admin:
            self.environment.update(custom.get("extraEnv", {}))
            self.mem_limit = custom["memory"]
            self.extra_containers = [*self.extra_containers, {"name": "helper", "image": "busybox:1"}]
        self.environment["GRACE"] = self.grace
        return await super().start(*args, **kwargs)


c.JupyterHub.spawner_class = CampusSpawner
c.CampusSpawner.grace = "long"
c.BinderSpawnerMixin.cors_allow_origin = "*"
c.CampusSpawner.node_selector = {"campus": "north"}
c.KubeSpawner.node_selector = {"campus": "south"}
