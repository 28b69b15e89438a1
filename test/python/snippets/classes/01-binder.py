from kubespawner import KubeSpawner
from traitlets import Bool, Unicode
from traitlets.config import Configurable


class BinderSpawnerMixin(Configurable):
    auth_enabled = Bool(False, help="Servers are for those who signed in.", config=True)
    cors_allow_origin = Unicode("", config=True)

    def get_args(self):
        args = super().get_args()
        if not self.auth_enabled:
            args = [f"--ServerApp.base_url={self.server.base_url}", *args]
        if self.cors_allow_origin:
            args.append("--ServerApp.allow_origin=" + self.cors_allow_origin)
        return args

    def start(self):
        if "image" in self.user_options:
            self.image = self.user_options["image"]
        return super().start()

    def get_env(self):
        env = super().get_env()
        for key in ("repo_url", "ref_url"):
            if key in self.user_options:
                env[f"BINDER_{key.upper()}"] = self.user_options[key]
        return env
