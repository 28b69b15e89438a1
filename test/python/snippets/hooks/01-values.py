c.KubeSpawner.extra_labels = {"team": "teaching"}
c.KubeSpawner.start_timeout = 600
c.JupyterHub.authenticate_prometheus = False
c.Spawner.args = ["--no-mathjax"]
