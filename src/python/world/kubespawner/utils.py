from _himalia.models import camel, wrapped


def get_k8s_model(model_type, model_dict):
    """A dict in either spelling, or a model, as a model of that type."""
    made = model_type()
    for name, value in dict(model_dict).items():
        made[camel(name)] = wrapped(value, camel(name))
    return made


def update_k8s_model(target, changes, logger=None, target_name=None, changes_name=None):
    for name, value in dict(changes).items():
        target[camel(name)] = wrapped(value, camel(name))
    return target


def recursive_update(target, new):
    for key, value in new.items():
        if isinstance(value, dict):
            target[key] = target.get(key) or {}
            recursive_update(target[key], value)
        elif value is None:
            target.pop(key, None)
        else:
            target[key] = value
