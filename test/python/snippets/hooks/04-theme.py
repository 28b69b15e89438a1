c.JupyterHub.template_vars.update({"announcement": "Back on " + "Monday"})
c.JupyterHub.template_vars["org"] = dict(name=get_config("custom.org", default="nobody"), links=[*"ab"])
